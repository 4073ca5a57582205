//! Segments, branches, regions and summaries, which are arrays by position.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::functions::Declared;
use super::lines::Segment;
use crate::file_coverage::Counts;
use crate::formats::json_values::{hits, line, malformed, whole};
use crate::marks::MarkGatherer;
use crate::numbers::Line;
use crate::reading::Reading;

/// Where a region begins: line and column.
pub(super) type Start = (u32, u64);

/// A condition with its two arms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Branch {
    start: Start,
    /// Line and column of its end, and the number of the expansion that it lies in, among those of its function.
    rest: [u64; 3],
    /// Whether it was true, and false.
    taken: [bool; 2],
}

impl Branch {
    /// Adds both arms; those of a macro to the place where it is used.
    pub(super) fn add(&self, branches: &mut MarkGatherer, used: Option<Start>) {
        let line = used.unwrap_or(self.start).0;
        let [to_line, to_column, file] = self.rest;
        // The same macro may be used in a macro several times; elsewhere the number depends on the instantiation.
        let file = used.map(|used| (used, file));
        for (arm, taken) in self.taken.into_iter().enumerate() {
            branches.add(line, (self.start, to_line, to_column, file, arm), taken);
        }
    }
}

/// `[line, column, count, has_count, begins_region, is_gap]`; the oldest versions have no gaps.
pub(super) fn segment(reader: &mut Reader, reading: &mut Reading) -> Result<Option<Segment>, InputError> {
    let (mut at, mut count, mut flags, mut place) = (None, None, [Some(false); 3], 0_usize);
    let whole = array(reader, |reader| {
        match place {
            0 => at = line(reader)?,
            2 => count = hits(reader)?,
            3..=5 => flags[place - 3] = flag(reader)?,
            _ => {}
        }
        place += 1;
        Ok(())
    })?;
    let [Some(has_count), Some(begins), Some(gap)] = flags else { return odd_segment(reader, reading) };
    let (Some(at), Some(count), true, 5..) = (at, count, whole, place) else { return odd_segment(reader, reading) };
    let hit = reading.oddities.hit(count);
    Ok(reading.oddities.line(at).map(|line| Segment { line, hit, has_count, begins, gap }))
}

fn odd_segment(reader: &Reader, reading: &mut Reading) -> Result<Option<Segment>, InputError> {
    let message = "a segment needs a line, a column, a count and three flags, as in [12, 5, 1, true, true, false]";
    malformed(reader, &mut reading.malformed, message);
    Ok(None)
}

/// `[line, column, to_line, to_column, count, false_count, file, expanded_file, kind]`
pub(super) fn branch(reader: &mut Reader, reading: &mut Reading) -> Result<Option<Branch>, InputError> {
    let (mut at, mut numbers, mut counts, mut place) = (None, [None; 4], [None; 2], 0_usize);
    array(reader, |reader| {
        match place {
            0 => at = line(reader)?,
            1..=3 => numbers[place - 1] = whole(reader)?,
            4 | 5 => counts[place - 4] = hits(reader)?,
            6 => numbers[3] = whole(reader)?,
            _ => {}
        }
        place += 1;
        Ok(())
    })?;
    let ([Some(column), Some(to_line), Some(to_column), file], [Some(on), Some(off)], Some(at)) = (numbers, counts, at)
    else {
        let message = "a branch needs two places and two counts, as in [12, 5, 12, 9, 1, 0, 0, 0, 4]";
        malformed(reader, &mut reading.malformed, message);
        return Ok(None);
    };
    let taken = [on, off].map(|hits| reading.oddities.hit(hits));
    let rest = [to_line, to_column, file.unwrap_or(0)];
    Ok(reading.oddities.line(at).map(|line| Branch { start: (line, column), rest, taken }))
}

/// Where a region begins, and the file it lies in among those of its function:
/// `[line, column, to_line, to_column, count, file, expanded_file, kind]`.
pub(super) fn region_in_file(reader: &mut Reader) -> Result<Option<(Start, u64)>, InputError> {
    let (mut at, mut column, mut file, mut place) = (None, None, Some(0), 0_usize);
    array(reader, |reader| {
        match place {
            0 => at = line(reader)?,
            1 => column = whole(reader)?,
            5 => file = whole(reader)?,
            _ => {}
        }
        place += 1;
        Ok(())
    })?;
    Ok(match (at, column, file) {
        (Some(Line::At(line)), Some(column), Some(file)) => Some(((line, column), file)),
        _ => None,
    })
}

/// Where a region begins.
pub(super) fn region(reader: &mut Reader) -> Result<Option<Start>, InputError> {
    Ok(region_in_file(reader)?.map(|(start, _)| start))
}

/// `{"lines": {"count": 9, "covered": 7, …}, "functions": {…}, "branches": {…}, …}`
pub(super) fn summary(reader: &mut Reader) -> Result<Declared, InputError> {
    let mut declared = Declared::default();
    reader.object(|reader, key| {
        let place = match key {
            "lines" => &mut declared.lines,
            "branches" => &mut declared.branches,
            "functions" => &mut declared.functions,
            _ => return Ok(()),
        };
        *place = counts(reader)?;
        Ok(())
    })?;
    Ok(declared)
}

/// The largest total that is believed: no file has more lines, and sums of them stay far from overflow.
const MOST: u64 = i32::MAX as u64;

fn counts(reader: &mut Reader) -> Result<Option<Counts>, InputError> {
    if reader.kind()? != Kind::Object {
        return Ok(None);
    }
    let (mut count, mut covered) = (None, None);
    reader.object(|reader, key| {
        match key {
            "count" => count = whole(reader)?,
            "covered" => covered = whole(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(covered.zip(count).filter(|(covered, count)| covered <= count && *count <= MOST))
}

/// `true`, `false`, or the numbers that the oldest versions write for them.
fn flag(reader: &mut Reader) -> Result<Option<bool>, InputError> {
    Ok(match reader.kind()? {
        Kind::Bool => Some(reader.bool()?),
        Kind::Number => reader.number()?.as_u64().map(|number| number != 0),
        _ => None,
    })
}

/// Takes an array; false where something else stands.
fn array(reader: &mut Reader, each: impl FnMut(&mut Reader) -> Result<(), InputError>) -> Result<bool, InputError> {
    if reader.kind()? != Kind::Array {
        return Ok(false);
    }
    reader.array(each)?;
    Ok(true)
}
