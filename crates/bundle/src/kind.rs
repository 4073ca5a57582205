//! What a file of a build is, by the end of its name.

use tollgate_check::paths;

/// What a file of a build is: the values of the label `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Js,
    Css,
    Image,
    Font,
    Html,
    Wasm,
    Other,
}

impl Kind {
    /// All of them, in the order they are shown where sizes are equal.
    pub(crate) const ALL: [Self; 7] =
        [Self::Js, Self::Css, Self::Image, Self::Font, Self::Html, Self::Wasm, Self::Other];

    /// The kind of the file at `path`. Upper and lower case are the same.
    pub(crate) fn of(path: &str) -> Self {
        let name = paths::name(path);
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match extension.as_deref() {
            Some("js" | "mjs" | "cjs") => Self::Js,
            Some("css") => Self::Css,
            Some("png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" | "ico" | "bmp") => Self::Image,
            Some("woff" | "woff2" | "ttf" | "otf" | "eot") => Self::Font,
            Some("html" | "htm") => Self::Html,
            Some("wasm") => Self::Wasm,
            _ => Self::Other,
        }
    }

    /// The word that conditions use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Js => "js",
            Self::Css => "css",
            Self::Image => "image",
            Self::Font => "font",
            Self::Html => "html",
            Self::Wasm => "wasm",
            Self::Other => "other",
        }
    }

    /// Whether a file of this kind is what a build makes: a folder without any is hardly a build.
    pub(crate) fn is_built(self) -> bool {
        matches!(self, Self::Js | Self::Css | Self::Html | Self::Wasm)
    }

    /// Whether an empty file of this kind does nothing where it is loaded.
    pub(crate) fn is_page_text(self) -> bool {
        matches!(self, Self::Js | Self::Css | Self::Html)
    }
}

/// Whether the file at `path` maps built code back to its sources.
pub(crate) fn is_source_map(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".js.map", ".mjs.map", ".cjs.map", ".css.map", ".wasm.map"].iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_name_decides() {
        for (path, kind) in [
            ("assets/app.3f2a.js", Kind::Js),
            ("worker.MJS", Kind::Js),
            ("a.css", Kind::Css),
            ("logo.SVG", Kind::Image),
            ("fonts/a.woff2", Kind::Font),
            ("index.htm", Kind::Html),
            ("core.wasm", Kind::Wasm),
            ("app.js.map", Kind::Other),
            ("folder.js/LICENSE", Kind::Other),
            (".js", Kind::Js),
            ("js", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(Kind::of(path), kind, "{path}");
        }
    }

    #[test]
    fn source_maps_are_those_of_built_code() {
        assert!(is_source_map("assets/app.js.map") && is_source_map("A.CSS.MAP"));
        assert!(!is_source_map("levels/first.map") && !is_source_map("app.js"));
    }
}
