//! Targets for what asks a running service: its answers, its documents, budgets.

use super::Target;

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "http_answer",
        run: tollgate_http::fuzz,
        seeds: &["\u{4}/there?a=b", "\u{4}https://there.example:8443/a b#c", "\u{4}//there", "\u{2}x\u{1}", "\u{1}\u{b}\u{2}"],
        folders: &[],
        tokens: &["https://", "http://", "//", "@", "..", "%00", "[::1]", ":0", "\u{1f}", "\u{8b}"],
    },
    Target {
        name: "openapi",
        run: tollgate_openapi::fuzz,
        seeds: &[
            "openapi: 3.1.0\npaths:\n  /a/{id}:\n    get:\n      parameters: [{ $ref: '#/components/parameters/Id' }]\ncomponents:\n  parameters:\n    Id: { name: id, in: path, example: 7 }\n",
            "{\"swagger\":\"2.0\",\"paths\":{\"/a\":{\"get\":{\"parameters\":[{\"name\":\"q\",\"in\":\"query\",\"required\":true,\"default\":\"x\"}]}}}}",
        ],
        folders: &[("examples/shop/apps/api", ".yaml")],
        tokens: &["$ref: '#/", "in: path", "in: query", "required: true", "example: ", "{id}", "&a", "*a", "<<: ", "openapi: 3.0.0"],
    },
    Target {
        name: "latency_budgets",
        run: tollgate_latency::fuzz_budgets,
        seeds: &["{\"budgets\":{\"api\":{\"response_time_ms\":{\"health\":100,\"reports\":\"1.5 s\",\"about\":\"x\"}}}}"],
        folders: &[],
        tokens: &["response_time", "latency_s", "1e308", "-1", "\"5 ms\"", "{", "}", "null"],
    },
];
