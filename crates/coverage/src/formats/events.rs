//! Reading a report in XML event by event, where elements that make no sense are passed over with what stands in them.

use tollgate_input::xml::{Element, Event, Scanner};
use tollgate_input::{Digest, InputError, Window};

use super::elements;
use crate::reading::Reading;

/// An element that is passed over with what stands in it.
pub(super) enum Odd {
    /// Of an unknown kind.
    Unknown,
    /// It makes no sense, for this reason.
    Malformed(&'static str),
}

impl From<&'static str> for Odd {
    fn from(message: &'static str) -> Self {
        Self::Malformed(message)
    }
}

/// What takes the elements of a report.
pub(super) trait Events {
    /// An element begins. If it is odd, neither what stands in it nor its end is told.
    fn start(&mut self, element: &Element<'_>) -> Result<(), Odd>;

    /// The element of this name ends.
    ///
    /// # Errors
    /// What makes no sense about it.
    fn end(&mut self, name: &[u8]) -> Result<(), &'static str>;

    /// Where odd elements are noted.
    fn reading(&mut self) -> &mut Reading;
}

/// Reads a report to its end: its digest.
pub(super) fn read(window: Window, events: &mut impl Events) -> Result<Digest, InputError> {
    let mut scanner = Scanner::new(window);
    while let Some(event) = scanner.next()? {
        match event {
            Event::Start(element) => match events.start(&element) {
                Ok(()) => {}
                Err(odd) => {
                    match odd {
                        Odd::Unknown => events.reading().oddities.unknown += 1,
                        Odd::Malformed(message) => elements::malformed(events.reading(), &scanner, message),
                    }
                    scanner.skip()?;
                }
            },
            Event::End(name) => {
                if let Err(message) = events.end(name) {
                    elements::malformed(events.reading(), &scanner, message);
                }
            }
            Event::Text(_) => {}
        }
    }
    Ok(scanner.digest())
}
