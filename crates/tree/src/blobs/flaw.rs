//! Why an object cannot be read.

use std::collections::TryReserveError;
use std::{fmt, io};

use gix::ObjectId;

/// Why an object cannot be read. Small, for a damaged pack has many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    /// The system does not give its bytes.
    Io(io::ErrorKind),
    /// What stands before its bytes is no header of an object.
    Header,
    /// Its bytes end too early.
    Truncated,
    /// Its bytes are no zlib stream.
    Corrupt,
    /// There are more or fewer bytes than were said.
    Size,
    /// It is an edit whose instructions make no sense.
    Delta,
    /// It is an edit of something of another size.
    Base,
    /// It is an edit of something that the pack has not.
    NoBase,
    /// It is an edit of something that cannot be read.
    BadBase,
    /// It is an edit, and too large to be put together.
    TooLarge,
    /// There is not enough memory for it.
    Memory,
    /// It is nowhere.
    Absent,
    /// It is something else.
    NoBlob,
    /// The index of a pack names it, and there is no such pack.
    NoPack,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let damaged = match self {
            Self::Io(kind) => return write!(f, "{kind}: see that it can be read, then run this again"),
            Self::TooLarge => {
                return f.write_str("is stored as an edit and has more than 512 MB: it was not looked at");
            }
            Self::Memory => return f.write_str("there is not enough memory to put it together: it was not looked at"),
            Self::Absent => return f.write_str("is not in the repository: fetch it, or see \"git fsck\""),
            Self::NoBlob => return f.write_str("is no file's content: name blobs only"),
            Self::Header => "its header is damaged",
            Self::Truncated => "its bytes end too early",
            Self::Corrupt => "its bytes are damaged",
            Self::Size => "its size is not what its header says",
            Self::Delta => "the edit that makes it is damaged",
            Self::Base => "the edit that makes it belongs to another object",
            Self::NoBase => "the object that it is an edit of is not in the pack",
            Self::BadBase => "the object that it is an edit of cannot be read",
            Self::NoPack => "its pack is gone",
        };
        write!(f, "{damaged}; see \"git fsck\"")
    }
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            // What flate2 says of bytes that it does not understand.
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Self::Corrupt,
            kind => Self::Io(kind),
        }
    }
}

impl From<TryReserveError> for Flaw {
    fn from(_: TryReserveError) -> Self {
        Self::Memory
    }
}

/// One object that cannot be read, and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Failure {
    /// Which of the sources it lies in; none when it lies in none.
    pub(crate) source: Option<u32>,
    /// Where in a pack.
    pub(crate) offset: u64,
    pub(crate) id: ObjectId,
    pub(crate) flaw: Flaw,
}
