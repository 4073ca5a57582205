//! Arbitrary bytes read as files of budgets.

use tollgate_input::is_hidden;

use super::{MANIFEST, NAMES, Package, arrange, read, write};

/// Reads `bytes` as each kind of file, beside a manifest that is the same bytes, and writes what comes of it. For fuzzing: it must
/// come back, and what it writes has no characters that do something.
#[doc(hidden)]
pub fn fuzz_budget(bytes: &[u8]) {
    let text = tollgate_input::utf8(bytes);
    for name in NAMES.into_iter().chain([MANIFEST, "apps/web/bundlewatch.config.json"]) {
        let Ok(taken) = read(name, &text, Some(Package { folder: "", manifest: &text })) else { continue };
        for dir in [None, Some("dist")] {
            let arranged = arrange(&taken.budgets, dir, &["build".to_owned()]);
            let page = write(&[name.to_owned()], &arranged, &taken.left);
            assert!(!page.chars().any(|c| c != '\n' && is_hidden(c)), "{name} gives a page with hidden characters");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            fuzz_budget(&bytes);
        }

        /// Pieces that mean something, in any order and nesting.
        #[test]
        fn any_configuration_is_read_or_refused(value in configurations()) {
            fuzz_budget(value.to_string().as_bytes());
        }
    }

    fn configurations() -> impl Strategy<Value = serde_json::Value> {
        let text = prop_oneof![
            "[a-z*./!{}\\[\\]\"'\\\\\u{7}\u{202e}]{0,12}",
            proptest::sample::select(vec![
                "1 kB",
                "dist/*.js",
                "../x",
                "error",
                ".*",
                "gzip",
                "none",
                "10 KiB",
                "^4.0.0"
            ])
            .prop_map(str::to_owned),
        ];
        let key = proptest::sample::select(vec![
            "size-limit",
            "bundlesize",
            "bundlewatch",
            "files",
            "path",
            "limit",
            "maxSize",
            "compression",
            "name",
            "gzip",
            "main",
            "resourceSizes",
            "resourceType",
            "budget",
            "ci",
            "assert",
            "assertions",
            "assertMatrix",
            "matchingUrlPattern",
            "total-byte-weight",
            "resource-summary:script:size",
            "maxNumericValue",
            "js",
            "total",
            "budget_kb",
            "devDependencies",
            "warning_percentage",
        ]);
        let leaf = prop_oneof![
            any::<bool>().prop_map(serde_json::Value::from),
            any::<f64>().prop_map(serde_json::Value::from),
            text.prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
                proptest::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| {
                    serde_json::Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
                }),
            ]
        })
    }
}
