//! Reports of ours that somebody hands over: what they say is the word of whoever did.

use tollgate_check::Tool;
use tollgate_model::{Cause, Problem, REPORT_SCHEMA, RUN_SCHEMA, Report, Run, State, Status, Word};

use crate::base_run;
use crate::child::{Request, in_place};
use crate::session::Session;

/// Largest one that is read, in bytes.
pub(crate) const LARGEST: u64 = 512 << 20;

/// The reports in `bytes`, which are the file `shown`: one, several, or those of a run.
///
/// # Errors
/// What is no report of this version, in a sentence.
pub(crate) fn reports(shown: &str, bytes: &[u8], session: &Session) -> Result<Vec<Report>, String> {
    let wrong = |error: serde_json::Error| format!("{shown}: is no report of this version of tollgate: {error}");
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(wrong)?;
    let schema = value["schema"].as_str().map(str::to_owned);
    let mut read: Vec<Report> = match schema.as_deref() {
        Some(RUN_SCHEMA) => serde_json::from_value::<Run>(value).map_err(wrong)?.reports,
        Some(REPORT_SCHEMA) => vec![serde_json::from_value(value).map_err(wrong)?],
        Some(other) => {
            return Err(format!("{shown}: its schema is {other:?}; expected {RUN_SCHEMA:?} or {REPORT_SCHEMA:?}"));
        }
        None => serde_json::from_value(value).map_err(wrong)?,
    };
    for report in &mut read {
        if let Some(metric) = base_run::senseless(report) {
            return Err(format!("{shown}: the value of {} makes no sense", metric.series()));
        }
        // Whatever it says of itself: it comes from whoever handed it over.
        report.subject.word = Word::OwnRun;
        // What it says of the base is not its to say.
        report.base = None;
        report.findings.retain(|finding| finding.state != Some(State::Absent));
        for finding in &mut report.findings {
            (finding.state, finding.first_seen) = (None, None);
        }
        let about = report.subject.commit.as_deref();
        let another = about.and_then(|about| session.about_another(about, |head, about| head == about));
        if let Some(what) = another {
            let message = format!("{shown}: the report of {} is {what}; run the checker again", report.checker);
            report.problems.push(Problem::new(Cause::NoEvidence, message));
            report.status = Status::Incomplete;
        }
    }
    Ok(read)
}

/// The report of a checker that asks a running service, where nothing of the change is run: what the change's own run handed over for it.
pub(crate) fn of_service(tool: &dyn Tool, request: &Request, session: &Session) -> Report {
    let name = match &request.instance {
        Some(instance) => format!("tollgate-{}-{instance}.json", tool.name()),
        None => format!("tollgate-{}.json", tool.name()),
    };
    let lacking = |cause: Cause, because: String| {
        let tool_name = tool.name();
        let message = format!(
            "{because}; {tool_name} asks a running service, and this run starts nothing: let `tollgate {tool_name} --json {name}` run where the \
             change is measured, and hand that file over"
        );
        in_place(tool, request, cause, message)
    };
    let bytes = match session.root.read(&name, LARGEST) {
        Ok((bytes, _)) => bytes,
        Err(error) => return lacking(Cause::Missing, error.to_string()),
    };
    let ours = |report: &Report| report.checker == tool.name() && report.instance == request.instance;
    match reports(&name, &bytes, session).map(|all| all.into_iter().find(ours)) {
        Ok(Some(report)) => report,
        Ok(None) => lacking(Cause::NoEvidence, format!("{name}: holds no report of {}", tool.name())),
        Err(because) => lacking(Cause::Unreadable, because),
    }
}
