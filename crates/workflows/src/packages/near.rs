//! Names that are nearly alike.

use std::collections::BTreeSet;

/// The one of `known` that `name` was probably meant to be.
pub(super) fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: BTreeSet<&str> = known.into_iter().take(10_000).collect();
    let length = name.chars().count();
    let bound = (length / 4).clamp(1, 3);
    let close = known.iter().map(|other| (strsim::damerau_levenshtein(name, other), *other));
    let close = close.filter(|(distance, _)| *distance <= bound && *distance < length).min().map(|(_, other)| other);
    // `type-check` for `check-types`, `test:cov` for `test:coverage`.
    let same_words = || known.iter().copied().find(|other| same(&parts(name), &parts(other)));
    close.or_else(same_words).map(str::to_owned)
}

fn parts(name: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    parts
}

/// Whether each part of one begins a part of the other or is begun by it.
fn same(a: &[&str], b: &[&str]) -> bool {
    let alike = |(x, y): (&&str, &&str)| x.len().min(y.len()) > 2 && (x.starts_with(*y) || y.starts_with(*x));
    !a.is_empty() && a.len() == b.len() && a.iter().zip(b).all(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_probably_meant_is_found() {
        let known = ["check-types", "test:coverage", "lint", "security:audit", "build", "c"];
        let cases = [
            ("type-check", Some("check-types")),
            ("test:cov", Some("test:coverage")),
            ("lnit", Some("lint")),
            ("security:audits", Some("security:audit")),
            ("deploy", None),
            ("test", None),
            ("a", None),
            ("", None),
        ];
        for (name, meant) in cases {
            assert_eq!(near(name, known).as_deref(), meant, "{name}");
        }
    }
}
