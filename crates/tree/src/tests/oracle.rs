//! What git says has changed.

use std::collections::BTreeMap;
use std::fs;

use tollgate_check::{ChangeKind, ChangedFile, Changes as _, LineRange};

use super::fixture::Fixture;

/// Asserts that the working copy below `root` differs from `base` as git says, untracked files included; what differs.
pub(crate) fn agree_at(fixture: &Fixture, root: &str, base: &str) -> Vec<ChangedFile> {
    // git leaves untracked files out: in a copy of the index, they are added by name.
    let index = fixture.git(&["rev-parse", "--absolute-git-dir"]).trim().to_owned() + "/index";
    let copy = fixture.top.parent().unwrap().join("index");
    fs::copy(&index, &copy).unwrap();
    // As old as the original: git trusts files that are older than the index.
    let written = fs::metadata(&index).unwrap().modified().unwrap();
    fs::File::options().write(true).open(&copy).unwrap().set_modified(written).unwrap();
    let env = [("GIT_INDEX_FILE", copy.as_path())];
    fixture.git_in(&fixture.top, &["add", "-A", "-N"], &env);
    let theirs = parse(&fixture.git_in(&fixture.top.join(root), &[&DIFF[..], &[base]].concat(), &env));
    let ours = fixture.open_at(root).changes(base).unwrap();
    assert_eq!(ours.base(), fixture.git(&["rev-parse", base]).trim());
    assert_eq!(ours.files(), theirs);
    theirs
}

/// The same for the top folder.
pub(crate) fn agree(fixture: &Fixture, base: &str) -> Vec<ChangedFile> {
    agree_at(fixture, "", base)
}

/// The same for two commits.
pub(crate) fn agree_between(fixture: &Fixture, base: &str, head: &str) -> Vec<ChangedFile> {
    let theirs = parse(&fixture.git(&[&DIFF[..], &[base, head]].concat()));
    let ours = fixture.open().changes_between((base, "."), head).unwrap();
    assert_eq!(ours.files(), theirs);
    theirs
}

const DIFF: [&str; 9] =
    ["-c", "core.quotePath=false", "diff", "-U0", "--no-ext-diff", "--no-textconv", "-M", "--no-prefix", "--relative"];

/// Reads a patch without context. Both halves of a file that became a link are one change.
fn parse(patch: &str) -> Vec<ChangedFile> {
    let mut files: BTreeMap<String, ChangedFile> = BTreeMap::new();
    for part in patch.split("\ndiff --git ").map(|part| part.strip_prefix("diff --git ").unwrap_or(part)) {
        if part.is_empty() {
            continue;
        }
        let file = one(part);
        files
            .entry(file.path.clone())
            .and_modify(|first| {
                first.kind = ChangeKind::Modified;
                first.link |= file.link;
                first.added.extend_from_slice(&file.added);
                first.removed += file.removed;
            })
            .or_insert(file);
    }
    files.into_values().collect()
}

fn one(part: &str) -> ChangedFile {
    let (names, rest) = part.split_once('\n').unwrap_or((part, ""));
    let header = rest.split("\n@@ ").next().unwrap();
    let after = |word: &str| header.lines().find_map(|line| line.strip_prefix(word)).map(str::to_owned);
    let old_path = after("rename from ");
    let same = names[..names.len() / 2].to_owned();
    let is_submodule = rest.contains("Subproject commit");
    let mut file = ChangedFile {
        path: after("rename to ").unwrap_or(same),
        kind: match &old_path {
            Some(_) => ChangeKind::Renamed,
            None if after("new file mode ").is_some() => ChangeKind::Added,
            None if after("deleted file mode ").is_some() => ChangeKind::Deleted,
            None => ChangeKind::Modified,
        },
        old_path,
        binary: after("Binary files ").is_some(),
        link: header.lines().any(|line| {
            let mode = ["new file mode ", "new mode ", "index "].iter().any(|word| line.starts_with(word));
            mode && line.ends_with("120000")
        }),
        added: Vec::new(),
        removed: 0,
    };
    for hunk in rest.lines().filter_map(|line| line.strip_prefix("@@ -")).filter(|_| !is_submodule) {
        let (old, new) = hunk.split(" @@").next().unwrap().split_once(" +").unwrap();
        let range = |text: &str| -> (u32, u32) {
            let (start, count) = text.split_once(',').unwrap_or((text, "1"));
            (start.parse().unwrap(), count.parse().unwrap())
        };
        file.removed += u64::from(range(old).1);
        let (start, count) = range(new);
        if count > 0 {
            file.added.push(LineRange { start, end: start + count - 1 });
        }
    }
    file
}
