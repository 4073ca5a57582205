//! Findings on pages, which have an address and no file.

use tollgate_model::{Finding, Fingerprinter, Level, Severity};

use super::json;

/// Longest address that is kept, characters.
const LONGEST: usize = 1_000;

/// `url` without user and password, which are nobody's business, and without what follows `#`.
pub(super) fn address(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let whole = match url.split_once("://") {
        None => url.to_owned(),
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
    };
    whole.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// The path of `url`: what of it stays the same wherever the page is served, for messages and fingerprints.
pub(super) fn page(url: &str) -> String {
    let plain = address(url);
    let path = match plain.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => &plain,
    };
    crate::text::name(path.split('?').next().unwrap_or_default())
}

/// A finding of `rule` on the page `url`. Its fingerprint is made of rule, path of the page, and `what`, which leaves
/// out what changes from run to run.
pub(super) fn finding(
    names: &mut Fingerprinter,
    (rule, url, what): (&str, &str, &str),
    grade: (Level, Option<Severity>),
    message: String,
) -> Finding {
    let mut found = json::finding(&mut Fingerprinter::default(), rule, grade, message, None);
    found.fingerprint = names.next(rule, &page(url), what);
    if !url.is_empty() {
        found.properties.insert("url".to_owned(), address(url).into());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_password() {
        let url = ["https://ann:", "sesame", "@shop.example/a?b=c@d#e"].concat();
        assert_eq!(address(&url), "https://shop.example/a?b=c@d");
        let cases = [
            ("https://shop.example/a?b=c", "/a"),
            ("https://shop.example?b=c", "/"),
            ("https://shop.example", "/"),
            ("http://localhost:4173/é/", "/é/"),
            ("/about", "/about"),
            ("", ""),
        ];
        for (url, path) in cases {
            assert_eq!(page(url), path, "{url}");
        }
    }
}
