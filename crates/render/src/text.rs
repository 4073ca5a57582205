//! Text for terminals.
//!
//! All well is two lines: what holds, and what that rests on; one more for each condition that does not apply.
//! Otherwise the worst gate comes first, and under each condition that does not hold: the number and the distance, the
//! places, the next step.

mod gates;
mod reports;

use tollgate_model::{Run, Verdict};

use crate::{escape, layout, words};

/// How text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// Whether verdicts are coloured by ANSI sequences.
    pub color: bool,
    /// Columns of the terminal; at least 40 are used.
    pub width: usize,
    /// -1 and less: one line. 0: what people need. 1 and more: all conditions, metrics, findings, exhibits, evidence.
    pub verbosity: i8,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self { color: false, width: 80, verbosity: 0 }
    }
}

/// The run as text.
pub fn text(run: &Run, style: &TextStyle) -> String {
    let mut page = Page::new(style);
    let verdict = run.decision.verdict;
    let headline = words::headline(run, page.columns - verdict.word().len() - 4);
    if style.verbosity < 0 {
        page.columns = usize::MAX;
    }
    page.signed(0, verdict, &format!("{}:", words::signed(verdict)), 2, &headline);
    if style.verbosity < 0 {
        return page.out;
    }
    if verdict == Verdict::Pass && style.verbosity == 0 {
        let room = page.columns;
        rests_on(&mut page, run, room);
        headlines(&mut page, run);
        for gate in run.decision.gates.iter().filter(|gate| gate.judged) {
            for sentence in words::sparing(gate) {
                page.say("- ", 2, &format!("{}: {sentence}", gate.name));
            }
        }
        gates::not_judged(&mut page, run);
    } else {
        gates::all(&mut page, run);
        relaxations(&mut page, run);
        reports::problems(&mut page, run);
        if run.reports.iter().any(|report| report.headline.is_some()) {
            page.blank();
        }
        headlines(&mut page, run);
        if style.verbosity > 0 {
            reports::all(&mut page, run);
        }
        page.blank();
        rests_on(&mut page, run, usize::MAX);
    }
    notes(&mut page, run);
    page.out
}

/// One line where there is `room` for one only.
fn rests_on(page: &mut Page, run: &Run, room: usize) {
    const LEAD: &str = "  on ";
    let text = words::rests_on(run, room - LEAD.len());
    page.say(LEAD, LEAD.len(), &text);
    if page.verbosity > 0 {
        let subject = &run.subject;
        page.say(
            "  ",
            4,
            &format!("base: {}; policy: {}; root: {}", subject.base_origin, subject.policy, subject.root),
        );
    }
}

/// What checkers have to say first.
fn headlines(page: &mut Page, run: &Run) {
    for report in &run.reports {
        let Some(headline) = &report.headline else { continue };
        page.say(&format!("{}: ", words::name(report)), 2, &headline.text);
        // The rows of a checklist are many: beside other checkers its counts are enough.
        let alone = run.reports.len() == 1 || report.checklists.is_empty();
        for line in headline.details.iter().filter(|_| alone) {
            let inner = line.trim_start();
            let indent = 2 + (line.len() - inner.len()).min(20);
            page.say(&" ".repeat(indent), indent + 2, inner);
        }
    }
}

/// What the change would relax, by name.
fn relaxations(page: &mut Page, run: &Run) {
    if run.decision.relaxations.is_empty() {
        return;
    }
    page.blank();
    page.say("", 0, words::RELAXES);
    for one in &run.decision.relaxations {
        page.say("- ", 2, &words::relaxed(one));
    }
}

fn notes(page: &mut Page, run: &Run) {
    for warning in &run.decision.warnings {
        page.say("note: ", 6, warning);
    }
    for item in &run.subject.not_examined {
        page.say("not looked at: ", 4, item);
    }
}

/// Text being laid out: every line made safe for terminals, and broken where it is too wide.
pub struct Page {
    out: String,
    pub(crate) columns: usize,
    pub(crate) verbosity: i8,
    color: bool,
}

impl Page {
    /// An empty page.
    pub fn new(style: &TextStyle) -> Self {
        let TextStyle { color, width, verbosity } = *style;
        Self { out: String::new(), columns: width.max(40), verbosity, color }
    }

    /// Its lines.
    pub fn finish(self) -> String {
        self.out
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A line that is laid out and safe already.
    pub fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// Foreign text after `first`, wrapped and hanging below column `hang`.
    pub fn say(&mut self, first: &str, hang: usize, text: &str) {
        let text = escape::terminal(text);
        for line in layout::wrap(&layout::clip(&text, 4000), self.columns, first, hang) {
            self.line(&line);
        }
    }

    /// The same after a coloured lead at column `indent`.
    pub(crate) fn signed(&mut self, indent: usize, verdict: Verdict, lead: &str, hang: usize, text: &str) {
        let start = self.out.len() + indent;
        self.say(&format!("{}{lead} ", " ".repeat(indent)), hang, text);
        if self.color {
            let code = match verdict {
                Verdict::Pass => "32",
                Verdict::Warn => "33",
                Verdict::Fail => "31",
                Verdict::Unknown => "35",
            };
            self.out.replace_range(start..start + lead.len(), &format!("\u{1b}[1;{code}m{lead}\u{1b}[0m"));
        }
    }
}

#[cfg(test)]
mod tests;
