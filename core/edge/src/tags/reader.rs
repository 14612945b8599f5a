//! What a reader of tags is to the thread that looks at it.

use sealight_flow::Chips;
use sealight_tag::ndef::Type2Error;
use std::fmt;

/// A reader that is open. It ends where it is dropped.
pub trait TagReader {
    /// Its name, for people.
    fn name(&self) -> &str;

    /// Kinds of chips whose message it reads: nobody is asked to hold another one there.
    fn reads(&self) -> Chips;

    /// Which tag lies on it. A tag that lies there already stays powered: tags count how often they
    /// were powered and read, and some have codes for so many times only.
    ///
    /// # Errors
    /// [`ReaderError::Fails`] where the reader itself does not answer.
    fn look(&mut self) -> Result<Option<Uid>, ReaderError>;

    /// The NDEF message of the tag that was seen last.
    ///
    /// # Errors
    /// [`TagError`]; a tag that was taken away refuses.
    fn read(&mut self) -> Result<Vec<u8>, TagError>;
}

/// UID of a tag: 4, 7 or 10 bytes (ISO/IEC 14443-3, 6.5.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uid(Vec<u8>);

impl Uid {
    /// A UID of these bytes, where they are as many as one has.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        matches!(bytes.len(), 4 | 7 | 10).then(|| Self(bytes.to_vec()))
    }

    /// Its bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Why there is no reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderError {
    /// None is connected, or none that opens.
    None,
    /// It does not answer: unplugged, or in use by another program.
    Fails {
        /// Its name.
        reader: String,
        /// What the system says.
        why: String,
    },
}

impl fmt::Display for ReaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no tag reader is connected"),
            Self::Fails { reader, why } => write!(f, "{reader} fails: {why}"),
        }
    }
}

impl std::error::Error for ReaderError {}

/// Why a tag says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagError {
    /// It did not give a page: refused, damaged on the way, taken away.
    Refused {
        /// The page.
        page: u8,
    },
    /// A chip of another kind, such as a bank card or a phone.
    NotType2 {
        /// What it says of itself: SAK (ISO/IEC 14443-3, 6.5.3.4).
        sak: u8,
    },
    /// Its memory holds no message.
    Memory(Type2Error),
}

impl fmt::Display for TagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { page } => write!(f, "the tag does not give page {page}"),
            Self::NotType2 { sak } => write!(f, "a chip of another kind (SAK {sak:02x})"),
            Self::Memory(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TagError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_has_as_many_bytes_as_the_standard_says() {
        for count in 0..=255 {
            let uid = Uid::new(&vec![7; count]);
            assert_eq!(uid.is_some(), [4, 7, 10].contains(&count), "{count}");
        }
    }
}
