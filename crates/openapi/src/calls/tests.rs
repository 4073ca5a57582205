use proptest::prelude::*;
use tollgate_input::Root;

use super::*;

const DOCUMENT: &str = "\
openapi: 3.1.0
info: { title: Wells, version: 1.0.0 }
security: [{ token: [] }]
paths:
  /health:
    get:
      security: []
      responses: { '200': { description: fine } }
  /wells/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
    get:
      parameters:
        - { name: unit, in: query, required: true, schema: { enum: [\"m³/d\", bbl] } }
        - { name: page, in: query, schema: { type: integer } }
        - { name: Accept, in: header, required: true }
        - { name: a, in: cookie, required: true, example: 1 }
        - { name: b, in: cookie, required: true, example: true }
      responses: { '200': {}, '206': {}, 4XX: {}, default: {} }
    delete:
      responses: { '204': {} }
  /reports/{year}:
    get:
      parameters: [{ name: year, in: path, schema: { type: integer } }]
  /far:
    get:
      parameters: [{ $ref: 'other.yaml#/x' }]
  /circle:
    get:
      parameters: [{ $ref: '#/components/parameters/Round' }]
  /undeclared/{what}:
    get: {}
components:
  parameters:
    Id: { name: id, in: path, required: true, example: a/b }
    Round: { $ref: '#/components/parameters/Round' }
";

/// A document that has these paths, and what else is given.
fn document(paths: &str, more: &str) -> Document {
    Document::parse("api.yaml", format!("openapi: 3.1.0\n{more}\npaths:\n{paths}").as_bytes()).unwrap()
}

fn made(document: &Document) -> Vec<String> {
    calls(document).0.iter().map(|call| format!("{} {}{}", call.method, call.base, call.path)).collect()
}

fn left(document: &Document) -> Vec<String> {
    calls(document).1.iter().map(|left| format!("{}: {}", left.about(), left.because)).collect()
}

#[test]
fn what_the_document_gives_is_filled_in_and_the_rest_left_out() {
    let document = Document::parse("api.yaml", DOCUMENT.as_bytes()).unwrap();
    let (made, _) = calls(&document);
    let told: Vec<_> = made.iter().map(|c| (c.path.as_str(), c.needs_auth, c.expected_statuses.as_slice())).collect();
    assert_eq!(told, [("/health", false, &[200][..]), ("/wells/a%2Fb?unit=m%C2%B3%2Fd", true, &[200, 206][..])]);
    assert_eq!(made[1].headers, [("cookie".to_owned(), "a=1; b=true".to_owned())]);
    assert_eq!(made[1].location.to_string(), "api.yaml:12");
    assert_eq!(
        left(&document),
        [
            "GET /reports/{year}: its parameter `year` has no example",
            "GET /far: it refers to `other.yaml`, and other files are not read here",
            "GET /circle: it refers to itself, or over too many steps",
            "GET /undeclared/{what}: its parameter `what` is not declared",
        ]
    );
}

#[test]
fn other_versions_and_json_are_read_too() {
    let swagger = r#"{"swagger": "2.0", "basePath": "/v2/", "paths": {"/a": {"get": {"parameters": [{"name": "q", "in": "query", "required": true, "type": "string", "default": "x y"}]}}}}"#;
    assert_eq!(made(&Document::parse("api.json", swagger.as_bytes()).unwrap()), ["GET /v2/a?q=x%20y"]);
    let named = "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      parameters:\n        - name: q\n          in: query\n          required: true\n          examples: { one: { value: 7 } }\n";
    assert_eq!(made(&Document::parse("api.yaml", named.as_bytes()).unwrap()), ["GET /a?q=7"]);
    let new = "openapi: 3.2.0\npaths: { /a: { get: {}, additionalOperations: { LINK: {} } } }";
    let operations = Document::parse("api.yaml", new.as_bytes()).unwrap().operations();
    assert_eq!(operations.all.iter().map(|one| one.method.as_str()).collect::<Vec<&str>>(), ["GET", "LINK"]);
}

#[test]
fn what_is_no_document_is_refused_by_name() {
    for text in [
        "",
        "[]",
        "{}",
        "openapi: 4.0.0",
        "openapi: 3.9.9",
        "openapi: 3.1x",
        "swagger: 2.7",
        "swagger: '20'",
        "paths: {}",
        "{",
        "openapi: [3.0]",
    ] {
        let error = Document::parse("x.yaml", text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("x.yaml"), "{text}: {error}");
    }
    for text in ["openapi: 3.0", "openapi: '3.1.0-rc1'", "swagger: 2", "swagger: 2.0", "swagger: '2.0'"] {
        assert!(Document::parse("x.yaml", text.as_bytes()).is_ok(), "{text}");
    }
}

/// What is not understood is told: a part of a document is not taken for the whole.
#[test]
fn nothing_vanishes() {
    let paths = "
  /a: { $ref: 'a.yaml' }
  /b: { GET: {}, Post: {} }
  /c: { get: { responses: {} } }
  '/c': { get: {} }
  d: { get: {} }
  /e: [get]
  x-of-mine: { get: {} }
  /f: { $ref: '#/components/pathItems/F', head: {} }
  /g: { get: { $ref: '#/nowhere' } }
";
    let more = "components: { pathItems: { F: { get: {}, head: { requestBody: { required: true } } } } }";
    let document = document(paths, more);
    assert_eq!(made(&document), ["GET /c", "HEAD /f", "GET /f"]);
    assert_eq!(
        left(&document),
        [
            "any /a: it refers to `a.yaml`, and other files are not read here",
            "GET /b: its method is not written in lower case",
            "GET /c: it is there twice",
            "any d: its path does not begin with `/`",
            "any /e: it is no mapping of methods",
            "GET /g: it refers to `#/nowhere`, which is not there",
        ]
    );
    let elsewhere = Document::parse("a.yaml", b"openapi: 3.0.0\npaths: { $ref: paths.yaml }").unwrap();
    assert_eq!(left(&elsewhere), ["any path: it refers to `paths.yaml`, and other files are not read here"]);
}

#[test]
fn what_would_be_another_request_is_not_made() {
    let get = |parameter: &str| format!("  /a/{{x}}: {{ get: {{ parameters: [{{ name: x, {parameter} }}] }} }}");
    let outcome = |parameter: &str| {
        let document = document(&get(parameter), "");
        made(&document).into_iter().chain(left(&document)).collect::<Vec<String>>().join(" | ")
    };
    assert_eq!(outcome("in: path, example: '..'"), "GET /a/{x}: the example of its parameter `x` is no name");
    assert_eq!(outcome("in: path, example: ''"), "GET /a/{x}: the example of its parameter `x` is no plain value");
    assert_eq!(outcome("in: path, example: 12345678901234567890123"), "GET /a/12345678901234567890123");
    assert_eq!(outcome("in: path, example: 0.1"), "GET /a/0.1");
    assert_eq!(outcome("in: path, example: [1]"), "GET /a/{x}: the example of its parameter `x` is no plain value");
    let matrix = "GET /a/{x}: its parameter `x` is written in the style `matrix`";
    assert_eq!(outcome("in: path, style: matrix, example: 1"), matrix);
    assert_eq!(outcome("in: path, style: simple, schema: { const: 1, example: 2 }"), "GET /a/1");
    assert_eq!(outcome("in: nowhere"), "GET /a/{x}: its parameter `x` does not say where it goes");
    let body = document("  /a: { get: { requestBody: { required: true } } }\n  /../b: { get: {} }", "");
    assert_eq!(left(&body), ["GET /a: it wants a body", "GET /../b: its path has steps, which are no names"]);
}

#[test]
fn successes_are_those_that_are_declared() {
    let responses = |text: &str| {
        let document = document(&format!("  /a: {{ get: {{ responses: {text} }} }}"), "");
        calls(&document).0[0].expected_statuses.clone()
    };
    assert_eq!(responses("{ 200: {}, '204': {}, 404: {}, default: {} }"), [200, 204]);
    assert_eq!(responses("{ 200: {}, 2XX: {} }"), [0_u16; 0]);
    assert_eq!(responses("{ default: {} }"), [0_u16; 0]);
}

#[test]
fn what_is_no_rule_keeps_nobody_in() {
    let needs =
        |security: &str| calls(&document("  /a: { get: {} }", &format!("security: {security}"))).0[0].needs_auth;
    for (security, expected) in [
        ("[]", false),
        ("[{}]", false),
        ("[{ a: [] }, {}]", false),
        ("[{ a: [] }]", true),
        ("token", true),
        ("[a]", true),
    ] {
        assert_eq!(needs(security), expected, "{security}");
    }
}

#[test]
fn operations_are_below_the_path_of_their_server() {
    let base = |servers: &str, own: &str| {
        let document = document(&format!("  /a: {{ get: {{ {own} }} }}"), servers);
        made(&document).into_iter().chain(left(&document)).collect::<Vec<String>>().join(" | ")
    };
    assert_eq!(base("", ""), "GET /a");
    assert_eq!(base("servers: [{ url: 'https://api.example.com/v1/' }]", ""), "GET /v1/a");
    assert_eq!(base("servers: [{ url: /v1 }]", ""), "GET /v1/a");
    let both = "servers: [{ url: 'https://api.example.com/v1' }, { url: 'http://localhost:3000/dev' }]";
    assert_eq!(base(both, ""), "GET /dev/a");
    let of_version = "servers: [{ url: 'https://x.example/{v}', variables: { v: { default: v7 } } }]";
    assert_eq!(base(of_version, ""), "GET /v7/a");
    let open = "GET /a: `https://{host}/v1`, where it is served, is no address";
    assert_eq!(base("servers: [{ url: 'https://{host}/v1' }]", ""), open);
    let own = "servers: [{ url: 'https://up.example.com/v1' }]";
    let elsewhere = "GET /a: it is served elsewhere, at `https://up.example.com/v1`";
    assert_eq!(base("servers: [{ url: 'https://api.example.com' }]", own), elsewhere);
    assert_eq!(base(own, own), "GET /v1/a");
    assert_eq!(base(own, "servers: [{ url: /up }]"), "GET /up/a");
}

#[test]
fn other_files_are_followed_below_the_root() {
    let folder = tempfile::tempdir().unwrap();
    let file = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    file(
        "docs/api.yaml",
        "openapi: 3.1.0\npaths:\n  /wells/{id}: { $ref: 'paths/wells.yaml#/~1wells~1%7Bid%7D' }\n  /x: { $ref: ../../../etc/x.yaml }\n  /y: { $ref: gone.yaml }\n  /z: { $ref: 'https://example.com/z.yaml' }\n  /w: { $ref: /etc/w.yaml }\n",
    );
    file(
        "docs/paths/wells.yaml",
        "/wells/{id}:\n  get:\n    parameters: [{ $ref: '../shared.json#/Id' }, { $ref: '#/Unit' }]\nUnit: { name: unit, in: query, required: true, example: bbl }\n",
    );
    file("docs/shared.json", r#"{"Id": {"name": "id", "in": "path", "required": true, "example": 7}}"#);
    let document = Document::read(&Root::new(folder.path()).unwrap(), "docs/api.yaml").unwrap();
    assert_eq!(made(&document), ["GET /wells/7?unit=bbl"]);
    assert_eq!(calls(&document).0[0].location.to_string(), "docs/paths/wells.yaml:2");
    let read: Vec<&str> = document.inputs().map(|(path, _)| path).collect();
    assert_eq!(read, ["docs/api.yaml", "docs/paths/wells.yaml", "docs/shared.json"]);
    let left = left(&document);
    assert_eq!(left[0], "any /x: it refers to `../../../etc/x.yaml`, which is outside of what is examined");
    assert!(left[1].starts_with("any /y: it refers to a file: docs/gone.yaml"), "{left:?}");
    assert_eq!(left[2], "any /z: it refers to `https://example.com/z.yaml`, which is not fetched");
    assert_eq!(left[3], "any /w: it refers to `/etc/w.yaml`, which is outside of what is examined");
}

#[test]
fn what_is_referred_to_often_is_read_once_and_a_budget_ends_it() {
    let shared: String = (0..1_000).map(|i| format!("{{name: p{i}, in: query}},")).collect();
    let paths: String = (0..1_100).map(|i| format!("  /p{i}: {{ $ref: '#/components/pathItems/All' }}\n")).collect();
    let more = format!("components: {{ pathItems: {{ All: {{ parameters: [{shared}], get: {{}} }} }} }}");
    let document = document(&paths, &more);
    let (made, left) = calls(&document);
    assert_eq!((made.len(), left.len()), (1_000, 100));
    assert!(left[0].because.contains("more than 1000000 parameters"), "{}", left[0].because);
}

#[test]
fn large_mappings_are_looked_up_by_key() {
    let shared: String =
        (0..20_000).map(|i| format!("    P{i}: {{ name: p, in: query, required: true, example: {i} }}\n")).collect();
    let paths: String = (0..20_000)
        .map(|i| format!("  /p{i}: {{ get: {{ parameters: [{{ $ref: '#/components/parameters/P{i}' }}] }} }}\n"))
        .collect();
    let document = document(&paths, &format!("components:\n  parameters:\n{shared}"));
    let made = made(&document);
    assert_eq!((made.len(), made[19_999].as_str()), (20_000, "GET /p19999?p=19999"));
}

proptest! {
    #[test]
    fn no_mutation_of_a_document_is_too_much(at in 0..DOCUMENT.len(), length in 0..40usize, with in "[ -~\\n]{0,8}") {
        let mut bytes = DOCUMENT.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, with.bytes());
        crate::fuzz(&bytes);
    }
}
