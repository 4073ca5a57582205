//! `bc`: decimal numbers.

/// A comparison or sum of decimal numbers as `bc` computes it: `scale=2; (85.2 * 0.7) >= 80`.
pub(super) fn decimal(text: &str) -> Option<String> {
    let text = text.rsplit(';').find(|part| !part.trim().is_empty())?;
    for operator in [">=", "<=", "==", "!=", ">", "<"] {
        if let Some((a, b)) = text.split_once(operator) {
            let (a, b) = (sum(a)?, sum(b)?);
            let holds = match operator {
                ">=" => a >= b,
                "<=" => a <= b,
                "==" => a == b,
                "!=" => a != b,
                ">" => a > b,
                _ => a < b,
            };
            return Some(i32::from(holds).to_string());
        }
    }
    sum(text).map(|number| number.to_string())
}

fn sum(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    let value = terms(&mut rest, 0)?;
    rest.trim().is_empty().then_some(value)
}

fn terms(rest: &mut &str, depth: usize) -> Option<f64> {
    let mut value = factors(rest, depth)?;
    loop {
        *rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('+') {
            *rest = behind;
            value += factors(rest, depth)?;
        } else if let Some(behind) = rest.strip_prefix('-') {
            *rest = behind;
            value -= factors(rest, depth)?;
        } else {
            return Some(value);
        }
    }
}

fn factors(rest: &mut &str, depth: usize) -> Option<f64> {
    let mut value = atom(rest, depth)?;
    loop {
        *rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('*') {
            *rest = behind;
            value *= atom(rest, depth)?;
        } else if let Some(behind) = rest.strip_prefix('/') {
            *rest = behind;
            value /= atom(rest, depth)?;
        } else {
            return Some(value).filter(|value| value.is_finite());
        }
    }
}

fn atom(rest: &mut &str, depth: usize) -> Option<f64> {
    *rest = rest.trim_start();
    if let Some(behind) = rest.strip_prefix('(').filter(|_| depth < 20) {
        *rest = behind;
        let value = terms(rest, depth + 1)?;
        *rest = rest.trim_start().strip_prefix(')')?;
        return Some(value);
    }
    let end = rest
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || *at == 0 && *c == '-'))
        .map_or(rest.len(), |(at, _)| at);
    let (number, behind) = rest.split_at(end);
    *rest = behind;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_computed() {
        for (text, expected) in [
            ("85.2 >= 80", Some("1")),
            ("scale=2; (10 * 0.7) + (100*0.3)", Some("37")),
            ("0 < -1", Some("0")),
            ("null >= 80", None),
            (">= 80", None),
            ("1/0", None),
        ] {
            assert_eq!(decimal(text).as_deref(), expected, "{text}");
        }
    }
}
