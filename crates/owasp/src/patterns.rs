//! Local patterns: rules in the format of ast-grep, ours and those of a user.
//!
//! A file may hold several documents, one for each language. Those for TypeScript are tried on JavaScript too. `metadata.literals` lists
//! words of which a file must hold one for the rule to be tried on it.

use std::sync::LazyLock;

use ast_grep_config::{GlobalRules, RuleConfig, SerializableRuleConfig, Severity};
use ast_grep_core::tree_sitter::LanguageExt as _;
use ast_grep_language::SupportLang;
use tollgate_model::Location;

use crate::evidence::Draft;
use crate::items;
use crate::program::{Sources, is_tool};

/// Most matches of one rule in one file that are told.
const MOST_MATCHES: usize = 50;

/// A rule for one language.
pub(crate) struct Pattern {
    /// The rule that its findings are of, without the checker's name.
    rule: String,
    config: RuleConfig<SupportLang>,
    literals: Vec<String>,
    /// Items of the checklist that what it finds fails.
    items: Vec<String>,
}

static OURS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let files: Vec<(String, String)> = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/patterns.json")))
        .expect("patterns.json is written by the build script, and a test reads it");
    let read = files.iter().map(|(name, text)| read(name, text).map_err(|error| format!("{name}: {error}")));
    let all: Result<Vec<Vec<Pattern>>, String> = read.collect();
    all.expect("every pattern of ours is tried by a test").into_iter().flatten().collect()
});

/// Our own.
pub(crate) fn ours() -> &'static [Pattern] {
    &OURS
}

/// The patterns that a file called `name`, without its ending, holds.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(name: &str, text: &str) -> Result<Vec<Pattern>, String> {
    let mut all = Vec::new();
    let documents = ast_grep_config::from_multiple::<SerializableRuleConfig<SupportLang>>(text);
    for document in documents.map_err(|error| error.to_string())? {
        let languages: &[SupportLang] = match document.language {
            SupportLang::TypeScript | SupportLang::JavaScript => &[SupportLang::TypeScript, SupportLang::Tsx],
            SupportLang::Tsx => &[SupportLang::Tsx],
            SupportLang::Python => &[SupportLang::Python],
            other => {
                return Err(format!("rules for {other} are not tried; expected TypeScript, JavaScript, Tsx or Python"));
            }
        };
        let metadata = document.metadata.as_ref().and_then(|metadata| serde_json::to_value(metadata).ok());
        let words = |name: &str| {
            let listed = metadata.as_ref().and_then(|metadata| metadata.get(name)?.as_array()).cloned();
            let listed = listed.unwrap_or_default().into_iter();
            listed.filter_map(|word| word.as_str().map(str::to_owned)).collect::<Vec<String>>()
        };
        let (literals, items) = (words("literals"), words("owasp_api"));
        if let Some(unknown) = items.iter().find(|item| items::find(item).is_none()) {
            return Err(format!("metadata.owasp_api names {unknown:?}; expected API1:2019 to API10:2023"));
        }
        for language in languages {
            let mut document = document.clone();
            document.language = *language;
            let config = RuleConfig::try_from(document, &GlobalRules::default()).map_err(|error| {
                let mut text = error.to_string();
                let mut source = std::error::Error::source(&error);
                while let Some(inner) = source {
                    text.push_str(&format!(": {inner}"));
                    source = inner.source();
                }
                text
            })?;
            all.push(Pattern { rule: name.to_owned(), config, literals: literals.clone(), items: items.clone() });
        }
    }
    match all.is_empty() {
        true => Err("it holds no rule".to_owned()),
        false => Ok(all),
    }
}

impl Pattern {
    /// The rule that its findings are of.
    pub(crate) fn rule(&self) -> &str {
        &self.rule
    }

    /// Items that what it finds fails.
    #[cfg(test)]
    pub(crate) fn items(&self) -> &[String] {
        &self.items
    }

    /// What it says of what it finds.
    pub(crate) fn message(&self) -> &str {
        &self.config.message
    }

    /// Whether what it finds is only worth knowing.
    pub(crate) fn is_hint(&self) -> bool {
        matches!(self.config.severity, Severity::Hint | Severity::Info | Severity::Off)
    }

    fn is_for(&self, path: &str, text: &str) -> bool {
        let ending = path.rsplit('.').next().unwrap_or_default();
        let language = match ending {
            "ts" | "mts" | "cts" => SupportLang::TypeScript,
            "py" => SupportLang::Python,
            _ => SupportLang::Tsx,
        };
        self.config.language == language
            && (self.literals.is_empty() || self.literals.iter().any(|word| text.contains(word)))
    }
}

/// What the patterns find in all files.
pub(crate) fn find(sources: &Sources, patterns: &[&Pattern]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for path in sources.paths() {
        let Some(text) = sources.text(path) else { continue };
        let fit: Vec<&&Pattern> = patterns.iter().filter(|pattern| pattern.is_for(path, text)).collect();
        let Some(first) = fit.first() else { continue };
        let root = first.config.language.ast_grep(text);
        for pattern in fit {
            for found in root.root().find_all(&pattern.config.matcher).take(MOST_MATCHES) {
                let line = found.start_pos().line() as u32 + 1;
                let place = Location::lines(path, line, found.end_pos().line() as u32 + 1);
                let message = pattern.config.get_message(&found);
                let mut draft = Draft::new(&pattern.rule, message, place, found.text().to_string());
                draft.mild = pattern.is_hint() || is_tool(path);
                draft.items.clone_from(&pattern.items);
                drafts.push(draft);
            }
        }
    }
    drafts
}
