//! What is not in the upload, in numbers.

use tollgate_model::format;

/// What a run has and its upload has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// Results.
    pub(super) suppressed: u64,
    pub(super) absent: u64,
    pub(super) passed: u64,
    pub(super) malformed: u64,
    pub(super) unlisted: u64,
    pub(super) over: u64,
    pub(super) too_large: u64,
    /// Parts of results.
    pub(super) locations: u64,
    pub(super) steps: u64,
    pub(super) outside: u64,
    pub(super) redacted: u64,
    /// Rules and their parts.
    pub(super) rules: u64,
    pub(super) tags: u64,
    pub(super) texts: u64,
}

impl Left {
    /// The sum.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (mine, theirs) in sum.counts_mut().into_iter().zip(other.clone().counts_mut()) {
            *mine += *theirs;
        }
        sum
    }

    fn counts_mut(&mut self) -> [&mut u64; 14] {
        [
            &mut self.suppressed,
            &mut self.absent,
            &mut self.passed,
            &mut self.malformed,
            &mut self.unlisted,
            &mut self.over,
            &mut self.too_large,
            &mut self.locations,
            &mut self.steps,
            &mut self.outside,
            &mut self.redacted,
            &mut self.rules,
            &mut self.tags,
            &mut self.texts,
        ]
    }

    /// One sentence for each that is not 0.
    pub(super) fn sentences(mut self, who: &str, said: &mut Vec<String>) {
        let what = [
            "suppressed results, not uploaded",
            "results that only the base has, not uploaded",
            "results that say that a rule is met or does not apply, not uploaded",
            "results that are no objects, not uploaded",
            "results of rules that the report does not list, not uploaded",
            "results over the host's limit of a run, the mildest, not uploaded",
            "results for which a file of the host's size has no room, the mildest, not uploaded",
            "locations over the host's limit of a result, not uploaded",
            "steps of code flows over the host's limit or outside the repository, not uploaded",
            "results whose place is not in the repository, uploaded with another in its stead",
            "texts that may show a secret, redacted in the upload",
            "rules over the host's limits, not uploaded",
            "tags over the host's limit of a rule, not uploaded",
            "texts of rules cut to the host's limits",
        ];
        for (what, count) in what.into_iter().zip(self.counts_mut()) {
            if *count > 0 {
                said.push(format!("{who}: {what}: {}", format::count(*count)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_added_up_and_said() {
        let left = Left { suppressed: 1, texts: 2000, ..Left::default() };
        let mut said = Vec::new();
        left.and(&left).sentences("s", &mut said);
        assert_eq!(
            said,
            ["s: suppressed results, not uploaded: 2", "s: texts of rules cut to the host's limits: 4,000"]
        );
    }
}
