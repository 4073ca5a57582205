//! Visits every blob of the repository at a path, or walks its history, to see what that costs:
//! `cargo run --release -p tollgate-tree --example blobs -- PATH [JOBS | walk]`.

use std::error::Error;
use std::io::{self, Read, Write as _};
use std::path::Path;

use tollgate_tree::{Edit, Id, Repository, Scope, Visit};

/// Sums lengths.
#[derive(Default)]
struct Lengths {
    edits: u64,
    copied: u64,
    large: u64,
}

impl Visit for Lengths {
    type Kept = ();

    fn blob(&mut self, _: Id, _: &[u8], edit: Option<Edit<'_, ()>>) {
        if let Some(edit) = edit {
            self.edits += 1;
            self.copied += edit.copies.iter().map(|copied| copied.len as u64).sum::<u64>();
        }
    }

    fn large(&mut self, _: Id, _: u64, bytes: &mut dyn Read) -> io::Result<()> {
        self.large += io::copy(bytes, &mut io::sink())?;
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a repository")?;
    let how = arguments.next().unwrap_or_else(|| "1".to_owned());
    let repository = Repository::discover(Path::new(&path))?.ok_or("there is no repository")?;
    let mut out = io::stdout().lock();
    if how == "walk" {
        let mut places = 0_u64;
        let walked = repository.walk(&Scope::All, &mut |_| places += 1)?;
        writeln!(out, "{places} places, {walked:?}")?;
        return Ok(());
    }
    let visited = repository.visit_blobs(how.parse()?, Lengths::default)?;
    writeln!(out, "{} blobs, {} bytes, {} unreadable", visited.blobs, visited.bytes, visited.unreadable)?;
    let sum = |of: fn(&Lengths) -> u64| visited.visitors.iter().map(of).sum::<u64>();
    writeln!(out, "{} edits, {} bytes copied, {} large", sum(|v| v.edits), sum(|v| v.copied), sum(|v| v.large))?;
    for trouble in &visited.troubles {
        writeln!(out, "{trouble}")?;
    }
    writeln!(out, "{}", visited.digest.blake3)?;
    Ok(())
}
