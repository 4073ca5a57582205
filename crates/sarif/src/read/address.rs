//! Addresses of files (RFC 3986, and what tools write instead) as paths.

use tollgate_input::is_hidden;

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// To a path relative to something else; not folded yet.
    Relative(String),
    /// To a place of its own: a path of a machine with forward slashes, or an address that is no file's, as it is
    /// written.
    Absolute(String),
}

/// What `uri` says: `file:` addresses and plain paths of any system, percent-decoded, with forward slashes.
pub(super) fn read(uri: &str) -> Address {
    let uri = uri.trim();
    match scheme(uri) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("file") => of_file(rest),
        Some(_) => Address::Absolute(uri.chars().map(|c| if is_hidden(c) { '\u{FFFD}' } else { c }).collect()),
        None => of_path(decoded(uri)),
    }
}

/// The scheme and what follows its colon. One letter is a drive.
fn scheme(uri: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = uri.split_once(':')?;
    let mut bytes = scheme.bytes();
    let right = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (right && scheme.len() > 1).then_some((scheme, rest))
}

/// What follows `file:` (RFC 8089).
fn of_file(rest: &str) -> Address {
    let rest = decoded(rest);
    let Some(authority) = rest.strip_prefix("//") else { return of_path(rest) };
    if let Some(path) = authority.strip_prefix("localhost/") {
        return of_path(format!("/{path}"));
    }
    // `file:///a`, and what is not an authority: `file://./a`, `file://c:/a`.
    if authority.starts_with(['/', '.']) || is_drive(authority) {
        return of_path(authority.to_owned());
    }
    of_path(rest)
}

fn of_path(path: String) -> Address {
    match path.strip_prefix('/') {
        Some(drive) if is_drive(drive) => Address::Absolute(drive.to_owned()),
        Some(_) => Address::Absolute(path),
        None if is_drive(&path) => Address::Absolute(path),
        None => Address::Relative(path),
    }
}

fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':'] | [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// Without percent-encoding, with forward slashes; what is no character to be read becomes U+FFFD.
fn decoded(text: &str) -> String {
    let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    text.chars()
        .map(|c| match c {
            '\\' => '/',
            c if is_hidden(c) => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// `path` without `.`, `..` and empty segments; none where it leads out of what it begins at. The top itself is empty.
pub(super) fn folded(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            segment => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

/// The same for a path that begins at the top of a machine; what leads above that stays there. Addresses of other kinds
/// stay as they are.
pub(super) fn absolute(path: &str) -> String {
    if scheme(path).is_some() {
        return path.to_owned();
    }
    let start = path.len() - path.trim_start_matches('/').len();
    let (slashes, rest) = path.split_at(start);
    let mut segments: Vec<&str> = Vec::new();
    for segment in rest.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.len() > usize::from(slashes.is_empty()) => {
                segments.pop();
            }
            ".." => {}
            segment => segments.push(segment),
        }
    }
    // A name of another machine is kept: `//server/share`.
    format!("{}{}", slashes.get(..2).unwrap_or(slashes), segments.join("/"))
}

/// Whether `uri` is a path that is relative, decoded and folded as it stands.
pub(super) fn is_clean(uri: &str) -> bool {
    let mut before = b'/';
    for byte in uri.bytes() {
        let start = before == b'/';
        if !byte.is_ascii_graphic() || b"%\\:".contains(&byte) || (start && (byte == b'.' || byte == b'/')) {
            return false;
        }
        before = byte;
    }
    before != b'/'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_kind_are_read() {
        let relative = |path: &str| Address::Relative(path.to_owned());
        let absolute = |path: &str| Address::Absolute(path.to_owned());
        for (uri, expected) in [
            ("src/a.ts", relative("src/a.ts")),
            (r".\src\a.cs", relative("./src/a.cs")),
            ("src%5Ca%20b%2Fc.ts", relative("src/a b/c.ts")),
            ("100%25%zz%", relative("100%%zz%")),
            ("%C3%BC%00.ts", relative("ü\u{FFFD}.ts")),
            ("%ff", relative("\u{FFFD}")),
            ("file:///home/me/a.ts", absolute("/home/me/a.ts")),
            ("FILE:///C:/a%20b.cs", absolute("C:/a b.cs")),
            ("file://c:/test/", absolute("c:/test/")),
            ("file://localhost/a", absolute("/a")),
            ("file://./src/a", relative("./src/a")),
            ("file://server/share/a", absolute("//server/share/a")),
            ("file:src/a", relative("src/a")),
            ("file:/src/a", absolute("/src/a")),
            (r"C:\src\a.cs", absolute("C:/src/a.cs")),
            ("/C:/src", absolute("C:/src")),
            (r"\\server\share", absolute("//server/share")),
            ("https://example.com/a%20b", absolute("https://example.com/a%20b")),
            ("a/b:c", relative("a/b:c")),
            ("", relative("")),
        ] {
            assert_eq!(read(uri), expected, "{uri}");
        }
    }

    #[test]
    fn paths_are_folded_and_stay_inside() {
        for (path, inside) in [
            ("./a//b/../c.ts", Some("a/c.ts")),
            ("a/../../b", None),
            ("../a", None),
            ("a/..", Some("")),
            ("", Some("")),
            ("a/", Some("a")),
        ] {
            assert_eq!(folded(path).as_deref(), inside, "{path}");
        }
        for (path, expected) in [
            ("/a/./b/../c", "/a/c"),
            ("/../a", "/a"),
            ("C:/../../a", "C:/a"),
            ("//server/share/../x", "//server/x"),
            ("https://example.com/a/../b", "https://example.com/a/../b"),
        ] {
            assert_eq!(absolute(path), expected);
        }
    }

    #[test]
    fn clean_ones_are_what_reading_them_gives() {
        for (uri, clean) in [
            ("src/a.ts", true),
            ("a", true),
            (".a", false),
            ("a/.b", false),
            ("a//b", false),
            ("/a", false),
            ("a/", false),
            ("a%20", false),
            ("C:/a", false),
            ("ü", false),
            ("", false),
        ] {
            assert_eq!(is_clean(uri), clean, "{uri}");
            if clean {
                assert_eq!(read(uri), Address::Relative(uri.to_owned()));
                assert_eq!(folded(uri).as_deref(), Some(uri));
            }
        }
    }
}
