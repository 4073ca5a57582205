//! Which way an option of a checker is milder.

/// What of an option makes a checker let more pass. Of what is no list and no switch, any change may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Milder {
    /// Each further entry of a list leaves something out.
    More,
    /// Each entry of a list, or a switch that is on, asks for something: one that is gone asks no longer.
    Fewer,
    /// A limit: a higher one lets more pass, and none at all lets everything pass.
    Higher,
    /// Whatever changes: which way is milder cannot be told.
    Any,
}
