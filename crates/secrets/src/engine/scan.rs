//! Scans bytes, whole or only where an edit changed them.

use std::ops::Range;

use tollgate_digest::entropy;
use tollgate_model::Confidence;
use tollgate_tree::Copied;

use crate::decode;
use crate::engine::assign;
use crate::engine::detector::{Detector, Look};
use crate::engine::hit::Hit;
use crate::engine::pattern::Work;
use crate::engine::set::{REACH, Set};
use crate::judge::structure::{Check, Subject};
use crate::judge::{placeholder, random};

/// How many times what was decoded is decoded again.
const DEPTH: usize = 3;
/// Most hits of one text; more of them tell nothing.
const MOST_HITS: usize = 10_000;
/// How far beyond a match its neighbours and the line before it count.
const MARGIN: usize = 256;
/// How many bytes git looks at to tell binary content from text.
const SNIFF: usize = 8000;

/// Scans texts, one after another.
pub(crate) struct Scanner<'s> {
    set: &'s Set,
    work: Vec<Work>,
    needs: Vec<Work>,
    bounds: Vec<Work>,
    depth: usize,
}

/// What is kept of a text, for those that are made from it.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) hits: Vec<Hit>,
    /// Anchors of detectors that look far, and where they stand.
    far: Vec<(usize, usize)>,
    /// Whether it was scanned as it is, as text.
    plain: bool,
    length: usize,
}

impl<'s> Scanner<'s> {
    pub(crate) fn new(set: &'s Set) -> Self {
        let many = set.detectors.len();
        Self {
            set,
            work: (0..many).map(|_| Work::default()).collect(),
            needs: (0..many).map(|_| Work::default()).collect(),
            bounds: (0..many).map(|_| Work::default()).collect(),
            depth: DEPTH,
        }
    }

    /// Everything in `text`, in order of place.
    pub(crate) fn scan(&mut self, text: &[u8]) -> Kept {
        let narrowed = decode::utf8(text);
        if narrowed.len() != text.len() {
            // Places in it say nothing; what was found stands for the whole text.
            let hits = self.fresh(&narrowed).hits.into_iter();
            let whole = |hit: Hit| {
                let value = hit.value(&narrowed).into();
                Hit { decoded: Some(value), span: 0..text.len(), seen: 0..text.len(), ..hit }
            };
            return Kept { hits: hits.map(whole).collect(), ..Kept::default() };
        }
        self.fresh(text)
    }

    /// The same for a text that was made from another by copying `copies` (in order of `to`) and putting something between them.
    pub(crate) fn rescan(&mut self, text: &[u8], before: &Kept, copies: &[Copied]) -> Kept {
        let plain = is_plain(text);
        if !before.plain || !plain || !self.set.everywhere.is_empty() {
            return self.scan(text);
        }
        let mut far = Vec::new();
        let mut hits = Vec::new();
        for copied in copies {
            let shift = copied.to.cast_signed() - copied.from.cast_signed();
            let source = copied.from..copied.from + copied.len;
            let inside = |range: &Range<usize>| source.start <= range.start && range.end <= source.end;
            // What saw an end of its text is as it was only at the same end.
            let ends = |range: &Range<usize>| {
                (range.start > 0 || copied.to == 0)
                    && (range.end < before.length || copied.to + copied.len == text.len())
            };
            for hit in &before.hits {
                if inside(&hit.seen) && ends(&hit.seen) && !self.set.is_far(hit.detector) {
                    hits.push(hit.moved(shift));
                }
            }
            for (anchor, at) in &before.far {
                if inside(&(*at..*at + self.set.anchors[*anchor].literal.len())) {
                    far.push((*anchor, at.saturating_add_signed(shift)));
                }
            }
        }
        for gap in gaps(text.len(), copies) {
            let range = gap.start.saturating_sub(REACH + MARGIN)..text.len().min(gap.end + REACH + MARGIN);
            self.anchored(text, range.clone(), &mut hits, &mut far);
            self.encoded(text, range, &mut hits);
        }
        self.finish(text, hits, far, plain)
    }

    fn fresh(&mut self, text: &[u8]) -> Kept {
        let plain = is_plain(text);
        let (mut hits, mut far) = (Vec::new(), Vec::new());
        self.anchored(text, 0..text.len(), &mut hits, &mut far);
        if plain {
            self.encoded(text, 0..text.len(), &mut hits);
        }
        for number in self.set.everywhere.clone() {
            self.everywhere(text, number, &mut hits);
        }
        self.finish(text, hits, far, plain)
    }

    fn finish(&mut self, text: &[u8], mut hits: Vec<Hit>, mut far: Vec<(usize, usize)>, plain: bool) -> Kept {
        far.sort_unstable();
        far.dedup();
        for (anchor, at) in &far {
            hits.extend(self.at(text, *anchor, *at));
        }
        if !plain {
            // In a program or an archive only a form that proves itself means something.
            hits.retain(|hit| hit.confidence == Confidence::High);
        }
        hits.sort_by(Hit::order);
        hits.dedup_by(|a, b| (a.detector, &a.span, &a.decoded) == (b.detector, &b.span, &b.decoded));
        hits.truncate(MOST_HITS);
        Kept { hits, far, plain, length: text.len() }
    }

