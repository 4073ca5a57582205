//! What is counted over the whole file, and said at its end.

use std::collections::BTreeMap;

use tollgate_model::format::things;

use super::level::Said;

/// Counts of what a reader of the findings must know.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Results that are no findings, by their kind.
    kinds: BTreeMap<&'static str, u64>,
    /// How many of them have a level all the same.
    loud: u64,
    /// Results whose level is none of the standard's, and the first such word.
    strange_levels: (u64, String),
    pub(super) bad_expiries: u64,
    /// Messages that were cut.
    pub(super) cut: u64,
    /// Findings that were not kept, because there are too many.
    pub(super) over: u64,
    /// Findings whose place is outside the checked folder, or has too long an address.
    pub(super) outside: u64,
    pub(super) too_long: u64,
    /// Findings that may hold a secret.
    pub(super) secrets: u64,
    /// Rules without findings that are not listed, rules that were not read, texts of rules that were not kept.
    pub(super) rules_not_listed: u64,
    pub(super) rules_left_out: u64,
    pub(super) texts_left_out: u64,
}

impl Tally {
    /// Counts a result of another kind than `fail`.
    pub(super) fn other_kind(&mut self, kind: &'static str, level: Said) {
        *self.kinds.entry(kind).or_default() += 1;
        self.loud += u64::from(!matches!(level, Said::Nothing | Said::None));
    }

    /// Counts a result whose level is none of the standard's.
    pub(super) fn strange_level(&mut self, word: String) {
        if self.strange_levels.0 == 0 {
            self.strange_levels.1 = word;
        }
        self.strange_levels.0 += 1;
    }

    /// All of it in sentences.
    pub(super) fn notes(&self, message: usize) -> Vec<String> {
        let mut notes: Vec<String> = self
            .kinds
            .iter()
            .map(|(kind, n)| format!("{} of kind {kind}: no findings", things(*n, "result")))
            .collect();
        let mut say = |count: u64, one: &str, what: String| {
            if count > 0 {
                notes.push(format!("{} {what}", things(count, one)));
            }
        };
        say(self.loud, "result", "of these with a level that SARIF allows only for findings".to_owned());
        let (count, word) = &self.strange_levels;
        let what =
            format!("with a level that SARIF does not have (`{word}`): the level of the rule, else warning, counts");
        say(*count, "result", what);
        say(self.outside, "place", "outside the checked folder (`..`): the findings are kept without it".to_owned());
        say(self.too_long, "place", "with an address too long for a path: the findings are kept without it".to_owned());
        say(self.bad_expiries, "result", "with a suppression whose `expiryUtc` is no date: not suppressed".to_owned());
        say(self.cut, "message", format!("cut at {message} characters"));
        say(
            self.secrets,
            "finding",
            "may hold a secret: the messages were left out; read them where the tool ran".to_owned(),
        );
        say(self.rules_not_listed, "rule", "without findings not listed".to_owned());
        say(self.texts_left_out, "text", "of rules left out: there are too many".to_owned());
        notes
    }
}
