//! Pages of lists, and the links between them.

use serde_json::Value;

use super::REPOSITORY_ID;
use crate::answer::Answer;
use crate::call::Call;
use crate::target;

/// Items on a page where nothing is asked for.
const USUAL: usize = 30;
/// Most items on a page.
const MOST: usize = 100;

/// The page of a list that was asked for.
pub(super) struct Page {
    size: usize,
    number: usize,
}

impl Page {
    /// Reads `per_page` and `page`.
    pub(super) fn of(call: &mut Call<'_>) -> Self {
        let mut read = |key: &str, usual: usize| match call.target.get(key).map(str::to_owned) {
            None => usual,
            Some(text) => text.parse().ok().filter(|number| *number > 0).unwrap_or_else(|| {
                call.complain(format_args!("`{key}` is no number above 0"));
                usual
            }),
        };
        let (asked, number) = (read("per_page", USUAL), read("page", 1));
        if asked > MOST {
            call.complain(format_args!("`per_page` is {asked}, at most {MOST} are given"));
        }
        Self { size: asked.min(MOST).min(call.setup.page.max(1)), number }
    }

    /// The items of this page.
    pub(super) fn cut<T>(&self, items: Vec<T>) -> Vec<T> {
        items.into_iter().skip((self.number - 1).saturating_mul(self.size)).take(self.size).collect()
    }

    /// Answers `body`, which shows a page of `total` items of the list at `path` in the repository.
    pub(super) fn answer(&self, call: &Call<'_>, path: &str, total: usize, body: &Value) -> Answer {
        let answer = Answer::json(200, body);
        let last = total.div_ceil(self.size).max(1);
        let mut links = Vec::new();
        if self.number > 1 {
            links.push(self.link(call, path, self.number - 1, "prev"));
        }
        if self.number < last {
            links.push(self.link(call, path, self.number + 1, "next"));
            links.push(self.link(call, path, last, "last"));
        }
        if self.number > 1 {
            links.push(self.link(call, path, 1, "first"));
        }
        if links.is_empty() { answer } else { answer.with("link", links.join(", ")) }
    }

    fn link(&self, call: &Call<'_>, path: &str, number: usize, rel: &str) -> String {
        let mut query: Vec<String> = call
            .target
            .query
            .iter()
            .filter(|(key, _)| key != "page")
            .map(|(key, value)| format!("{}={}", target::encode(key), target::encode(value)))
            .collect();
        query.push(format!("page={number}"));
        format!("<{}/repositories/{REPOSITORY_ID}/{path}?{}>; rel=\"{rel}\"", call.api(), query.join("&"))
    }
}
