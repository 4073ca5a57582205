//! What must not be shown: secrets that were found, and who committed them.

/// Names of properties in which scanners for secrets show what they found.
const SECRETS: [&str; 5] = ["match", "secret", "raw", "rawv2", "snippet"];

/// Names of properties about people, in lower case, without `-`, `_` and blanks.
const PEOPLE: [&str; 18] = [
    "author",
    "authoremail",
    "authormail",
    "authorname",
    "authors",
    "commitauthor",
    "commitauthoremail",
    "commitauthorname",
    "commitemail",
    "committer",
    "committeremail",
    "committermail",
    "committername",
    "email",
    "emailaddress",
    "emails",
    "gitauthor",
    "useremail",
];

/// Longer names are not among them.
const LONGEST: usize = 32;

/// Whether a property of this name shows a secret.
pub(super) fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Whether a property of this name is about a person.
pub(super) fn is_person(name: &str) -> bool {
    // Most names end here.
    let begins = |first: &u8| b"aceguACEGU".contains(first);
    if name.len() > LONGEST || !name.as_bytes().first().is_some_and(begins) {
        return false;
    }
    let plain: String =
        name.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '.')).map(|c| c.to_ascii_lowercase()).collect();
    PEOPLE.binary_search(&plain.as_str()).is_ok()
}

/// Whether `text` holds an e-mail address: something, `@`, and a name with a dot.
pub(super) fn has_mail(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%');
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(word);
        let host = text[at + 1..].split(|c| !word(c)).next().unwrap_or_default();
        before && host.trim_matches('.').contains('.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_properties_and_addresses_are_told() {
        assert!(PEOPLE.is_sorted());
        for name in PEOPLE {
            assert!(is_person(name) && is_person(&name.to_uppercase()), "{name}");
        }
        for (name, person) in
            [("Commit_Author", true), ("commit-email", true), ("authority", false), ("tags", false), ("", false)]
        {
            assert_eq!(is_person(name), person, "{name}");
        }
        assert!(is_secret("rawV2") && is_secret("Match") && !is_secret("matches"));
        for (text, mail) in [
            ("ann@example.org", true),
            ("by <ann.b+c@mail.example.org>:1", true),
            ("@scope/pkg", false),
            ("a@b", false),
            ("pkg@1.2.3", true),
            ("a @example.org", false),
            ("ü@ä.ö", true),
            ("@", false),
        ] {
            assert_eq!(has_mail(text), mail, "{text}");
        }
    }
}
