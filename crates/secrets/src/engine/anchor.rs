//! Pieces of text that a match cannot do without, derived from the expression itself.
//!
//! Of `(?:live|test)_[a-z]{20}` any match begins with `live_` or `test_`, followed by letters: those are its anchors. Text is
//! searched for anchors first, all rules at once, and an expression runs only where one of its own stands.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};
use serde::{Deserialize, Serialize};

/// Shortest anchor.
pub(crate) const SHORTEST: usize = 3;
/// Most anchors of one expression.
const MOST: usize = 64;
/// Longest anchor; what follows it is left to the expression.
const LONGEST: usize = 24;
/// How many bytes after an anchor are looked at before the expression runs.
const FOLLOW: usize = 12;

/// One piece of text that a match contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// In lower case where case does not matter.
    pub(crate) literal: Vec<u8>,
    /// Whether the case of letters matters.
    pub(crate) exact: bool,
    /// How many bytes of the match may stand before it, at least and at most; none where there is no bound.
    pub(crate) lead: (usize, Option<usize>),
    /// What each of the next bytes must be.
    pub(crate) follow: Vec<ByteSet>,
}

/// A set of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ByteSet([u64; 4]);

impl ByteSet {
    const EMPTY: Self = Self([0; 4]);

    pub(crate) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    /// How many there are.
    fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The greatest.
    fn last(&self) -> Option<u8> {
        let word = self.0.iter().rposition(|word| *word != 0)?;
        Some((word as u8) << 6 | (63 - self.0[word].leading_zeros()) as u8)
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        let words = self.0.iter().enumerate().filter(|(_, bits)| **bits != 0);
        words.flat_map(|(word, bits)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| (word as u8) << 6 | bit)
        })
    }
}

impl std::fmt::Debug for ByteSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes().collect::<Vec<_>>()))
    }
}

/// The anchors of an expression: every match contains one of them. None where no piece is long enough.
pub(crate) fn anchors(hir: &Hir) -> Option<Vec<Anchor>> {
    if let HirKind::Alternation(branches) = inner(hir).kind() {
        let whole = branch(hir).filter(|found| score(found) >= 4 * SHORTEST);
        return whole.or_else(|| {
            let each: Option<Vec<_>> = branches.iter().map(anchors).collect();
            each.map(|all| all.concat()).filter(|all| all.len() <= MOST)
        });
    }
    branch(hir)
}

/// The anchors of an expression that is one sequence.
fn branch(hir: &Hir) -> Option<Vec<Anchor>> {
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let mut best: Option<Vec<Anchor>> = None;
    for start in (0..parts.len()).filter(|start| parts[*start].properties().minimum_len() != Some(0)) {
        for found in [from(&parts, start), within(&parts, start)].into_iter().flatten() {
            if best.as_ref().is_none_or(|best| score(&found) > score(best)) {
                best = Some(found);
            }
        }
    }
    best
}

/// The anchors of the branches of the part at `start`, each of its own.
fn within(parts: &[&Hir], start: usize) -> Option<Vec<Anchor>> {
    let HirKind::Alternation(branches) = parts[start].kind() else { return None };
    let each: Option<Vec<Vec<Anchor>>> = branches.iter().map(anchors).collect();
    let (least, most) = length(&parts[..start]);
    let after = |anchor: Anchor| Anchor {
        lead: (least + anchor.lead.0, most.zip(anchor.lead.1).and_then(|(most, more)| most.checked_add(more))),
        ..anchor
    };
    each.map(|all| all.into_iter().flatten().map(after).collect()).filter(|all: &Vec<Anchor>| all.len() <= MOST)
}

/// Fewest and most bytes of what these match together.
fn length(parts: &[&Hir]) -> (usize, Option<usize>) {
    let least = parts.iter().map(|part| part.properties().minimum_len().unwrap_or_default()).sum();
    let most = parts.iter().map(|part| part.properties().maximum_len());
    (least, most.into_iter().try_fold(0, |sum: usize, one| one?.checked_add(sum)))
}

/// How well a set of anchors tells text apart: by its shortest, and by how few they are; those at the beginning of a match
/// and of bounded distance from it are worth more.
fn score(anchors: &[Anchor]) -> usize {
    let shortest = anchors.iter().map(|anchor| anchor.literal.len()).min().unwrap_or_default().min(8);
    let follow = anchors.iter().map(|anchor| anchor.follow.len()).min().unwrap_or_default().min(4);
    let bounded = match anchors.first().map(|anchor| anchor.lead) {
        Some((_, Some(0))) => 6,
        Some((_, Some(_))) => 3,
        _ => 0,
    };
    (4 * shortest + bounded + follow).saturating_sub(anchors.len() / 8)
}

