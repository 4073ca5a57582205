//! What a run on a branch left behind for later ones: a file of an artifact.
//!
//! Whoever may open a pull request can make a run, and its artifacts carry any name. Only those of runs on the branch itself,
//! in this repository, count (REST: list artifacts for a repository, download an artifact).

use std::io::{Cursor, Read as _};

use serde_json::Value;
use tollgate_model::is_commit;
use zip::ZipArchive;

use crate::{Client, ForgeError, address};

/// Pages that are looked through.
const MOST_PAGES: usize = 3;

/// How many commits are asked about.
const MOST_COMMITS: usize = 100;

/// Largest archive that is downloaded, and largest file that is unpacked, in bytes.
const LARGEST_ARCHIVE: usize = 64 << 20;
const LARGEST_FILE: u64 = 256 << 20;

/// A file that a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The commit that the run was about, full hex.
    pub commit: String,
    /// What the file holds.
    pub bytes: Vec<u8>,
}

/// Which file is meant.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// The artifact's name.
    pub artifact: &'a str,
    /// The file's name in it.
    pub file: &'a str,
    /// The branch that its run must have been on.
    pub branch: &'a str,
}

/// The file of the newest artifact whose commit is `wanted`; none where no run left one.
///
/// # Errors
/// The forge refused or did not answer, or the newest one cannot be unpacked.
pub fn newest(client: &Client, sought: Sought<'_>, wanted: &dyn Fn(&str) -> bool) -> Result<Option<Left>, ForgeError> {
    let what = format!("artifacts named {}", sought.artifact);
    let mut asked = 0;
    for number in 1..=MOST_PAGES {
        let name = address::segment(sought.artifact);
        let (listed, more) =
            client.get(&what, &format!("/actions/artifacts?name={name}&per_page=100&page={number}"))?;
        let listed = listed["artifacts"].as_array().ok_or_else(|| ForgeError::answer(&what, "it is no list"))?;
        let mut ours: Vec<(u64, &str)> = listed.iter().filter_map(|one| of_branch(one, sought)).collect();
        ours.sort_unstable_by(|a, b| b.cmp(a));
        for (id, commit) in ours.into_iter().take(MOST_COMMITS - asked) {
            asked += 1;
            if wanted(commit) {
                let what = format!("artifact {id} of commit {commit}");
                let archive = client.download(&what, &format!("/actions/artifacts/{id}/zip"), LARGEST_ARCHIVE)?;
                let bytes =
                    unpacked(&archive, sought.file, LARGEST_FILE).map_err(|why| ForgeError::answer(&what, &why))?;
                return Ok(Some(Left { commit: commit.to_owned(), bytes }));
            }
        }
        if !more || asked == MOST_COMMITS {
            break;
        }
    }
    Ok(None)
}

/// Id and commit of an artifact that a run on the branch itself left behind.
fn of_branch<'a>(artifact: &'a Value, sought: Sought<'_>) -> Option<(u64, &'a str)> {
    let run = &artifact["workflow_run"];
    let repository = run["repository_id"].as_u64()?;
    let ours = artifact["name"] == sought.artifact
        && artifact["expired"] == Value::Bool(false)
        && run["head_repository_id"].as_u64() == Some(repository)
        && run["head_branch"] == sought.branch;
    let commit = run["head_sha"].as_str()?;
    (ours && is_commit(commit)).then_some((artifact["id"].as_u64()?, commit))
}

