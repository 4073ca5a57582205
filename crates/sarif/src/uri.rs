//! Paths as relative addresses (RFC 3986 §4.2).

use std::fmt::Write as _;

/// The address of `path`, which is relative to `root`, relative to the repository's top and percent-encoded. None when
/// it names no file inside the repository: absolute, leading out of it, or empty.
pub(crate) fn relative(root: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut segments = Vec::new();
    for segment in root.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            segment => segments.push(segment),
        }
    }
    let mut uri = String::new();
    for (i, segment) in segments.iter().enumerate() {
        if i > 0 {
            uri.push('/');
        }
        encode(segment, &mut uri);
    }
    (!uri.is_empty()).then_some(uri)
}

/// Everything but unreserved characters and the sub-delimiters that paths often hold is encoded. A colon always is: in
/// the first segment it would read as a scheme.
fn encode(segment: &str, out: &mut String) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses() {
        for (root, path, uri) in [
            (".", "src/a.ts", Some("src/a.ts")),
            ("apps/api", "src/a.ts", Some("apps/api/src/a.ts")),
            ("", "./src//a.ts", Some("src/a.ts")),
            ("apps/api", "../web/x", Some("apps/web/x")),
            (".", "my file#1?.ts", Some("my%20file%231%3F.ts")),
            (".", "[id]/ü.ts", Some("%5Bid%5D/%C3%BC.ts")),
            (".", "javascript:alert(1)", Some("javascript%3Aalert(1)")),
            (".", r"a\b", Some("a%5Cb")),
            (".", "100%", Some("100%25")),
            (".", "../x", None),
            ("a", "../../x", None),
            (".", "/etc/passwd", None),
            (".", ".", None),
            (".", "", None),
        ] {
            assert_eq!(relative(root, path).as_deref(), uri, "{root} {path}");
        }
    }
}
