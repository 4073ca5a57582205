//! The promise: no edit of a policy turns a failure into a pass without being listed.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use tollgate_model::{Op, Verdict};

use super::plan::*;
use super::*;
use crate::{Gate, Policy};

/// How many policies each property is tried on.
const CASES: u32 = 400;

/// What is edited: what, of which gate, which condition, and two numbers that say how.
type Edit = (u8, usize, usize, u8, u8);

fn any_edits() -> impl Strategy<Value = Vec<Edit>> {
    // Other labels and other limits let most through.
    let what = prop_oneof![2 => 0u8..26, 1 => prop::sample::select(vec![3, 3, 4, 6, 6])];
    prop::collection::vec((what, 0usize..2, 0usize..4, any::<u8>(), any::<u8>()), 1..4)
}

fn toggle<T: Ord>(set: &mut BTreeSet<T>, one: T) {
    if !set.remove(&one) {
        set.insert(one);
    }
}

fn right_of(a: u8, b: u8) -> Right {
    match a % 4 {
        0 | 1 => Right::Literal(b % 7),
        2 => Right::Base(b as i8 % 3),
        _ => Right::Share((b % 4) as i8 - 1),
    }
}

fn edit(plan: &mut Plan, (what, door, line, a, b): Edit) {
    let (door_at, pattern, event) = (door % plan.doors.len(), a as usize % PATTERNS.len(), a as usize % EVENTS.len());
    let scope_at = b as usize % 3;
    let door = &mut plan.doors[door_at];
    let count = door.lines.len();
    let at = line % count;
    let line = &mut door.lines[at];
    match what {
        0..=2 => {
            line.right = match line.right {
                Right::Literal(n) if a % 2 == 0 => Right::Literal(n + 1),
                Right::Literal(n) => Right::Literal(n.saturating_sub(1)),
                Right::Base(n) => Right::Base(n + if a % 2 == 0 { 1 } else { -1 }),
                Right::Share(n) => Right::Share(n + if a % 2 == 0 { 1 } else { -1 }),
            };
        }
        3 => line.right = right_of(a, b),
        4 | 5 => line.op = a as usize % OPS.len(),
        6 => {
            let (label, values) = LABELS[a as usize % LABELS.len()];
            line.labels.insert(label, values[b as usize % 3]);
            *line = line.clone().fit();
        }
        7 | 8 => {
            let gone = line.labels.keys().nth(a as usize % line.labels.len().max(1)).copied();
            gone.map(|label| line.labels.remove(label));
            *line = line.clone().fit();
        }
        9 => line.blocks = !line.blocks,
        10 => toggle(&mut line.when, pattern),
        11 => toggle(&mut line.on, event),
        12 => toggle(&mut door.when, pattern),
        13 => toggle(&mut door.on, event),
        14 => toggle(&mut door.optional, if a % 2 == 0 { "x" } else { "y" }),
        15 => door.lenient = !door.lenient,
        16 => door.warn_at = (a % 3 > 0).then_some(b % 6),
        17 => door.adopt = (a % 3 > 0).then_some(b as usize % 5),
        18 => toggle(&mut plan.scopes[scope_at].0, pattern),
        19 => toggle(&mut plan.scopes[scope_at].1, event),
        20 if count > 1 => drop(door.lines.remove(at)),
        20 => door.name = "New".to_owned(),
        21 => {
            let mut copy = line.clone();
            copy.right = right_of(a, b);
            door.lines.insert(b as usize % door.lines.len(), copy);
        }
        // From the gate to its conditions, which is the same, or to the first of them, which is not.
        22 => {
            let (when, on) = (std::mem::take(&mut door.when), std::mem::take(&mut door.on));
            let some = if a % 2 == 0 { door.lines.len() } else { 1 };
            for line in door.lines.iter_mut().take(some).filter(|line| line.when.is_empty() && line.on.is_empty()) {
                (line.when, line.on) = (when.clone(), on.clone());
            }
        }
        24 => plan.incidents[a as usize % 4] = (b as usize % 4, u16::from(b % 12)),
        _ => line.metric = [line.metric, a as usize % METRICS.len()][b as usize % 2],
    }
    if what >= 25 {
        let line = &mut plan.doors[door_at].lines[at];
        *line = line.clone().fit();
    }
}

