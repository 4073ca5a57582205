//! `.tollgate/attestations.toml`: what people answer for, where no program can tell.
//!
//! ```toml
//! [[attestation]]
//! control = "owasp/API6:2023"
//! owner = "jane@example.org"
//! statement = "Sign-up takes a mail address that is confirmed, five a day for each address."
//! made = 2026-11-28
//! expires = 2027-03-01
//! scope = "routes"
//! digest = "…"
//! ```
//!
//! An entry counts until its day, and as long as its scope is what it was: `routes` is the method and path of every route, a list of
//! patterns the content of the files that they name. `not_applicable = true` says that the control does not concern this API. The file
//! is for any control that people answer for; entries of other checkers are passed over.

use serde::Deserialize;
use tollgate_check::{CheckError, Context, FileKind, Globs};
use tollgate_input::{Digest, utf8};
use tollgate_model::{Cause, Date, Problem};
use toml::Spanned;

use crate::items;

/// Where the entries stand, relative to the root.
pub(crate) const FILE: &str = ".tollgate/attestations.toml";

/// How far ahead the last day of an entry may be, in days from the one on which it was made.
pub(crate) const LONGEST_DAYS: i64 = 180;

/// The largest file of entries that is read, and the largest file of a scope, bytes.
const LARGEST: u64 = 16 << 20;

/// The scope that every route together is.
pub(crate) const ROUTES: &str = "routes";

/// What somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// `API6:2023`.
    pub(crate) item: String,
    pub(crate) owner: String,
    pub(crate) statement: String,
    pub(crate) expires: Date,
    pub(crate) not_applicable: bool,
    pub(crate) scope: Scope,
    pub(crate) digest: String,
    /// Where it stands, from 1.
    pub(crate) line: u32,
}

/// What a claim is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    Routes,
    Files(Vec<String>),
}

/// A claim, and why it does not count if so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) claim: Claim,
    pub(crate) lapsed: Option<String>,
}

impl Standing {
    pub(crate) fn counts(&self) -> bool {
        self.lapsed.is_none()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOf {
    #[serde(default)]
    attestation: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    control: String,
    owner: String,
    statement: String,
    made: toml::value::Datetime,
    expires: toml::value::Datetime,
    scope: ScopeOf,
    digest: String,
    #[serde(default)]
    not_applicable: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ScopeOf {
    Word(String),
    Files(Vec<String>),
}

/// Every entry for an item of the checklist, in the order of the file.
///
/// # Errors
/// What is wrong with the file, with its line.
pub(crate) fn read(ctx: &Context<'_>) -> Result<Vec<Claim>, Problem> {
    let unreadable = |message: String| Problem::new(Cause::Unreadable, format!("{FILE}:{message}")).at(FILE);
    match ctx.tree().contains(FILE) {
        Ok(true) => {}
        Ok(false) => return Ok(Vec::new()),
        Err(error) => return Err(error.problem()),
    }
    let bytes = ctx.tree().read(FILE, LARGEST).map_err(|error| error.problem())?;
    ctx.record("file", FILE, Digest::of(&bytes), None);
    parse(&utf8(&bytes)).map_err(unreadable)
}

/// Every entry of the text; else the line, and what is wrong on it.
pub(crate) fn parse(text: &str) -> Result<Vec<Claim>, String> {
    let line_of = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() as u32 + 1;
    let file: FileOf = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(span.start));
        format!("{line}: {}; `tollgate owasp attest` writes it", error.message())
    })?;
    let mut claims = Vec::new();
    for entry in file.attestation {
        let line = line_of(entry.span().start);
        let entry = entry.into_inner();
        let Some(id) = entry.control.strip_prefix("owasp/") else { continue };
        let wrong = |what: String| format!("{line}: {what}");
        let item = items::find(id).ok_or_else(|| {
            wrong(format!("there is no control {:?}; expected owasp/API1:2019 to owasp/API10:2023", entry.control))
        })?;
        let day = |name: &str, given: &toml::value::Datetime| {
            Date::parse(&given.to_string()).ok_or_else(|| wrong(format!("`{name}` is no day such as 2026-12-31")))
        };
        let (made, expires) = (day("made", &entry.made)?, day("expires", &entry.expires)?);
        if expires.days() - made.days() > LONGEST_DAYS {
            return Err(wrong(format!("`expires` is more than {LONGEST_DAYS} days after `made`")));
        }
        for (name, text) in [("owner", &entry.owner), ("statement", &entry.statement)] {
            if text.trim().is_empty() {
                return Err(wrong(format!("`{name}` is empty")));
            }
        }
        let scope = match entry.scope {
            ScopeOf::Word(word) if word == ROUTES => Scope::Routes,
            ScopeOf::Word(word) => {
                return Err(wrong(format!("`scope` is {word:?}; expected \"{ROUTES}\" or a list of patterns")));
            }
            ScopeOf::Files(patterns) if patterns.is_empty() => return Err(wrong("`scope` names nothing".to_owned())),
            ScopeOf::Files(patterns) => Scope::Files(patterns),
        };
        claims.push(Claim {
            item: item.id.clone(),
            owner: entry.owner,
            statement: entry.statement,
            expires,
            not_applicable: entry.not_applicable,
            scope,
            digest: entry.digest,
            line,
        });
    }
    Ok(claims)
}

