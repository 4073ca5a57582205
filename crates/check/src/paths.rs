//! Paths as configurations write them: relative to a folder of the project, with forward slashes.

/// Folders of which no package of the project is made, by any part of a path.
const OTHERS: &[&str] = &[
    "node_modules",
    "vendor",
    "third_party",
    "fixture",
    "fixtures",
    "__fixtures__",
    "fixture-data",
    "testdata",
    "test-data",
    "test_data",
    "templates",
    "target",
    ".venv",
    "venv",
];

/// Whether `path` lies among what is no part of the project itself: what others wrote, or what tests are fed with.
pub fn is_of_others(path: &str) -> bool {
    path.split('/').any(|part| OTHERS.contains(&part))
}

/// `name` in `folder`, `""` for the root.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The folder that holds `path`, `""` for the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of `path`.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether `path` is `folder`, which is not the root, or lies in it.
pub fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folders that hold `path`, the innermost first; the last is `""`, the root.
pub fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(parent(path)), |folder| (!folder.is_empty()).then(|| parent(folder)))
}

/// `path`, read in `folder`, without `.` and `..`; none where it leads out of the root, or is no path of a project.
pub fn normal(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', ':']) {
        return None;
    }
    below(folder, path)
}

/// `path` below `folder` without `.` and `..`, be it absolute; none where it leads above the root.
pub fn below(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for (folder, path, expected) in [
            ("", "coverage", Some("coverage")),
            ("apps/api", "./coverage/", Some("apps/api/coverage")),
            ("apps/api/src", "../coverage", Some("apps/api/coverage")),
            ("apps", "../../x", None),
            ("apps", "/etc", None),
            ("apps", "c:\\x", None),
            ("apps", "..", Some("")),
        ] {
            assert_eq!(normal(folder, path).as_deref(), expected, "{folder} {path}");
        }
    }

    #[test]
    fn what_tests_are_fed_with_is_no_part_of_the_project() {
        assert!(is_of_others("a/fixtures/b/package.json") && is_of_others("node_modules/x"));
        assert!(!is_of_others("apps/fixtures-admin/package.json"));
    }

    #[test]
    fn a_path_has_a_folder_and_a_name() {
        for (folder, last, path) in [("", "a", "a"), ("a/b", "c", "a/b/c")] {
            assert_eq!((parent(path), name(path)), (folder, last));
            assert_eq!(join(folder, last), path);
        }
        assert_eq!(above("a/b/c").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(above("a").collect::<Vec<_>>(), [""]);
        assert!(is_in("a/b", "a") && is_in("a", "a") && !is_in("ab", "a"));
    }
}
