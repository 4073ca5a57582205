//! "Did you mean …".

/// The one of `known` that `word` was probably meant to be.
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
    let bound = (word.chars().count() / 3).clamp(1, 3);
    known.into_iter().map(|c| (distance(c), c)).filter(|(d, _)| *d <= bound).min().map(|(_, c)| c)
}

/// "; did you mean `x`?", or "; known: a, b" when nothing is near.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match suggestion(word, known.clone()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => {
            let mut all: Vec<&str> = known.into_iter().collect();
            all.sort_unstable();
            all.dedup();
            match all.len() {
                0 => String::new(),
                1..=20 => format!("; known: {}", all.join(", ")),
                n => format!("; known: {} and {} more", all[..20].join(", "), n - 20),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["conditions", "warn", "warn_at", "optional"];
        assert_eq!(suggestion("condition", known), Some("conditions"));
        assert_eq!(suggestion("wran", known), Some("warn"));
        assert_eq!(suggestion("elephants", known), None);
        assert_eq!(hint("zzz", ["b", "a"]), "; known: a, b");
    }
}
