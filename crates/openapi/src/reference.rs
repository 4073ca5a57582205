//! References within a document and to other files (RFC 3986, RFC 6901).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use tollgate_input::{Node, Value, relative};

use crate::document::shown;
use crate::file::{Budget, File, Read};

/// Most files that are read for one document.
const MOST_FILES: usize = 1_000;

/// What a `$ref` says.
#[derive(Debug)]
pub(crate) struct Reference {
    /// The file, relative to the one that says it; none for that itself.
    file: Option<String>,
    /// The JSON Pointer in it.
    pub(crate) pointer: String,
}

impl Reference {
    pub(crate) fn of(text: &str) -> Self {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let file = (!file.is_empty()).then(|| decoded(file));
        Self { file, pointer: decoded(fragment) }
    }
}

/// The files of a document, the document itself first.
#[derive(Debug)]
pub(crate) struct Files {
    files: Vec<File>,
    /// Where each file name leads from each file.
    known: HashMap<(usize, String), Result<usize, Arc<str>>>,
}

impl Files {
    /// A file and nothing else.
    pub(crate) fn alone(first: File) -> Self {
        Self { files: vec![first], known: HashMap::new() }
    }

    /// A file, with everything that it refers to and `read` can read.
    pub(crate) fn load(read: Read<'_>, first: File, budget: &mut Budget) -> Self {
        let mut all = Self::alone(first);
        let mut by_path: HashMap<String, Result<usize, Arc<str>>> = HashMap::from([(all.files[0].path.clone(), Ok(0))]);
        let mut next = 0;
        while let Some(file) = all.files.get(next) {
            let (mut names, folder) = (Vec::new(), folder(&file.path).to_owned());
            collect(&file.root, &mut names);
            names.sort();
            names.dedup();
            for name in names {
                let found = match target(&folder, &name) {
                    Err(because) => Err(because),
                    Ok(path) => by_path.entry(path).or_insert_with_key(|path| all.add(read, path, budget)).clone(),
                };
                all.known.insert((next, name), found);
            }
            next += 1;
        }
        all
    }

    fn add(&mut self, read: Read<'_>, path: &str, budget: &mut Budget) -> Result<usize, Arc<str>> {
        if self.files.len() == MOST_FILES {
            return Err(Arc::from(format!("it refers to `{path}`, and more than {MOST_FILES} files are not read")));
        }
        let file = budget.read(read, path).map_err(|e| Arc::from(format!("it refers to a file: {e}")))?;
        self.files.push(file);
        Ok(self.files.len() - 1)
    }

    /// All files.
    pub(crate) fn all(&self) -> &[File] {
        &self.files
    }

    /// The file that `reference` means in the file `from`.
    pub(crate) fn find(&self, from: usize, reference: &Reference) -> Result<usize, Arc<str>> {
        let Some(name) = &reference.file else { return Ok(from) };
        match self.known.get(&(from, name.clone())) {
            Some(found) => found.clone(),
            None => Err(Arc::from(format!("it refers to `{}`, and other files are not read here", shown(name)))),
        }
    }
}

/// Where a reference to `name` in a file of `folder` leads, below the root.
fn target(folder: &str, name: &str) -> Result<String, Arc<str>> {
    if name.contains("://") || name.starts_with("//") {
        return Err(Arc::from(format!("it refers to `{}`, which is not fetched", shown(name))));
    }
    let outside = || Arc::from(format!("it refers to `{}`, which is outside of what is examined", shown(name)));
    if name.starts_with('/') {
        return Err(outside());
    }
    relative(format!("{folder}{name}").as_ref()).ok_or_else(outside)
}

/// The folder of a file, with its slash.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

/// The names of files in the references below `node`.
fn collect(node: &Node, names: &mut Vec<String>) {
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Map(pairs) => {
            for pair in pairs {
                match pair.key.as_str() {
                    Some("$ref") => names.extend(pair.value.as_str().and_then(|text| Reference::of(text).file)),
                    _ => collect(&pair.value, names),
                }
            }
        }
        _ => {}
    }
}

/// With what `%` stands for put in; a text that is none then stays as it is.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}
