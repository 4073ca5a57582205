//! Serde's words for a value of the wrong type, in those of whoever writes TOML.

/// `message` as it is, unless it is about a type: `the text "x", where a list is expected`.
pub(crate) fn in_words(message: &str) -> String {
    let about = ["invalid type: ", "invalid value: "].iter().find_map(|beginning| message.strip_prefix(beginning));
    let parts = about.and_then(|about| about.rsplit_once(", expected "));
    parts.map_or_else(
        || message.to_owned(),
        |(found, sought)| format!("{}, where {} is expected", what(found), kind(sought)),
    )
}

/// What was found: `string "x"`, ``integer `3` ``, `map`.
fn what(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let number = value.rsplit('`').nth(1).unwrap_or(value);
    match kind {
        "string" => format!("the text {value}"),
        "integer" | "floating" => format!("the number {number}"),
        "boolean" => number.to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "a table".to_owned(),
        _ => found.to_owned(),
    }
}

/// What was sought: `a sequence`, `struct Expected`, `u64`.
fn kind(sought: &str) -> &str {
    match sought {
        "a sequence" => "a list, [\u{2026}],",
        "a string" => "a text in quotes",
        "a boolean" => "true or false",
        "a map" => "a table, { key = \u{2026} },",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more,",
        "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        _ if sought.starts_with("struct ") => kind("a map"),
        _ => sought,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_toml() {
        for (serde, words) in [
            (
                "invalid type: string \"a, expected b\", expected a sequence",
                "the text \"a, expected b\", where a list, […], is expected",
            ),
            ("invalid type: integer `3`, expected a string", "the number 3, where a text in quotes is expected"),
            (
                "invalid type: floating point `1.5`, expected u64",
                "the number 1.5, where a whole number, 0 or more, is expected",
            ),
            (
                "invalid value: integer `-1`, expected u64",
                "the number -1, where a whole number, 0 or more, is expected",
            ),
            ("invalid type: boolean `true`, expected struct PathMap", "true, where a table, { key = … }, is expected"),
            ("invalid type: map, expected a boolean", "a table, where true or false is expected"),
            ("invalid type: sequence, expected a map", "a list, where a table, { key = … }, is expected"),
            ("invalid type: null, expected i64", "null, where a whole number is expected"),
            ("unknown field `x`, expected one of `a`, `b`", "unknown field `x`, expected one of `a`, `b`"),
        ] {
            assert_eq!(in_words(serde), words);
        }
    }
}
