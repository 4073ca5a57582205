//! The three axes of a finding: how loud, how bad, how sure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How loudly a finding is shown; the words of SARIF 2.1.0 §3.27.10 without `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Worth mending.
    Warning,
    /// Must be mended.
    Error,
}

/// How much damage what was found can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// As much as there is.
    Critical,
}

/// How sure the checker is that the finding is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A hint.
    Low,
    /// Likely.
    Medium,
    /// Proven by structure, checksum or measurement.
    High,
}

macro_rules! words {
    ($($kind:ident { $($variant:ident => $word:literal),+ })+) => {$(
        impl $kind {
            /// All of them, mildest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that reports and conditions use.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    )+};
}

words! {
    Level { Note => "note", Warning => "warning", Error => "error" }
    Severity { Low => "low", Medium => "medium", High => "high", Critical => "critical" }
    Confidence { Low => "low", Medium => "medium", High => "high" }
}
