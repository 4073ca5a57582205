//! Random input for everything that reads foreign files.

use std::collections::BTreeMap;

use tollgate_check::MemoryTree;

use crate::options::Options;
use crate::survey;
use crate::world::Repository;

/// Surveys a repository in which `bytes` stand where `name` says: `workflow`, `action`, `script`, `package`, `turbo`, `makefile`,
/// `runbook` or `hook`. For fuzzing: it must come back.
#[doc(hidden)]
pub fn fuzz(name: &str, bytes: &[u8]) {
    const STEPS: &str = "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./\n      - name: Check\n        run: |\n          bash ./s.sh a b || F=1\n          npm test -- --x\n          turbo run test lint\n          make check\n          exit $F\n";
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::from([
        (".github/workflows/a.yml".to_owned(), STEPS.as_bytes().to_vec()),
        (
            "package.json".to_owned(),
            b"{\"name\":\"a\",\"workspaces\":[\"p/*\"],\"scripts\":{\"test\":\"jest && npm run lint\"}}".to_vec(),
        ),
        ("p/b/package.json".to_owned(), b"{\"name\":\"b\",\"scripts\":{\"test\":\"echo ok\"}}".to_vec()),
        ("s.sh".to_owned(), b"eslint . | tee log\n".to_vec()),
    ]);
    let path = match name {
        "workflow" => ".github/workflows/a.yml",
        "action" => "action.yml",
        "package" => "package.json",
        "turbo" => "turbo.json",
        "makefile" => "Makefile",
        "runbook" => "docs/a.md",
        "hook" => ".husky/pre-commit",
        _ => "s.sh",
    };
    files.insert(path.to_owned(), bytes.to_vec());
    let tree = MemoryTree(files);
    let options =
        Options { runbooks: vec!["docs/*.md".to_owned()], required: vec!["a".to_owned()], ..Options::default() };
    if let Ok(files) = Repository::new(&tree, None) {
        // What is wrong with the input is a finding; here only coming back counts.
        let _ = survey::survey(&files, &options.with_defaults());
    }
}
