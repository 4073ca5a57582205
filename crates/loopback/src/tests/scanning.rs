//! Uploads of SARIF, and the limits of ingestion.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::client::Client;
use super::{head, started, usual};
use crate::limits::{flaws, mistakes};
use crate::{GitHub, Setup};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn packed(log: &Value) -> String {
    STANDARD.encode(gzip(log.to_string().as_bytes()))
}

fn run(category: &str, results: Vec<Value>) -> Value {
    json!({ "tool": { "driver": { "name": "t", "rules": [] } }, "automationDetails": { "id": category }, "results": results })
}

fn log(runs: Vec<Value>) -> Value {
    json!({ "version": "2.1.0", "runs": runs })
}

fn result() -> Value {
    json!({ "ruleId": "r", "message": { "text": "x" },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "a.rs" } } }] })
}

fn body(log: &Value) -> Value {
    json!({ "commit_sha": head(), "ref": "refs/pull/7/merge", "sarif": packed(log) })
}

/// What becomes of an upload: how it is answered, and how its processing ends.
fn processed(client: &mut Client, log: &Value) -> (u16, Value) {
    let answer = client.post("/code-scanning/sarifs", &body(log));
    let path = format!("/code-scanning/sarifs/{}", answer.json["id"].as_str().unwrap());
    assert_eq!(client.get(&path).json["processing_status"], "pending");
    (answer.status, client.get(&path).json)
}

#[test]
fn an_upload_is_decoded_and_taken() {
    let (github, mut client) = usual();
    let log = log(vec![run("a/", vec![result()]), run("b/", vec![])]);
    let (status, end) = processed(&mut client, &log);
    assert_eq!((status, &end["processing_status"]), (202, &json!("complete")));
    assert!(end["analyses_url"].as_str().unwrap().contains("analyses?sarif_id="));
    let upload = github.state(|state| state.uploads[0].clone());
    assert_eq!((upload.sarif, upload.commit_sha, upload.reference.as_str()), (log, head(), "refs/pull/7/merge"));
    assert!(upload.gzip_bytes > 50 && upload.errors.is_empty());
    assert_eq!(github.complaints(), Vec::<String>::new());
    assert_eq!(client.get("/code-scanning/sarifs/none").status, 404);
}

#[test]
fn a_file_over_a_limit_is_refused_as_a_whole() {
    let (github, mut client) = usual();
    let (status, end) = processed(&mut client, &log(vec![run("a/1", vec![]), run("a/2", vec![])]));
    assert_eq!((status, &end["processing_status"]), (202, &json!("failed")));
    assert!(end["errors"][0].as_str().unwrap().contains("same tool and category"));
    assert_eq!((github.complaints().len(), github.state(|state| state.uploads[0].errors.len())), (1, 1));
    assert_eq!(github.state(|state| state.uploads.len()), 1);
}

fn refused(github: &GitHub, client: &mut Client, field: &str, value: Value) -> u16 {
    let before = github.complaints().len();
    let mut body = body(&log(vec![]));
    body[field] = value;
    let status = client.post("/code-scanning/sarifs", &body).status;
    assert_eq!(github.complaints().len(), before + 1, "{field}: {:?}", github.complaints());
    status
}

#[test]
fn an_upload_names_a_commit_and_a_full_reference() {
    let (github, mut client) = usual();
    for (field, value, status) in [
        ("commit_sha", json!("abc"), 422),
        ("commit_sha", json!("c".repeat(40)), 404),
        ("commit_sha", Value::Null, 422),
        ("ref", json!("main"), 422),
        ("ref", json!("refs/notes/x"), 422),
        ("ref", json!("refs/heads/"), 404),
        ("ref", json!("refs/pull/8/merge"), 404),
        ("ref", json!("refs/pull/7/base"), 404),
        ("extra", json!(1), 422),
        ("validate", json!("yes"), 422),
    ] {
        assert_eq!(refused(&github, &mut client, field, value.clone()), status, "{field} {value}");
    }
    assert!(github.state(|state| state.uploads.is_empty()));
    for reference in ["refs/heads/a/b", "refs/tags/v1", "refs/pull/7/head", "refs/pull/7/merge"] {
        let mut body = body(&log(vec![]));
        body["ref"] = json!(reference);
        assert_eq!(client.post("/code-scanning/sarifs", &body).status, 202, "{reference}");
    }
}

