//! Text without regard to case, the way GitHub compares it: character by character, without a language's rules.

/// A text as it is compared.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(upper).collect()
}

fn upper(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        // `ı` and `ſ` are not the letters of ASCII they look like.
        (Some(upper), None) if character.is_ascii() || !upper.is_ascii() => upper,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_letter_by_letter() {
        for (a, b) in [("abc", "ABC"), ("ü", "Ü"), ("ς", "σ"), ("жук", "ЖУК")] {
            assert_eq!(fold(a), fold(b));
        }
        for (a, b) in [("i", "İ"), ("ı", "I"), ("ß", "SS"), ("_", "?")] {
            assert_ne!(fold(a), fold(b));
        }
    }
}
