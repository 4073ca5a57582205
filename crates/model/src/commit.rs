//! Names of commits.

/// Whether this is the full name of a commit: all the hexadecimal digits of its SHA-1 or SHA-256.
pub fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_has_all_its_digits() {
        assert!(is_commit(&"0a".repeat(20)) && is_commit(&"F".repeat(64)));
        for wrong in ["", "0a", "HEAD", &"0".repeat(41), &"g".repeat(40), &"é".repeat(20)] {
            assert!(!is_commit(wrong), "{wrong}");
        }
    }
}
