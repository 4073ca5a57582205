//! How expressions are understood: on bytes, with ASCII classes.

use regex_syntax::hir::Hir;

/// The expression `source`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(source: &str) -> Result<Hir, String> {
    let parser = || regex_syntax::ParserBuilder::new().unicode(false).utf8(false).nest_limit(100).build();
    parser().parse(source).map_err(|error| error.to_string())
}