/// The sequence that an expression is, with groups taken apart and short fixed repetitions written out.
fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match inner(hir).kind() {
        HirKind::Concat(all) => all.iter().for_each(|part| flatten(part, parts)),
        HirKind::Repetition(Repetition { min, max: Some(max), sub, .. }) if min == max && *min <= 4 => {
            (0..*min).for_each(|_| flatten(sub, parts));
        }
        _ => parts.push(inner(hir)),
    }
}

fn inner(hir: &Hir) -> &Hir {
    match hir.kind() {
        HirKind::Capture(capture) => inner(&capture.sub),
        _ => hir,
    }
}

/// The anchors that begin with the part at `start`.
fn from(parts: &[&Hir], start: usize) -> Option<Vec<Anchor>> {
    let mut literals: Vec<Vec<Option<ByteSet>>> = vec![Vec::new()];
    let mut at = start;
    // With what may be missing at the end; it counts where something follows that may not.
    let mut longer = literals.clone();
    for (i, part) in parts.iter().enumerate().skip(start) {
        if matches!(part.kind(), HirKind::Look(_) | HirKind::Empty) {
            at += usize::from(at == i);
            continue;
        }
        let Some(next) = extended(&longer, part) else { break };
        longer = next;
        if part.properties().minimum_len() != Some(0) {
            literals.clone_from(&longer);
            at = i + 1;
        }
    }
    let (shortest, longest) = (literals.iter().map(Vec::len).min()?, literals.iter().map(Vec::len).max()?);
    if shortest < SHORTEST || longest == 0 {
        return None;
    }
    let (least, most) = length(&parts[..start]);
    let follow = follow(&parts[at..]);
    let anchor = |cells: &Vec<Option<ByteSet>>| {
        let mut bytes: Vec<ByteSet> = cells.iter().flatten().copied().collect();
        let rest = bytes.split_off(bytes.len().min(LONGEST));
        let exact = bytes.iter().all(|set| set.len() == 1);
        let literal =
            bytes.iter().filter_map(ByteSet::last).map(|byte| if exact { byte } else { byte.to_ascii_lowercase() });
        let follow = rest.into_iter().chain(follow.iter().copied()).take(FOLLOW).collect();
        Anchor { literal: literal.collect(), exact, lead: (least, most), follow }
    };
    Some(literals.iter().map(anchor).collect())
}

/// Every literal of `literals` followed by what `part` can be; none where that is too much, or not a letter by letter matter.
fn extended(literals: &[Vec<Option<ByteSet>>], part: &Hir) -> Option<Vec<Vec<Option<ByteSet>>>> {
    if literals.len() * ways(part) > MOST || literals.iter().any(|literal| literal.len() > LONGEST + FOLLOW) {
        return None;
    }
    let tails = spellings(part)?;
    let joined = |head: &Vec<Option<ByteSet>>, tail: &Vec<ByteSet>| {
        head.iter().copied().chain(tail.iter().copied().map(Some)).collect()
    };
    Some(literals.iter().flat_map(|head| tails.iter().map(move |tail| joined(head, tail))).collect())
}

/// How many spellings `part` has; more than [`MOST`] where they are too many, or not a letter by letter matter. Said before any is made.
fn ways(part: &Hir) -> usize {
    let many = MOST + 1;
    let ways = match inner(part).kind() {
        HirKind::Literal(_) => 1,
        HirKind::Class(class) => set(class).map_or(many, |set| folded(&set).len()),
        HirKind::Concat(parts) => parts.iter().map(ways).fold(1, |all: usize, one| (all * one).min(many)),
        HirKind::Alternation(branches) => branches.iter().map(ways).sum(),
        HirKind::Repetition(Repetition { min: 0, max: Some(1), sub, .. }) => ways(sub) + 1,
        HirKind::Repetition(Repetition { min, max: Some(max), sub, .. }) if min == max => ways(sub),
        _ => many,
    };
    ways.min(many)
}

