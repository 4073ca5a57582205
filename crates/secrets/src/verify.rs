//! Whether a rule finds what it says: its examples, and none of its counter-examples.

use tollgate_model::Rule;

use crate::engine::detector::{Anchored, Detect, Detector, Known, Look, unmask};
use crate::engine::pattern::Pattern;
use crate::engine::scan::Scanner;
use crate::engine::set::Set;
use crate::judge::structure::Check;

/// What is wrong with a rule, sentence by sentence.
pub(crate) fn verify(rule: &Rule, detect: &Detect) -> Vec<String> {
    let mut wrong = Vec::new();
    // What a vendor published as an example is known, and still has the form; so has an address whose password is a placeholder.
    let check = detect.check.filter(|check| *check != Check::UrlPassword);
    let open = Detect { documented: Vec::new(), check, ..detect.clone() };
    let (strict, lenient) = match (
        Detector::new(&rule.id, rule.confidence, detect, Known::Nothing),
        Detector::new(&rule.id, rule.confidence, &open, Known::Nothing),
    ) {
        (Ok(strict), Ok(lenient)) => (strict, lenient),
        (Err(error), _) | (_, Err(error)) => return vec![error.to_string()],
    };
    let expressions =
        [("expression", &detect.expression), ("value", &detect.value), ("need", &detect.need), ("path", &detect.path)];
    for (key, source) in expressions {
        if let Some(Err(error)) = source.as_ref().map(|source| Pattern::compile(source)) {
            wrong.push(format!("`{key}`: {error}"));
        }
    }
    let finds = |(detector, anchors): Anchored, strict: bool| {
        let set = Set::new([(Detector { strict, ..detector }, anchors)]);
        move |text: &str| found(&set, &unmask(text))
    };
    let (lenient, strict) = (finds(lenient, false), finds(strict, true));
    for example in rule.examples.iter().filter(|example| !lenient(&example.text)) {
        wrong.push(format!("its example is not found: {}", example.about));
    }
    for example in rule.counter_examples.iter().filter(|example| strict(&example.text)) {
        wrong.push(format!("its counter-example is found: {}", example.about));
    }
    wrong
}

/// Whether the only detector of `set` finds anything in `text`, or in the path that it is.
fn found(set: &Set, text: &str) -> bool {
    let detector = &set.detectors[0];
    match &detector.look {
        Look::Path(_) => detector.is_named(text, &text.to_ascii_lowercase()),
        _ => !Scanner::new(set).scan(text.as_bytes()).hits.is_empty(),
    }
}
