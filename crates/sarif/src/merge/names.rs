//! Categories that no two runs of one tool share.

use std::collections::{BTreeMap, BTreeSet};

/// The pairs of tool and category that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<(String, String)>,
    /// How often a source's name was put behind a pair.
    tried: BTreeMap<(String, String, String), u64>,
}

/// What a run is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// `automationDetails.id` up to and with the last slash.
    pub(super) category: String,
    /// What follows in the id.
    pub(super) own: String,
    /// The category it would have if no other run had it.
    pub(super) wanted: Option<String>,
}

impl Name {
    /// The whole id.
    pub(super) fn id(&self) -> String {
        format!("{}{}", self.category, self.own)
    }

    /// What is said if it is not what it would be.
    pub(super) fn sentence(&self, source: &str, tool: &str) -> Option<String> {
        let wanted = self.wanted.as_ref()?;
        let category = &self.category;
        Some(format!("{source}: another run of {tool} has the category {wanted}; this one is called {category}"))
    }
}

impl Names {
    /// Names the run of `tool` with this `id` in the file called `source`.
    pub(super) fn assign(&mut self, tool: &str, id: Option<&str>, source: &str) -> Name {
        let source = match source.trim_matches('/') {
            "" => "log",
            source => source,
        };
        let id = id.unwrap_or_default();
        let (category, own) = id.rsplit_once('/').unwrap_or(("", id));
        let own = own.to_owned();
        let base = match category.is_empty() {
            true => format!("tollgate/{source}/"),
            false => format!("{category}/"),
        };
        if self.take(tool, &base) {
            return Name { category: base, own, wanted: None };
        }
        let tried = (tool.to_owned(), base.clone(), source.to_owned());
        let mut count = self.tried.get(&tried).copied().unwrap_or_default();
        let category = loop {
            count += 1;
            let category = match count {
                1 if base.ends_with(&format!("/{source}/")) => continue,
                1 => format!("{base}{source}/"),
                _ if base.ends_with(&format!("/{source}/")) => format!("{base}{count}/"),
                _ => format!("{base}{source}/{count}/"),
            };
            if self.take(tool, &category) {
                break category;
            }
        };
        self.tried.insert(tried, count);
        Name { category, own, wanted: Some(base) }
    }

    fn take(&mut self, tool: &str, category: &str) -> bool {
        self.taken.insert((tool.to_owned(), category.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_keeps_its_category() {
        let mut names = Names::default();
        for (tool, id, source, expected, renamed) in [
            ("a", Some("x/"), "s", "x/", false),
            ("b", Some("x/"), "t", "x/", false),
            ("a", Some("x/1"), "t", "x/t/1", true),
            ("a", Some("x/"), "t", "x/t/2/", true),
            ("a", Some("x/t/2/"), "u", "x/t/2/u/", true),
            ("a", Some("x/"), "t", "x/t/3/", true),
            ("a", None, "/s/", "tollgate/s/", false),
            ("a", None, "s", "tollgate/s/2/", true),
            ("a", Some("run-7"), "r", "tollgate/r/run-7", false),
            ("a", Some("/"), "", "tollgate/log/", false),
            ("a", Some("//"), "q", "//", false),
        ] {
            let name = names.assign(tool, id, source);
            assert_eq!((name.id().as_str(), name.wanted.is_some()), (expected, renamed), "{tool} {id:?} {source}");
        }
        let name = names.assign("b", Some("x/"), "t");
        let said = "t: another run of b has the category x/; this one is called x/t/";
        assert_eq!(name.sentence("t", "b").as_deref(), Some(said));
    }
}
