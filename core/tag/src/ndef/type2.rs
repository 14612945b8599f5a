//! Memory of a Type 2 tag (NTAG21x and the like): Type 2 Tag Operation Specification 1.1,
//! sections 2.3 (lock and reserved memory), 6.1 (capability container).

use std::fmt;
use std::ops::Range;

/// Why memory holds no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type2Error {
    /// More bytes than such a tag can have.
    TooLong {
        /// Bytes handed in.
        got: usize,
    },
    /// No capability container of a version that is known.
    NoContainer,
    /// A block that goes on behind the end of the memory.
    Truncated {
        /// Byte of the memory where it begins.
        at: usize,
    },
    /// A control block that has not 3 bytes, or too many of them.
    Control {
        /// Byte of the memory where it begins.
        at: usize,
    },
    /// No block with a message.
    NoMessage,
}

impl fmt::Display for Type2Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { got } => write!(f, "{got} bytes of tag memory"),
            Self::NoContainer => f.write_str("the tag is not set up for NFC messages"),
            Self::Truncated { at } => write!(f, "a block at byte {at} goes on behind the end"),
            Self::Control { at } => write!(f, "a wrong control block at byte {at}"),
            Self::NoMessage => f.write_str("no NFC message on the tag"),
        }
    }
}

impl std::error::Error for Type2Error {}

/// Where the data area begins.
const DATA: usize = 16;
/// Largest memory that a capability container can tell of, and what comes before it.
const MAX_MEMORY: usize = DATA + 255 * 8;
/// Most areas that are left out; real tags name one or two.
const MAX_AREAS: usize = 8;

const NULL: u8 = 0x00;
const LOCK_CONTROL: u8 = 0x01;
const MEMORY_CONTROL: u8 = 0x02;
const MESSAGE: u8 = 0x03;
const TERMINATOR: u8 = 0xfe;

/// The first message in a tag's memory, which is handed in from block 0 on. Areas that control
/// blocks set apart are left out of it.
///
/// # Errors
/// [`Type2Error::TooLong`], [`Type2Error::NoContainer`], [`Type2Error::Truncated`] or
/// [`Type2Error::Control`] for a wrong block before the message's end, and
/// [`Type2Error::NoMessage`].
pub fn message_of_type2(memory: &[u8]) -> Result<Vec<u8>, Type2Error> {
    if memory.len() > MAX_MEMORY {
        return Err(Type2Error::TooLong { got: memory.len() });
    }
    let Some([0xe1, version, size, _]) = memory.get(12..DATA) else {
        return Err(Type2Error::NoContainer);
    };
    if version >> 4 != 1 {
        return Err(Type2Error::NoContainer);
    }
    let end = memory.len().min(DATA + usize::from(*size) * 8);
    let mut walk = Walk { memory: &memory[..end], at: DATA, areas: Vec::new() };
    loop {
        let at = walk.at;
        let cut = Type2Error::Truncated { at };
        match walk.byte() {
            Some(NULL) => {}
            None | Some(TERMINATOR) => return Err(Type2Error::NoMessage),
            Some(kind) => {
                let value = walk.value().ok_or(cut)?;
                match (kind, value.as_slice()) {
                    (MESSAGE, _) => return Ok(value),
                    (LOCK_CONTROL | MEMORY_CONTROL, [position, size, page])
                        if walk.areas.len() < MAX_AREAS =>
                    {
                        walk.areas.push(area(kind, *position, *size, *page));
                    }
                    (LOCK_CONTROL | MEMORY_CONTROL, _) => return Err(Type2Error::Control { at }),
                    _ => {}
                }
            }
        }
    }
}

/// Where the bytes lie that a control block sets apart (section 2.3.2 and 2.3.3): the size counts
/// bits for lock bytes and bytes for reserved memory, 0 meaning 256.
fn area(kind: u8, position: u8, size: u8, page: u8) -> Range<usize> {
    let page_size = 1usize << (page & 0x0f);
    let start = usize::from(position >> 4) * page_size + usize::from(position & 0x0f);
    let size = if size == 0 { 256 } else { usize::from(size) };
    start..start + if kind == LOCK_CONTROL { size.div_ceil(8) } else { size }
}

struct Walk<'a> {
    memory: &'a [u8],
    at: usize,
    areas: Vec<Range<usize>>,
}

impl Walk<'_> {
    /// The next byte that is not set apart.
    fn byte(&mut self) -> Option<u8> {
        while let Some(area) = self.areas.iter().find(|area| area.contains(&self.at)) {
            self.at = area.end;
        }
        let byte = self.memory.get(self.at)?;
        self.at += 1;
        Some(*byte)
    }

    /// Length, in one byte or three, and as many bytes.
    fn value(&mut self) -> Option<Vec<u8>> {
        let len = match self.byte()? {
            0xff => usize::from(u16::from_be_bytes([self.byte()?, self.byte()?])),
            short => usize::from(short),
        };
        (0..len).map(|_| self.byte()).collect()
    }
}
