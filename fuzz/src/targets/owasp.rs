//! A target for each kind of file that the OWASP checklist reads.

use super::Target;

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "owasp_nest",
        run: |bytes| tollgate_owasp::fuzz("source", bytes),
        seeds: &["@Module({ controllers: [C], providers: [{ provide: APP_GUARD, useClass: G }] })\nexport class M {}\n@Controller('a')\nclass C { @Get(':id') get(@Param('id') id) { return f(id); } }\n"],
        folders: &[("fixtures/owasp", ".ts"), ("examples/shop/apps/api/src", ".ts")],
        tokens: &["@", "class ", "extends ", "=> ", "`${", "}`", "canActivate(", "reflector.get(", "if (", "return ", "super.", "import {", "} from './m'", "export ", "useClass: ", "...", "?.", "this."],
    },
    Target {
        name: "owasp_express",
        run: |bytes| tollgate_owasp::fuzz("express", bytes),
        seeds: &["const express = require('express');\nconst app = express();\napp.use('/a', (q, r, next) => next(), r());\nfunction r() { const x = express.Router(); x.route('/b').get(h).post(h); return x; }\nmodule.exports = app;\n"],
        folders: &[("fixtures/owasp", ".ts")],
        tokens: &["app.", "use(", "get('", "require('", ".route('/')", "express()", "Router()", "next()", "=> ", "forEach((x) => ", "module.exports = ", "...", "[", "]", "this.app"],
    },
    Target {
        name: "owasp_document",
        run: |bytes| tollgate_owasp::fuzz("document", bytes),
        seeds: &["openapi: 3.1.0\nsecurity: [{ a: [] }]\npaths:\n  /a/{id}: { post: { security: [{}], requestBody: { content: { j: { schema: { $ref: '#/components/schemas/A' } } } } } }\ncomponents: { schemas: { A: { properties: { a: { $ref: '#/components/schemas/A' }, isAdmin: {} } } } }\n"],
        folders: &[("fixtures/owasp", ".yaml"), ("examples/shop/apps/api", "openapi.yaml")],
        tokens: &["$ref: '#/", "security:", "properties:", "allOf: [", "items: {", "servers:", "swagger: '2.0'", "components:", "parameters:", "&a ", "*a"],
    },
    Target {
        name: "owasp_rule",
        run: |bytes| tollgate_owasp::fuzz("rule", bytes),
        seeds: &["id: a\nlanguage: TypeScript\nmessage: m\nrule:\n  any:\n    - pattern: $A.b($$$C)\n    - kind: pair\n      has: { field: key, regex: '^a$' }\nconstraints: { A: { not: { kind: string } } }\n"],
        folders: &[("rules/owasp/source", ".yml")],
        tokens: &["rule:", "pattern: ", "kind: ", "regex: ", "inside:", "has:", "all: [", "not:", "matches: ", "utils:", "stopBy: end", "language: ", "---\n", "$A", "&a ", "*a"],
    },
    Target {
        name: "owasp_attestations",
        run: |bytes| tollgate_owasp::fuzz("attestations", bytes),
        seeds: &["[[attestation]]\ncontrol = \"owasp/API6:2023\"\nowner = \"a\"\nstatement = \"b\"\nmade = 2026-11-01\nexpires = 2026-12-01\nscope = [\"src/**\"]\ndigest = \"0\"\n"],
        folders: &[],
        tokens: &["[[attestation]]\n", "control = ", "scope = ", "not_applicable = true\n", "2026-02-30", "\"routes\""],
    },
];
