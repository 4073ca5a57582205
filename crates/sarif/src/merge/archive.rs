//! The archive: every run as it stands, with marks.

use std::io::Write;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::{Report, format};

use super::log::{self, Log};
use super::names::{Name, Names};
use super::out::Out;
use super::pass::{Pass, Place};
use super::{ForeignLog, Mark, MergeError};
use crate::convert;
use crate::model::{SCHEMA, VERSION};

/// Where a log's own properties, and the members of a log that the standard does not know, stand among those of its
/// first run.
const PROPERTIES: &str = "tollgate:logProperties";
const MEMBERS: &str = "tollgate:logMembers";

/// See [`archive()`](super::archive()).
pub(super) fn write(
    reports: &[&Report],
    logs: &[ForeignLog<'_>],
    out: &mut dyn Write,
) -> Result<Vec<String>, MergeError> {
    let mut said = Vec::new();
    let looks: Vec<Log> = logs.iter().map(log::look).collect::<Result<_, _>>()?;
    let mut pass = Pass::new(Out::new(out));
    let result = all(reports, logs, &looks, &mut pass, &mut said);
    pass.out.done(result)?;
    Ok(said)
}

fn all<'a>(
    reports: &[&Report],
    logs: &[ForeignLog<'a>],
    looks: &[Log],
    pass: &mut Pass<'_, 'a>,
    said: &mut Vec<String>,
) -> Result<(), InputError> {
    let mut names = Names::default();
    let mut first = true;
    pass.out.put(format!("{{\"$schema\":\"{SCHEMA}\",\"version\":\"{VERSION}\",\"runs\":[").as_bytes())?;
    for report in reports {
        let name = names.assign(&report.tool.name, Some(&convert::category(report)), "tollgate");
        said.extend(name.sentence(&report.checker, &report.tool.name));
        let mut run = convert::run(report);
        run.automation_details.id = name.id();
        pass.out.comma(&mut first)?;
        pass.out.json(&run)?;
    }
    for (log, look) in logs.iter().zip(looks) {
        let called: Vec<Name> = look
            .runs
            .iter()
            .map(|run| {
                let name = names.assign(&run.tool, run.id.as_deref(), log.source);
                said.extend(name.sentence(log.source, &run.tool));
                name
            })
            .collect();
        runs(log, look, &called, pass, &mut first)?;
        if look.beside && look.runs.is_empty() {
            said.push(format!("{}: properties of a log without runs are not in the archive", log.source));
        }
        counted(log.source, pass, said);
    }
    pass.out.put(b"]")?;
    if looks.iter().any(|look| look.inline) {
        pass.out.put(b",\"inlineExternalProperties\":[")?;
        let mut first = true;
        for (log, look) in logs.iter().zip(looks).filter(|(_, look)| look.inline) {
            (pass.secret, pass.quotes, pass.digester) = (look.secret(), false, log.digester);
            inline(log, pass, &mut first)?;
            counted(log.source, pass, said);
        }
        pass.out.put(b"]")?;
    }
    pass.out.put(b"}\n")
}

/// Says what did not pass of `source` since this was asked last.
fn counted(source: &str, pass: &mut Pass<'_, '_>, said: &mut Vec<String>) {
    let (redacted, people) = (std::mem::take(&mut pass.redacted), std::mem::take(&mut pass.people));
    for (what, count) in
        [("texts that may show a secret, redacted", redacted), ("values that name people, left out", people)]
    {
        if count > 0 {
            said.push(format!("{source}: {what} in the archive: {}", format::count(count)));
        }
    }
}

fn runs<'a>(
    log: &ForeignLog<'a>,
    look: &Log,
    called: &[Name],
    pass: &mut Pass<'_, 'a>,
    first: &mut bool,
) -> Result<(), InputError> {
    let (mut reader, mut place, mut ordinal) = (log::open(log)?, 0, 0);
    reader.object(|reader, key| {
        if key != "runs" {
            return Ok(());
        }
        reader.null_or(|reader| {
            reader.array(|reader| {
                let (Some(run), Some(name)) = (look.runs.get(place), called.get(place)) else {
                    return Err(reader.malformed("the file changed while it was read; have it written before"));
                };
                (pass.secret, pass.quotes, pass.digester) = (run.secret(), run.quotes(), log.digester);
                pass.out.comma(first)?;
                let beside = look.beside && place == 0;
                place += 1;
                Run { log, name, beside, ordinal: &mut ordinal }.write(reader, pass)
            })
        })?;
        Ok(())
    })?;
    reader.end()
}

/// One run on its way.
struct Run<'r, 'a> {
    log: &'r ForeignLog<'a>,
    name: &'r Name,
    /// Its properties are to get what stands beside the runs.
    beside: bool,
    ordinal: &'r mut u64,
}

