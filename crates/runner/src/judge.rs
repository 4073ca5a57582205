//! From a plan to a run: children, base, decision.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use tempfile::NamedTempFile;
use tollgate_check::Needs;
use tollgate_model::{RUN_SCHEMA, Reason, Report, Run, RunSubject, Status, Timing, ToolInfo, Verdict};
use tollgate_policy::{
    BaseReports, Catalog, Change, Input, Relaxation, adoption, cut_short, decide, hold, mark_states, withhold,
};

use crate::base_run::BaseRun;
use crate::change::{ChangeList, Difference};
use crate::child::Request;
use crate::forge::Forge;
use crate::handed;
use crate::interrupt;
use crate::less;
use crate::options;
use crate::owners::Owners;
use crate::parent::{self, Finished, Job};
use crate::plan::{Instance, Plan};
use crate::progress::Progress;
use crate::service::Host;
use crate::session::{Base, Session};
use crate::silence::{self, Lists};
use crate::sources::{self, Logs, Said};
use crate::starter;
use crate::usage::usage;

/// How long one checker may take, unless configured.
pub(crate) const DEADLINE: Duration = Duration::from_secs(600);

/// What a run depends on beside its plan.
#[derive(Clone)]
pub(crate) struct Setting<'a> {
    pub(crate) session: &'a Session,
    pub(crate) catalog: &'a Catalog,
    pub(crate) steps: Option<BTreeMap<String, String>>,
    pub(crate) needs: Option<BTreeMap<String, String>>,
    pub(crate) base_run: Option<&'a std::path::Path>,
    pub(crate) deadline: Duration,
    pub(crate) jobs: usize,
    pub(crate) progress: &'a Progress,
    pub(crate) again: Option<&'a str>,
    pub(crate) warnings: Vec<String>,
    /// What the change's own policy would relax.
    pub(crate) relaxations: &'a [Relaxation],
    /// Who approved that, and whom the forge asks about it.
    pub(crate) forge: &'a Forge<'a>,
    /// Why the base's policy, which must hold, could not be read.
    pub(crate) trouble: Option<&'a str>,
    /// Whether every configured checker was asked for, rather than one alone.
    pub(crate) whole: bool,
}

/// What there is to judge.
pub(crate) struct Measured {
    /// Of checkers and sources, in order of name.
    pub(crate) reports: Vec<Report>,
    /// What checkers that need only a tree say of the base's, by checker.
    base_trees: BTreeMap<String, Vec<Report>>,
    /// The base's own run, where a checker needed it first.
    base_run: Option<BaseRun>,
    /// Foreign logs that the archive passes on.
    pub(crate) logs: Vec<Logs>,
    checkers_ms: BTreeMap<String, u64>,
    started: SystemTime,
    clock: Instant,
}

impl Measured {
    /// Nothing yet; the clock runs from now.
    pub(crate) fn nothing() -> Self {
        Self {
            reports: Vec::new(),
            base_trees: BTreeMap::new(),
            base_run: None,
            logs: Vec::new(),
            checkers_ms: BTreeMap::new(),
            started: SystemTime::now(),
            clock: Instant::now(),
        }
    }

    /// Adds what a source says.
    pub(crate) fn add(&mut self, said: Said) {
        self.reports.push(said.report);
        self.logs.push(said.logs);
    }
}

/// A run, and the foreign logs that its archive passes on.
pub(crate) struct Judged {
    pub(crate) run: Run,
    pub(crate) logs: Vec<Logs>,
}

/// Runs the plan and judges what comes of it.
pub(crate) fn run(plan: &Plan<'_>, setting: &Setting<'_>) -> anyhow::Result<Judged> {
    judge(plan, setting, measure(plan, setting)?)
}

