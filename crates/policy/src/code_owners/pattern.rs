//! The patterns of CODEOWNERS, which are nearly those of `.gitignore`.

/// Longest pattern that is read, in characters: paths have at most 4096 bytes.
const LONGEST: usize = 4096;

/// Which files a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Parts of the path from the top; without what `end` says.
    parts: Vec<Part>,
    end: End,
}

/// What follows the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing: `docs/*` is about the files in `docs` and not about those further down.
    Here,
    /// Nothing, or anything below: `docs` is about a file of that name, and about a folder with all in it.
    Onward,
    /// Something below: `docs/` is about a folder only.
    Below,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `**`: any number of parts.
    Any,
    /// One part.
    One(Vec<Glyph>),
}

/// A piece of one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Glyph {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
}

impl Pattern {
    /// None where it makes no sense.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.starts_with('!') || text.starts_with("\\#") || text.chars().count() > LONGEST {
            return None;
        }
        let (anchored, text) = text.strip_prefix('/').map_or((false, text), |rest| (true, rest));
        let (folder, text) = text.strip_suffix('/').map_or((false, text), |rest| (true, rest));
        let mut parts = Vec::new();
        if !anchored && !text.contains('/') {
            parts.push(Part::Any);
        }
        for part in text.split('/') {
            parts.push(match part {
                "" => return None,
                "**" => Part::Any,
                part => Part::One(glyphs(part)?),
            });
        }
        // `*` after any number of folders is everything.
        let everything = [Part::Any, Part::One(vec![Glyph::Many])];
        if !folder && parts.ends_with(&everything) {
            parts.pop();
        }
        let end = match parts.last() {
            Some(Part::Any) => {
                parts.pop();
                End::Below
            }
            _ if folder => End::Below,
            Some(Part::One(glyphs)) if glyphs.as_slice() == [Glyph::Many] => End::Here,
            _ => End::Onward,
        };
        Some(Self { parts, end })
    }

    /// Whether it is about the file of this path.
    pub(super) fn matches(&self, path: &[&str]) -> bool {
        let met = self.met(path);
        match self.end {
            End::Here => met.last() == Some(&true),
            End::Onward => met.contains(&true),
            End::Below => met[..path.len()].contains(&true),
        }
    }

    /// Whether it is about every file that may lie below `folder`.
    pub(super) fn matches_all_below(&self, folder: &[&str]) -> bool {
        self.end != End::Here && self.met(folder).contains(&true)
    }

    /// Whether it may be about a file below `folder`; a yes need not be true.
    pub(super) fn may_match_below(&self, folder: &[&str]) -> bool {
        let mut whole = false;
        meet(&self.parts, folder, |met| whole |= met.last() == Some(&true));
        whole || self.matches_all_below(folder)
    }

    fn met(&self, path: &[&str]) -> Vec<bool> {
        meet(&self.parts, path, |_| {})
    }
}

/// Of each beginning of `path`, none of it first: whether `parts` are about exactly that. `each` is told the same of the first
/// of them, the first two, and so on.
fn meet(parts: &[Part], path: &[&str], mut each: impl FnMut(&[bool])) -> Vec<bool> {
    let mut met = vec![false; path.len() + 1];
    met[0] = true;
    for part in parts {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            next[at] = match part {
                Part::Any => met[at] || (at > 0 && next[at - 1]),
                Part::One(glyphs) => at > 0 && met[at - 1] && fits(glyphs, path[at - 1]),
            };
        }
        met = next;
        each(&met);
    }
    met
}

/// Whether `name` fits: after a `*` that took too little, it takes one more.
fn fits(glyphs: &[Glyph], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut of, mut star) = (0, 0, None);
    while at < name.len() {
        match glyphs.get(of) {
            Some(Glyph::Many) => {
                star = Some((of + 1, at));
                of += 1;
            }
            Some(Glyph::One) => (at, of) = (at + 1, of + 1),
            Some(Glyph::Char(c)) if *c == name[at] => (at, of) = (at + 1, of + 1),
            _ => {
                let Some((after, taken)) = star else { return false };
                star = Some((after, taken + 1));
                (at, of) = (taken + 1, after);
            }
        }
    }
    // A name has at least one character, and `*` alone asks for one.
    !name.is_empty() && glyphs[of..].iter().all(|glyph| *glyph == Glyph::Many)
}

/// None where there is a range, which CODEOWNERS do not know, or a backslash before nothing.
fn glyphs(part: &str) -> Option<Vec<Glyph>> {
    let (mut glyphs, mut chars) = (Vec::new(), part.chars());
    while let Some(c) = chars.next() {
        let glyph = match c {
            '\\' => Glyph::Char(chars.next()?),
            '[' | ']' => return None,
            '*' => Glyph::Many,
            '?' => Glyph::One,
            c => Glyph::Char(c),
        };
        // Several in a row are one.
        if glyph != Glyph::Many || glyphs.last() != Some(&Glyph::Many) {
            glyphs.push(glyph);
        }
    }
    Some(glyphs)
}
