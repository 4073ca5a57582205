//! Real workflows: `TRIAL=folder,folder cargo test trial -- --ignored --nocapture`.

use std::path::Path;

use tollgate_input::LineIndex;

use super::reader::workflow;
use crate::essentials::{File, look};

#[test]
#[ignore = "reads folders outside of the crate"]
fn trial() {
    let folders = std::env::var("TRIAL").unwrap();
    let mut counts = std::collections::BTreeMap::new();
    let mut files_read = 0;
    for folder in folders.split(',') {
        let inner = Path::new(folder).join(".github/workflows");
        let dir = if inner.is_dir() { inner } else { folder.into() };
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        let mut paths: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
        paths.sort();
        let sources: Vec<_> = paths
            .iter()
            .filter(|p| p.extension().is_some_and(|e| e == "yml" || e == "yaml"))
            .filter_map(|p| Some((p.display().to_string(), std::fs::read_to_string(p).ok()?)))
            .filter_map(|(p, text)| workflow(&p, &text).ok().map(|w| (p, text, w)))
            .collect();
        let workflows: Vec<_> = sources.iter().map(|(_, _, w)| w.clone()).collect();
        for (path, source, workflow) in &sources {
            files_read += 1;
            let lines = LineIndex::new(source);
            for seen in look(&File { workflow, source, lines: &lines, siblings: &workflows }, None) {
                let line = lines.position(seen.place.start).0;
                *counts.entry((seen.rule, seen.confidence)).or_insert(0) += 1;
                if seen.rule != "workflows/unpinned-action" || std::env::var("PINS").is_ok() {
                    let related: Vec<_> = seen.related.iter().map(|s| lines.position(s.start).0).collect();
                    println!(
                        "{path}:{line} {} {}\n    {}\n    also {related:?}; {}",
                        seen.rule, seen.confidence, seen.message, seen.context
                    );
                }
            }
        }
    }
    println!("{files_read} files\n{counts:#?}");
}