/// Runs the checkers of the plan and reads its sources.
fn measure(plan: &Plan<'_>, setting: &Setting<'_>) -> anyhow::Result<Measured> {
    let mut measured = Measured::nothing();
    let change = setting.session.difference().change();
    let event = &setting.session.event.name;
    let runs = |checker: &str, instance: Option<&str>, change: &Change| {
        plan.policy.excludes(checker, instance, change, event).is_none()
    };
    // No change is too small for a base.
    let any = Change::Unknown(String::new());
    let least = if plan.is_base { &any } else { &change };
    let concerns = |checker: &str, instance: Option<&str>| runs(checker, instance, least);
    let concerned: Vec<&Instance<'_>> =
        plan.instances.iter().filter(|i| concerns(i.tool.name(), i.name.as_deref())).collect();
    let spooled = concerned.iter().any(|i| reads_stdin(i)).then(spool).transpose()?;
    let input = spooled.as_ref().map(|(file, _guard)| file.path());
    let (handed, asked): (Vec<&Instance<'_>>, Vec<&Instance<'_>>) =
        concerned.iter().partition(|i| i.tool.needs() == Needs::Service && setting.session.read_from().is_some());
    for instance in handed {
        let job = head_job(plan, setting, instance, None);
        measured.reports.push(handed::of_service(instance.tool, &job.request, setting.session));
    }
    let heads = asked.iter().map(|i| {
        let mut job = head_job(plan, setting, i, input);
        if i.tool.shows_differences(options::values(&i.settings)) {
            let find = || BaseRun::find(setting.base_run, setting.session, setting.forge);
            job.request.base_report = measured.base_run.get_or_insert_with(find).report(&job.request);
        }
        job
    });
    let bases = concerned.iter().filter_map(|i| base_job(plan, setting, i));
    let jobs: Vec<Job<'_>> = heads.chain(bases).collect();
    let host = Host::new(plan.service.as_ref(), setting.session.root.path());
    let finished = parent::run(&jobs, setting.jobs, setting.deadline, setting.progress, &host);
    drop(host);
    for (job, Finished { outcome, elapsed }) in jobs.iter().zip(finished) {
        let of = &job.request;
        let mut report = outcome.map_err(|message| usage(plan.placed(&of.checker, of.instance.as_deref(), message)))?;
        *measured.checkers_ms.entry(report.checker.clone()).or_default() += elapsed.as_millis() as u64;
        match job.of_base {
            false => {
                setting.session.refuse_leftovers(&mut report);
                measured.reports.push(report);
            }
            true => measured.base_trees.entry(report.checker.clone()).or_default().push(report),
        }
    }
    for source in plan.sources.iter().filter(|source| concerns(&source.name, None)) {
        let clock = Instant::now();
        let mut said = sources::read(source, setting.session)?;
        setting.session.refuse_leftovers(&mut said.report);
        measured.add(said);
        measured.checkers_ms.insert(source.name.clone(), clock.elapsed().as_millis() as u64);
    }
    // What the change does not concern need not be there.
    measured.reports.retain(|report| {
        report.status == Status::Complete || runs(&report.checker, report.instance.as_deref(), &change)
    });
    Ok(measured)
}

