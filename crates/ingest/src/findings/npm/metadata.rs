//! The numbers that a report of npm, pnpm or Yarn 1 declares.

use std::collections::BTreeMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::Reader;
use tollgate_model::Cause;

use crate::findings::audit::Audit;
use crate::findings::json::{count, object};

/// How many were listed, by the word for their severity.
pub(in crate::findings) type Totals = BTreeMap<String, u64>;

/// What a report declares of itself.
#[derive(Debug, Default)]
pub(in crate::findings) struct Metadata {
    /// How many there are by severity, and `total`.
    pub(in crate::findings) vulnerabilities: Totals,
    /// How many packages were audited.
    pub(in crate::findings) packages: Option<u64>,
}

impl Metadata {
    /// Looks at a key of `metadata`.
    pub(super) fn member(&mut self, reader: &mut Reader, key: &str) -> Result<(), InputError> {
        match key {
            "vulnerabilities" => object(reader, |reader, word| {
                if let Some(count) = count(reader)? {
                    self.vulnerabilities.insert(word.to_owned(), count);
                }
                Ok(())
            }),
            "totalDependencies" => {
                self.packages = count(reader)?;
                Ok(())
            }
            // npm 7 and later: an object of which `total` is of interest. Before, a number for one kind.
            "dependencies" => object(reader, |reader, key| {
                if key == "total" {
                    self.packages = count(reader)?;
                }
                Ok(())
            }),
            _ => Ok(()),
        }
    }

    /// Tells `audit` how many packages were looked at, and that totals are missing.
    pub(in crate::findings) fn tell(&self, audit: &mut Audit) {
        match self.packages {
            Some(packages) => audit.inputs(packages, "package"),
            None => audit.problem(
                Cause::NoEvidence,
                "The report does not say how many packages were audited; have the tool write it again.",
            ),
        }
        if self.vulnerabilities.is_empty() {
            audit.problem(
                Cause::NoEvidence,
                "The report does not declare how many vulnerabilities there are; have the tool write it again.",
            );
        }
    }
}
