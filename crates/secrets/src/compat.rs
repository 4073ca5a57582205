//! Files of gitleaks at work: their rules beside ours, their lists of exceptions over both.

use tollgate_check::{CheckError, Context, Tree};
use tollgate_model::{Cause, Confidence, Finding, Fingerprinter, Level, Location, Problem, Rule, Severity};

use crate::catalogue::{self, RULES};
use crate::engine::detector::{Anchored, Detect, Detector, Known};
use crate::engine::set::{Near, Set};
use crate::gather::{Secret, Seen};
use crate::gitleaks::allow::{Allowlist, Subject};
use crate::gitleaks::baseline::Baseline;
use crate::gitleaks::config::{self, Config};
use crate::gitleaks::ignore::Ignore;
use crate::gitleaks::lint;
use crate::options::Options;

/// Where gitleaks looks for its configuration and for what it ignores.
const CONFIG: &str = ".gitleaks.toml";
const IGNORE: &str = ".gitleaksignore";
/// Largest such file, in bytes.
const LARGEST: u64 = 4 << 20;
const LARGEST_REPORT: u64 = 64 << 20;

/// What the files of gitleaks say.
#[derive(Default)]
pub(crate) struct Compat {
    config: Option<Config>,
    ignore: Option<Ignore>,
    baseline: Option<(String, Baseline)>,
    /// Their rules, as reports name them.
    pub(crate) rules: Vec<Rule>,
}

impl Compat {
    /// Reads them, where they are there or named.
    ///
    /// # Errors
    /// One that is there and cannot be used: what is wrong, and where.
    pub(crate) fn load(ctx: &Context<'_>, options: &Options) -> Result<Self, CheckError> {
        let tree = ctx.tree();
        let wrong =
            |file: &str, message: String| CheckError::Problem(Problem::new(Cause::Unreadable, message).at(file));
        let name = options.gitleaks_config.as_deref();
        let config = match read(tree, name.unwrap_or(CONFIG), LARGEST, name.is_some())? {
            Some(text) => {
                let name = name.unwrap_or(CONFIG);
                let mut open = |path: &str| {
                    let bytes = tree.read(path, LARGEST).map_err(|error| error.to_string())?;
                    String::from_utf8(bytes).map_err(|_| "is no UTF-8 text".to_owned())
                };
                let text = String::from_utf8(text).map_err(|_| wrong(name, format!("{name}: is no UTF-8 text")))?;
                Some(config::read(name, &text, &mut open).map_err(|error| wrong(name, error.to_string()))?)
            }
            None => None,
        };
        let ignore = read(tree, IGNORE, LARGEST, false)?;
        let ignore = ignore.map(|bytes| Ignore::read(IGNORE, &String::from_utf8_lossy(&bytes)));
        let baseline = match &options.baseline {
            Some(file) => {
                let bytes = ctx.read(file, LARGEST_REPORT)?;
                let baseline = Baseline::read(file, &bytes).map_err(|error| wrong(file, error.to_string()))?;
                Some((file.clone(), baseline))
            }
            None => None,
        };
        let mut compat = Self { config, ignore, baseline, ..Self::default() };
        compat.rules = compat.own().map(rule).collect();
        Ok(compat)
    }

    /// Detectors of their rules.
    ///
    /// # Errors
    /// A rule that cannot be used here: which, and why.
    pub(crate) fn detectors(&self) -> Result<Vec<Anchored>, CheckError> {
        let mut all = Vec::new();
        for own in self.own() {
            // Without either it overrides parts of a built-in rule, which ours are not.
            if own.expression.is_none() && own.path.is_none() {
                continue;
            }
            let detect = Detect {
                kind: "generic".to_owned(),
                service: own.file.to_string(),
                expression: own.expression.clone(),
                group: own.group,
                entropy: own.entropy.map(|entropy| entropy + 1e-9),
                boundary: Some(false),
                path: own.path.clone(),
                ..Detect::default()
            };
            let made = Detector::new(&id(&own.id), Confidence::Medium, &detect, Known::Nothing);
            let (detector, anchors) = made.map_err(|error| {
                let message = format!("{}:{}: rule {:?} cannot be used: {error}", own.file, own.line, own.id);
                CheckError::Problem(Problem::new(Cause::Unreadable, message).at(own.file.as_ref()))
            })?;
            all.push((Detector { strict: false, foreign: true, silent: own.skip_report, ..detector }, anchors));
        }
        Ok(all)
    }

    /// Says of the detectors in `set` what must stand near what they find.
    pub(crate) fn relate(&self, set: &mut Set) {
        for own in self.own() {
            let number = |id: &str| set.detectors.iter().position(|detector| detector.rule == self::id(id));
            let near = |required: &config::Required| {
                let detector = number(&required.id)?;
                Some(Near { detector, lines: required.within_lines, columns: required.within_columns })
            };
            let all: Vec<Near> = own.required.iter().filter_map(near).collect();
            if let Some(at) = number(&own.id) {
                set.detectors[at].near = all;
            }
        }
    }

    /// Whether a rule of ours is switched off.
    pub(crate) fn disables(&self, id: &str, aliases: &[String]) -> bool {
        self.config.iter().flat_map(|config| &config.disabled_rules).any(|name| catalogue::is_called(id, aliases, name))
    }

    /// Their rules.
    fn own(&self) -> impl Iterator<Item = &config::Rule> {
        self.config.iter().flat_map(|config| &config.rules)
    }