/// The file named `name` of a zip archive, of at most `largest` bytes.
pub(crate) fn unpacked(archive: &[u8], name: &str, largest: u64) -> Result<Vec<u8>, String> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|e| format!("no zip archive: {e}"))?;
    let file = archive.by_name(name).map_err(|e| format!("{name} in it: {e}"))?;
    let mut bytes = Vec::new();
    file.take(largest + 1).read_to_end(&mut bytes).map_err(|e| format!("{name} in it: {e}"))?;
    if bytes.len() as u64 > largest {
        return Err(format!("{name} in it is larger than {largest} bytes"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tollgate_loopback::{Access, Artifact, Fault, GitHub, Matcher, Permissions, Setup, What};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::{Repository, Settings, Token};

    const SOUGHT: Sought<'_> = Sought { artifact: "kept", file: "run.json", branch: "main" };

    fn packed(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap().into_inner()
    }

    fn artifact(id: u64, commit: char, text: &str) -> Artifact {
        Artifact {
            id,
            name: "kept".to_owned(),
            zip: packed("run.json", text.as_bytes()),
            head_branch: "main".to_owned(),
            head_sha: commit.to_string().repeat(40),
            ..Artifact::default()
        }
    }

    fn client(github: &GitHub) -> Client {
        let setup = github.setup();
        let repository = Repository::parse(&setup.full_name()).unwrap();
        let token = Token::new(&setup.token).unwrap();
        Client::new(Settings::new(&github.api_url(), Some(&github.graphql_url()), repository, token)).unwrap()
    }

    fn text(github: &GitHub, wanted: &dyn Fn(&str) -> bool) -> Option<String> {
        let left = newest(&client(github), SOUGHT, wanted).unwrap();
        left.map(|left| format!("{}: {}", &left.commit[..1], String::from_utf8(left.bytes).unwrap()))
    }

    #[test]
    fn the_newest_of_the_branch_itself_is_taken() {
        for enterprise in [false, true] {
            let github = GitHub::start(Setup { enterprise, page: 2, ..Setup::default() }).unwrap();
            assert_eq!(text(&github, &|_| true), None);
            github.state(|state| {
                state.artifacts = vec![
                    artifact(1, 'a', "one"),
                    artifact(2, 'b', "two"),
                    Artifact { of_fork: true, ..artifact(3, 'c', "a fork's branch of that name") },
                    Artifact { head_branch: "change".to_owned(), ..artifact(4, 'c', "a change's") },
                    Artifact { expired: true, ..artifact(5, 'c', "gone") },
                    Artifact { name: "kept-not".to_owned(), ..artifact(6, 'c', "another's") },
                ];
            });
            assert_eq!(text(&github, &|_| true).as_deref(), Some("b: two"));
            assert_eq!(text(&github, &|commit| commit.starts_with('a')).as_deref(), Some("a: one"), "two pages");
            assert_eq!(text(&github, &|_| false), None);
            assert_eq!(github.complaints(), Vec::<String>::new(), "the store is asked without a token");
        }
    }

    #[test]
    fn what_cannot_be_had_or_unpacked_is_an_error() {
        let github = GitHub::start(Setup::default()).unwrap();
        for (zip, words) in [
            (b"no zip".to_vec(), "no zip archive"),
            (packed("other.json", b"{}"), "run.json in it"),
            (packed("run.json", b"{}")[..60].to_vec(), "no zip archive"),
        ] {
            github.state(|state| state.artifacts = vec![Artifact { zip, ..artifact(1, 'a', "") }]);
            let error = newest(&client(&github), SOUGHT, &|_| true).unwrap_err().to_string();
            assert!(error.contains(words) && error.contains("artifact 1"), "{error}");
        }
        let permissions = Permissions { actions: Access::None, ..Permissions::default() };
        let blind = GitHub::start(Setup { permissions, ..Setup::default() }).unwrap();
        let error = newest(&client(&blind), SOUGHT, &|_| true).unwrap_err().to_string();
        assert!(error.contains("actions"), "{error}");
    }

    #[test]
    fn an_answer_that_was_lost_is_asked_for_again() {
        let github = GitHub::start(Setup::default()).unwrap();
        github.state(|state| state.artifacts = vec![artifact(1, 'a', "one")]);
        for (method, part) in [("GET", "/actions/artifacts?"), ("GET", "/zip"), ("GET", "/_store/")] {
            github.inject(Fault { on: Matcher::to(method, part), what: What::Drop { before: true } });
            assert_eq!(text(&github, &|_| true).as_deref(), Some("a: one"), "{part}");
        }
    }

    #[test]
    fn a_file_that_grows_without_end_is_cut_off() {
        let archive = packed("run.json", &vec![0; 1 << 20]);
        assert!(archive.len() < 2 << 10);
        assert_eq!(unpacked(&archive, "run.json", 1 << 20).map(|bytes| bytes.len()), Ok(1 << 20));
        assert!(unpacked(&archive, "run.json", (1 << 20) - 1).unwrap_err().contains("larger"));
    }
}
