//! Reports, findings and problems as SARIF objects.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tollgate_model::{Finding, Level, Location as Place, Region, Report, Status, Suppression};

use crate::model::{
    ArtifactLocation, AutomationDetails, BaseId, DescriptorReference, Driver, Fingerprints, Invocation, Location,
    Message, Notification, PhysicalLocation, RegionObject, ResultObject, ResultProperties, Results, Run, RunProperties,
    SuppressionObject, SuppressionProperties, Tollgate, Tool,
};
use crate::text::bounded;
use crate::{checklist, rule, uri};

/// What the location of a finding without a place says.
pub const WHOLE_SUBJECT: &str = "The finding is about the subject as a whole; this file stands for it.";

const ROOT: &str = "%SRCROOT%";
/// The file that stands for a subject as a whole.
const STAND_IN: &str = "tollgate.toml";
/// Our bound on messages.
const MESSAGE: usize = 8_192;

pub(crate) fn run(report: &Report) -> Run<'_> {
    let (rules, places) = rule::descriptors(&report.rules, &report.checklists);
    Run {
        tool: Tool {
            driver: Driver {
                name: &report.tool.name,
                version: &report.tool.version,
                semantic_version: &report.tool.version,
                rules,
            },
        },
        invocations: [invocation(report)],
        original_uri_base_ids: BTreeMap::from([(
            ROOT,
            BaseId { description: Message::plain(Cow::Borrowed("The top of the repository.")) },
        )]),
        automation_details: AutomationDetails { id: category(report) },
        column_kind: "utf16CodeUnits",
        results: Results { report, rules: places },
        taxonomies: checklist::taxonomies(&report.checklists),
        properties: RunProperties {
            tollgate: Tollgate { status: report.status, word: report.subject.word, metrics: &report.metrics },
        },
    }
}

/// `tollgate/<checker>/` or `tollgate/<checker>/<instance>/`: all of it up to the last slash is the host's category.
pub(crate) fn category(report: &Report) -> String {
    match report.instance.as_deref().map(|name| name.trim_matches('/')).filter(|name| !name.is_empty()) {
        Some(instance) => format!("tollgate/{}/{instance}/", report.checker),
        None => format!("tollgate/{}/", report.checker),
    }
}

fn invocation(report: &Report) -> Invocation<'_> {
    let problems = report.problems.iter().map(|problem| Notification {
        descriptor: DescriptorReference { id: problem.cause.word() },
        level: Level::Error,
        message: message(&problem.message),
        locations: problem.path.iter().filter_map(|path| file(report, path)).collect(),
    });
    let not_applicable = report.not_applicable.iter().map(|item| Notification {
        descriptor: DescriptorReference { id: "not-applicable" },
        level: Level::Note,
        message: owned(&format!("{} does not apply: {}", item.what, item.because)),
        locations: Vec::new(),
    });
    let notes = report.notes.iter().map(|note| Notification {
        descriptor: DescriptorReference { id: "note" },
        level: Level::Note,
        message: message(note),
        locations: Vec::new(),
    });
    Invocation {
        execution_successful: match report.status {
            Status::Complete => true,
            Status::Incomplete => false,
            Status::Empty => report.problems.is_empty(),
        },
        tool_execution_notifications: problems.chain(not_applicable).chain(notes).collect(),
    }
}

pub(crate) fn result<'a>(results: &Results<'a>, finding: &'a Finding) -> ResultObject<'a> {
    let report = results.report;
    ResultObject {
        rule_id: Cow::Borrowed(&finding.rule),
        rule_index: results.rules.get(finding.rule.as_str()).copied(),
        kind: None,
        level: finding.level.word(),
        message: message(&finding.message),
        locations: [primary(report, finding.location.as_ref())],
        related_locations: finding.related.iter().filter_map(|place| physical(report, place)).collect(),
        partial_fingerprints: Fingerprints { primary_location_line_hash: Cow::Borrowed(finding.fingerprint.as_str()) },
        baseline_state: finding.state,
        suppressions: finding.suppressed.iter().map(suppression).collect(),
        taxa: checklist::of_finding(report, finding),
        properties: ResultProperties {
            confidence: finding.confidence,
            severity: finding.severity,
            details: &finding.properties,
        },
    }
}

/// The suppression as an object of a result, accepted from outside the source (§3.35).
pub(crate) fn suppression(suppression: &Suppression) -> SuppressionObject<'_> {
    SuppressionObject {
        kind: "external",
        status: "accepted",
        justification: bounded(&suppression.reason, MESSAGE),
        properties: SuppressionProperties {
            owner: suppression.owner.as_deref(),
            expiry_utc: suppression.expires.as_ref().map(|day| format!("{day}T00:00:00.000Z")),
        },
    }
}

/// Where the finding is, or the stand-in where it is nowhere in the repository.
pub(crate) fn primary<'a>(report: &Report, place: Option<&Place>) -> Location<'a> {
    if let Some(location) = place.and_then(|place| physical(report, place)) {
        return location;
    }
    let message = match place {
        Some(place) => owned(&format!("The finding is about {}, outside the repository.", place.path)),
        None => Message::plain(Cow::Borrowed(WHOLE_SUBJECT)),
    };
    let uri = uri::relative(&report.subject.root, STAND_IN).unwrap_or_else(|| STAND_IN.to_owned());
    Location { message: Some(message), ..located(uri, Some(Region::lines(1, 1))) }
}

pub(crate) fn physical<'a>(report: &Report, place: &Place) -> Option<Location<'a>> {
    Some(located(uri::relative(&report.subject.root, &place.path)?, place.region))
}

fn file<'a>(report: &Report, path: &str) -> Option<Location<'a>> {
    Some(located(uri::relative(&report.subject.root, path)?, None))
}

fn located<'a>(uri: String, region: Option<Region>) -> Location<'a> {
    let region = region.map(|region| RegionObject {
        start_line: region.start_line,
        start_column: region.start_column,
        end_line: region.end_line,
        end_column: region.end_column,
    });
    let artifact_location = ArtifactLocation { uri, uri_base_id: ROOT };
    Location { physical_location: PhysicalLocation { artifact_location, region }, message: None }
}

pub(crate) fn message(text: &str) -> Message<'_> {
    Message::plain(bounded(text, MESSAGE))
}

fn owned(text: &str) -> Message<'static> {
    Message::plain(Cow::Owned(bounded(text, MESSAGE).into_owned()))
}
