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
    pub(crate) sets: Vec<ByteSet>,
    /// By the id of their rule.
    pub(crate) expressions: BTreeMap<String, PackedOne>,
}

/// What is learnt from one of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct PackedOne {
    pub(crate) longest: Option<usize>,
    pub(crate) shortest: Option<usize>,
    pub(crate) groups: usize,
    pub(crate) anchors: Vec<PackedAnchor>,
}

/// Literal, whether it is exact, lead, and the numbers of the sets that follow.
pub(crate) type PackedAnchor = (Vec<u8>, bool, (usize, Option<usize>), Vec<usize>);

impl Packed {
    /// What is learnt from the expression of the rule `id`.
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