/// Edits after which a policy demands as much or more.
fn tighten(plan: &mut Plan, (what, door, line, a, b): Edit) {
    let at = door % plan.doors.len();
    let door = &mut plan.doors[at];
    let count = door.lines.len();
    let line_at = line % count;
    let line = &mut door.lines[line_at];
    let of_op = (matches!(OPS[line.op], Op::Le | Op::Lt), matches!(OPS[line.op], Op::Ge | Op::Gt));
    let (upper, lower) = if line.metric == OVERDUE { (true, false) } else { of_op };
    match (what, line.right) {
        (0..=2, Right::Literal(n)) if lower => line.right = Right::Literal(n.saturating_add(a % 3).min(10)),
        (0..=2, Right::Base(n)) if lower => line.right = Right::Base(n + (a % 3) as i8),
        // Where the gate warns from 0 % on, a limit of 0 is the only one that does not.
        (0..=2, Right::Literal(n)) if upper && n > 0 => line.right = Right::Literal((n - n.min(a % 3)).max(1)),
        (0..=2, Right::Base(n)) if upper && door.warn_at != Some(0) => line.right = Right::Base(n - (a % 3) as i8),
        (3 | 4, _) if OPS[line.op] == Op::Ge => line.op = 4,
        (3 | 4, _) if OPS[line.op] == Op::Le => line.op = 5,
        (5..=8, Right::Literal(_)) if upper && FINDINGS.contains(&line.metric) => {
            let gone = line.labels.keys().nth(a as usize % line.labels.len().max(1)).copied();
            gone.map(|label| line.labels.remove(label));
        }
        (9, _) => line.blocks = true,
        (10, _) => line.when.clear(),
        (11, _) if !line.on.is_empty() => drop(line.on.insert(a as usize % EVENTS.len())),
        (12, _) if !door.when.is_empty() => drop(door.when.insert(a as usize % PATTERNS.len())),
        (13, _) => door.on.clear(),
        (14, _) => door.optional.clear(),
        (15, _) => door.lenient = false,
        (16, _) => door.warn_at = Some(door.warn_at.map_or(a % 6, |at| at.min(a % 6))),
        (17, _) => door.adopt = [None, Some(0)][a as usize % 2],
        (18, _) => plan.scopes[b as usize % 3].0.clear(),
        (19, _) => door.lines.rotate_left(line_at),
        (20, _) => plan.doors.rotate_left(at),
        (21, _) => {
            let mut copy = line.clone();
            copy.right = right_of(a, b);
            door.lines.insert(line_at, copy);
        }
        (22, _) if line.when.is_empty() && line.on.is_empty() && count == 1 => {
            (line.when, line.on) = (std::mem::take(&mut door.when), std::mem::take(&mut door.on));
        }
        _ => {}
    }
}

/// Configured as the trees of the plan are.
fn compare(base: &Policy, head: &Policy) -> Vec<Relaxation> {
    let instances = [("x", None), ("y", Some("web")), ("y", Some("docs"))];
    let configured = instances.into_iter().map(|(c, i)| (c.to_owned(), i.map(str::to_owned))).collect();
    let (options, files, sources) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let side =
        |policy| Side { policy, options: &options, allow_files: &files, configured: &configured, sources: &sources };
    relaxations(&side(base), &side(head), Date::parse(TODAY).unwrap())
}

