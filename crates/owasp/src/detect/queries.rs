//! How queries are built: by what turns values into parameters, or by joining texts.

use super::{SOURCE, Source, few};
use crate::evidence::{Evidence, State};
use crate::program::Def;
use crate::routes::at;
use crate::syntax::{ExprKind, walk};

/// Packages that build queries from values, each with words of files that use it.
const BUILDERS: &[&str] = &[
    "drizzle-orm",
    "@prisma/client",
    "typeorm",
    "@nestjs/typeorm",
    "@mikro-orm/core",
    "sequelize",
    "mongoose",
    "@nestjs/mongoose",
    "knex",
    "kysely",
    "objection",
];

/// Calls that send a query as a text.
const RAW: &[&str] =
    &["query", "raw", "execute", "$queryRawUnsafe", "$executeRawUnsafe", "$queryRaw", "$executeRaw", "rawQuery"];

/// Whether queries are built by parameters.
pub(super) fn queries(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let mut builders = Vec::new();
    let (mut raw, mut joined) = (Vec::new(), Vec::new());
    for path in look.program.sources.holding(BUILDERS) {
        let Some(file) = look.program.file(path) else { continue };
        if file
            .imports
            .iter()
            .any(|import| BUILDERS.iter().any(|of| import.from == *of || import.from.starts_with(&format!("{of}/"))))
        {
            builders.push(tollgate_model::Location::file(path));
        }
    }
    for path in look.program.sources.holding(&[".query(", ".raw(", ".execute(", "RawUnsafe("]) {
        let Some(file) = look.program.file(path) else { continue };
        walk(&file.body, &mut |expr| {
            let ExprKind::Call(call) = &expr.kind else { return };
            let ExprKind::Member(_, name) = &call.callee.kind else { return };
            let Some(first) = call.arguments.first().filter(|_| RAW.contains(&name.as_str())) else { return };
            if !reads_like_sql(first) {
                return;
            }
            let known = match look.program.meaning(path, first) {
                Some(Def::Value(file, value)) => look.program.text(file, value).is_some(),
                _ => false,
            };
            let place = at(path, expr.lines);
            if known { raw.push(place) } else { joined.push(place) }
        });
    }
    let text = format!(
        "{} files build queries with a library; of {} queries written as text {} are joined from values",
        builders.len(),
        raw.len() + joined.len(),
        joined.len()
    );
    match (builders.len() + raw.len(), joined.len()) {
        (0, 0) => evidence.answer(SOURCE, "parameterized-queries", State::Missing, "no query was seen", Vec::new()),
        (0, _) => evidence.answer(SOURCE, "parameterized-queries", State::Missing, text, few(joined.into_iter())),
        (_, 0) => {
            evidence.answer(SOURCE, "parameterized-queries", State::Holds, text, few(raw.into_iter().chain(builders)))
        }
        _ => evidence.answer(SOURCE, "parameterized-queries", State::Partly, text, few(joined.into_iter())),
    }
}

/// Whether an expression begins as a statement in SQL does.
fn reads_like_sql(expr: &crate::syntax::Expr) -> bool {
    let text = match &expr.kind {
        ExprKind::String(text) => text,
        ExprKind::Template(parts) => match parts.first().and_then(|first| first.as_text()) {
            Some(text) => text,
            None => return false,
        },
        ExprKind::Binary { left, .. } => return reads_like_sql(left),
        _ => return false,
    };
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    matches!(
        first.as_str(),
        "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "WITH" | "CREATE" | "ALTER" | "DROP" | "TRUNCATE" | "MERGE"
    )
}
