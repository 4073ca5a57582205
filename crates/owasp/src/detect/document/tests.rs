use super::*;
use crate::evidence::State;

fn seen(text: &str) -> (Evidence, Seen) {
    let bytes = text.as_bytes().to_vec();
    let read = |_: &str, _: u64| Ok((bytes.clone(), Digest::of(&bytes)));
    let read = Document::read(&read, "openapi.yaml").unwrap();
    let mut evidence = Evidence::default();
    let seen = document(&read, &mut evidence);
    (evidence, seen)
}

/// What fails an item: rules and messages.
fn hard(text: &str) -> Vec<String> {
    let (evidence, _) = seen(text);
    evidence
        .drafts
        .iter()
        .filter(|draft| !draft.mild)
        .map(|draft| format!("{}: {}", draft.rule, draft.message))
        .collect()
}

/// Six things that a linter with 32 rules for this very list says nothing about.
const HOLES: &str = "
openapi: 3.0.3
info: { title: t, version: '1' }
security: [{ nowhere: [] }]
paths:
  /c: { post: { security: [{}], requestBody: { content: { application/json: { schema: { type: object, properties: { isAdmin: { type: boolean }, callbackUrl: { type: string } } } } } }, responses: { '200': { description: ok } } } }
  /d: { get: { security: [{ pass: [] }], responses: { '200': { description: ok } } } }
  /e: { get: { responses: { '200': { description: ok } } } }
  /admin/x: { delete: { responses: { '200': { description: ok } } } }
components: { securitySchemes: { pass: { type: http, scheme: Basic } } }
";

#[test]
fn the_six_holes_are_found() {
    let (evidence, _) = seen(HOLES);
    let rules: Vec<&str> = evidence.drafts.iter().map(|draft| draft.rule.as_str()).collect();
    for expected in [
        "anonymous-write",
        "undefined-security-scheme",
        "basic-authentication",
        "admin-like-others",
        "writable-privilege",
        "address-in-request",
    ] {
        assert_eq!(rules.iter().filter(|rule| **rule == expected).count(), 1, "{expected}: {rules:?}");
    }
    let message = |rule: &str| {
        let of = evidence.drafts.iter().find(|draft| draft.rule == rule).unwrap();
        format!("{}:{} {}", of.place.path, of.place.region.unwrap().start_line, of.message)
    };
    assert_eq!(
        message("anonymous-write"),
        "openapi.yaml:6 1 operation can change something without a token, by what the document says: POST /c."
    );
    assert!(
        message("undefined-security-scheme").starts_with("openapi.yaml:4 "),
        "{}",
        message("undefined-security-scheme")
    );
}

#[test]
fn what_is_left_out_everywhere_is_one_finding() {
    let paths: String =
        (0..200).map(|i| format!("  /p{i}:\n    get: {{ responses: {{ '200': {{ description: ok }} }} }}\n")).collect();
    let text = format!(
        "openapi: 3.0.3\ninfo: {{ title: t, version: '1' }}\nsecurity: [{{ b: [] }}]\npaths:\n{paths}components: {{ securitySchemes: {{ b: {{ type: http, scheme: bearer }} }} }}\n"
    );
    let (evidence, seen) = seen(&text);
    assert_eq!(seen.operations.len(), 200);
    assert_eq!(evidence.drafts.len(), 2, "429 and 401: {:?}", evidence.drafts);
    assert!(
        evidence.drafts[0]
            .message
            .starts_with("200 operations do not say that too many requests are refused (429): GET /p0")
    );
    assert!(evidence.drafts[0].message.ends_with(" and 195 more."));
    assert_eq!(evidence.best("authentication-declared").unwrap().state, State::Holds);
}

#[test]
fn components_are_cited_once_and_by_their_pointer() {
    let text = "
openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a: { post: { requestBody: { $ref: '#/components/requestBodies/U' }, responses: { '200': { description: ok } } } }
  /b: { put: { requestBody: { $ref: '#/components/requestBodies/U' }, responses: { '200': { description: ok } } } }
components:
  requestBodies:
    U: { content: { application/json: { schema: { $ref: '#/components/schemas/U' } } } }
  schemas:
    U: { type: object, properties: { friend: { $ref: '#/components/schemas/U' }, role: { type: string } } }
";
    let found: Vec<String> = hard(text).into_iter().filter(|draft| draft.starts_with("writable")).collect();
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains("1 property of") && found[0].contains("#/components/schemas/U/properties/role"),
        "{found:?}"
    );
}

#[test]
fn swagger_2_says_what_it_can() {
    let found = hard(
        "
swagger: '2.0'
info: { title: t, version: '1' }
host: api.example.com
schemes: [http]
securityDefinitions: { b: { type: basic }, k: { type: apiKey, in: query, name: key } }
security: [{ b: [] }, { k: [] }]
paths:
  /u:
    post:
      parameters: [{ in: body, name: u, schema: { type: object, properties: { isAdmin: { type: boolean } } } }]
      responses: { '200': { description: ok, schema: { type: object, properties: { password: { type: string } } } } }
",
    );
    for rule in
        ["basic-authentication", "credentials-in-query", "http-server", "writable-privilege", "secret-in-response"]
    {
        assert!(found.iter().any(|draft| draft.starts_with(rule)), "{rule}: {found:#?}");
    }
}

#[test]
fn what_leads_nowhere_or_in_circles_ends() {
    let text = "
openapi: 3.0.3
info: { title: t, version: '1' }
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } }
      responses: { '200': { $ref: 'https://x.example/a.yaml#/x' } }
  /b: { get: { parameters: [{ $ref: '#/components/parameters/none' }], responses: {} } }
components:
  schemas:
    A: { $ref: '#/components/schemas/B' }
    B: { $ref: '#/components/schemas/A' }
";
    let (_, seen) = seen(text);
    let unresolved: Vec<String> =
        seen.operations.iter().filter_map(|of| of.unresolved.as_ref().map(|b| b.to_string())).collect();
    assert_eq!(unresolved, ["it refers to `#/components/parameters/none`, which is not there"]);
    let deep = format!(
        "openapi: 3.0.3\ninfo: {{}}\npaths: {{ /a: {{ post: {{ requestBody: {{ content: {{ j: {{ schema: {}{{}}{} }} }} }}, responses: {{}} }} }} }}\n",
        "{ properties: { a: ".repeat(60),
        " } }".repeat(60)
    );
    let _ = hard(&deep);
}

#[test]
fn several_are_spoken_of_in_the_plural() {
    for (_, _, says) in SAYS {
        let plural = plural(says);
        assert!(!plural.starts_with("is ") && !plural.starts_with("does ") && !plural.starts_with("has "), "{plural}");
    }
}
