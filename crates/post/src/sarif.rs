//! Code scanning.

use tollgate_forge::upload::{self, Sarif};
use tollgate_forge::{Client, ForgeError};

use crate::judged::Judged;

/// Why files were not uploaded.
#[derive(Debug)]
pub(crate) enum Failed {
    Forge(ForgeError),
    File(String),
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forge(error) => error.fmt(f),
            Self::File(text) => f.write_str(text),
        }
    }
}

/// Uploads every file; answers how many, and which were not. What is a matter of settings is the same for all: then the rest
/// is not tried.
pub(crate) fn put(client: &Client, judged: &Judged, commit: &str, reference: &str) -> (usize, Vec<Failed>) {
    let (mut sent, mut failed) = (0, Vec::new());
    for name in &judged.uploads {
        let bytes = match judged.upload(name) {
            Ok(bytes) if upload::is_empty(&bytes) => continue,
            Ok(bytes) => bytes,
            Err(error) => {
                failed.push(Failed::File(error.to_string()));
                continue;
            }
        };
        match upload::sarif(client, &Sarif { name, bytes: &bytes, commit, reference }) {
            Ok(()) => sent += 1,
            Err(error) => {
                let for_all = error.is_settings();
                failed.push(Failed::Forge(error));
                if for_all {
                    break;
                }
            }
        }
    }
    (sent, failed)
}
