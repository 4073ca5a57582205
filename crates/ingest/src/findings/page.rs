//! Findings on pages, which have an address and no file.

use tollgate_model::{Date, Finding, Fingerprinter, Level, Severity};

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

/// Seconds since 1970-01-01 UTC of a moment as RFC 3339 writes it; none where it says no time zone.
pub(super) fn moment(text: &str) -> Option<i64> {
    let days = Date::parse(text.get(..10)?)?.days();
    let number = |from: usize| -> Option<i64> {
        let digits = text.get(from..from + 2)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let (hours, minutes, seconds) = (number(11)?, number(14)?, number(17)?);
    let marks = [(10, "Tt "), (13, ":"), (16, ":")];
    let whole = marks.iter().all(|(at, marks)| text.get(*at..at + 1).is_some_and(|mark| marks.contains(mark)));
    if !whole || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let rest = text.get(19..)?;
    let fraction = rest.strip_prefix('.').map_or(0, |digits| 1 + digits.bytes().take_while(u8::is_ascii_digit).count());
    let at = 19 + fraction;
    let zone = text.get(at..)?;
    let shift = match zone.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let seconds = number(at + 1)? * 3_600 + number(at + 4)? * 60;
            if *sign == b'+' { -seconds } else { seconds }
        }
        _ => return None,
    };
    Some(days * 86_400 + hours * 3_600 + minutes * 60 + seconds + shift)
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

    #[test]
    fn moments() {
        let cases = [
            ("1970-01-02T00:00:01Z", Some(86_401)),
            ("2026-11-21T10:00:00.123Z", Some(20_778 * 86_400 + 36_000)),
            ("2026-11-21T10:00:00+02:00", Some(20_778 * 86_400 + 28_800)),
            ("2026-11-21 10:00:00-00:30", Some(20_778 * 86_400 + 37_800)),
            ("2026-11-21T10:00:00", None),
            ("2026-11-21T25:00:00Z", None),
            ("2026-11-21T10:00:00é", None),
            ("2026-11-2é", None),
            ("Wed, 25 Nov 2026 10:00:00", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(moment(text), expected, "{text}");
        }
    }
}
