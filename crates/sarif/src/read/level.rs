//! How loud, how bad, how sure.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::{Confidence, Level, Severity};

use super::json::raw;

/// A level as it is said (§3.27.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Said {
    /// It is not, or in another word than the standard's.
    #[default]
    Nothing,
    None,
    Note,
    Warning,
    Error,
}

impl Said {
    /// Reads the level that comes next; and the word that is none of the standard's, in which case nothing is said.
    #[inline]
    pub(super) fn read(reader: &mut Reader) -> Result<(Self, Option<String>), InputError> {
        let Some((word, _)) = raw(reader, 40)? else { return Ok((Self::Nothing, None)) };
        let words = [("error", Self::Error), ("warning", Self::Warning), ("note", Self::Note), ("none", Self::None)];
        match words.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)) {
            Some((_, said)) => Ok((*said, None)),
            None => Ok((Self::Nothing, Some(tollgate_input::one_line(&word, 40, false).0))),
        }
    }

    /// As a level of a finding: `none` is a note. None where nothing is said.
    pub(super) fn level(self) -> Option<Level> {
        match self {
            Self::Nothing => None,
            Self::None | Self::Note => Some(Level::Note),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }

    /// This one, or where it says nothing the other.
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::Nothing { other } else { self }
    }
}

/// How many results there are of each level, whether or not they are findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Of level `none`, which results have that are of another kind than `fail`.
    pub none: u64,
    /// Of level `note`.
    pub note: u64,
    /// Of level `warning`.
    pub warning: u64,
    /// Of level `error`.
    pub error: u64,
}

impl Levels {
    /// Counts one more.
    pub(super) fn count(&mut self, said: Said) {
        let place = match said {
            Said::None => &mut self.none,
            Said::Note => &mut self.note,
            Said::Nothing | Said::Warning => &mut self.warning,
            Said::Error => &mut self.error,
        };
        *place += 1;
    }
}

/// GitHub's bands of the number in `security-severity`, which is to be a string: from 9.0 on critical, from 7.0 on
/// high, from 4.0 on medium, from 0.1 on low. None out of 0.1 to 10.
pub(super) fn security_severity(reader: &mut Reader) -> Result<Option<Severity>, InputError> {
    let number = match reader.kind()? {
        Kind::Number => reader.number()?.as_f64(),
        Kind::String => reader.string_prefix(40)?.0.trim().parse().ok(),
        _ => None,
    };
    Ok(number.and_then(|number| match number {
        9.0..=10.0 => Some(Severity::Critical),
        7.0..9.0 => Some(Severity::High),
        4.0..7.0 => Some(Severity::Medium),
        0.1..4.0 => Some(Severity::Low),
        _ => None,
    }))
}

/// CodeQL's `problem.severity`, and words for severity that other tools write.
pub(super) fn problem_severity(reader: &mut Reader) -> Result<Option<Severity>, InputError> {
    let Some((word, _)) = raw(reader, 40)? else { return Ok(None) };
    let words = [("error", Severity::High), ("warning", Severity::Medium), ("recommendation", Severity::Low)];
    let found = words.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, severity)| *severity);
    Ok(found.or_else(|| Severity::ALL.iter().copied().find(|known| word.eq_ignore_ascii_case(known.word()))))
}

/// `critical`, `high`, `medium` or `low`.
pub(super) fn severity(reader: &mut Reader) -> Result<Option<Severity>, InputError> {
    let Some((word, _)) = raw(reader, 40)? else { return Ok(None) };
    Ok(Severity::ALL.iter().copied().find(|known| word.eq_ignore_ascii_case(known.word())))
}

/// `very-high`, `high`, `medium` or `low`: CodeQL's `precision`, and `confidence`.
pub(super) fn confidence(reader: &mut Reader) -> Result<Option<Confidence>, InputError> {
    let Some((word, _)) = raw(reader, 40)? else { return Ok(None) };
    if word.eq_ignore_ascii_case("very-high") {
        return Ok(Some(Confidence::High));
    }
    Ok(Confidence::ALL.iter().copied().find(|known| word.eq_ignore_ascii_case(known.word())))
}
