//! Numbers as GitHub reads and writes them.

/// A string as a number: JSON's formats, a leading `+`, hexadecimal and octal; an empty string is 0, any other is NaN.
pub(super) fn read(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return integer(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return integer(digits, 8);
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // The standard library would also read `inf` and `nan`.
        _ if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// Digits without sign; 32 bits, the highest of which is the sign, as GitHub's runner reads them.
fn integer(digits: &str, radix: u32) -> f64 {
    if digits.starts_with('+') {
        return f64::NAN;
    }
    u32::from_str_radix(digits, radix).map_or(f64::NAN, |bits| f64::from(bits.cast_signed()))
}

/// A number as a string: at most 15 digits, an exponent where the number is large or small.
pub(super) fn write(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{:.14e}", number.abs());
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if number < 0.0 { "-" } else { "" };
    let point = usize::try_from(exponent + 1).unwrap_or(0);
    match exponent {
        -4..=-1 => {
            let zeros = usize::try_from(-1 - exponent).unwrap_or(0);
            format!("{sign}0.{}{digits}", "0".repeat(zeros))
        }
        0..=14 if digits.len() <= point => format!("{sign}{digits}{}", "0".repeat(point - digits.len())),
        0..=14 => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        _ => {
            let (first, rest) = digits.split_at(digits.len().min(1));
            let dot = if rest.is_empty() { "" } else { "." };
            let direction = if exponent < 0 { '-' } else { '+' };
            format!("{sign}{first}{dot}{rest}E{direction}{:02}", exponent.abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_github_reads() {
        let cases = [
            ("", 0.0),
            ("  ", 0.0),
            ("711", 711.0),
            ("-9.2", -9.2),
            ("+1", 1.0),
            (".5", 0.5),
            ("0xff", 255.0),
            ("0xFFFFFFFF", -1.0),
            ("0o777", 511.0),
            ("-2.99e-2", -0.0299),
            ("1E+1", 10.0),
            (" 7\n", 7.0),
            ("Infinity", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e999", f64::INFINITY),
        ];
        for (text, number) in cases {
            assert_eq!(read(text).to_bits(), f64::to_bits(number), "{text}");
        }
        for text in
            ["abc", "inf", "nan", "NaN", "1 2", "0x", "0x+1", "0xfg", "0x1ffffffff", "-0xff", "0o8", "1.2.3", "e"]
        {
            assert!(read(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn writes_what_github_writes() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-2.0, "-2"),
            (120.0, "120"),
            (0.012, "0.012"),
            (123_456.789, "123456.789"),
            (0.845_512_408_225_570_1, "0.84551240822557"),
            (100_000_000_000_000.0, "100000000000000"),
            (1e15, "1E+15"),
            (-1.5e20, "-1.5E+20"),
            (0.000_012, "1.2E-05"),
            (0.000_12, "0.00012"),
            (1e-300, "1E-300"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (number, text) in cases {
            assert_eq!(write(number), text);
        }
    }
}
