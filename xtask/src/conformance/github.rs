//! What we send to GitHub, held against GitHub's own descriptions: REST against its OpenAPI document, GraphQL against its public
//! schema. The GitHub that answers is the one of our tests, whose answers are held against the same.

mod openapi;
mod scenes;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use tollgate_loopback::Request;

use crate::conformance::Tally;
use crate::conformance::packages::Packages;
use crate::conformance::runs::Runs;
use crate::workspace;

use openapi::Description;

/// How GraphQL documents are judged.
const GRAPHQL: &str = include_str!("github/graphql.cjs");

pub(super) fn check(packages: &Packages, runs: &Runs, folder: &Path, tally: &mut Tally) -> Result<()> {
    let scenes = scenes::play(runs, &folder.join("github"))?;
    for (name, file) in &packages.openapi {
        let description = Description::read(file)?;
        tally.note(format!("{name} refuses a wrong request"), wrong(&description));
        for scene in scenes.iter().filter(|scene| scene.enterprise == name.starts_with("ghes")) {
            let outcome = rest(&description, &scene.requests);
            tally.note(format!("REST of {} by {name}", scene.name), outcome);
        }
    }
    let script = folder.join("graphql.cjs");
    fs::write(&script, GRAPHQL)?;
    let wrong = query(packages, &script, folder, "query { viewer { logn } }");
    let outcome = match wrong {
        Err(error) if format!("{error:#}").contains("logn") => Ok("it does".to_owned()),
        Err(error) => Err(error),
        Ok(()) => Err(anyhow::anyhow!("a field that does not exist was taken")),
    };
    tally.note("the GraphQL schema refuses a wrong query", outcome);
    let mut queries: Vec<String> = scenes.iter().flat_map(|scene| &scene.requests).filter_map(document).collect();
    queries.sort();
    queries.dedup();
    let judged = match queries.is_empty() {
        true => Err(anyhow::anyhow!("no query was sent")),
        false => queries.iter().try_for_each(|text| query(packages, &script, folder, text)),
    };
    tally.note("GraphQL queries fit GitHub's schema", judged.map(|()| format!("{} queries", queries.len())));
    Ok(())
}

/// Every request, and every answer that is no error.
fn rest(description: &Description, requests: &[Request]) -> Result<String> {
    let rest: Vec<&Request> = requests.iter().filter(|request| !request.path.ends_with("/graphql")).collect();
    if rest.is_empty() {
        bail!("none was sent");
    }
    for request in &rest {
        description.judge(request).with_context(|| format!("{} {}", request.method, request.path))?;
    }
    Ok(format!("{} requests", rest.len()))
}

/// The judge must see a body without its field, a field too many, and a path that is none.
fn wrong(description: &Description) -> Result<String> {
    let request = |path: &str, body: &str| Request {
        method: "POST".to_owned(),
        path: path.to_owned(),
        status: None,
        body: body.as_bytes().to_vec(),
        answer: Vec::new(),
    };
    let comments = "/repos/octo/shop/issues/7/comments";
    for (path, body) in
        [(comments, "{}"), (comments, r#"{"body": 1}"#), (comments, r#"{"body": "x", "boddy": 1}"#), ("/repo/x", "{}")]
    {
        if description.judge(&request(path, body)).is_ok() {
            bail!("{path} with {body} was taken");
        }
    }
    description.judge(&request(comments, r#"{"body": "x"}"#)).context("a right one")?;
    Ok("it does".to_owned())
}

/// The GraphQL document of a request.
fn document(request: &Request) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
    request.path.ends_with("/graphql").then(|| body["query"].as_str().map(str::to_owned))?
}

fn query(packages: &Packages, script: &Path, folder: &Path, text: &str) -> Result<()> {
    let file = folder.join("query.graphql");
    fs::write(&file, text)?;
    let paths = [script, packages.graphql.as_path(), packages.graphql_schema.as_path(), file.as_path()];
    workspace::run(Command::new("node").args(paths)).map(drop)
}
