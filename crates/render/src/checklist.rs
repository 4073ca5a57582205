//! Checklists: a line per row on terminals, a table with links in Markdown.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tollgate_model::{Checklist, ChecklistItem, Location, RunSubject, Standing};

use crate::escape;
use crate::layout::{safe, shorten, wrap};

/// How many places of a row are named, and how long its reason may be.
const PLACES: usize = 3;
const BECAUSE: usize = 400;

/// What stands for itself in the path of an address (RFC 3986, 3.3), and nothing that ends a link in Markdown.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'(')
    .add(b')')
    .add(b'%')
    .add(b'\\')
    .add(b'[')
    .add(b']')
    .add(b'|');

/// Worst first; of equal ones in the order of the list.
fn ordered(checklist: &Checklist) -> Vec<&ChecklistItem> {
    let mut items: Vec<&ChecklistItem> = checklist.items.iter().collect();
    items.sort_by_key(|item| item.verdict);
    items
}

/// A line for each row and its reason below it, each of at most `columns`.
pub(crate) fn lines(checklist: &Checklist, columns: usize) -> Vec<String> {
    let widest = Standing::ALL.into_iter().map(|standing| standing.word().len()).max().unwrap_or(0);
    let indent = " ".repeat(widest + 2);
    let mut lines = Vec::new();
    for item in ordered(checklist) {
        let head = format!("{:widest$}  {} {}", item.verdict.word(), item.id, item.title);
        lines.push(shorten(&escape::terminal(&safe(&head, BECAUSE)), columns));
        let place = item.places.first().map(ToString::to_string).filter(|place| !item.because.contains(place.as_str()));
        let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
        let because = safe(&format!("{}{place}", item.because), BECAUSE);
        lines.extend(wrap(&escape::terminal(&because), columns, &indent, indent.len()));
    }
    lines
}

/// A table, with the places as links.
pub(crate) fn markdown(checklist: &Checklist, subject: &RunSubject) -> String {
    let title =
        escape::markdown(&safe(&format!("{} {}: {}", checklist.name, checklist.edition, checklist.counted()), 200));
    let mut text = format!("**{title}**\n\n| Item | Verdict | Because | Evidence |\n|---|---|---|---|\n");
    for item in ordered(checklist) {
        let name = escape::markdown(&safe(&format!("{} {}", item.id, item.title), 120));
        let name = if item.reference.starts_with("https://") {
            format!("[{name}]({})", address(&item.reference))
        } else {
            name
        };
        let because = escape::sentence(&safe(&item.because, BECAUSE));
        let places: Vec<String> = item.places.iter().take(PLACES).map(|place| link(place, subject)).collect();
        let more = match item.places.len().saturating_sub(PLACES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        text.push_str(&format!("| {name} | {} | {because} | {}{more} |\n", item.verdict.word(), places.join(", ")));
    }
    text
}

/// An address without what would end the link.
fn address(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '<' | '>' | '|' | '`')).collect()
}

/// A place as a link to its line: on the forge where the run knows that, else relative to the repository.
fn link(place: &Location, subject: &RunSubject) -> String {
    let shown = escape::markdown(&safe(&place.to_string(), 200));
    let inside = if subject.root == "." { place.path.clone() } else { format!("{}/{}", subject.root, place.path) };
    let path = utf8_percent_encode(&inside, PATH).to_string();
    let line = match place.region {
        Some(region) if region.end_line > region.start_line => format!("#L{}-L{}", region.start_line, region.end_line),
        Some(region) => format!("#L{}", region.start_line),
        None => String::new(),
    };
    match &subject.files_at {
        Some(base) => format!("[{shown}]({}/{path}{line})", address(base)),
        None => format!("[{shown}]({path}{line})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn checklist(path: &str) -> Checklist {
        let item = |id: &str, verdict, places: Vec<Location>| ChecklistItem {
            id: id.to_owned(),
            title: "Broken | things".to_owned(),
            verdict,
            because: "seen <b>here</b>\u{1b}[31m".to_owned(),
            places,
            reference: "https://x.example/a(b)".to_owned(),
            cwe: Vec::new(),
            also: Vec::new(),
            failed_by: Vec::new(),
            otherwise: None,
        };
        let items =
            vec![item("A1", Standing::Pass, Vec::new()), item("A2", Standing::Fail, vec![Location::lines(path, 3, 5)])];
        Checklist { name: "L".to_owned(), edition: "1".to_owned(), metric: "x.items".to_owned(), items }
    }

    #[test]
    fn places_are_links_and_nothing_of_a_file_breaks_the_table() {
        let mut subject = samples::fail().subject;
        subject.root = "apps".to_owned();
        let text = markdown(&checklist("a (b)|[c].ts"), &subject);
        assert!(text.contains("(apps/a%20%28b%29%7C%5Bc%5D.ts#L3-L5)"), "{text}");
        assert!(text.find("A2").unwrap() < text.find("A1").unwrap(), "{text}");
        assert!(
            !text.contains("<b>") && !text.contains('\u{1b}') && text.contains("](https://x.example/ab)"),
            "{text}"
        );
        subject.files_at = Some("https://forge.example/o/r/blob/0a".to_owned());
        let text = markdown(&checklist("a.ts"), &subject);
        assert!(text.contains("(https://forge.example/o/r/blob/0a/apps/a.ts#L3-L5)"), "{text}");
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| [")).collect();
        assert!(rows.len() == 2 && rows.iter().all(|line| line.matches(" | ").count() == 3), "{text}");
    }

    #[test]
    fn lines_keep_their_width() {
        let lines = lines(&checklist("a.ts"), 40);
        assert!(lines.len() >= 4);
        assert!(lines[0].starts_with("fail") && lines.iter().all(|line| line.chars().count() <= 40), "{lines:?}");
    }
}
