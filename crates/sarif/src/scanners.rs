//! Whose findings may hold a secret.
//!
//! A scanner for secrets quotes what it found, in messages, snippets and at times in what it calls a fingerprint.
//! Nothing of that is kept when it is read, nor passed on when it is merged.

/// Parts of the names of scanners, in small letters.
const SCANNERS: &[&str] = &[
    "secret",
    "gitleaks",
    "betterleaks",
    "trufflehog",
    "ggshield",
    "gitguardian",
    "kingfisher",
    "whispers",
    "talisman",
    "credscan",
    "credential",
    "noseyparker",
    "nosey parker",
];

/// Parts of the ids and names of rules that tell of a secret, in small letters.
const RULES: &[&str] =
    &["secret", "credential", "password", "passwd", "api-key", "apikey", "api_key", "private-key", "privatekey"];

/// Whether the tool of this name is one of ours, which quote no secret.
pub(crate) fn is_own(tool: &str) -> bool {
    tool.starts_with("tollgate-")
}

/// Whether the tool of this name looks for secrets, and may quote them.
pub(crate) fn is_scanner(tool: &str) -> bool {
    !is_own(tool) && holds_one_of(tool, SCANNERS)
}

/// Whether the tool of this name puts the secret alone where a snippet stands (§3.30.13), as Gitleaks does: its columns are
/// those of the text around it.
pub(crate) fn quotes_values(tool: &str) -> bool {
    tool.eq_ignore_ascii_case("gitleaks") || tool.eq_ignore_ascii_case("betterleaks")
}

/// Whether the rule of this id or name is about secrets.
pub(crate) fn is_rule(id: &str) -> bool {
    holds_one_of(id, RULES)
}

/// Whether a rule with this tag is about secrets.
pub(crate) fn is_tag(tag: &str) -> bool {
    tag.eq_ignore_ascii_case("secret") || tag.eq_ignore_ascii_case("secrets")
}

/// Whether `key` of a result's `partialFingerprints` is about the commit and not about the finding, as Gitleaks writes
/// it.
pub(crate) fn is_of_commit(key: &str) -> bool {
    ["commitSha", "email", "author", "date", "commitMessage"].contains(&key)
}

fn holds_one_of(text: &str, words: &[&str]) -> bool {
    let text = text.as_bytes();
    words.iter().any(|word| text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scanners_and_rules_are_known_by_name() {
        for name in ["gitleaks", "TruffleHog", "detect-secrets", "secretlint", "ripsecrets", "Credential Digger"] {
            assert!(is_scanner(name), "{name}");
        }
        assert!(!is_scanner("CodeQL") && !is_scanner("spectral") && !is_scanner("tollgate-secrets"));
        for (name, secrets) in [("Gitleaks", true), ("detect-secrets 1.5", true), ("ESLint", false), ("", false)] {
            assert_eq!(is_scanner(name), secrets, "{name}");
        }
        assert!(quotes_values("gitleaks") && !quotes_values("gitleaks-wrapper"));
        assert!(is_rule("generic.secrets.aws") && is_rule("B105-hardcoded_PASSWORD_string") && !is_rule("no-eval"));
        assert!(is_tag("Secret") && !is_tag("security"));
    }
}