/// Gates that `tree` passes by the policy of the head and not by that of the base, as far as the promise goes.
fn let_through(tree: &Tree, base: &Policy, head: &Policy) -> Vec<String> {
    let (before, after) = (tree.decide(base), tree.decide(head));
    let blocks = |policy: &Policy, name: &str| {
        let hard = |gate: &&Gate| gate.adopt.is_none() && gate.clauses.iter().all(|clause| clause.blocks);
        policy.gates.iter().filter(|gate| gate.name == name).all(|gate| hard(&gate))
    };
    let mut through = Vec::new();
    for gate in &before.gates {
        let new = after.gates.iter().find(|new| new.name == gate.name).map_or(Verdict::Pass, |new| new.verdict);
        let sure = tree.exact || (blocks(base, &gate.name) && blocks(head, &gate.name));
        let milder = match (gate.verdict, new) {
            (Verdict::Fail, Verdict::Pass | Verdict::Warn) => true,
            (Verdict::Unknown | Verdict::Warn, Verdict::Pass) => tree.full_base,
            // A number that cannot be told from a limit can be told from a stricter one.
            (Verdict::Unknown, Verdict::Warn) => tree.full_base && sure,
            _ => false,
        };
        if milder {
            through.push(gate.name.clone());
        }
    }
    through
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4_096, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn no_failure_passes_unseen(
        plan in any_plan(), edits in any_edits(), trees in prop::collection::vec(any_tree(), 6),
    ) {
        let mut edited = plan.clone();
        edits.into_iter().for_each(|one| edit(&mut edited, one));
        let (base, head) = (plan.policy(), edited.policy());
        let listed = compare(&base, &head);
        for tree in trees {
            for gate in let_through(&tree, &base, &head) {
                let said = listed.iter().any(|r| r.gate.as_ref().is_none_or(|name| *name == gate));
                prop_assert!(said, "{gate} is milder; listed: {listed:?}; {base:#?} {head:#?} {tree:#?}");
            }
        }
    }

    #[test]
    fn no_finding_stays_longer_unseen(
        plan in any_plan(), severity in 0usize..4, class in 0usize..4, days in 0u16..60,
        trees in prop::collection::vec(any_tree(), 12),
    ) {
        let mut plan = plan;
        let door = &mut plan.doors[0];
        door.lines.truncate(1);
        door.lines[0].metric = OVERDUE;
        door.lines[0] = door.lines[0].clone().fit();
        let mut edited = plan.clone();
        edited.incidents[severity] = (class, days);
        let (base, head) = (plan.policy(), edited.policy());
        let listed = compare(&base, &head);
        for tree in trees {
            let through = let_through(&tree, &base, &head);
            prop_assert!(through.is_empty() || !listed.is_empty(), "{through:?}; {base:#?} {head:#?} {tree:#?}");
        }
    }

    #[test]
    fn what_is_stricter_is_not_listed(plan in any_plan(), edits in any_edits()) {
        let mut edited = plan.clone();
        edits.into_iter().for_each(|one| tighten(&mut edited, one));
        let listed = compare(&plan.policy(), &edited.policy());
        prop_assert_eq!(listed, vec![], "{:#?} {:#?}", plan, edited);
    }

    #[test]
    fn nothing_is_milder_than_itself(plan in any_plan()) {
        prop_assert_eq!(compare(&plan.policy(), &plan.policy()), vec![]);
    }

    #[test]
    fn order_changes_nothing(plan in any_plan(), edits in any_edits(), turn in 0usize..4) {
        let mut edited = plan.clone();
        edits.into_iter().for_each(|one| edit(&mut edited, one));
        let listed = compare(&plan.policy(), &edited.policy());
        let turned = |mut plan: Plan| {
            for door in &mut plan.doors {
                let by = turn % door.lines.len();
                door.lines.rotate_left(by);
            }
            plan.doors.reverse();
            plan.policy()
        };
        prop_assert_eq!(compare(&turned(plan), &turned(edited)), listed);
    }
}

/// The properties above say something only where edits let failures through, and where some are not listed.
#[test]
fn the_edits_are_worth_judging() {
    let mut runner = TestRunner::deterministic();
    let (mut through, mut silent, mut told) = (0, 0, 0);
    for _ in 0..400 {
        let strategy = (any_plan(), any_edits(), prop::collection::vec(any_tree(), 6));
        let (plan, edits, trees) = strategy.new_tree(&mut runner).unwrap().current();
        let mut edited = plan.clone();
        edits.into_iter().for_each(|one| edit(&mut edited, one));
        let (base, head) = (plan.policy(), edited.policy());
        through += usize::from(trees.iter().any(|tree| !let_through(tree, &base, &head).is_empty()));
        match compare(&base, &head).is_empty() {
            true => silent += 1,
            false => told += 1,
        }
    }
    assert!(through >= 60 && silent >= 80 && told >= 80, "{through} let through, {silent} silent, {told} told");
}