/// Which of the claims count today, where `surface` is every route.
///
/// # Errors
/// The tree cannot be read, or a pattern is none.
pub(crate) fn standing(ctx: &Context<'_>, claims: Vec<Claim>, surface: &[String]) -> Result<Vec<Standing>, CheckError> {
    let mut all = Vec::new();
    for claim in claims {
        let lapsed = if ctx.today() > claim.expires {
            Some(format!("it ended on {}", claim.expires))
        } else if digest(ctx, &claim.scope, surface)? != claim.digest {
            Some(match claim.scope {
                Scope::Routes => "the routes are not those that it was made for".to_owned(),
                Scope::Files(_) => "the files of its scope have changed".to_owned(),
            })
        } else {
            None
        };
        all.push(Standing { claim, lapsed });
    }
    Ok(all)
}

/// The digest of a scope as it is now.
///
/// # Errors
/// The tree cannot be read, or a pattern is none.
pub(crate) fn digest(ctx: &Context<'_>, scope: &Scope, surface: &[String]) -> Result<String, CheckError> {
    let mut list = String::new();
    match scope {
        Scope::Routes => list = surface.join("\n"),
        Scope::Files(patterns) => {
            let globs = Globs::new("scope", patterns)?;
            for file in ctx.tree().files()? {
                if matches!(file.kind, FileKind::File | FileKind::Executable) && globs.matches(&file.path) {
                    let bytes = ctx.tree().read(&file.path, LARGEST)?;
                    list.push_str(&format!("{}\0{}\n", file.path, Digest::of(&bytes).blake3));
                }
            }
        }
    }
    Ok(Digest::of(list.as_bytes()).blake3[..32].to_owned())
}

/// The text without the entries for `item`, whose place a new one takes.
pub(crate) fn without(text: &str, item: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match blocks.last_mut() {
            Some(block) if !line.trim_start().starts_with("[[attestation]]") => block.push_str(line),
            _ => blocks.push(line.to_owned()),
        }
    }
    let is_old = |block: &String| {
        block.trim_start().starts_with("[[attestation]]")
            && parse(block).is_ok_and(|claims| claims.iter().any(|claim| claim.item == item))
    };
    blocks.into_iter().filter(|block| !is_old(block)).collect()
}

/// An entry as it is written into the file.
pub(crate) fn written(claim: &Claim, made: Date) -> String {
    let quoted = |text: &str| tollgate_model::toml_string(text);
    let scope = match &claim.scope {
        Scope::Routes => quoted(ROUTES),
        Scope::Files(patterns) => {
            format!("[{}]", patterns.iter().map(|pattern| quoted(pattern)).collect::<Vec<_>>().join(", "))
        }
    };
    let not_applicable = if claim.not_applicable { "not_applicable = true\n" } else { "" };
    format!(
        "[[attestation]]\ncontrol = {}\nowner = {}\nstatement = {}\nmade = {made}\nexpires = {}\nscope = {scope}\ndigest = {}\n{not_applicable}",
        quoted(&format!("owasp/{}", claim.item)),
        quoted(&claim.owner),
        quoted(&claim.statement),
        claim.expires,
        quoted(&claim.digest),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim() -> Claim {
        Claim {
            item: "API6:2023".to_owned(),
            owner: "jane".to_owned(),
            statement: "Looked at, \"twice\".".to_owned(),
            expires: Date::parse("2027-03-01").unwrap(),
            not_applicable: true,
            scope: Scope::Files(vec!["src/**".to_owned()]),
            digest: "00".to_owned(),
            line: 1,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let made = Date::parse("2026-11-20").unwrap();
        assert_eq!(parse(&written(&claim(), made)).unwrap(), [claim()]);
        let other = "[[attestation]]\ncontrol = \"branch/review\"\nowner = \"a\"\nstatement = \"b\"\nmade = 2026-01-01\n\
                     expires = 2026-02-01\nscope = \"routes\"\ndigest = \"\"\n";
        assert_eq!(parse(other).unwrap(), []);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let good = written(&claim(), Date::parse("2026-11-20").unwrap());
        for (from, to, expected) in [
            ("API6:2023", "API11:2023", "1: there is no control \"owasp/API11:2023\""),
            ("2027-03-01", "2027-09-01", "1: `expires` is more than 180 days after `made`"),
            ("owner = \"jane\"", "owner = \" \"", "1: `owner` is empty"),
            ("[\"src/**\"]", "\"all\"", "1: `scope` is \"all\""),
            ("[\"src/**\"]", "[]", "1: `scope` names nothing"),
            ("digest", "digits", "unknown field `digits`"),
            ("2026-11-20", "\"2026-11-20\"", "5: "),
        ] {
            let error = parse(&good.replace(from, to)).unwrap_err();
            assert!(error.contains(expected) || error.starts_with(expected), "{to}: {error}");
        }
    }
}
