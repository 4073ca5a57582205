//! What is said: what holds today, what does not, what is not known; what was written, and what to do next.

use tollgate_model::{Date, format};
use tollgate_render::{Page, TextStyle};

use crate::detect::{Found, Named};
use crate::goals::Asked;
use crate::settle::{Row, Settled, Standing};

/// What is said beside the table.
pub(crate) struct Words<'a> {
    pub(crate) found: &'a Found,
    pub(crate) settled: &'a Settled,
    /// Until when gates observe.
    pub(crate) until: Date,
    /// What a check says of it now, in one line.
    pub(crate) verdict: String,
    /// `written`, `would be written`; and what.
    pub(crate) written: (&'static str, Vec<String>),
    /// Texts to put somewhere by hand, each with a sentence.
    pub(crate) by_hand: Vec<(String, String)>,
    /// Names of the checks to require.
    pub(crate) contexts: Vec<String>,
    /// Sentences about the workflow.
    pub(crate) remarks: Vec<String>,
    /// Commands to go on with.
    pub(crate) next: Vec<String>,
}

/// How many things of one kind are named.
const MOST: usize = 12;

/// The page as text of at most 80 columns.
pub(crate) fn page(words: &Words<'_>) -> String {
    let mut page = Page::new(&TextStyle::default());
    let projects = match words.found.projects.as_slice() {
        [] => "no package that is known; secrets and workflows are looked at all the same".to_owned(),
        projects => projects.join("; "),
    };
    page.say("found: ", 7, &projects);
    for (standing, sign, title) in [
        (Standing::Holds, "✓", "Holds today; blocks from the first change on"),
        (Standing::Blocks, "✗", "Does not hold, and blocks all the same"),
        (Standing::NotYet, "✗", "Not yet; may not get worse, and the goal itself warns"),
    ] {
        let of_this = |row: &&Row| row.standing == standing && !(row.shown && standing == Standing::Holds);
        let rows: Vec<&Row> = words.settled.rows.iter().filter(of_this).collect();
        heading(&mut page, title, rows.is_empty());
        for row in rows {
            page.say(&format!("  {sign} "), 6, &format!("{}: {}{}", row.condition, row.measured, asked(row)));
        }
    }
    waiting(&mut page, words);
    observing(&mut page, words);
    twice(&mut page, words.found);
    unused(&mut page, &words.found.named);
    page.blank();
    page.say("tollgate check: ", 4, &words.verdict);
    let (how, files) = &words.written;
    page.say(&format!("{how}: "), 4, &if files.is_empty() { "nothing".to_owned() } else { files.join(", ") });
    for remark in &words.remarks {
        page.say("note: ", 6, remark);
    }
    if !words.contexts.is_empty() {
        page.say("require these checks: ", 4, &words.contexts.join(", "));
    }
    for (about, text) in &words.by_hand {
        page.blank();
        page.say("", 0, about);
        for line in text.lines() {
            page.line(&format!("    {}", tollgate_render::escape::terminal(line)));
        }
    }
    for (at, command) in words.next.iter().enumerate() {
        page.say(if at == 0 { "next: " } else { "      " }, 8, command);
    }
    page.finish()
}

fn heading(page: &mut Page, title: &str, is_empty: bool) {
    if !is_empty {
        page.blank();
        page.say("", 0, title);
    }
}

fn asked(row: &Row) -> String {
    row.asked.as_ref().map(|asked| format!("; {}", asked.words())).unwrap_or_default()
}

/// The same without milder limits, where they are told further below: test runners judge theirs.
fn asked_shortly(row: &Row) -> String {
    match &row.asked {
        Some(Asked { place, milder }) if !milder.is_empty() && row.condition.starts_with("coverage.") => {
            format!("; asked in {place}, the strictest")
        }
        _ => asked(row),
    }
}

/// Goals that nothing here tells of, by what is missing.
fn waiting(page: &mut Page, words: &Words<'_>) {
    let rows: Vec<&Row> = words.settled.rows.iter().filter(|row| row.standing == Standing::NotMeasured).collect();
    heading(page, "Not measured here; the workflow's measure job writes it", rows.is_empty());
    let mut groups: Vec<(&str, String, Vec<&str>)> = Vec::new();
    for row in &rows {
        let asked = asked_shortly(row);
        match groups.iter_mut().find(|(why, who, _)| *why == row.measured && *who == asked) {
            Some((_, _, conditions)) => conditions.push(&row.condition),
            None => groups.push((&row.measured, asked, vec![&row.condition])),
        }
    }
    for (why, asked, conditions) in &groups {
        page.say("  ? ", 6, &format!("{why}{asked}"));
        for condition in conditions {
            page.say("      ", 8, condition);
        }
    }
    let left_out = words.settled.rows.iter().filter(|row| row.standing == Standing::LeftOut);
    let left_out: Vec<&Row> = left_out.collect();
    heading(page, "Left out: nothing to judge", left_out.is_empty());
    for row in left_out {
        page.say("  - ", 6, &format!("{}: {}", row.condition, row.measured));
    }
}

/// Gates that only show, and gates that are not written.
fn observing(page: &mut Page, words: &Words<'_>) {
    let gates = &words.settled.file.gates;
    let names: Vec<&str> = gates.iter().filter(|gate| gate.observe.is_some()).map(|gate| gate.gate.name()).collect();
    let missing = crate::goals::Gate::ALL.iter().filter(|gate| !gates.iter().any(|written| written.gate == **gate));
    let missing: Vec<&str> = missing.map(|gate| gate.name()).collect();
    if !names.is_empty() || !missing.is_empty() {
        page.blank();
    }
    if !names.is_empty() {
        let observe = if names.len() == 1 { "observes" } else { "observe" };
        page.say("", 0, &format!("{} {observe} until {}: shown, and blocking nothing.", names.join(", "), words.until));
    }
    if !missing.is_empty() {
        page.say("", 0, &format!("No gate for {}: nothing to judge was found.", missing.join(", ")));
    }
}

/// Limits that another tool judges too.
fn twice(page: &mut Page, found: &Found) {
    let judged: Vec<_> = found.asks.iter().filter(|ask| ask.judged).collect();
    heading(page, "Judged twice from now on; take it out there, or leave it to that tool", judged.is_empty());
    let mut told: Vec<(String, String, Vec<String>)> = Vec::new();
    for ask in judged {
        let limit = format!("{} {}", ask.series, ask.limit);
        match told.iter_mut().find(|(place, whose, _)| *place == ask.place && *whose == ask.whose) {
            Some((_, _, limits)) => limits.push(limit),
            None => told.push((ask.place.clone(), ask.whose.clone(), vec![limit])),
        }
    }
    for (place, whose, limits) in told.iter().take(MOST) {
        page.say("  ", 6, &format!("{place}: {whose}: {}", limits.join(", ")));
    }
    more(page, told.len());
}

fn unused(page: &mut Page, named: &[Named]) {
    heading(page, "Found beside", named.is_empty());
    for Named { path, about } in named.iter().take(MOST) {
        page.say("  ", 6, &format!("{path}: {about}"));
    }
    more(page, named.len());
}

fn more(page: &mut Page, count: usize) {
    if let Some(rest) = count.checked_sub(MOST).filter(|rest| *rest > 0) {
        page.say("  ", 6, &format!("… and {} more", format::count(rest as u64)));
    }
}
