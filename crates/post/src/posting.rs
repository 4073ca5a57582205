//! Puts a decision everywhere it was asked for, and says what came of it.

use tollgate_forge::comment::{Category, Upserted};
use tollgate_forge::tracking::Origin;
use tollgate_forge::{Client, ForgeError, pull};
use tollgate_model::Exit;

use crate::arguments::{Options, Target};
use crate::comment::{self, Place};
use crate::environment::Environment;
use crate::event::Event;
use crate::gates::Gate;
use crate::judged::Judged;
use crate::report::Reporter;
use crate::run::Claim;
use crate::sarif::Failed;
use crate::{PostError, issues, outputs, sarif, statuses, summary};

/// Everything that posting needs.
pub(crate) struct Posting<'a, 'o> {
    pub(crate) options: &'a Options,
    pub(crate) environment: &'a Environment<'a>,
    pub(crate) event: &'a Event,
    pub(crate) judged: &'a Judged,
    /// The commit that was judged.
    pub(crate) commit: &'a str,
    pub(crate) gates: &'a [Gate<'a>],
    pub(crate) client: Option<&'a Client>,
    pub(crate) page: Option<&'a str>,
    pub(crate) category: Category,
    pub(crate) reporter: Reporter<'o>,
}

impl<'a> Posting<'a, '_> {
    /// Puts it everywhere it was asked for.
    pub(crate) fn all(&mut self, pull: Option<Claim>) -> Result<Exit, PostError> {
        let pull = self.verified(pull)?;
        // What blocks comes first, so that it has all the time there is.
        let delivered = self.statuses();
        let comment_url = self.comment(pull);
        self.sarif(pull);
        self.issues();
        self.summary();
        self.outputs(comment_url.as_deref());
        self.annotations();
        Ok(if delivered { Exit::Pass } else { Exit::Unknown })
    }

    fn wants(&self, target: Target) -> bool {
        self.options.wants(target)
    }

    /// The pull request, where the forge agrees that it is open and that its head was judged.
    fn verified(&self, pull: Option<Claim>) -> Result<Option<u64>, PostError> {
        let Some(Claim { number, sure }) = pull else { return Ok(None) };
        let concerned = self.wants(Target::Comment) || self.wants(Target::Sarif);
        let Some(client) = self.client.filter(|_| !sure && concerned) else { return Ok(Some(number)) };
        let refused = |why: String| PostError::refused(format!("pull request {number}: {why}; nothing is posted"));
        let found = pull::get(client, number).map_err(|e| refused(e.to_string()))?;
        if !found.open {
            return Err(refused("it is not open".to_owned()));
        }
        if !found.head.eq_ignore_ascii_case(self.commit) {
            return Err(refused(format!("its head is {}, judged was {}", found.head, self.commit)));
        }
        Ok(Some(number))
    }

    /// Whether every status that was asked for is there.
    fn statuses(&mut self) -> bool {
        if !self.wants(Target::Statuses) {
            return true;
        }
        let planned = statuses::planned(self.gates, self.options.category.as_ref());
        let Some(client) = self.client else {
            self.reporter.error("statuses: neither TOLLGATE_TOKEN nor GITHUB_TOKEN is set; the verdict is not there");
            return false;
        };
        if planned.is_empty() {
            self.reporter.error("statuses: no gate was judged, so that there is no verdict to set");
            return false;
        }
        let commit = self.event.status_commit(self.commit);
        let missing = statuses::set(client, commit, &planned, self.page);
        for (_, error) in &missing {
            self.reporter.error(&format!("{error}; the verdict is not there"));
        }
        let set = planned.len() - missing.len();
        self.reporter.done(&format!("statuses: {set} of {} set on {commit}", planned.len()));
        missing.is_empty()
    }

    /// Where the comment is.
    fn comment(&mut self, pull: Option<u64>) -> Option<String> {
        if !self.wants(Target::Comment) {
            return None;
        }
        let Some(pull) = pull else {
            self.reporter.done("comment: none, since this run is about no pull request");
            return None;
        };
        let client = self.client_or_notice("comment")?;
        let head = self.event.status_commit(self.commit);
        let place = Place { pull, head, category: &self.category, key: self.event.key, page: self.page };
        match comment::put(client, self.judged, &place) {
            Ok(done) => {
                let at = done.url().unwrap_or_default();
                let text = match &done {
                    Upserted::Made { .. } => format!("comment: made, {at}"),
                    Upserted::Updated { .. } => format!("comment: says what this run found, {at}"),
                    Upserted::Newer { .. } => format!("comment: left as a newer run wrote it, {at}"),
                    Upserted::Stale { head } => {
                        format!("comment: none, since the pull request's head is {head} by now")
                    }
                    Upserted::Draft => "comment: none, since the pull request is a draft".to_owned(),
                    Upserted::Nothing => "comment: none, since there is nothing to say".to_owned(),
                };
                self.reporter.done(&text);
                done.url().map(str::to_owned)
            }
            Err(error) => {
                self.failed("comment", &error);
                None
            }
        }
    }

    fn sarif(&mut self, pull: Option<u64>) {
        if !self.wants(Target::Sarif) || self.judged.uploads.is_empty() {
            return;
        }
        let Some(reference) = self.event.reference(self.commit, pull) else {
            self.reporter
                .done(&format!("sarif: not uploaded, since this {} is about no lasting branch", self.event.name));
            return;
        };
        let Some(client) = self.client_or_notice("sarif") else { return };
        let (sent, failed) = sarif::put(client, self.judged, self.commit, &reference);
        for error in &failed {
            match error {
                Failed::Forge(error) => self.failed("sarif", error),
                Failed::File(text) => self.reporter.warning(&format!("sarif: {text}")),
            }
        }
        if sent > 0 {
            self.reporter.done(&format!("sarif: {sent} uploaded for {reference}"));
        }
    }

    fn issues(&mut self) {
        if !self.wants(Target::Issues) {
            return;
        }
        if !self.event.is_of_default_branch() {
            self.reporter.notice("issues: left alone, since this run is not about the default branch");
            return;
        }
        let Some(client) = self.client_or_notice("issues") else { return };
        let cut = comment::cut(self.page);
        let origin = Origin { category: &self.category, key: self.event.key, commit: self.commit, cut: &cut };
        match issues::sync(client, &origin, self.gates) {
            Ok(changes) => {
                for change in changes {
                    let number = change.number.map(|number| format!(" (#{number})")).unwrap_or_default();
                    self.reporter.done(&format!("issues: {} for gate {}{number}", change.what, change.gate));
                }
            }
            Err(error) => self.reporter.warning(&format!("issues: {error}")),
        }
    }

    fn summary(&mut self) {
        if !self.wants(Target::Summary) {
            return;
        }
        let Some(path) = self.environment.file("GITHUB_STEP_SUMMARY") else {
            self.reporter.done("summary: not written, since GITHUB_STEP_SUMMARY is not set");
            return;
        };
        if let Err(error) = summary::append(&path, &self.judged.summary, &comment::cut(self.page)) {
            self.reporter.warning(&format!("summary: {}: {error}", path.display()));
        }
    }

    fn outputs(&mut self, comment_url: Option<&str>) {
        if !self.wants(Target::Outputs) {
            return;
        }
        let Some(path) = self.environment.file("GITHUB_OUTPUT") else {
            self.reporter.done("outputs: not written, since GITHUB_OUTPUT is not set");
            return;
        };
        let all = outputs::all(self.judged, self.gates, self.options.gate.is_empty(), comment_url);
        if let Err(error) = outputs::append(&path, &all) {
            self.reporter.warning(&format!("outputs: {}: {error}", path.display()));
        }
    }

    fn annotations(&mut self) {
        if self.wants(Target::Annotations) {
            let (errors, warnings) = self.reporter.room();
            self.reporter.commands(&tollgate_render::annotations_within(&self.judged.run, errors, warnings));
        }
    }

    fn client_or_notice(&mut self, what: &str) -> Option<&'a Client> {
        if self.client.is_none() {
            self.reporter.notice(&format!("{what}: left out, since neither TOLLGATE_TOKEN nor GITHUB_TOKEN is set"));
        }
        self.client
    }

    /// A matter of settings, as a fork's token that may only read, is nobody's fault; anything else is worth a warning.
    fn failed(&mut self, what: &str, error: &ForgeError) {
        let rejected = matches!(error, ForgeError::NotAllowed { status: 401, .. });
        match error.is_settings() && !rejected {
            true => self.reporter.notice(&format!("{what}: {error}")),
            false => self.reporter.warning(&format!("{what}: {error}")),
        }
    }
}
