//! Whether a text is drawn at random or made of words.

/// Whether `text` reads like words put together (`getAccessTokenFromRequest`, `my_secret_name`, `user-profile-page`) rather than like
/// characters drawn at random: most of its letters stand in runs that have the rhythm of a language.
pub(crate) fn is_wordy(text: &[u8]) -> bool {
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if letters == 0 {
        return false;
    }
    let mut worded = 0;
    let mut run: Vec<u8> = Vec::new();
    let mut close = |run: &mut Vec<u8>| {
        if run.len() >= 3 && is_pronounceable(run) {
            worded += run.len();
        }
        run.clear();
    };
    for (at, byte) in text.iter().enumerate() {
        // `camelCase` begins a new word; so does the end of one in capitals.
        let begins = byte.is_ascii_uppercase() && at > 0 && text[at - 1].is_ascii_lowercase();
        if begins || !byte.is_ascii_alphabetic() {
            close(&mut run);
        }
        if byte.is_ascii_alphabetic() {
            run.push(byte.to_ascii_lowercase());
        }
    }
    close(&mut run);
    // A word of three letters comes up by chance; whole texts of words do not.
    worded * 10 >= letters * 7 && text.iter().filter(|byte| byte.is_ascii_digit()).count() * 4 <= text.len()
}

/// Whether a run of letters has vowels where a language has them and no pairs that none has.
fn is_pronounceable(run: &[u8]) -> bool {
    let vowel = |byte: &u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let vowels = run.iter().filter(|byte| vowel(byte)).count();
    if vowels * 6 < run.len() || vowels * 4 > run.len() * 3 {
        return false;
    }
    let consonants = run.split(vowel).map(<[u8]>::len).max().unwrap_or_default();
    let rare = run.windows(2).filter(|pair| is_rare(pair[0], pair[1])).count();
    consonants <= 4 && rare * 8 <= run.len()
}

/// Whether two letters hardly ever follow each other in English or in names of programs.
fn is_rare(first: u8, second: u8) -> bool {
    match first {
        b'q' => second != b'u' && second != b'l',
        b'j' => !matches!(second, b'a' | b'e' | b'i' | b'o' | b'u' | b's' | b'w'),
        b'x' => {
            matches!(second, b'b' | b'd' | b'f' | b'g' | b'j' | b'k' | b'n' | b'q' | b'r' | b'v' | b'w' | b'x' | b'z')
        }
        b'z' => matches!(
            second,
            b'b' | b'c'
                | b'd'
                | b'f'
                | b'g'
                | b'h'
                | b'j'
                | b'k'
                | b'm'
                | b'n'
                | b'p'
                | b'q'
                | b'r'
                | b'v'
                | b'w'
                | b'x'
        ),
        b'v' => !matches!(second, b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'r' | b's' | b'p' | b'm'),
        _ => match second {
            b'q' => !matches!(first, b'e' | b'n' | b's' | b'i' | b'c' | b'r' | b'a' | b'd' | b'u'),
            b'j' => !matches!(first, b'b' | b'd' | b'n' | b'o' | b'e' | b'a' | b'u' | b'r'),
            b'x' => !matches!(first, b'a' | b'e' | b'i' | b'o' | b'u' | b'n' | b'c' | b'f'),
            b'z' => !matches!(first, b'a' | b'e' | b'i' | b'o' | b'u' | b't' | b'n' | b'g' | b'y' | b'r' | b'l'),
            b'v' => matches!(first, b'b' | b'c' | b'f' | b'g' | b'h' | b'k' | b'm' | b'p' | b't' | b'w'),
            b'w' => matches!(first, b'c' | b'f' | b'g' | b'j' | b'p' | b'q'),
            b'k' => matches!(first, b'd' | b'f' | b'g' | b'h' | b'm' | b'p'),
            b'h' => matches!(first, b'b' | b'f' | b'j' | b'm' | b'v'),
            b'g' => matches!(first, b'c' | b'f' | b'j' | b'k' | b'm' | b'p' | b't' | b'w'),
            b'f' => matches!(first, b'b' | b'g' | b'h' | b'j' | b'k' | b'p'),
            b'c' => matches!(first, b'f' | b'j' | b'p' | b'w' | b'z'),
            b'b' => matches!(first, b'c' | b'f' | b'g' | b'h' | b'j' | b'k' | b'p'),
            b'd' => matches!(first, b'c' | b'f' | b'h' | b'j' | b'k' | b'm' | b'p'),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_random_characters() {
        for words in [
            "getAccessTokenFromRequest",
            "my_secret_name",
            "user-profile-page",
            "application_default_credentials",
            "SecretManagerServiceClient",
            "database.password.provider",
            "CHANGE_THIS_VALUE",
        ] {
            assert!(is_wordy(words.as_bytes()), "{words}");
        }
        for random in ["tq7Xk2mZp9Wv4Rb8", "9f86d081884c7d65", "hJk3nQwZxVbT", "aGVsbG8K2ZfQ9x", "xkqjzvwpbn"] {
            assert!(!is_wordy(random.as_bytes()), "{random}");
        }
    }
}