    /// What has an anchor that begins in `range`.
    fn anchored(&mut self, text: &[u8], range: Range<usize>, hits: &mut Vec<Hit>, far: &mut Vec<(usize, usize)>) {
        let set = self.set;
        set.grams.find(&set.anchors, text, range.start, range.end, &mut |anchor, at| {
            if set.is_far(set.owners[anchor]) {
                far.push((anchor, at));
            } else if hits.len() < MOST_HITS {
                hits.extend(self.at(text, anchor, at));
            }
        });
    }

    /// What stands in encoded pieces that reach into `range`.
    fn encoded(&mut self, text: &[u8], range: Range<usize>, hits: &mut Vec<Hit>) {
        if self.depth == 0 {
            return;
        }
        self.depth -= 1;
        decode::decoded(text, range, &mut |piece| {
            for hit in self.fresh(&piece.bytes).hits {
                let value = hit.value(&piece.bytes).into();
                hits.push(Hit {
                    decoded: Some(value),
                    span: piece.span.clone(),
                    seen: around(&piece.span, text.len(), 2),
                    ..hit
                });
            }
        });
        self.depth += 1;
    }

    /// Every match of a detector without anchors.
    fn everywhere(&mut self, text: &[u8], number: usize, hits: &mut Vec<Hit>) {
        let detector = &self.set.detectors[number];
        let Look::Expression(pattern, _) = &detector.look else { return };
        let mut from = 0;
        while hits.len() < MOST_HITS {
            let Some((whole, span)) = pattern.find(text, from..text.len(), false, &mut self.work[number]) else {
                break;
            };
            from = whole.end.max(whole.start + 1);
            hits.extend(self.judged(text, number, whole, span, None));
        }
    }

    /// What the detector of an anchor finds where the anchor stands.
    fn at(&mut self, text: &[u8], anchor: usize, at: usize) -> Option<Hit> {
        let number = self.set.owners[anchor];
        let (detector, anchor) = (&self.set.detectors[number], &self.set.anchors[anchor]);
        let word = at..at + anchor.literal.len();
        match &detector.look {
            Look::Expression(pattern, bounded) => {
                let mut window = detector.window(anchor, at, text.len(), self.set.reach(number));
                let anchored = anchor.lead.1 == Some(0);
                loop {
                    let (whole, span) = pattern.find(text, window.clone(), anchored, &mut self.work[number])?;
                    if whole.start <= at && word.end <= whole.end {
                        let cut = detector.boundary && span.end == whole.end && !ends(text, span.end);
                        if !cut {
                            return self.judged(text, number, whole, span, None);
                        }
                        // Another of its lengths may fit.
                        let range = whole.start..window.end;
                        let (_, span) = bounded.find(text, range, true, &mut self.bounds[number])?;
                        return self.judged(text, number, whole.start..span.end, span, None);
                    }
                    if whole.start > at || whole.end <= window.start {
                        return None;
                    }
                    window.start = whole.end;
                }
            }
            Look::Assigned(pattern) => {
                let assigned = assign::assignment(text, word)?;
                let window = assigned.value..text.len().min(assigned.value + REACH / 2);
                let (_, span) = pattern.find(text, window, true, &mut self.work[number])?;
                self.judged(text, number, assigned.name.start..span.end, span, Some(&assigned))
            }
            Look::Any => {
                let assigned = assign::assignment(text, word)?;
                let from = assigned.value;
                self.judged(text, number, assigned.name.start..from, from..from, Some(&assigned))
            }
            Look::Path(_) => None,
        }
    }

    /// Whether what has the form of a credential is one.
    fn judged(
        &mut self,
        text: &[u8],
        number: usize,
        whole: Range<usize>,
        span: Range<usize>,
        assigned: Option<&assign::Assigned>,
    ) -> Option<Hit> {
        let detector = &self.set.detectors[number];
        let mut hit = Hit {
            span,
            detector: number,
            seen: 0..0,
            decoded: None,
            bare: false,
            verified: false,
            confidence: detector.confidence,
        };
        if let Some(need) = &detector.need {
            let from = text[..whole.start].iter().rev().take(MARGIN - 8).take_while(|byte| **byte != b'\n').count();
            need.find(text, whole.start - from..hit.span.start, false, &mut self.needs[number])?;
        }
        if let Some(check) = detector.check {
            let checked =
                check.run(&Subject { text, span: hit.span.clone(), assigned, confidence: detector.confidence })?;
            hit = Hit { span: checked.span, verified: checked.verified, confidence: checked.confidence, ..hit };
        }
        if detector.foreign {
            hit = lenient(text, &whole, hit)?;
        }
        let value = text.get(hit.span.clone())?;
        hit.bare = assigned.is_some_and(|assigned| assigned.quote.is_none());
        let outside = detector.boundary && !is_bounded(text, &hit.span, matches!(detector.look, Look::Any));
        let extent = whole.start.min(hit.span.start)..whole.end.max(hit.span.end);
        let in_data = detector.strict && detector.check != Some(Check::Pem) && is_in_data(text, &extent);
        if outside || in_data || entropy(value) < detector.entropy || self.is_shown(detector, value) {
            return None;
        }
        hit.seen = around(&extent, text.len(), MARGIN);
        Some(hit)
    }

