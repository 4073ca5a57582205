//! The token, which is never shown.

/// What a request is allowed by. It is sent to the forge's own address only, and printed nowhere.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// None where it is empty or could not stand in a header.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text.len() <= 4_096 && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The one that a workflow hands over; `variable` answers environment variables.
    pub fn of_workflow(variable: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        Self::new(&["TOLLGATE_TOKEN", "GITHUB_TOKEN"].into_iter().find_map(variable)?)
    }

    /// The value of the header `Authorization`.
    pub(crate) fn header(&self) -> Option<http::HeaderValue> {
        let mut value = http::HeaderValue::from_str(&format!("Bearer {}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_shown() {
        let text = ["a", "secret"].concat();
        let token = Token::new(&format!(" {text}\n")).unwrap();
        assert!(!format!("{token:?} {:?}", token.header()).contains(&text));
        assert_eq!(token.header().unwrap().to_str().unwrap(), format!("Bearer {text}"));
        assert!(Token::new(" ").is_none() && Token::new("a\nb").is_none() && Token::new("ä").is_none());
    }
}
