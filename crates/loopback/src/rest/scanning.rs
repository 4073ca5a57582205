//! Code scanning: uploads of SARIF.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::{Call, Field, Kind, Outcome, text};
use crate::limits;
use crate::setup::Access;
use crate::state::Upload;

/// Most bytes of a compressed file.
const COMPRESSED: usize = 10 << 20;
/// Most bytes of a file; ours, against what inflates without end.
const INFLATED: u64 = 256 << 20;

const FIELDS: &[Field] = &[
    ("commit_sha", Kind::Text, true),
    ("ref", Kind::Text, true),
    ("sarif", Kind::Text, true),
    ("checkout_uri", Kind::Text, false),
    ("started_at", Kind::Text, false),
    ("tool_name", Kind::Text, false),
    ("validate", Kind::Flag, false),
];

pub(super) fn upload(call: &mut Call<'_>) -> Outcome {
    call.need(&["security_events"], Access::Write)?;
    enabled(call)?;
    let body = call.body(FIELDS)?;
    if let Some(key) = body.keys().find(|key| FIELDS.iter().all(|(name, ..)| name != key)) {
        return Err(Answer::refusal(422, &format!("Invalid request.\n\n\"{key}\" is not a permitted key.")));
    }
    let commit_sha = text(&body, "commit_sha").unwrap_or_default();
    if !limits::is_sha(&commit_sha) {
        let refusal = Answer::refusal(422, "Invalid request.\n\ncommit_sha does not match its pattern.");
        return call.refuse("`commit_sha` is not 40 or 64 hexadecimal digits", refusal);
    }
    let reference = reference(call, &text(&body, "ref").unwrap_or_default())?;
    if !call.state.knows(&commit_sha) {
        return call.refuse("the repository has no such commit", Answer::refusal(404, "commit not found"));
    }
    let (sarif, gzip_bytes) = decoded(call, &text(&body, "sarif").unwrap_or_default())?;
    let errors = limits::flaws(&sarif);
    for flaw in errors.iter().chain(&limits::mistakes(&sarif)) {
        call.complain(flaw);
    }
    let id = format!("{:08x}-5596-11eb-80a1-c1e54ef945c6", call.state.next_id());
    let url = format!("{}/code-scanning/sarifs/{id}", call.api_repository());
    let answer = Answer::created(202, &id, &json!({ "id": id, "url": url }));
    call.state.uploads.push(Upload { id, commit_sha, reference, sarif, gzip_bytes, errors, asked: 0 });
    Ok(answer)
}

/// How far an upload has come: pending when first asked for, then taken or refused as a whole.
pub(super) fn get(call: &mut Call<'_>, id: &str) -> Outcome {
    call.need(&["security_events"], Access::Read)?;
    enabled(call)?;
    let url = format!("{}/code-scanning/analyses?sarif_id={id}", call.api_repository());
    let upload = call.state.uploads.iter_mut().find(|upload| upload.id == id).ok_or_else(Answer::not_found)?;
    upload.asked += 1;
    Ok(Answer::json(
        200,
        &match (upload.asked, upload.errors.as_slice()) {
            (1, _) => json!({ "processing_status": "pending" }),
            (_, []) => json!({ "processing_status": "complete", "analyses_url": url }),
            (_, errors) => json!({ "processing_status": "failed", "errors": errors }),
        },
    ))
}

fn enabled(call: &Call<'_>) -> Result<(), Answer> {
    let product = if call.setup.enterprise { "Advanced" } else { "Code" };
    let message = format!("{product} Security must be enabled for this repository to use code scanning.");
    if call.setup.code_scanning { Ok(()) } else { Err(Answer::refusal(403, &message)) }
}

/// A full name of what exists.
fn reference(call: &mut Call<'_>, name: &str) -> Result<String, Answer> {
    let refusal = Answer::refusal(422, "Invalid request.\n\nref does not match its pattern.");
    let Some((kind, rest)) = name.strip_prefix("refs/").and_then(|name| name.split_once('/')) else {
        return call.refuse("`ref` is no full name", refusal);
    };
    let exists = match kind {
        "heads" | "tags" => !rest.is_empty(),
        "pull" => rest
            .split_once('/')
            .filter(|(_, side)| ["merge", "head"].contains(side))
            .and_then(|(number, _)| number.parse().ok())
            .is_some_and(|number: u64| call.state.pulls.contains_key(&number)),
        _ => return call.refuse("`ref` is no full name", refusal),
    };
    if !exists {
        let refusal = Answer::refusal(404, &format!("ref '{name}' not found in this repository"));
        return call.refuse("`ref` names nothing", refusal);
    }
    Ok(name.to_owned())
}

/// The file: from base64, from gzip, as JSON.
fn decoded(call: &mut Call<'_>, text: &str) -> Result<(Value, usize), Answer> {
    let bad =
        || Answer::refusal(400, "Bad request - the SARIF field is invalid: not gzip in Base64, or no SARIF 2.1.0");
    let Ok(gzip) = STANDARD.decode(text) else {
        return call.refuse("`sarif` is no standard base64", bad());
    };
    if gzip.len() > COMPRESSED {
        let refusal = Answer::refusal(413, "Payload Too Large: the SARIF file is larger than 10 MB compressed");
        return call.refuse("the file is larger than 10 MB compressed", refusal);
    }
    let mut bytes = Vec::new();
    match MultiGzDecoder::new(gzip.as_slice()).take(INFLATED + 1).read_to_end(&mut bytes) {
        Ok(size) if size as u64 <= INFLATED => {}
        Ok(_) => return call.refuse("the file inflates to more than 256 MiB", bad()),
        Err(_) => return call.refuse("`sarif` is no gzip", bad()),
    }
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(sarif) if sarif["version"] == "2.1.0" && sarif["runs"].is_array() => Ok((sarif, gzip.len())),
        _ => call.refuse("the file is no SARIF 2.1.0", bad()),
    }
}