    /// Whether the value is one that documentation shows.
    fn is_shown(&self, detector: &Detector, value: &[u8]) -> bool {
        // A key in armour was looked at by its own check; a long value holds anything by chance.
        let apart = detector.check == Some(Check::Pem) || value.len() > 400;
        let known = || detector.documented.iter().any(|known| known == value);
        let rest = detector.fixed.iter().find_map(|fixed| value.strip_prefix(fixed.as_slice())).unwrap_or(value);
        // An example of a rule, kept from being one.
        let marked = memchr::memmem::find(value, "\u{B7}".as_bytes()).is_some();
        detector.strict && (marked || known() || !apart && (placeholder::is_strong(rest) || placeholder::refers(value)))
    }
}

/// A match of somebody else's rule, whose own lists say what is none: what only refers to a value is none whatever they say, and
/// neither is the head of a key in armour without a body.
fn lenient(text: &[u8], whole: &Range<usize>, hit: Hit) -> Option<Hit> {
    let mut hit = hit;
    let name = |byte: &u8| byte.is_ascii_uppercase() || *byte == b'_';
    // Where the first group is the name of a setting, the value is in the rest of the match.
    if text.get(hit.span.clone())?.iter().all(name) {
        hit.span = whole.clone();
    }
    let value = text.get(hit.span.clone())?;
    if placeholder::refers(value) {
        return None;
    }
    if value.starts_with(b"-----BEGIN") && memchr::memmem::find(value, b"-----END").is_none() {
        let subject = Subject { text, span: hit.span.clone(), assigned: None, confidence: hit.confidence };
        let checked = Check::Pem.run(&subject)?;
        return Some(Hit { span: checked.span, verified: checked.verified, ..hit });
    }
    let confidence = if placeholder::is_weak(value) { Confidence::Low } else { hit.confidence };
    Some(Hit { confidence, ..hit })
}

/// Whether it is a part of something longer in base64, a picture or a certificate, that happens to look like it.
fn is_in_data(text: &[u8], span: &Range<usize>) -> bool {
    const MORE: usize = 60;
    let joins = |byte: Option<&u8>| matches!(byte, Some(b'+' | b'/'));
    if !joins(span.start.checked_sub(1).and_then(|before| text.get(before))) && !joins(text.get(span.end)) {
        return false;
    }
    let digit = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let before = text[..span.start].iter().rev().take(MARGIN - 8).take_while(digit).count();
    let after = text[span.end..].iter().take(MARGIN - 8).take_while(digit).count();
    let rest = [&text[span.start - before..span.start], &text[span.end..span.end + after]];
    rest.iter().any(|part| part.len() >= MORE && entropy(part) >= 4.3 && !random::is_wordy(part))
}

fn around(range: &Range<usize>, length: usize, margin: usize) -> Range<usize> {
    range.start.saturating_sub(margin)..length.min(range.end + margin)
}

/// Whether git would call it text.
fn is_plain(text: &[u8]) -> bool {
    memchr::memchr(0, &text[..text.len().min(SNIFF)]).is_none()
}

/// Whether what stands in `span` begins and ends where a word does. An escape before it (`\n`, `%3D`) is no part of the word.
fn is_bounded(text: &[u8], span: &Range<usize>, open: bool) -> bool {
    let before = &text[..span.start];
    let starts = match before {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => true,
        [.., last] => !last.is_ascii_alphanumeric(),
        [] => true,
    };
    starts && (open || ends(text, span.end))
}

/// Whether no word goes on at `end`.
fn ends(text: &[u8], end: usize) -> bool {
    text.get(end).is_none_or(|next| !next.is_ascii_alphanumeric() && !matches!(next, b'_' | b'-'))
}

/// What lies between the copies, and the places where two of them meet that did not before.
fn gaps(length: usize, copies: &[Copied]) -> Vec<Range<usize>> {
    let mut gaps: Vec<Range<usize>> = Vec::new();
    let mut add = |gap: Range<usize>| match gaps.last_mut() {
        // Gaps that are scanned together are one.
        Some(last) if gap.start <= last.end + 2 * (REACH + MARGIN) => last.end = gap.end,
        _ => gaps.push(gap),
    };
    let mut end = 0;
    for copied in copies {
        let seam = end..copied.to;
        if copied.to > 0 || copied.from > 0 {
            add(seam);
        }
        end = copied.to + copied.len;
    }
    add(end..length);
    gaps
}
