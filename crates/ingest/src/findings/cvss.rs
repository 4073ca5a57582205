//! Base scores of CVSS 3.0 and 3.1.
//!
//! The equation and its weights are those of "Common Vulnerability Scoring System v3.1: Specification Document", sections 7.1
//! and 7.4; the rounding is that of its appendix A, which gives the scores of 3.0 too. Version 4.0 has a table of 270 rows
//! in place of an equation; vectors of it, and of 2.0, have no score here.

/// The base score that `vector` stands for; none where it is no whole vector of CVSS 3.
pub(super) fn base_score(vector: &str) -> Option<f64> {
    let metrics = vector.strip_prefix("CVSS:3.1/").or_else(|| vector.strip_prefix("CVSS:3.0/"))?;
    let (mut scope, mut privileges) = (None, None);
    let (mut reach, mut complexity, mut interaction) = (None, None, None);
    let mut impacts = [None; 3];
    for metric in metrics.split('/') {
        let (name, value) = metric.split_once(':')?;
        let place = match name {
            "S" => {
                let changed = match value {
                    "U" => false,
                    "C" => true,
                    _ => return None,
                };
                if scope.replace(changed).is_some() {
                    return None;
                }
                continue;
            }
            "PR" => {
                if privileges.replace(value).is_some() {
                    return None;
                }
                continue;
            }
            "AV" => &mut reach,
            "AC" => &mut complexity,
            "UI" => &mut interaction,
            "C" => &mut impacts[0],
            "I" => &mut impacts[1],
            "A" => &mut impacts[2],
            // Temporal and environmental metrics do not touch the base score.
            _ => continue,
        };
        if place.replace(weight(name, value)?).is_some() {
            return None;
        }
    }
    let changed = scope?;
    let privileges = match (privileges?, changed) {
        ("N", _) => 0.85,
        ("L", false) => 0.62,
        ("L", true) => 0.68,
        ("H", false) => 0.27,
        ("H", true) => 0.5,
        _ => return None,
    };
    let [confidentiality, integrity, availability] = impacts;
    let lost = 1.0 - (1.0 - confidentiality?) * (1.0 - integrity?) * (1.0 - availability?);
    let impact = if changed { 7.52 * (lost - 0.029) - 3.25 * f64::powi(lost - 0.02, 15) } else { 6.42 * lost };
    let exploitability = 8.22 * reach? * complexity? * privileges * interaction?;
    if impact <= 0.0 {
        return Some(0.0);
    }
    let sum = impact + exploitability;
    Some(round_up(f64::min(if changed { 1.08 * sum } else { sum }, 10.0)))
}

/// The word of the qualitative scale, section 5.
pub(super) fn word(score: f64) -> &'static str {
    match score {
        score if score >= 9.0 => "critical",
        score if score >= 7.0 => "high",
        score if score >= 4.0 => "medium",
        score if score > 0.0 => "low",
        _ => "none",
    }
}

fn weight(metric: &str, value: &str) -> Option<f64> {
    Some(match (metric, value) {
        ("AV", "N") | ("UI", "N") => 0.85,
        ("AV", "A") | ("UI", "R") => 0.62,
        ("AV", "L") => 0.55,
        ("AV", "P") => 0.2,
        ("AC", "L") => 0.77,
        ("AC", "H") => 0.44,
        ("C" | "I" | "A", "H") => 0.56,
        ("C" | "I" | "A", "L") => 0.22,
        ("C" | "I" | "A", "N") => 0.0,
        _ => return None,
    })
}

/// The smallest number of one decimal that is not below `value`, without the errors of floating point.
fn round_up(value: f64) -> f64 {
    let whole = (value * 100_000.0).round() as u64;
    whole.div_ceil(10_000) as f64 / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_that_were_published() {
        // Most of them are those of "Common Vulnerability Scoring System v3.1: Examples".
        let cases = [
            ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
            ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
            ("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
            ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),
            ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8),
            ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),
            ("CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N/E:P/RL:O", 6.1),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
            ("CVSS:3.1/A:H/C:N/I:N/S:U/UI:N/PR:N/AC:L/AV:N", 7.5),
        ];
        for (vector, expected) in cases {
            assert_eq!(base_score(vector), Some(expected), "{vector}");
        }
    }

    #[test]
    fn what_is_no_whole_vector_has_no_score() {
        for vector in [
            "",
            "CVSS:3.1/",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            "AV:N/AC:L/Au:N/C:P/I:P/A:P",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
            "CVSS:3.1/AV:N/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            "CVSS:3.1/AV:N/AC:L/PR:X/UI:N/S:U/C:H/I:H/A:H",
            "CVSS:3.1/AV:N/AC:L/PR:N/PR:N/UI:N/S:U/C:H/I:H/A:H",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:X/C:H/I:H/A:H",
            "CVSS:3.1/AV:N AC:L",
        ] {
            assert_eq!(base_score(vector), None, "{vector}");
        }
    }

    #[test]
    fn words_begin_where_the_scale_says() {
        for (score, expected) in
            [(10.0, "critical"), (9.0, "critical"), (8.9, "high"), (6.9, "medium"), (3.9, "low"), (0.0, "none")]
        {
            assert_eq!(word(score), expected, "{score}");
        }
    }
}
