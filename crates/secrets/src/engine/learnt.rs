//! What there is to learn from the expressions of our rules: learnt when this crate is built, for every start would pay for it. The build
//! script uses this file too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anchor::{self, Anchor, ByteSet};
use super::syntax;

/// What is learnt from one expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Learnt {
    /// What every match contains one of.
    pub(crate) anchors: Vec<Anchor>,
    /// Most bytes of a match; none where there is no bound.
    pub(crate) longest: Option<usize>,
    /// Fewest.
    pub(crate) shortest: Option<usize>,
    /// How many groups it has.
    pub(crate) groups: usize,
}

impl Learnt {
    /// # Errors
    /// What is wrong with the expression.
    pub(crate) fn of(expression: &str) -> Result<Self, String> {
        let hir = syntax::parse(expression)?;
        let (longest, shortest) = (hir.properties().maximum_len(), hir.properties().minimum_len());
        let groups = hir.properties().explicit_captures_len();
        Ok(Self { anchors: anchor::anchors(&hir).unwrap_or_default(), longest, shortest, groups })
    }
}

/// What is learnt from all of them, with each set of bytes once.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Packed {
    sets: Vec<ByteSet>,
    expressions: BTreeMap<String, PackedOne>,
}

#[derive(Serialize, Deserialize)]
struct PackedOne {
    longest: Option<usize>,
    shortest: Option<usize>,
    groups: usize,
    anchors: Vec<PackedAnchor>,
}

/// Literal, whether it is exact, lead, and the numbers of the sets that follow.
type PackedAnchor = (Vec<u8>, bool, (usize, Option<usize>), Vec<usize>);

impl Packed {
    /// Adds what is learnt from the expression of the rule `id`.
    #[allow(dead_code, reason = "it is the build script that adds")]
    pub(crate) fn add(&mut self, id: &str, learnt: &Learnt) {
        let mut number = |set: &ByteSet| {
            self.sets.iter().position(|known| known == set).unwrap_or_else(|| {
                self.sets.push(*set);
                self.sets.len() - 1
            })
        };
        let mut anchor = |anchor: &Anchor| {
            let follow = anchor.follow.iter().map(&mut number).collect();
            (anchor.literal.clone(), anchor.exact, anchor.lead, follow)
        };
        let anchors = learnt.anchors.iter().map(&mut anchor).collect();
        let Learnt { longest, shortest, groups, .. } = *learnt;
        self.expressions.insert(id.to_owned(), PackedOne { longest, shortest, groups, anchors });
    }

    /// What was added of the rule `id`.
    pub(crate) fn get(&self, id: &str) -> Option<Learnt> {
        let one = self.expressions.get(id)?;
        let anchor = |(literal, exact, lead, follow): &PackedAnchor| {
            let follow: Option<Vec<ByteSet>> = follow.iter().map(|number| self.sets.get(*number).copied()).collect();
            Some(Anchor { literal: literal.clone(), exact: *exact, lead: *lead, follow: follow? })
        };
        let anchors: Option<Vec<Anchor>> = one.anchors.iter().map(anchor).collect();
        Some(Learnt { anchors: anchors?, longest: one.longest, shortest: one.shortest, groups: one.groups })
    }
}
