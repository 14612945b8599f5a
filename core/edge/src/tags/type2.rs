//! The message of an NFC Forum Type 2 tag, read page by page (Type 2 Tag Operation Specification
//! 1.1, section 5.1: READ).
//!
//! A tag may say anything, at any length and differently each time. So no more is read than its
//! capability container claims, nothing beyond what READ can address, and nothing once the message is
//! whole.

use super::TagError;
use sealight_tag::ndef::{Type2Error, message_of_type2};

/// Bytes that one READ gives: four pages.
pub const READ: usize = 16;
/// Bytes of a page.
const PAGE: usize = 4;
/// Most bytes that are read: READ has one byte for the page, and no seal is larger.
pub const MOST: usize = 256 * PAGE;

/// Reads until the message is whole; `read` gives four pages, from this one on.
///
/// # Errors
/// [`TagError::Memory`], or what `read` says.
pub fn message(
    mut read: impl FnMut(u8) -> Result<[u8; READ], TagError>,
) -> Result<Vec<u8>, TagError> {
    let mut memory = Vec::with_capacity(MOST);
    while let Ok(page) = u8::try_from(memory.len() / PAGE) {
        memory.extend(read(page)?);
        match message_of_type2(&memory) {
            Err(Type2Error::Truncated { .. } | Type2Error::NoMessage)
                if memory.len() < claimed(&memory) => {}
            done => return done.map_err(TagError::Memory),
        }
    }
    Err(TagError::Memory(Type2Error::TooLong { got: claimed(&memory) }))
}

/// How large the memory is by its own account (section 6.1), with what stands before its data.
fn claimed(memory: &[u8]) -> usize {
    READ + 8 * usize::from(memory.get(14).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A tag of this size with this much of a message, and the pages that were asked for.
    fn tag(claims: u8, message: &[u8]) -> Vec<u8> {
        let mut memory = vec![0; 12];
        memory.extend([0xe1, 0x10, claims, 0x00, 0x03, message.len() as u8]);
        memory.extend(message);
        memory.push(0xfe);
        memory
    }

    fn read(memory: &[u8]) -> (Result<Vec<u8>, TagError>, Vec<u8>) {
        let mut asked = Vec::new();
        let read = message(|page| {
            asked.push(page);
            let at = usize::from(page) * PAGE;
            let bytes = memory.get(at..).filter(|bytes| !bytes.is_empty());
            let bytes = bytes.ok_or(TagError::Refused { page })?;
            Ok(std::array::from_fn(|at| bytes.get(at).copied().unwrap_or(0)))
        });
        (read, asked)
    }

    #[test]
    fn no_page_is_read_once_the_message_is_whole() {
        let (message, asked) = read(&tag(18, &[7; 20]));
        assert_eq!(message, Ok(vec![7; 20]));
        assert_eq!(asked, [0, 4, 8]);
    }

    #[test]
    fn a_container_that_claims_too_much_ends_where_the_tag_does() {
        let mut memory = tag(255, &[7; 20]);
        memory[17] = 200;
        let (message, asked) = read(&memory);
        assert_eq!(message, Err(TagError::Refused { page: 12 }));
        assert_eq!(asked, [0, 4, 8, 12]);
    }

    #[test]
    fn no_page_is_read_beyond_what_the_container_claims() {
        let mut memory = tag(3, &[7; 200]);
        memory.resize(800, 7);
        let (message, asked) = read(&memory);
        assert_eq!(message, Err(TagError::Memory(Type2Error::Truncated { at: 16 })));
        assert_eq!(asked, [0, 4, 8], "24 bytes of data");
    }

    #[test]
    fn a_tag_without_end_is_read_to_what_a_page_number_can_say() {
        let mut memory = vec![0; 16];
        memory[12..].copy_from_slice(&[0xe1, 0x10, 255, 0]);
        memory.resize(4096, 0);
        let (message, asked) = read(&memory);
        assert_eq!(message, Err(TagError::Memory(Type2Error::TooLong { got: 16 + 255 * 8 })));
        assert_eq!((asked.len(), asked.last()), (64, Some(&252)));
    }

    #[test]
    fn a_tag_that_is_not_set_up_is_asked_once() {
        let (message, asked) = read(&[0; 64]);
        assert_eq!(message, Err(TagError::Memory(Type2Error::NoContainer)));
        assert_eq!(asked, [0]);
    }

    proptest! {
        #[test]
        fn hostile_tags_never_panic_and_come_to_an_end(
            claims in any::<u8>(),
            rest in prop::collection::vec(any::<u8>(), 0..1200),
        ) {
            let mut memory = vec![0; 12];
            memory.extend([0xe1, 0x10, claims, 0x00]);
            memory.extend(rest);
            let (message, asked) = read(&memory);
            prop_assert!(asked.len() <= MOST / READ);
            prop_assert!(message.is_err() || message.is_ok_and(|message| message.len() < MOST));
        }
    }
}
