//! NFC Data Exchange Format: what an NFC tag says.
//!
//! Sources, all NFC Forum: NDEF Technical Specification 1.0 (records, section 3); URI Record Type
//! Definition 1.0; Text Record Type Definition 1.0; Smart Poster Record Type Definition 1.1; Type 2
//! Tag Operation Specification 1.1 (memory).

mod content;
mod error;
mod record;
mod type2;

pub use content::{Content, Text, UriPrefix};
pub use error::NdefError;
pub use record::{Record, Tnf, records};
pub use type2::{Type2Error, message_of_type2};

/// Most bytes of a message: 32 KiB.
pub const MAX_MESSAGE: usize = 32 * 1024;

/// Most records of a message.
pub const MAX_RECORDS: usize = 64;

/// Most messages within each other: a smart poster is a message inside a record.
pub const MAX_NESTING: usize = 2;

/// Decodes a message to what its records say.
///
/// # Errors
/// What is wrong with the message, or with what a record of a known type says; see [`NdefError`].
pub fn decode(message: &[u8]) -> Result<Vec<Content>, NdefError> {
    content::decode_nested(message, 1)
}

#[cfg(test)]
pub(crate) mod tests;
