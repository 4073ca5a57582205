//! JSON for machines that people may open.

use serde::Serialize;

/// `value` as indented JSON with a newline at the end.
///
/// # Errors
/// When `value` is not JSON: a map whose keys are not texts. No type of the model is.
pub fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_survives_the_way_there_and_back() {
        let run = crate::samples::hostile();
        let text = json(&run).unwrap();
        assert!(text.starts_with("{\n  \"schema\": \"tollgate.run/1\",\n") && text.ends_with("}\n"));
        assert_eq!(serde_json::from_str::<tollgate_model::Run>(&text).unwrap(), run);
    }
}