/// The bytes of a set, in lower case, each once.
fn folded(set: &ByteSet) -> Vec<u8> {
    let mut folded: Vec<u8> = set.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    folded.sort_unstable();
    folded.dedup();
    folded
}

/// Everything that `part` can be, each byte as the set of its cases.
fn spellings(part: &Hir) -> Option<Vec<Vec<ByteSet>>> {
    match inner(part).kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.iter().map(|byte| one(*byte)).collect()]),
        HirKind::Class(class) => {
            let set = set(class)?;
            let folded = folded(&set);
            (folded.len() <= 4).then(|| folded.into_iter().map(|byte| vec![cases(byte, &set)]).collect())
        }
        HirKind::Concat(parts) => {
            let mut all = vec![Vec::new()];
            for tails in parts.iter().map(spellings) {
                let tails = tails?;
                if all.len() * tails.len() > MOST {
                    return None;
                }
                all = all
                    .iter()
                    .flat_map(|head| tails.iter().map(move |tail| [head.as_slice(), tail].concat()))
                    .collect();
            }
            Some(all)
        }
        HirKind::Alternation(branches) => {
            let each: Option<Vec<_>> = branches.iter().map(spellings).collect();
            each.map(|all| all.concat()).filter(|all| all.len() <= MOST && all.iter().all(|one| !one.is_empty()))
        }
        HirKind::Repetition(Repetition { min: 0, max: Some(1), sub, .. }) => {
            let there = spellings(sub)?;
            Some(there.into_iter().chain([Vec::new()]).collect())
        }
        HirKind::Repetition(Repetition { min, max: Some(max), sub, .. }) if min == max && *min <= 8 => {
            let one = spellings(sub).filter(|one| one.len() == 1)?;
            Some(vec![one[0].repeat(*min as usize)])
        }
        _ => None,
    }
}

fn one(byte: u8) -> ByteSet {
    let mut set = ByteSet::EMPTY;
    set.add(byte);
    set
}

/// The cases of `byte` that `set` has.
fn cases(byte: u8, set: &ByteSet) -> ByteSet {
    let mut cases = ByteSet::EMPTY;
    [byte, byte.to_ascii_uppercase()].into_iter().filter(|byte| set.has(*byte)).for_each(|byte| cases.add(byte));
    cases
}

/// The bytes of a class; none where it holds more than ASCII characters can say.
fn set(class: &Class) -> Option<ByteSet> {
    let mut set = ByteSet::EMPTY;
    match class {
        Class::Bytes(class) => {
            class.iter().for_each(|range| (range.start()..=range.end()).for_each(|byte| set.add(byte)))
        }
        Class::Unicode(class) => {
            for range in class.iter() {
                let (start, end) = (u8::try_from(range.start()).ok()?, u8::try_from(range.end()).ok()?);
                if end > 127 {
                    return None;
                }
                (start..=end).for_each(|byte| set.add(byte));
            }
        }
    }
    Some(set)
}

