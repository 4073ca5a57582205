//! The run that the base left behind: numbers that only a test run or a build can give.

use std::path::Path;

use tollgate_check::TreeError;
use tollgate_input::Root;
use tollgate_model::{Cause, RUN_SCHEMA, Report, Run};

use crate::session::{Base, Session};

/// Where a run is committed for later changes to compare with.
pub(crate) const COMMITTED: &str = ".tollgate/base.json";

/// Largest run that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// What is known of the base's own run.
#[derive(Debug)]
pub(crate) enum BaseRun {
    Known(Vec<Report>),
    NotYet(String),
    Unknown(String),
}

impl BaseRun {
    /// The run named by a flag, else the committed one as the base has it.
    pub(crate) fn find(flag: Option<&Path>, session: &Session) -> Self {
        if let Some(path) = flag {
            let shown = Session::shown(path);
            return match read(path) {
                Ok(bytes) => Self::parse(&format!("--base-run {shown}"), &bytes),
                Err(because) => Self::Unknown(format!("--base-run {shown}: {because}")),
            };
        }
        let tree = match (session.base_tree(), &session.base) {
            (Some(Ok(tree)), _) => tree,
            (Some(Err(because)), _) => return Self::Unknown(because),
            (None, Base::Unknown(because)) => return Self::Unknown(because.clone()),
            (None, Base::NotYet(because)) => return Self::NotYet(because.clone()),
            (None, Base::At { .. }) => return Self::NotYet("the folder lies in no git repository".to_owned()),
        };
        match tree.contains(COMMITTED) {
            Ok(true) => match tree.read(COMMITTED, LARGEST) {
                Ok(bytes) => Self::parse(&format!("{COMMITTED} of the base"), &bytes),
                Err(error) => Self::unreadable(&error),
            },
            Ok(false) => Self::NotYet(format!("no --base-run, and the base has no {COMMITTED}")),
            Err(error) => Self::unreadable(&error),
        }
    }

    fn unreadable(error: &TreeError) -> Self {
        match error.cause {
            Cause::Missing => Self::NotYet(error.to_string()),
            _ => Self::Unknown(error.to_string()),
        }
    }

    fn parse(name: &str, bytes: &[u8]) -> Self {
        match serde_json::from_slice::<Run>(bytes) {
            Ok(run) if run.schema == RUN_SCHEMA => {
                let mut reports = run.reports;
                reports.sort_by(|a, b| (&a.checker, &a.instance).cmp(&(&b.checker, &b.instance)));
                Self::Known(reports)
            }
            Ok(run) => Self::Unknown(format!("{name}: its schema is {:?}, expected {RUN_SCHEMA:?}", run.schema)),
            Err(error) => Self::Unknown(format!("{name}: {error}")),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let root = Root::new(folder).map_err(|e| e.to_string())?;
    let (bytes, _) = root.read(&name, LARGEST).map_err(|e| e.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_run_is_unknown_not_absent() {
        for bytes in [&b""[..], b"{", b"[]", br#"{"schema": "tollgate.run/9"}"#] {
            assert!(matches!(BaseRun::parse("x", bytes), BaseRun::Unknown(_)));
        }
    }
}