/// Judges what was measured.
pub(crate) fn judge(plan: &Plan<'_>, setting: &Setting<'_>, measured: Measured) -> anyhow::Result<Judged> {
    let Measured { mut reports, mut base_trees, base_run, logs, checkers_ms, started, clock } = measured;
    reports.sort_by(|a, b| (&a.checker, &a.instance).cmp(&(&b.checker, &b.instance)));
    let session = setting.session;
    let change = session.difference().change();
    let lists = Lists::read(session)?;
    let needed = needs_base_run(plan, setting, &reports);
    let aside =
        base_run.as_ref().filter(|_| !needed).map(|found| less::told(found, &reports, &change)).unwrap_or_default();
    let origin = base_run.as_ref().and_then(BaseRun::origin).map(str::to_owned);
    let mut base_run = self::base_run(setting, base_run, needed);
    beside(&reports, &mut base_trees, &base_run);
    if let BaseRun::Known(_, seen, _) = &base_run {
        base_trees.values_mut().for_each(|reports| seen.date(reports));
        seen.carry(&mut reports);
    }
    let base = |checker: &str| base_reports(checker, &base_trees, &base_run);
    mark_states(&mut reports, &base, &session.difference().renamed());
    let names = plan.configured_names();
    let reported = |(name, instance): &(String, Option<String>)| {
        reports.iter().any(|report| report.checker == *name && report.instance == *instance)
    };
    let whole = setting.whole && plan.left_out.is_empty() && names.iter().all(reported);
    let approved = || setting.forge.approver(session).is_some();
    let silencing = lists.apply(session, approved, &mut reports, &mut base_trees, &mut base_run, whole);
    let rename = |reports: &mut Vec<Report>| session.moves().rename(reports, setting.catalog);
    base_trees.values_mut().for_each(rename);
    if let BaseRun::Known(reports, ..) = &mut base_run {
        rename(reports);
    }
    let base = |checker: &str| base_reports(checker, &base_trees, &base_run);
    let mut decision = decide(&Input {
        policy: &plan.policy,
        catalog: setting.catalog,
        reports: &reports,
        base: &base,
        record: base_run.reports(),
        change: &change,
        event: &setting.session.event.name,
        steps: setting.steps.as_ref(),
        needs: setting.needs.as_ref(),
        left_out: &plan.left_out,
        configured: &names,
        unset: &plan.unset(),
        today: setting.session.today,
        again: setting.again,
    });
    let shrunk = less::shrunk(plan, setting.catalog, &base_run, &reports, &change);
    let silenced = silencing.added.iter().flat_map(|added| silence::relaxes(added, &reports, plan));
    let mut relaxations: Vec<Relaxation> = setting.relaxations.iter().cloned().chain(shrunk).chain(silenced).collect();
    // The forge is asked for nothing else.
    let relaxes = !relaxations.is_empty();
    if let Some(owners) = relaxes.then(|| Owners::find(setting.forge, session)).flatten() {
        owners.ask(&mut relaxations);
    }
    hold(&mut decision, &relaxations, relaxes.then(|| setting.forge.approver(session)).flatten());
    if let Some(needs) = &setting.needs {
        cut_short(&mut decision, &plan.policy, needs);
    }
    if let Some(because) = setting.trouble {
        withhold(&mut decision, because);
    }
    if plan.policy_name == starter::NAME {
        // Nobody wrote a limit down, so the numbers themselves are what is wanted, where no headline tells them.
        let told = |reason: &Reason| {
            let by = |report: &&Report| reason.checker.as_deref() == Some(report.checker.as_str());
            reports.iter().filter(by).any(|report| report.headline.is_some())
        };
        let reasons = decision.gates.iter().flat_map(|g| &g.reasons);
        let holding = reasons.filter(|reason| reason.verdict == Verdict::Pass && !told(reason));
        let numbers: Vec<String> = holding.map(|reason| reason.text.clone()).collect();
        decision.warnings.extend(numbers);
        let blocks = plan.policy.gates.iter().flat_map(|gate| &gate.clauses).any(|clause| clause.blocks);
        let what = if blocks { "" } else { ", which blocks nothing" };
        let init = if setting.whole { "; `tollgate init` writes one from what holds today" } else { "" };
        decision.warnings.push(format!("no tollgate.toml was found: this is the starter policy{what}{init}"));
    }
    let adopting = adoption(&decision);
    decision.warnings.extend(adopting);
    decision.warnings.extend(aside);
    decision.warnings.extend(silencing.warnings);
    decision.warnings.extend(silence::additions(&silencing.added, &reports));
    decision.warnings.extend(setting.warnings.iter().cloned());
    decision.warnings.extend(setting.forge.trouble().map(str::to_owned));
    let timing = Timing {
        started_unix: started.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs()),
        elapsed_ms: clock.elapsed().as_millis() as u64,
        checkers_ms,
    };
    let run = Run {
        schema: RUN_SCHEMA.to_owned(),
        tool: ToolInfo { name: "tollgate".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        subject: subject(plan, setting.session, origin.as_deref().or(base_run.origin())),
        reports,
        decision,
        timing: Some(timing),
    };
    Ok(Judged { run, logs })
}

fn subject(plan: &Plan<'_>, session: &Session, numbers: Option<&str>) -> RunSubject {
    RunSubject {
        root: session.root_in_repository().to_owned(),
        commit: session.head().map(str::to_owned),
        uncommitted: uncommitted(session),
        base: match &session.base {
            Base::At { commit, .. } => Some(commit.clone()),
            Base::NotYet(_) | Base::Unknown(_) => None,
        },
        files_at: session.files_at(),
        base_origin: match numbers {
            Some(numbers) => format!("{}; its numbers: {numbers}", session.base_origin()),
            None => session.base_origin(),
        },
        changed_files: session.difference().count(),
        policy: plan.policy_name.clone(),
        not_examined: plan.not_examined.clone(),
    }
}

/// How many files differ from HEAD. Where HEAD is the base, that is known already.
fn uncommitted(session: &Session) -> Option<u64> {
    let repository = session.repository.as_ref()?;
    match (&session.base, session.difference()) {
        (Base::At { commit, .. }, Difference::Known(list))
            if Some(commit.as_str()) == repository.head()
                && session.root_at_base() == Ok(session.root_in_repository()) =>
        {
            Some(list.files.len() as u64)
        }
        _ => repository.uncommitted().ok(),
    }
}

fn head_job<'a>(plan: &Plan<'_>, setting: &Setting<'_>, instance: &Instance<'a>, input: Option<&Path>) -> Job<'a> {
    let session = setting.session;
    let commit = session.read_from().map(|head| (head.to_owned(), session.root_in_repository().to_owned()));
    let mut job = job(plan, setting, instance, commit, session.difference().wire());
    job.request.input = input.filter(|_| reads_stdin(instance)).map(Path::to_owned);
    job
}

fn reads_stdin(instance: &Instance<'_>) -> bool {
    instance.tool.reads_stdin(options::values(&instance.settings))
}

