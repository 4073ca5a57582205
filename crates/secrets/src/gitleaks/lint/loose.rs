//! Expressions and stopwords that drop real secrets.

use memchr::memmem;
use regex_syntax::hir::{Hir, HirKind};

use super::Budget;
use crate::engine::syntax;
use crate::gitleaks::allow::{Allowlist, Target};
use crate::gitleaks::fields::Expression;
use crate::gitleaks::remark::{Kind, Remark, quote};

/// How many tokens are tried.
const TOKENS: usize = 2000;
/// What matches as few bytes as that, anywhere, is loose whatever it is.
const SHORT: usize = 3;

const ALPHABETS: [&[u8]; 5] = [
    b"0123456789abcdef",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/",
];

/// Values as random as secrets are, always the same ones, 20 to 40 characters long.
pub(super) fn tokens() -> Vec<Vec<u8>> {
    let mut state = 0x746f_6c6c_6761_7465_u64;
    // Splitmix, which is good enough to draw letters.
    let mut draw = |below: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    };
    let mut token = |number: usize| {
        let alphabet = ALPHABETS[number % ALPHABETS.len()];
        let length = 20 + draw(21);
        (0..length).map(|_| alphabet[draw(alphabet.len())]).collect()
    };
    (0..TOKENS).map(&mut token).collect()
}

/// Judges the expressions and stopwords of `list`; false where that is too much to do.
pub(super) fn judge(list: &Allowlist, tokens: &[Vec<u8>], budget: &mut Budget, remarks: &mut Vec<Remark>) -> bool {
    if !list.decides_by_text() {
        return true;
    }
    for expression in &list.regexes {
        if !budget.take(TOKENS * 30, expression.weight) {
            return false;
        }
        let Some(regex) = expression.pattern.regex() else {
            remarks.push(too_large(list, expression));
            continue;
        };
        let hits = tokens.iter().filter(|token| regex.is_match(token.as_slice())).count();
        if let Some(why) = looseness(expression, hits, regex.is_match(b""), list.target) {
            remarks.push(Remark::new(
                Kind::LooseExpression,
                &list.file,
                expression.line,
                format!("expression {} {why}", quote(&expression.source)),
            ));
        }
    }
    let lower: Vec<Vec<u8>> =
        if list.stopwords.is_empty() { Vec::new() } else { tokens.iter().map(|t| t.to_ascii_lowercase()).collect() };
    for word in &list.stopwords {
        if !budget.take(TOKENS * 30, 0) {
            return false;
        }
        let finder = memmem::Finder::new(word.value.as_bytes());
        let message = if word.value.is_empty() {
            "an empty stopword allows nothing here. Remove it.".to_owned()
        } else if word.value.len() <= SHORT || lower.iter().any(|token| finder.find(token).is_some()) {
            format!(
                "stopword {} drops every secret that contains it, by chance too. Write a longer word, or `^…$` in regexes.",
                quote(&word.value)
            )
        } else {
            continue;
        };
        remarks.push(Remark::new(Kind::LooseStopword, &list.file, word.line, message));
    }
    true
}

/// What makes an expression loose that matches `hits` of the tokens.
fn looseness(expression: &Expression, hits: usize, empty: bool, target: Target) -> Option<String> {
    let hir = syntax::parse(expression.pattern.source()).ok()?;
    let properties = hir.properties();
    let anchored = !properties.look_set_prefix().is_empty() && !properties.look_set_suffix().is_empty();
    let whose = match target {
        Target::Secret => "every secret",
        Target::Match => "every secret whose match",
        Target::Line => "every secret whose line",
    };
    if empty && !anchored {
        return Some(format!(
            "matches the empty string and so drops {}. Say what must be there, between `^` and `$`.",
            whose.split(" whose").next().unwrap_or(whose)
        ));
    }
    let short = !anchored && is_plain(&hir) && properties.minimum_len().is_some_and(|length| length <= SHORT);
    if short {
        let contains = if target == Target::Secret { " that contains it" } else { " contains it" };
        let chance = if hits > 0 { format!(" ({hits} of {TOKENS} random values)") } else { String::new() };
        return Some(format!(
            "drops {whose}{contains}, by chance too{chance}. Only `^…$` would limit it to that text."
        ));
    }
    let advice = if anchored { "Make it narrower." } else { "`^…$` would limit it." };
    (hits > 0).then(|| format!("drops {hits} of {TOKENS} random values, so real secrets too. {advice}"))
}

/// Whether `hir` is a text, pieces of which may repeat.
fn is_plain(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(_) => true,
        HirKind::Repetition(repetition) => is_plain(&repetition.sub),
        HirKind::Capture(capture) => is_plain(&capture.sub),
        HirKind::Concat(parts) => parts.iter().all(is_plain),
        _ => false,
    }
}

/// Of an expression that cannot be compiled.
pub(super) fn too_large(list: &Allowlist, expression: &Expression) -> Remark {
    let message = format!(
        "expression {} is too large and allows nothing. Make its repetitions shorter.",
        quote(&expression.source)
    );
    Remark::new(Kind::TooLarge, &list.file, expression.line, message)
}
