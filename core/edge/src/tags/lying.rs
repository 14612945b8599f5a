//! What lies on a reader: each tag is told once, however long it lies there.

use super::{ReaderError, Seen, TagError, TagReader, Uid};
use sealight_tag::reading::TagReading;

/// Looks in a row without the tag after which it is away: one that is held slips now and then.
pub(super) const AWAY: u32 = 2;
/// How often a tag is tried that refuses: on its way into the field it is seen before it can be read.
pub(super) const TRIES: u32 = 20;

/// The tag that lies there, as far as it goes.
#[derive(Debug, Default)]
pub(super) struct Lying {
    tag: Option<Tag>,
    missed: u32,
}

#[derive(Debug)]
struct Tag {
    uid: Uid,
    /// Tries that are left; none once it was told or given up.
    tries: u32,
}

impl Lying {
    /// Looks once; what the tag says, or that it says nothing, where it was not told yet.
    pub(super) fn look(&mut self, reader: &mut dyn TagReader) -> Result<Option<Seen>, ReaderError> {
        let Some(uid) = reader.look()? else {
            self.missed += 1;
            if self.missed >= AWAY {
                *self = Self::default();
            }
            return Ok(None);
        };
        self.missed = 0;
        let known = self.tag.take().filter(|tag| tag.uid == uid);
        let tag = self.tag.insert(known.unwrap_or(Tag { uid, tries: TRIES }));
        Ok(if tag.tries == 0 { None } else { tag.read(reader) })
    }
}

impl Tag {
    fn read(&mut self, reader: &mut dyn TagReader) -> Option<Seen> {
        let read = reader.read();
        self.tries = match read {
            Err(TagError::Refused { .. }) => self.tries - 1,
            _ => 0,
        };
        let message = match read {
            Ok(message) => message,
            // Whoever holds it there is told that it is no seal.
            Err(TagError::Memory(_)) => Vec::new(),
            Err(TagError::Refused { .. }) => return (self.tries == 0).then_some(Seen::Unread),
            // Of a bank card in somebody's hand there is nothing to tell, and nobody was asked to
            // hold a chip there that this reader does not read.
            Err(TagError::NotType2 { .. }) => return None,
        };
        Some(Seen::Read(TagReading::nfc(message, Some(self.uid.clone().into_bytes()))))
    }
}
