//! Addresses in a page, and the paths of the build they lead to.
//!
//! What the URL standard does with a reference, as far as files of one host are concerned: a scheme or a host leads
//! elsewhere, a path is relative to the page's folder or begins at the top of the site.

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// To a path that begins at the top of the site: `assets/a.js` for `/assets/a.js`.
    FromTop(String),
    /// To a path of the build.
    Within(String),
    /// To another host, or above the build folder.
    Elsewhere,
}

/// What references are relative to: the folder of a page, or what `<base href>` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(Address);

impl Base {
    /// That of the page at `page`, a path of the build.
    pub(crate) fn of_page(page: &str) -> Self {
        Self(Address::Within(page.to_owned()))
    }

    /// That of a page of this base with `<base href>`; one that leads nowhere changes nothing.
    pub(crate) fn with(self, href: &str) -> Self {
        self.resolve_any(href).map(Self).unwrap_or(self)
    }

    /// Where `reference` leads; none for one that leads to no file: an empty one, one of text.
    pub(crate) fn resolve(&self, reference: &str) -> Option<Address> {
        let address = self.resolve_any(reference)?;
        let is_file = match &address {
            Address::FromTop(path) | Address::Within(path) => !path.is_empty() && !path.ends_with('/'),
            Address::Elsewhere => true,
        };
        is_file.then_some(address)
    }

    fn resolve_any(&self, reference: &str) -> Option<Address> {
        let reference: String =
            reference.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        let path = reference.split(['?', '#']).next().unwrap_or_default().replace('\\', "/");
        if let Some(scheme) = scheme(&path) {
            return (!matches!(scheme.as_str(), "data" | "blob" | "javascript" | "about"))
                .then_some(Address::Elsewhere);
        }
        if path.is_empty() {
            return None;
        }
        if path.starts_with("//") {
            return Some(Address::Elsewhere);
        }
        if let Some(path) = path.strip_prefix('/')
            && self.0 != Address::Elsewhere
        {
            return Some(Address::FromTop(joined("", path).0));
        }
        Some(match &self.0 {
            // A browser stays at the top of a site.
            Address::FromTop(base) => Address::FromTop(joined(base, &path).0),
            Address::Within(base) => match joined(base, &path) {
                (path, false) => Address::Within(path),
                (_, true) => Address::Elsewhere,
            },
            Address::Elsewhere => Address::Elsewhere,
        })
    }
}

/// The scheme that `path` begins with, in lower case.
fn scheme(path: &str) -> Option<String> {
    let (scheme, _) = path.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

/// `path` from the folder of `base`, with `%XX` decoded and without `.` and `..`; and whether it leads above the top.
fn joined(base: &str, path: &str) -> (String, bool) {
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<String> = folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let (mut is_folder, mut leaves) = (false, false);
    for part in path.split('/') {
        let part = decoded(part);
        is_folder = matches!(part.as_str(), "" | "." | "..");
        match part.as_str() {
            "" | "." => {}
            ".." => leaves |= parts.pop().is_none(),
            _ => parts.push(part),
        }
    }
    let mut path = parts.join("/");
    if is_folder && !path.is_empty() {
        path.push('/');
    }
    (path, leaves)
}

/// `part` with `%XX` decoded.
fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests;
