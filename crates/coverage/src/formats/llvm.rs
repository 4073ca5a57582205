//! llvm-cov JSON.

use tollgate_input::{Digest, InputError, Window};

use super::{Figures, Format, Sniff};
use crate::reading::Reading;

pub(super) const FORMAT: Format =
    Format { name: "llvm-cov JSON", writers: "", figures: Figures::LINES_BRANCHES, about: "", detect, read };

fn detect(_: &Sniff<'_>) -> bool {
    false
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    Err(window.malformed(0, "to be written"))
}
