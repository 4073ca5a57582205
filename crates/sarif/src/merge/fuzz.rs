//! A door for fuzzing.

use std::cell::RefCell;
use std::io::{self, Cursor, Write};
use std::rc::Rc;

use serde_json::Value;
use tollgate_input::{InputError, Source, Window};
use tollgate_model::{State, Suppression};

use super::{ForeignLog, Limits, Mark, archive, upload};
use crate::oracle;

/// A file in memory that is read back while its writer is elsewhere.
#[derive(Clone, Default)]
pub(super) struct Shared(pub(super) Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Merges `bytes` as two files: what comes of it must be merged again to the same, and be taken by the host.
#[doc(hidden)]
pub fn fuzz_merge(bytes: &[u8]) {
    let suppression = Suppression { reason: "x".to_owned(), owner: None, expires: None };
    let open_as = |bytes: &[u8]| {
        let source = Source::new("fuzz", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
        Window::new(source, 1 << 20)
    };
    let open: &dyn Fn() -> Result<Window, InputError> = &|| open_as(bytes);
    let mark = |place: u64| Mark {
        state: (place % 3 == 1).then_some(State::Unchanged),
        suppressed: (place % 3 == 2).then_some(&suppression),
    };
    let logs = ["a", "b"].map(|source| ForeignLog { source, open, mark: &mark, upload: true, digester: None });
    let mut first = Vec::new();
    if archive(&[], &logs, &mut first).is_ok() {
        let open: &dyn Fn() -> Result<Window, InputError> = &|| open_as(&first);
        let log = ForeignLog { source: "c", open, mark: &|_| Mark::default(), upload: false, digester: None };
        let mut second = Vec::new();
        let again = archive(&[], &[log], &mut second);
        // Brackets may be one deeper than they were.
        assert!(again.is_err() || first == second, "an archive changes when it is archived");
    }
    let limits = Limits { results: 3, locations: 2, bytes: 4_000, ..Limits::default() };
    let mut files: Vec<Shared> = Vec::new();
    let made = upload(&[], &logs, &limits, &mut |_| {
        files.push(Shared::default());
        Ok(Box::new(files.last().cloned().unwrap_or_default()))
    });
    for file in files.iter().filter(|_| made.is_ok()) {
        let value = serde_json::from_slice::<Value>(&file.0.borrow());
        let complaints = value.map(|log| oracle::check(&log));
        assert!(matches!(&complaints, Ok(none) if none.is_empty()), "{complaints:?}");
    }
}
