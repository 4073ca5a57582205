//! How random a text is.

/// Shannon entropy of the bytes of `text`, in bits per byte: 0 for one byte again and again, 6 for 64 different ones.
pub fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for byte in text {
        counts[usize::from(*byte)] += 1;
    }
    let length = text.len() as f64;
    let part = |count: &u32| {
        let share = f64::from(*count) / length;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(part).sum()
}

/// An upper bound on the work of guessing `text`, in bits: its length times the bits per character that the alphabets it draws
/// from would allow, less where characters repeat.
pub fn strength(text: &[u8]) -> f64 {
    let any = |class: fn(&u8) -> bool| text.iter().any(class);
    let hex = text.iter().all(u8::is_ascii_hexdigit) && !(any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase));
    let alphabet = if hex {
        16.0
    } else {
        let sizes =
            [(any(u8::is_ascii_lowercase), 26.0), (any(u8::is_ascii_uppercase), 26.0), (any(u8::is_ascii_digit), 10.0)];
        let other = if text.iter().any(|byte| !byte.is_ascii_alphanumeric()) { 2.0 } else { 0.0 };
        sizes.iter().filter(|(has, _)| *has).map(|(_, size)| size).sum::<f64>() + other
    };
    let most = text.len() as f64 * f64::max(alphabet, 2.0).log2();
    most.min(text.len() as f64 * entropy(text) * 1.35)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_is_of_the_alphabet_that_is_drawn_from() {
        assert!(strength(b"0123456789abcdef0123456789abcdef") <= 128.0);
        assert!(strength(b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") < 1.0);
        assert!(strength(b"hunter2") < 50.0);
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
    }
}
