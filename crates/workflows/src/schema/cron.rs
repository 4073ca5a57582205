//! The times of `schedule`.

/// How sure it is that GitHub refuses a time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cron {
    /// It takes it.
    Good,
    /// It may take it otherwise than meant, or not at all.
    Odd(String),
    /// It refuses the file.
    Refused(String),
}

struct Part {
    name: &'static str,
    least: u32,
    most: u32,
    words: &'static [&'static str],
}

const PARTS: [Part; 5] = [
    Part { name: "minute", least: 0, most: 59, words: &[] },
    Part { name: "hour", least: 0, most: 23, words: &[] },
    Part { name: "day of the month", least: 1, most: 31, words: &[] },
    Part {
        name: "month",
        least: 1,
        most: 12,
        words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Part { name: "day of the week", least: 0, most: 6, words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// What is wrong with `text`. Refused is only what is refused for sure: a wrong number of parts, or a number out of
/// range. Steps (`*/24`) are taken whatever their size.
pub(super) fn check(text: &str) -> Cron {
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != PARTS.len() {
        let message = "a time has five parts: write minute, hour, day of the month, month, day of the week";
        return Cron::Refused(message.into());
    }
    let mut odd = Cron::Good;
    for (text, part) in parts.iter().zip(&PARTS) {
        match check_part(text, part) {
            Cron::Good => {}
            refused @ Cron::Refused(_) => return refused,
            said if odd == Cron::Good => odd = said,
            Cron::Odd(_) => {}
        }
    }
    odd
}

fn check_part(text: &str, part: &Part) -> Cron {
    for item in text.split(',') {
        let values = item.split_once('/').map_or(item, |(values, _)| values);
        if values == "*" {
            continue;
        }
        let (first, last) = values.split_once('-').unwrap_or((values, values));
        for value in [first, last] {
            let range = format!("write {} to {}", part.least, part.most);
            match value.parse::<u32>() {
                Ok(number) if (part.least..=part.most).contains(&number) => {}
                // Sunday elsewhere.
                Ok(7) if part.most == 6 => return Cron::Odd(format!("the {} is 7: {range}", part.name)),
                Ok(number) => return Cron::Refused(format!("the {} is {number}: {range}", part.name)),
                Err(_) if part.words.contains(&value.to_ascii_lowercase().as_str()) => {}
                Err(_) => return Cron::Odd(format!("the {} is not a number: {range}", part.name)),
            }
        }
        if let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>())
            && first > last
        {
            return Cron::Odd(format!("the {} goes from {first} back to {last}: write the lower one first", part.name));
        }
    }
    Cron::Good
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_is_only_what_is_refused_for_sure() {
        let good = [
            "* * * * *",
            "20 */24 * * *",
            "0 0 1 JAN-mar Mon,wed",
            "0,30 8-17/2 1,15 * 1-5",
            " 0  0 * * 0 ",
            "*/5 * * * *",
        ];
        for text in good {
            assert_eq!(check(text), Cron::Good, "{text}");
        }
        for text in ["0 0 * * 7", "0 0 L * *", "0 0 ? * *", "H 0 * * *", "30-10 * * * *", ", * * * *"] {
            assert!(matches!(check(text), Cron::Odd(_)), "{text}");
        }
        let refused = [
            "",
            "@daily",
            "0 0 * *",
            "0 0 0 * *",
            "60 * * * *",
            "0 24 * * *",
            "0 0 * 13 *",
            "0 0 * * * *",
            "0 0 32 * L",
        ];
        for text in refused {
            assert!(matches!(check(text), Cron::Refused(_)), "{text}");
        }
    }
}
