//! Targets for what the checker of builds reads.

use super::Target;

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "bundle_manifest",
        run: tollgate_bundle::fuzz_manifest,
        seeds: &[
            "{\"a\":{\"file\":\"a.js\",\"isEntry\":true,\"imports\":[\"b\"],\"dynamicImports\":[\"a\"],\"css\":[\"a.css\"]},\"b\":{\"file\":\"b.js\"}}",
            "{\"outputPath\":\"/x/dist\",\"entrypoints\":{\"a\":{\"chunks\":[1],\"assets\":[\"a.js\",{\"name\":\"b.js?1\"}]}},\"chunks\":[{\"id\":1,\"names\":[\"a\"],\"children\":[\"2\"]},{\"id\":\"2\",\"files\":[\"c.css\"],\"parents\":[1],\"reason\":\"split chunk\"}]}",
            "{\"inputs\":{},\"outputs\":{\"x/a.js\":{\"entryPoint\":\"a\",\"cssBundle\":\"x/a.css\",\"imports\":[{\"path\":\"x/b.js\",\"kind\":\"dynamic-import\"}]},\"x/b.js\":{}}}",
            "[{\"fileName\":\"a.js\",\"isEntry\":true,\"imports\":[\"b.js\"],\"viteMetadata\":{\"importedCss\":[\"a.css\"]}},{\"fileName\":\"b.js\"}]",
            "{\"nodeMetas\":{\"0\":{\"id\":\"/a\",\"isEntry\":true,\"moduleParts\":{\"a.js\":\"1\"},\"imported\":[{\"uid\":\"0\",\"dynamic\":true}]}}}",
        ],
        folders: &[("crates/bundle/src/readers/samples", ".json")],
        tokens: &[
            "\"children\":[{",
            "\"parents\":[",
            "\"now\":",
            "null",
            "{}",
            "[]",
            "true",
            "-1",
            "1e3",
            "../",
            "/dist",
            ".js",
            ".css",
            "?x",
        ],
    },
    Target {
        name: "bundle_page",
        run: tollgate_bundle::fuzz_page,
        seeds: &[
            "<base href=\"/a/\"><script type=module src=b.js></script><link rel=stylesheet href='../c%20d.css?x&amp;y'>",
            "<!-- <p --><svg><title/></svg><template><script src=/a.js></script></template><script><!--<script></script>--></script>",
            "<link rel=preload as=script href=//x/a.js><script nomodule src=/x/a.js></script><link rel=prefetch href=/x/b.js>",
        ],
        folders: &[("fixtures/bundle", ".html")],
        tokens: &[
            "<script src=",
            "</script>",
            "<!--",
            "-->",
            "--!>",
            "<link rel=stylesheet href=",
            "<base href=",
            "../",
            "%2e",
            "&#x41;",
            "&amp",
            "/>",
            "<svg>",
            "'",
            "\"",
        ],
    },
];