    /// Their lists for all rules.
    fn lists(&self) -> impl Iterator<Item = &Allowlist> {
        self.config.iter().flat_map(|config| &config.allowlists)
    }

    /// Whether a list hides the whole file.
    pub(crate) fn hides(&self, path: &str) -> bool {
        self.lists().any(|list| list.hides_path(path))
    }

    /// Whether a list lets what stands there pass.
    pub(crate) fn allows(&self, set: &Set, secret: &Secret, seen: &Seen) -> bool {
        if self.config.is_none() {
            return false;
        }
        let rule = &set.detectors[secret.detector].rule;
        let its = self.own().filter(|own| id(&own.id) == *rule).flat_map(|own| &own.allowlists);
        let names = names(self, rule);
        self.lists().chain(its).any(|list| {
            names.iter().any(|name| {
                list.allows(&Subject {
                    path: &seen.path,
                    commit: seen.commit.as_ref().map(|commit| commit.id.as_str()),
                    secret: &secret.value,
                    matched: &seen.line,
                    line: &seen.line,
                    rule: name,
                })
            })
        })
    }

    /// Why a secret does not count, where each of its places is excused.
    pub(crate) fn excuses(&self, set: &Set, secret: &Secret) -> Option<String> {
        if self.baseline.is_none() && self.ignore.is_none() {
            return None;
        }
        let rule = &set.detectors[secret.detector].rule;
        let names = names(self, rule);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if let Some((file, baseline)) = &self.baseline {
            let known = |seen: &Seen| baseline.knows(&secret.value, &seen.path, &names, seen.region.start_line);
            if secret.places.iter().all(known) {
                return Some(format!("listed in {file}"));
            }
        }
        let ignore = self.ignore.as_ref()?;
        let listed = |seen: &Seen| {
            let commit = seen.commit.as_ref().map(|commit| commit.id.as_str());
            ignore.matches(commit, &seen.path, &names, seen.region.start_line).is_some()
        };
        secret.places.iter().all(listed).then(|| format!("listed in {IGNORE}"))
    }

    /// What in those files does nothing, or hides more than it says.
    pub(crate) fn remarks(&self, tree: &dyn Tree) -> Result<Vec<Finding>, CheckError> {
        if self.config.is_none() && self.ignore.is_none() {
            return Ok(Vec::new());
        }
        let tracked = tree.tracked()?;
        let tracked: Vec<&str> = tracked.iter().map(String::as_str).collect();
        let defaults = catalogue::names();
        let defaults: Vec<&str> = defaults.iter().map(String::as_str).collect();
        let input = lint::Input {
            config: self.config.as_ref(),
            ignore: self.ignore.as_ref(),
            tracked: &tracked,
            defaults: &defaults,
        };
        let mut names = Fingerprinter::default();
        let finding = |remark: crate::gitleaks::remark::Remark| {
            let location = Location::lines(&remark.file, remark.line, remark.line);
            let name = names.next(RULE, &remark.file, &remark.message);
            let mut finding = Finding::of(&RULES, RULE, remark.message, location, name);
            if let Some(hidden) = remark.hidden {
                finding.properties.insert("hidden".to_owned(), hidden.into());
            }
            finding
        };
        Ok(lint::lint(&input).into_iter().map(finding).collect())
    }
}

/// The rule that findings about settings are of.
pub(crate) const RULE: &str = "secrets/ineffective-config";

/// The id of a rule of theirs among ours.
fn id(theirs: &str) -> String {
    let kebab: String =
        theirs.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("secrets/gitleaks-{}", kebab.trim_matches('-'))
}

/// What gitleaks calls a rule: its own rules by their ids, ours by their aliases.
fn names(compat: &Compat, rule: &str) -> Vec<String> {
    let own = compat.own().filter(|own| id(&own.id) == rule).map(|own| own.id.clone());
    let ours = rule.strip_prefix("secrets/").map(str::to_owned);
    let aliases = catalogue::detect(rule).map(|detect| detect.aliases.clone()).unwrap_or_default();
    own.chain(ours).chain(aliases).collect()
}

/// A rule of theirs as a report names it.
fn rule(own: &config::Rule) -> Rule {
    let title = if own.description.is_empty() { &own.id } else { &own.description };
    Rule {
        id: id(&own.id),
        title: title.chars().filter(|c| !c.is_control()).take(80).collect(),
        why: format!("The rule {} of {} finds it.", own.id, own.file),
        mend: "Replace it where it was issued, and read it from the environment or a secret store.".to_owned(),
        level: Level::Error,
        severity: Some(Severity::High),
        confidence: Confidence::Medium,
        tags: vec!["security".to_owned()],
        of_change: false,
        of_evidence: false,
        references: Vec::new(),
        examples: Vec::new(),
        counter_examples: Vec::new(),
    }
}

/// The bytes of a file of the tree; none where it is not there and need not be.
fn read(tree: &dyn Tree, path: &str, limit: u64, wanted: bool) -> Result<Option<Vec<u8>>, CheckError> {
    if !wanted && !tree.contains(path)? {
        return Ok(None);
    }
    match tree.read(path, limit) {
        // One that was deleted and not committed as such is known still.
        Err(error) if !wanted && error.cause == Cause::Missing => Ok(None),
        read => Ok(Some(read?)),
    }
}
