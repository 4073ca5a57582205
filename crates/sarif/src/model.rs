//! The parts of SARIF 2.1.0 that we write, borrowed from reports. Field order is the order in the file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use tollgate_model::{Confidence, Level, Metric, Report, Severity, State, Status, Word};

use crate::{checklist, convert};

/// Where the schema lies; `$schema` of every log.
pub(crate) const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The version of the standard; `version` of every log.
pub(crate) const VERSION: &str = "2.1.0";

type Text<'a> = Cow<'a, str>;

/// §3.13
#[derive(Serialize)]
pub(crate) struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    #[serde(serialize_with = "runs")]
    runs: &'a [Report],
}

impl<'a> Log<'a> {
    pub(crate) fn new(reports: &'a [Report]) -> Self {
        Self { schema: SCHEMA, version: VERSION, runs: reports }
    }
}

fn runs<S: Serializer>(reports: &&[Report], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(reports.iter().map(convert::run))
}

/// §3.14
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Run<'a> {
    pub(crate) tool: Tool<'a>,
    pub(crate) invocations: [Invocation<'a>; 1],
    pub(crate) original_uri_base_ids: BTreeMap<&'static str, BaseId>,
    pub(crate) automation_details: AutomationDetails,
    pub(crate) column_kind: &'static str,
    pub(crate) results: Results<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) taxonomies: Vec<Taxonomy<'a>>,
    pub(crate) properties: RunProperties<'a>,
}

/// §3.14.8 and §3.19.3: rules of somebody else that ours are about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Taxonomy<'a> {
    pub(crate) name: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<&'a str>,
    pub(crate) taxa: Vec<Taxon<'a>>,
}

/// §3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Taxon<'a> {
    pub(crate) id: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) short_description: Option<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help_uri: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) relationships: Vec<Relationship<'a>>,
}

/// §3.53
#[derive(Serialize)]
pub(crate) struct Relationship<'a> {
    pub(crate) target: Taxa<'a>,
    pub(crate) kinds: [&'static str; 1],
}

/// §3.52: a row of a taxonomy, named.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Taxa<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) tool_component: Component<'a>,
}

/// §3.54
#[derive(Clone, Serialize)]
pub(crate) struct Component<'a> {
    pub(crate) name: Text<'a>,
}

/// §3.18
#[derive(Serialize)]
pub(crate) struct Tool<'a> {
    pub(crate) driver: Driver<'a>,
}

/// §3.19
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Driver<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) semantic_version: &'a str,
    pub(crate) rules: Vec<RuleDescriptor<'a>>,
}

/// §3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RuleDescriptor<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) short_description: Message<'a>,
    pub(crate) full_description: Message<'a>,
    pub(crate) default_configuration: Configuration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help_uri: Option<&'a str>,
    pub(crate) help: Message<'a>,
    pub(crate) properties: RuleProperties<'a>,
}

/// §3.50
#[derive(Serialize)]
pub(crate) struct Configuration {
    pub(crate) level: Level,
}

/// What GitHub reads from a rule's property bag.
#[derive(Serialize)]
pub(crate) struct RuleProperties<'a> {
    pub(crate) precision: Confidence,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub(crate) security_severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<&'a str>,
}

/// §3.11 and §3.12
#[derive(Serialize)]
pub(crate) struct Message<'a> {
    pub(crate) text: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) markdown: Option<Text<'a>>,
}

impl<'a> Message<'a> {
    pub(crate) fn plain(text: Text<'a>) -> Self {
        Self { text, markdown: None }
    }
}

/// §3.20
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invocation<'a> {
    pub(crate) execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tool_execution_notifications: Vec<Notification<'a>>,
}

/// §3.58
#[derive(Serialize)]
pub(crate) struct Notification<'a> {
    pub(crate) descriptor: DescriptorReference,
    pub(crate) level: Level,
    pub(crate) message: Message<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) locations: Vec<Location<'a>>,
}

/// §3.52
#[derive(Serialize)]
pub(crate) struct DescriptorReference {
    pub(crate) id: &'static str,
}

/// §3.14.14
#[derive(Serialize)]
pub(crate) struct BaseId {
    pub(crate) description: Message<'static>,
}

/// §3.17
#[derive(Serialize)]
pub(crate) struct AutomationDetails {
    pub(crate) id: String,
}

/// What the standard has no place for.
#[derive(Serialize)]
pub(crate) struct RunProperties<'a> {
    pub(crate) tollgate: Tollgate<'a>,
}

#[derive(Serialize)]
pub(crate) struct Tollgate<'a> {
    pub(crate) status: Status,
    pub(crate) word: Word,
    pub(crate) metrics: &'a [Metric],
}

/// The results of one report, made one at a time while they are written.
pub(crate) struct Results<'a> {
    pub(crate) report: &'a Report,
    /// Place of each rule id in the driver's list.
    pub(crate) rules: BTreeMap<String, usize>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let items = self.report.checklists.iter().flat_map(|list| list.items.iter().map(move |item| (list, item)));
        let found = self.report.findings.iter().map(|finding| convert::result(self, finding));
        serializer.collect_seq(found.chain(items.map(|(list, item)| checklist::result(self, list, item))))
    }
}

/// §3.27
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultObject<'a> {
    pub(crate) rule_id: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule_index: Option<usize>,
    /// `fail` where it is left out (§3.27.9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    /// `none` for every other kind (§3.27.10).
    pub(crate) level: &'static str,
    pub(crate) message: Message<'a>,
    pub(crate) locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_locations: Vec<Location<'a>>,
    pub(crate) partial_fingerprints: Fingerprints<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) baseline_state: Option<State>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) suppressions: Vec<SuppressionObject<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) taxa: Vec<Taxa<'a>>,
    pub(crate) properties: ResultProperties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fingerprints<'a> {
    pub(crate) primary_location_line_hash: Text<'a>,
}

#[derive(Serialize)]
pub(crate) struct ResultProperties<'a> {
    pub(crate) confidence: Confidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<Severity>,
    /// The finding's own properties; nested, because names like `tags` mean something in a property bag.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) details: &'a BTreeMap<String, serde_json::Value>,
}

/// §3.35
#[derive(Serialize)]
pub(crate) struct SuppressionObject<'a> {
    pub(crate) kind: &'static str,
    pub(crate) status: &'static str,
    pub(crate) justification: Text<'a>,
    pub(crate) properties: SuppressionProperties<'a>,
}

/// `expiryUtc` is the name that sarif-multitool writes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SuppressionProperties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiry_utc: Option<String>,
}

/// §3.28
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Location<'a> {
    pub(crate) physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<Message<'a>>,
}

/// §3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhysicalLocation {
    pub(crate) artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<RegionObject>,
}

/// §3.4
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactLocation {
    pub(crate) uri: String,
    pub(crate) uri_base_id: &'static str,
}

/// §3.30
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegionObject {
    pub(crate) start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_column: Option<u32>,
    pub(crate) end_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_column: Option<u32>,
}