/// What each of the first bytes of `parts` must be.
fn follow(parts: &[&Hir]) -> Vec<ByteSet> {
    let mut follow = Vec::new();
    for part in parts {
        let (part, least, fixed) = match part.kind() {
            HirKind::Look(_) | HirKind::Empty => continue,
            HirKind::Repetition(Repetition { min, max, sub, .. }) => (inner(sub), *min as usize, *max == Some(*min)),
            _ => (*part, 1, true),
        };
        let cells = match part.kind() {
            HirKind::Literal(literal) => literal.0.iter().map(|byte| one(*byte)).collect(),
            HirKind::Class(class) => set(class).map(|set| vec![set]).unwrap_or_default(),
            _ => Vec::new(),
        };
        follow.extend(cells.iter().copied().cycle().take(cells.len() * least.min(FOLLOW)));
        if cells.is_empty() || !fixed || follow.len() >= FOLLOW {
            break;
        }
    }
    follow.truncate(FOLLOW);
    follow
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::syntax::parse;

    /// Text, whether case matters, what stands before, how much after it is looked at.
    type Told = (String, bool, (usize, Option<usize>), usize);

    fn of(expression: &str) -> Vec<Told> {
        let anchors = anchors(&parse(expression).unwrap()).unwrap_or_default();
        let text = |anchor: &Anchor| String::from_utf8(anchor.literal.clone()).unwrap();
        anchors.iter().map(|a| (text(a), a.exact, a.lead, a.follow.len())).collect()
    }

    #[test]
    fn what_a_match_cannot_do_without_is_found() {
        let plain = |literal: &str, lead: usize, follow: usize| (literal.to_owned(), true, (lead, Some(lead)), follow);
        assert_eq!(of("ghp_[A-Za-z0-9]{36}"), [plain("ghp_", 0, 12)]);
        assert_eq!(of(r"\b(AKIA|ASIA)[A-Z2-7]{16}\b"), [plain("AKIA", 0, 12), plain("ASIA", 0, 12)]);
        assert_eq!(of("xox[bp]-[0-9]{10,13}-x"), [plain("xoxb-", 0, 10), plain("xoxp-", 0, 10)]);
        assert_eq!(of("[a-z0-9]{14}\\.atlasv1\\.[a-z]{60}"), [plain(".atlasv1.", 14, 12)]);
        assert_eq!(of("(?i)Bearer +[a-z]{20}"), [("bearer".to_owned(), false, (0, Some(0)), 1)]);
        assert_eq!(of("[0-9]+:AA[A-Za-z0-9]{33}"), [(":AA".to_owned(), true, (1, None), 12)]);
        assert_eq!(of("[a-f0-9]{32}"), []);
        assert_eq!(of("ab|cdef"), []);
        assert_eq!(of("sk_(?:live|test)_[0-9a-z]{24}"), [plain("sk_live_", 0, 12), plain("sk_test_", 0, 12)]);
        let key = ["apikey", "api_key", "api-key"];
        let mut found = of("api[_-]?key=[a-z]{20}");
        found.sort();
        let mut expected = key.map(|key| plain(&format!("{key}="), 0, 12));
        expected.sort();
        assert_eq!(found, expected);
        // What may be missing at the end tells nothing.
        assert_eq!(of("foo[_-]?[a-z]{20}"), [plain("foo", 0, 0)]);
        // Branches that end in many ways are known by how they begin.
        let branches = of("x?(abcd[0-9]{3}|efgh.*) *[=:][a-z]{20}");
        assert_eq!(branches, [("abcd".to_owned(), true, (0, Some(1)), 3), ("efgh".to_owned(), true, (0, Some(1)), 0)]);
    }

    /// Whatever an expression matches contains one of its anchors, where that says it may begin: held against matches drawn from the expressions.
    #[test]
    fn no_match_is_without_an_anchor() {
        use proptest::strategy::{Strategy as _, ValueTree as _};
        let expressions = [
            "ghp_[A-Za-z0-9]{36}",
            "(?i)(well[_-]?flow[_-]?key|api[_-]?key)[ ]*[=:][ ]*['\"]?([a-z0-9]{8,12})['\"]?",
            "(?i)(scada[_-]?(password|user|login)|hmi[_-]?(password|auth))=[a-z]{8}",
            "(aws[_-]?(access[_-]?key[_-]?id|secret[_-]?key)|azure[_-]?(client|tenant)|gcp[_-]?(acc|api))[=:][a-z]{5}",
            "x?(abcd[0-9]{3}|efgh[a-z]*) *[=:][a-z]{20}",
            "[a-z]{0,3}(?:foo|bar)?(?:baz_)?qux[0-9]",
            "(?:live|test)?_?key_(?:[a-f0-9]{8}|none)",
            "(?:a|bc|def){2}ghi-?[0-9]{4}",
            "[0-9]+:AA[A-Za-z0-9]{33}",
            "-----OPEN ((RED|BLUE) )?DRAWER NOW-----",
            "(?:(?:one|two)(?:three|four)?|five)six(?:seven)?",
        ];
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for expression in expressions {
            let anchors = anchors(&parse(expression).unwrap()).unwrap_or_else(|| panic!("{expression} has no anchor"));
            let matches = proptest::string::string_regex(expression).unwrap();
            for _ in 0..200 {
                let text = matches.new_tree(&mut runner).unwrap().current();
                // The generator folds case as Unicode does (the Kelvin sign is a k), our expressions do not.
                if !text.is_ascii() {
                    continue;
                }
                let stands = |anchor: &Anchor| {
                    let most = anchor.lead.1.unwrap_or(text.len()).min(text.len());
                    (anchor.lead.0..=most).any(|at| crate::engine::grams::stands(anchor, text.as_bytes(), at))
                };
                assert!(anchors.iter().any(stands), "{expression}: {text:?} has none of {anchors:?}");
            }
        }
    }
}
