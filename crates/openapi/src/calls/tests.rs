use proptest::prelude::*;

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

#[test]
fn what_the_document_gives_is_filled_in_and_the_rest_left_out() {
    let document = Document::parse("api.yaml", DOCUMENT.as_bytes()).unwrap();
    let (made, left) = calls(&document, |_| true);
    let told: Vec<_> = made.iter().map(|c| (c.path.as_str(), c.needs_auth, c.expected_statuses.as_slice())).collect();
    assert_eq!(told, [("/health", false, &[200][..]), ("/wells/a%2Fb?unit=m%C2%B3%2Fd", true, &[200, 206][..])]);
    assert_eq!(made[1].location.to_string(), "api.yaml:12");
    let told: Vec<_> = left.iter().map(|l| (l.template.as_str(), l.because.as_str())).collect();
    assert_eq!(
        told,
        [
            ("/reports/{year}", "its parameter `year` has no example"),
            ("/far", "a parameter refers to what is not in the document"),
            ("/circle", "a parameter refers to what is not in the document"),
            ("/undeclared/{what}", "its parameter `what` is not declared"),
        ]
    );
}

#[test]
fn other_versions_and_json_are_read_too() {
    let swagger = r#"{"swagger": "2.0", "paths": {"/a": {"get": {"parameters": [{"name": "q", "in": "query", "required": true, "type": "string", "default": "x y"}]}}}}"#;
    let document = Document::parse("api.json", swagger.as_bytes()).unwrap();
    assert_eq!(calls(&document, |_| true).0[0].path, "/a?q=x%20y");
    let named = "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      parameters:\n        - name: q\n          in: query\n          required: true\n          examples: { one: { value: 7 } }\n";
    let document = Document::parse("api.yaml", named.as_bytes()).unwrap();
    assert_eq!(calls(&document, |_| true).0[0].path, "/a?q=7");
}

#[test]
fn what_is_no_document_is_refused_by_name() {
    for text in ["", "[]", "{}", "openapi: 4.0.0", "paths: {}", "{", "openapi: [3.0]"] {
        let error = Document::parse("x.yaml", text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("x.yaml"), "{text}: {error}");
    }
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