impl Run<'_, '_> {
    fn write(mut self, reader: &mut Reader, pass: &mut Pass<'_, '_>) -> Result<(), InputError> {
        let (mut first, mut named) = (true, false);
        pass.out.put(b"{")?;
        reader.object(|reader, key| match key {
            "results" if reader.kind()? == Kind::Array => {
                pass.out.key(key, &mut first)?;
                self.results(reader, pass)
            }
            "automationDetails" => {
                named = true;
                pass.out.key(key, &mut first)?;
                self.details(reader, pass)
            }
            "properties" if self.beside => {
                self.beside = false;
                pass.out.key(key, &mut first)?;
                pass.out.put(b"{")?;
                let mut first = true;
                reader
                    .null_or(|reader| reader.object(|reader, key| pass.member(reader, key, Place::BAG, &mut first)))?;
                beside(self.log, pass, &mut first)?;
                pass.out.put(b"}")
            }
            _ => pass.member(reader, key, Place::default(), &mut first),
        })?;
        if !named {
            pass.out.key("automationDetails", &mut first)?;
            pass.out.put(b"{\"id\":")?;
            pass.out.text(&self.name.id())?;
            pass.out.put(b"}")?;
        }
        if self.beside {
            pass.out.key("properties", &mut first)?;
            pass.out.put(b"{")?;
            beside(self.log, pass, &mut true)?;
            pass.out.put(b"}")?;
        }
        pass.out.put(b"}")
    }

    fn details(&self, reader: &mut Reader, pass: &mut Pass<'_, '_>) -> Result<(), InputError> {
        let (mut first, mut named) = (true, false);
        pass.out.put(b"{")?;
        log::members(reader, |reader, key| {
            if key != "id" {
                return pass.member(reader, key, Place::default(), &mut first);
            }
            named = true;
            pass.out.key(key, &mut first)?;
            pass.out.text(&self.name.id())
        })?;
        if !named {
            pass.out.key("id", &mut first)?;
            pass.out.text(&self.name.id())?;
        }
        pass.out.put(b"}")
    }

    fn results(&mut self, reader: &mut Reader, pass: &mut Pass<'_, '_>) -> Result<(), InputError> {
        let mut first = true;
        pass.out.put(b"[")?;
        reader.array(|reader| {
            pass.out.comma(&mut first)?;
            let mark = (self.log.mark)(*self.ordinal);
            *self.ordinal += 1;
            match reader.kind()? {
                Kind::Object => result(reader, mark, pass),
                _ => pass.value(reader, Place::RESULT),
            }
        })?;
        pass.out.put(b"]")
    }
}

fn result(reader: &mut Reader, mark: Mark<'_>, pass: &mut Pass<'_, '_>) -> Result<(), InputError> {
    let (mut first, mut state, mut silence) = (true, mark.state, mark.suppressed);
    pass.out.put(b"{")?;
    reader.object(|reader, key| match (key, mark) {
        ("baselineState", Mark { state: Some(word), .. }) => {
            state = None;
            pass.out.key(key, &mut first)?;
            pass.out.text(word.word())
        }
        ("suppressions", Mark { suppressed: Some(suppression), .. }) => {
            silence = None;
            pass.out.key(key, &mut first)?;
            let mut first = true;
            pass.out.put(b"[")?;
            reader.null_or(|reader| {
                reader.array(|reader| {
                    pass.out.comma(&mut first)?;
                    pass.value(reader, Place::RESULT)
                })
            })?;
            pass.out.comma(&mut first)?;
            pass.out.json(&convert::suppression(suppression))?;
            pass.out.put(b"]")
        }
        _ => pass.member(reader, key, Place::RESULT, &mut first),
    })?;
    if let Some(word) = state {
        pass.out.key("baselineState", &mut first)?;
        pass.out.text(word.word())?;
    }
    if let Some(suppression) = silence {
        pass.out.key("suppressions", &mut first)?;
        pass.out.json(&[convert::suppression(suppression)])?;
    }
    pass.out.put(b"}")
}

/// What stands beside the runs of `log`, as members of a property bag.
fn beside(log: &ForeignLog<'_>, pass: &mut Pass<'_, '_>, first: &mut bool) -> Result<(), InputError> {
    let mut reader = log::open(log)?;
    reader.object(|reader, key| {
        if key != "properties" {
            return Ok(());
        }
        pass.out.key(PROPERTIES, first)?;
        pass.value(reader, Place::BAG)
    })?;
    reader.end()?;
    let (mut reader, mut none) = (log::open(log)?, true);
    reader.object(|reader, key| {
        if !log::is_foreign(reader, key)? || key == "properties" {
            return Ok(());
        }
        if none {
            pass.out.key(MEMBERS, first)?;
            pass.out.put(b"{")?;
        }
        pass.member(reader, key, Place::BAG, &mut none)
    })?;
    reader.end()?;
    if none { Ok(()) } else { pass.out.put(b"}") }
}

/// The external properties that `log` holds itself (§3.13.5).
fn inline(log: &ForeignLog<'_>, pass: &mut Pass<'_, '_>, first: &mut bool) -> Result<(), InputError> {
    let mut reader = log::open(log)?;
    reader.object(|reader, key| {
        if key != "inlineExternalProperties" || reader.kind()? != Kind::Array {
            return Ok(());
        }
        reader.array(|reader| {
            pass.out.comma(first)?;
            pass.value(reader, Place::default())
        })
    })?;
    reader.end()
}
