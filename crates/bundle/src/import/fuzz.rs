//! Arbitrary bytes read as files of budgets.

use tollgate_input::is_hidden;

use super::{MANIFEST, NAMES, arrange, read, write};

/// Reads `bytes` as each kind of file, beside a manifest that is the same bytes, and writes what comes of it. For fuzzing: it must
/// come back, and what it writes has no characters that do something.
#[doc(hidden)]
pub fn fuzz_budget(bytes: &[u8]) {
    let text = tollgate_input::utf8(bytes);
    for name in NAMES.into_iter().chain([MANIFEST, "apps/web/bundlewatch.config.json"]) {
        let Ok(taken) = read(name, &text, Some(&text)) else { continue };
        for dir in [None, Some("dist")] {
            let arranged = arrange(&taken.budgets, dir, &["build".to_owned()]);
            let page = write(&[name.to_owned()], &arranged, &taken.left);
            assert!(!page.chars().any(|c| c != '\n' && is_hidden(c)), "{name} gives a page with hidden characters");
        }
    }
}