/// What comes in on standard input, put into a file that only this user can read: a child's own is taken.
fn spool() -> anyhow::Result<(NamedTempFile, impl Drop)> {
    let (mut file, guard) = interrupt::file(&std::env::temp_dir()).context("standard input could not be kept")?;
    std::io::copy(&mut std::io::stdin().lock(), &mut file).context("standard input could not be read")?;
    Ok((file, guard))
}

/// `instance` on the tree of a commit with the root in it, or on the working copy.
fn job<'a>(
    plan: &Plan<'_>,
    setting: &Setting<'_>,
    instance: &Instance<'a>,
    commit: Option<(String, String)>,
    changes: Result<ChangeList, String>,
) -> Job<'a> {
    let request = Request {
        checker: instance.tool.name().to_owned(),
        instance: instance.name.clone(),
        root: setting.session.root.path().to_owned(),
        root_in_repository: setting.session.root_in_repository().to_owned(),
        root_at_base: setting.session.root_at_base().unwrap_or(".").to_owned(),
        head: setting.session.head().map(str::to_owned),
        commit,
        changes,
        targets: plan.targets(instance.tool),
        options: options::values(&instance.settings),
        jobs: setting.jobs,
        today: setting.session.today,
        input: None,
        base_report: None,
        service: None,
    };
    let asks_service = instance.tool.asks_service(options::values(&instance.settings));
    Job { tool: instance.tool, request, of_base: false, asks_service }
}

/// The same checker on the base's tree, where it needs only a tree and a condition compares with the base.
fn base_job<'a>(plan: &Plan<'_>, setting: &Setting<'_>, instance: &Instance<'a>) -> Option<Job<'a>> {
    let Base::At { commit, .. } = &setting.session.base else { return None };
    if instance.tool.needs() != Needs::Tree || !plan.needs_base(instance.tool.name()) {
        return None;
    }
    let unchanged = ChangeList { base: commit.clone(), files: Vec::new() };
    let root = setting.session.root_at_base().unwrap_or(".").to_owned();
    let mut job = job(plan, setting, instance, Some((commit.clone(), root)), Ok(unchanged));
    job.request.options = instance.tool.of_tree(job.request.options);
    Some(Job { of_base: true, asks_service: false, ..job })
}

/// Whether a condition on a checker that cannot be run on the base's tree needs the base's own run.
fn needs_base_run(plan: &Plan<'_>, setting: &Setting<'_>, reports: &[Report]) -> bool {
    let measured = plan.instances.iter().any(|i| {
        let beside = |r: &Report| r.base.is_some() && r.checker == i.tool.name() && r.instance == i.name;
        i.tool.needs() != Needs::Tree && plan.needs_base(i.tool.name()) && !reports.iter().any(beside)
    });
    let of_source = || plan.sources.iter().any(|source| plan.needs_base(&source.name));
    measured || plan.needs_record() || of_source() || setting.base_run.is_some()
}

/// The base's own run, where it is `needed`.
fn base_run(setting: &Setting<'_>, found: Option<BaseRun>, needed: bool) -> BaseRun {
    match (needed, &setting.session.base) {
        (true, _) => found.unwrap_or_else(|| BaseRun::find(setting.base_run, setting.session, setting.forge)),
        (false, Base::Unknown(because)) => BaseRun::Unknown(because.clone()),
        (false, Base::NotYet(because)) => BaseRun::NotYet(because.clone()),
        (false, Base::At { .. }) => BaseRun::NotYet("no condition compares with the base's run".to_owned()),
    }
}

/// Adds, for each checker that measured the base beside the head, what it found there; of its other instances what the base's own
/// run says.
fn beside(reports: &[Report], base_trees: &mut BTreeMap<String, Vec<Report>>, base_run: &BaseRun) {
    let mut measured = BTreeSet::new();
    for base in reports.iter().filter_map(|report| report.base.as_deref()) {
        base_trees.entry(base.checker.clone()).or_default().push(base.clone());
        measured.insert(base.checker.as_str());
    }
    let BaseRun::Known(recorded, ..) = base_run else { return };
    for (checker, bases) in base_trees.iter_mut().filter(|(checker, _)| measured.contains(checker.as_str())) {
        let others = recorded
            .iter()
            .filter(|report| report.checker == *checker && bases.iter().all(|base| base.instance != report.instance));
        let others: Vec<Report> = others.cloned().collect();
        bases.extend(others);
    }
}

fn base_reports<'a>(
    checker: &str,
    base_trees: &'a BTreeMap<String, Vec<Report>>,
    base_run: &'a BaseRun,
) -> BaseReports<'a> {
    if let Some(reports) = base_trees.get(checker) {
        return BaseReports::Known(reports);
    }
    base_run.reports()
}
