//! Limits on what decoded structures may hold, with the one error they share.

use alloc::string::String;

/// A field that holds more than it may, or something that it may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundsError {
    /// Text or list longer than allowed (bytes or elements).
    TooLong {
        /// Name of the field.
        field: &'static str,
        /// Length found.
        got: usize,
        /// Longest allowed.
        max: usize,
    },
    /// A value that the field cannot have.
    Unfit {
        /// Name of the field.
        field: &'static str,
    },
}

impl core::fmt::Display for BoundsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { field, got, max } => write!(f, "{field}: {got} long, at most {max}"),
            Self::Unfit { field } => write!(f, "{field}: a value that it cannot have"),
        }
    }
}

impl core::error::Error for BoundsError {}

/// Most bytes of one text.
pub const MAX_TEXT: usize = 512;

/// Text of 1 to [`MAX_TEXT`] bytes without control or direction characters.
///
/// # Errors
/// [`BoundsError::TooLong`], and [`BoundsError::Unfit`] for text that is empty or has such a
/// character.
pub fn text(field: &'static str, value: &str) -> Result<(), BoundsError> {
    length(field, value.len(), MAX_TEXT)?;
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    require(field, !value.is_empty() && !value.chars().any(hidden))
}

/// The same for text that may be absent.
///
/// # Errors
/// Those of [`text`], where there is text.
pub fn optional_text(field: &'static str, value: &Option<String>) -> Result<(), BoundsError> {
    value.as_deref().map_or(Ok(()), |value| text(field, value))
}

/// At most `max` bytes or elements.
///
/// # Errors
/// [`BoundsError::TooLong`] where there are more.
pub fn length(field: &'static str, got: usize, max: usize) -> Result<(), BoundsError> {
    if got > max { Err(BoundsError::TooLong { field, got, max }) } else { Ok(()) }
}

/// A condition on one field.
///
/// # Errors
/// [`BoundsError::Unfit`] where it does not hold.
pub fn require(field: &'static str, holds: bool) -> Result<(), BoundsError> {
    if holds { Ok(()) } else { Err(BoundsError::Unfit { field }) }
}
