//! Random input for everything that reads foreign files.

use tollgate_check::{Globs, MemoryTree};
use tollgate_input::{Digest, InputError, utf8};

use crate::detect::{self, Document, Source};
use crate::evidence::Evidence;
use crate::program::{Program, Sources};
use crate::{attest, patterns, routes};

/// Reads `bytes` as what `name` says: `source` (a controller among other files), `express`, `document`, `rule` or `attestations`. For fuzzing:
/// it must come back.
#[doc(hidden)]
pub fn fuzz(name: &str, bytes: &[u8]) {
    match name {
        "document" => {
            // It may refer to itself by its name; any other file is not there.
            let read = |path: &str, _: u64| match path {
                "openapi.yaml" => Ok((bytes.to_vec(), Digest::of(bytes))),
                path => Err(InputError::Io { path: path.to_owned(), message: "is not there".to_owned() }),
            };
            if let Ok(read) = Document::read(&read, "openapi.yaml") {
                let mut evidence = Evidence::default();
                let seen = detect::document(&read, &mut evidence);
                assert!(evidence.drafts.len() <= 40, "one finding for a rule, and one for what is only worth knowing");
                detect::compare("openapi.yaml", &seen.operations, &routes::Table::default(), &mut evidence);
            }
        }
        "rule" => {
            if let Ok(read) = patterns::read("a", &utf8(bytes)) {
                assert!(!read.is_empty());
            }
        }
        "attestations" => {
            if let Ok(claims) = attest::parse(&utf8(bytes)) {
                assert!(claims.iter().all(|claim| !claim.owner.trim().is_empty()));
            }
        }
        "express" => sources(&[("src/app.js", bytes)]),
        _ => sources(&[
            (
                "src/main.ts",
                b"import { NestFactory } from '@nestjs/core';\nimport { M } from './m';\nNestFactory.create(M);\n",
            ),
            ("src/m.ts", bytes),
        ]),
    }
}

fn sources(files: &[(&str, &[u8])]) {
    let tree = MemoryTree(files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect());
    let none = Globs::default();
    let Ok(sources) = Sources::read(&tree, &none, &none) else { return };
    let Ok(program) = Program::new(&tree, &sources) else { return };
    let table = routes::table(&program);
    let mut evidence = Evidence::default();
    detect::source(&Source { program: &program, table: &table, public: &none, gaps: 0 }, &mut evidence);
    let all: Vec<&patterns::Pattern> = patterns::ours().iter().collect();
    let _ = patterns::find(&sources, &all);
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_no_text_and_what_is_cut_off_comes_back() {
        let text = crate::tests::NEST.as_bytes();
        for end in (0..text.len()).step_by(7) {
            super::fuzz("source", &text[..end]);
        }
        for (name, text) in [
            (
                "source",
                "const A = [...A, B];\nconst B = [...A];\n@Module({ imports: [...A], controllers: B, providers: A })\nexport class M {}\n",
            ),
            (
                "source",
                "const d = () => applyDecorators(d(), d(), d(), d());\n@Controller('a') @d()\nclass C extends C { @Get() @d() a() { return this.a(this.a()); } }\n@Module({ imports: [M], controllers: [C] })\nexport class M extends M {}\n",
            ),
            (
                "express",
                "const express = require('express');\nconst app = express();\nconst h = wrap(h);\nconst l = [...l, h];\napp.get('/a', ...l, h);\napp.use('/b', app);\nconst f = () => { f(); g(); };\nconst g = () => { f(); f(); };\napp.get('/c', f, g);\nmodule.exports = require('./app');\n",
            ),
            (
                "express",
                "const express = require('express');\nclass S { constructor() { this.app = express(); this.a(); } a() { this.a(); this.b(); this.b(); } b() { this.a(); this.a(); this.app.get('/', x); } }\n",
            ),
        ] {
            super::fuzz(name, text.as_bytes());
        }
        for name in ["source", "express", "document", "rule", "attestations"] {
            super::fuzz(name, &[0xFF, 0x00, 0xC3, 0x28]);
            super::fuzz(name, "{".repeat(5_000).as_bytes());
            super::fuzz(name, "[".repeat(5_000).as_bytes());
        }
    }
}
