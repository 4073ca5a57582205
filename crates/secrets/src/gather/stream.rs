//! Texts too large to be held: seen through a window that overlaps itself.

use std::io::{self, Read};

use crate::engine::scan::Scanner;
use crate::engine::set::{FAR, Set};
use crate::sight::{self, Sight};

/// How many bytes are read at once.
const WINDOW: usize = 4 << 20;
/// How many bytes of one window are seen again in the next, so that nothing is cut.
const OVERLAP: usize = 2 * FAR;
/// How many bytes before what is reported must be seen.
const LEAD: usize = 2048;
/// Most that is kept of one text.
const MOST: usize = 10_000;

/// Everything in what `reader` gives, and how many bytes that was.
pub(crate) fn scan(set: &Set, scanner: &mut Scanner<'_>, reader: &mut dyn Read) -> io::Result<(Vec<Sight>, u64)> {
    let mut all = Vec::new();
    let mut window: Vec<u8> = Vec::new();
    let (mut total, mut lines, mut lead) = (0, 0u32, 0);
    loop {
        let read = (&mut *reader).take(WINDOW as u64).read_to_end(&mut window)?;
        total += read as u64;
        let last = read < WINDOW;
        let end = if last { window.len() } else { window.len().saturating_sub(OVERLAP).max(lead) };
        let mut kept = scanner.scan(&window);
        kept.hits.retain(|hit| hit.span.start >= lead && (last || hit.span.start < end));
        for mut sight in sight::sights(set, &window, &kept) {
            sight.region.start_line = sight.region.start_line.saturating_add(lines);
            sight.region.end_line = sight.region.end_line.saturating_add(lines);
            if all.len() < MOST {
                all.push(sight);
            }
        }
        if last {
            return Ok((all, total));
        }
        let from = end.saturating_sub(LEAD);
        let passed = memchr::memchr_iter(b'\n', &window[..from]).count();
        lines = lines.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        window.drain(..from);
        lead = end - from;
    }
}