#[test]
fn an_upload_is_gzip_in_base64_of_sarif() {
    let (github, mut client) = usual();
    let mut of = |text: String| refused(&github, &mut client, "sarif", json!(text));
    let fine = packed(&log(vec![]));
    assert_eq!(of("?".to_owned()), 400);
    assert_eq!(of(fine.trim_end_matches('=').to_owned() + "A"), 400);
    assert_eq!(of(STANDARD.encode("{}")), 400);
    assert_eq!(of(STANDARD.encode(gzip(b"{\"version\": "))), 400);
    assert_eq!(of(packed(&json!({ "version": "2.0.0", "runs": [] }))), 400);
    assert_eq!(of(packed(&json!({ "version": "2.1.0" }))), 400);
    // Bytes that do not compress, one more than fit.
    let noise: Vec<u8> = (0_u32..(10 << 20) + 1).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(of(STANDARD.encode(&noise)), 413);
    assert!(github.complaints().last().unwrap().contains("larger than 10 MB"));
}

#[test]
fn switched_off_it_says_so_in_the_words_of_each_product() {
    for (enterprise, product) in [(false, "Code"), (true, "Advanced")] {
        let (github, mut client) = started(Setup { enterprise, code_scanning: false, ..Setup::default() });
        let refused = client.post("/code-scanning/sarifs", &body(&log(vec![])));
        let message = format!("{product} Security must be enabled for this repository to use code scanning.");
        assert_eq!((refused.status, refused.message()), (403, message.as_str()));
        assert_eq!(client.get("/code-scanning/sarifs/x").status, 403);
        assert!(github.complaints().is_empty());
    }
}

#[test]
fn every_documented_limit_is_known() {
    let of = |run: Value| flaws(&log(vec![run]));
    let many = |item: Value, count: usize| Value::Array(vec![item; count]);
    let with = |pointer: &str, value: Value| {
        let mut run = run("a/", vec![result()]);
        run["tool"]["driver"]["rules"] = json!([{ "id": "r", "properties": {} }]);
        run["tool"]["extensions"] = json!([{ "rules": [{ "id": "s", "properties": {} }] }]);
        run["results"][0]["codeFlows"] = json!([{ "threadFlows": [{}] }]);
        let (at, key) = pointer.rsplit_once('/').unwrap();
        run.pointer_mut(at).unwrap()[key] = value;
        of(run)
    };
    let place = result()["locations"][0].clone();
    for (pointer, item, most) in [
        ("/results", result(), 25_000),
        ("/tool/driver/rules", json!({}), 25_000),
        ("/tool/extensions/0/rules", json!({}), 25_000),
        ("/tool/extensions", json!({}), 100),
        ("/tool/driver/rules/0/properties/tags", json!("t"), 20),
        ("/tool/extensions/0/rules/0/properties/tags", json!("t"), 20),
        ("/results/0/locations", place, 1_000),
        ("/results/0/codeFlows/0/threadFlows/0/locations", json!({}), 10_000),
    ] {
        assert_eq!(with(pointer, many(item.clone(), most)), Vec::<String>::new(), "{pointer}");
        assert_eq!(with(pointer, many(item, most + 1)).len(), 1, "{pointer}");
    }
    assert_eq!(with("/results/0/locations", json!([])).len(), 1);
    assert_eq!(with("/tool/driver/name", json!("")).len(), 1);
    let runs = |count: usize| (0..count).map(|i| run(&format!("{i}/"), vec![])).collect::<Vec<_>>();
    assert!(flaws(&log(runs(20))).is_empty());
    assert_eq!(flaws(&log(runs(21))).len(), 1);
}

#[test]
fn runs_are_told_apart_by_tool_and_category() {
    let both = |change: &dyn Fn(&mut Value)| {
        let mut other = run("a/", vec![]);
        change(&mut other);
        flaws(&log(vec![run("a/", vec![]), other])).len()
    };
    assert_eq!(both(&|_| {}), 1);
    assert_eq!(both(&|run| run["automationDetails"]["id"] = json!("a/2")), 1);
    assert_eq!(both(&|run| run["automationDetails"]["id"] = json!("b/")), 0);
    assert_eq!(both(&|run| run["automationDetails"] = Value::Null), 0);
    for key in ["name", "fullName", "version", "semanticVersion", "guid"] {
        assert_eq!(both(&|run| run["tool"]["driver"][key] = json!("other")), 0, "{key}");
    }
}

#[test]
fn suppressed_results_are_a_mistake() {
    let mut silenced = result();
    silenced["suppressions"] = json!([{ "kind": "external" }]);
    assert_eq!(mistakes(&log(vec![run("a/", vec![result(), silenced.clone()])])).len(), 1);
    silenced["suppressions"] = json!([]);
    assert!(mistakes(&log(vec![run("a/", vec![silenced])])).is_empty());
}
