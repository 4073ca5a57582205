//! `needs`: jobs that wait for others.

use std::collections::{HashMap, HashSet};

use tollgate_input::{Node, Pair, Value};

use super::contexts;
use crate::mistake::{MistakeKind, Mistakes, shown};

/// A job and where it names those it waits for, by number.
struct Waiting<'a> {
    name: &'a str,
    on: Vec<(usize, &'a Node)>,
}

/// `needs` of all `jobs`. Names are the same in upper and lower case.
pub(super) fn check(jobs: &[Pair], mistakes: &mut Mistakes) {
    let named = || jobs.iter().filter_map(|pair| Some((pair.key.name()?, &pair.value)));
    let numbers: HashMap<String, usize> =
        named().enumerate().map(|(number, (name, _))| (name.to_ascii_lowercase(), number)).collect();
    let mut all: Vec<Waiting<'_>> = named().map(|(name, _)| Waiting { name, on: Vec::new() }).collect();
    for (number, (name, job)) in named().enumerate() {
        for node in job.get("needs").map_or(&[][..], ones_of) {
            let Some(need) = node.as_str().filter(|need| is_name(need)) else { continue };
            match numbers.get(&need.to_ascii_lowercase()) {
                None => {
                    let message =
                        format!("job {} needs {}, which is no job: name one, or remove it", shown(name), shown(need));
                    mistakes.fatal(MistakeKind::Needs, node.span, message);
                }
                Some(other) if *other == number => {
                    let message = format!("job {} needs itself: remove it", shown(name));
                    mistakes.fatal(MistakeKind::Needs, node.span, message);
                }
                Some(other) => all[number].on.push((*other, node)),
            }
        }
    }
    for (name, other, node) in cycles(&all) {
        let message = format!("job {} waits for {}, which waits for it: remove one", shown(name), shown(other));
        mistakes.fatal(MistakeKind::Needs, node.span, message);
    }
}

/// The waits that lie on a cycle.
fn cycles<'a>(all: &[Waiting<'a>]) -> Vec<(&'a str, &'a str, &'a Node)> {
    let edges: Vec<(usize, usize)> =
        all.iter().enumerate().flat_map(|(from, job)| job.on.iter().map(move |(to, _)| (from, *to))).collect();
    let reversed: Vec<(usize, usize)> = edges.iter().map(|(from, to)| (*to, *from)).collect();
    // What can start, and what nobody waits for, lies on no cycle.
    let stuck = remaining(all.len(), &edges, &HashSet::new());
    let stuck = remaining(all.len(), &reversed, &stuck.0);
    let mut found = Vec::new();
    for (from, job) in all.iter().enumerate().filter(|(from, _)| stuck.1.contains(from)) {
        let waits = job.on.iter().filter(|(to, _)| stuck.1.contains(to) && *to != from);
        found.extend(waits.map(|(to, node)| (job.name, all[*to].name, *node)));
    }
    found
}

/// The jobs that are left when those without an edge are taken away again and again: first those that were taken away.
fn remaining(count: usize, edges: &[(usize, usize)], gone: &HashSet<usize>) -> (HashSet<usize>, HashSet<usize>) {
    let edges = edges.iter().filter(|(from, to)| !gone.contains(from) && !gone.contains(to));
    let mut open = vec![0_usize; count];
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in edges {
        open[*from] += 1;
        waiting[*to].push(*from);
    }
    let mut gone = gone.clone();
    let mut free: Vec<usize> = (0..count).filter(|job| open[*job] == 0).collect();
    while let Some(job) = free.pop() {
        gone.insert(job);
        for other in &waiting[job] {
            open[*other] -= 1;
            if open[*other] == 0 {
                free.push(*other);
            }
        }
    }
    let left = (0..count).filter(|job| !gone.contains(job)).collect();
    (gone, left)
}

/// What is empty or an expression is told of with the types.
fn is_name(need: &str) -> bool {
    !need.is_empty() && !contexts::has_expression(need)
}

fn ones_of(node: &Node) -> &[Node] {
    if let Value::Seq(items) = &node.value { items } else { std::slice::from_ref(node) }
}

#[cfg(test)]
mod tests {
    use tollgate_input::{Limits, yaml};

    use super::*;

    fn said(text: &str) -> Vec<String> {
        let root = yaml::parse("ci.yml", text, Limits::default()).unwrap();
        let mut mistakes = Mistakes::default();
        check(root.entries(), &mut mistakes);
        mistakes.in_order().into_iter().map(|mistake| mistake.message).collect()
    }

    #[test]
    fn jobs_wait_for_jobs_that_exist_and_end() {
        let table: &[(&str, &[&str])] = &[
            ("a: {}\nb: {needs: a}\nc: {needs: [A, b]}", &[]),
            ("a: {needs: z}", &["job `a` needs `z`, which is no job: name one, or remove it"]),
            ("a: {needs: [A]}", &["job `a` needs itself: remove it"]),
            (
                // `before` can start and `after` is stuck, though neither is on the cycle.
                "before: {}\na: {needs: [before, c]}\nb: {needs: a}\nc: {needs: b}\nafter: {needs: c}",
                &[
                    "job `a` waits for `c`, which waits for it: remove one",
                    "job `b` waits for `a`, which waits for it: remove one",
                    "job `c` waits for `b`, which waits for it: remove one",
                ],
            ),
            ("a: {needs: [b, b]}\nb: {}", &[]),
            ("a: {needs: [[x], {y: z}, '']}\nb: [1]\n? [c]\n: {}", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(said(text), *expected, "{text}");
        }
    }
}
