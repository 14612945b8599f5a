//! Why something is not GS1 data.

use super::Charset;
use std::fmt;

/// Why a string or an address is not GS1 data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gs1Error {
    /// More bytes than are looked at.
    TooLong {
        /// Bytes handed in.
        got: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// Nothing in it.
    Empty,
    /// An identifier that the dictionary does not have.
    UnknownAi {
        /// The start of what stands there.
        got: String,
    },
    /// A value that does not fit its identifier.
    Value {
        /// The identifier.
        ai: String,
        /// What does not fit.
        why: ValueError,
    },
    /// Two values for one identifier.
    Repeated {
        /// The identifier.
        ai: String,
    },
    /// More elements than are looked at.
    TooMany {
        /// Most elements allowed.
        max: usize,
    },
    /// Not an address of the web.
    NotAnAddress,
    /// An address whose path ends in no primary key.
    NoPrimaryKey,
    /// An identifier in the path that does not follow this key, or not in this place.
    Qualifier {
        /// The primary key.
        key: String,
        /// The identifier that stands after it.
        got: String,
    },
    /// An identifier in the query that may not stand there.
    NotAnAttribute {
        /// The identifier.
        ai: String,
    },
    /// A broken percent escape.
    Escape,
}

/// Why a value does not fit its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueError {
    /// Too few characters.
    TooShort {
        /// Characters found.
        got: usize,
        /// Fewest that go on from here.
        min: usize,
    },
    /// Too many characters.
    TooLong {
        /// Characters found.
        got: usize,
        /// Most allowed.
        max: usize,
    },
    /// A character outside the set.
    Character {
        /// Byte in the value, from 0.
        at: usize,
        /// The set.
        charset: Charset,
    },
    /// A check digit that does not fit: misread or mistyped.
    CheckDigit {
        /// The digit that would fit.
        expected: char,
        /// The digit found.
        got: char,
    },
    /// Not a date.
    Date {
        /// Byte in the value where it should begin.
        at: usize,
    },
    /// Does not start with a company prefix.
    CompanyPrefix {
        /// Byte in the value where the piece begins.
        at: usize,
    },
    /// A number outside its range.
    Range {
        /// Byte in the value where the piece begins.
        at: usize,
    },
}

impl fmt::Display for Gs1Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { got, max } => write!(f, "{got} bytes of GS1 data, most are {max}"),
            Self::Empty => f.write_str("no GS1 data"),
            Self::UnknownAi { got } => write!(f, "no application identifier: {got:?}"),
            Self::Value { ai, why } => write!(f, "({ai}): {why}"),
            Self::Repeated { ai } => write!(f, "two values for ({ai})"),
            Self::TooMany { max } => write!(f, "more than {max} elements"),
            Self::NotAnAddress => f.write_str("not a web address"),
            Self::NoPrimaryKey => f.write_str("the path ends in no GS1 key"),
            Self::Qualifier { key, got } => write!(f, "({got}) may not follow ({key}) there"),
            Self::NotAnAttribute { ai } => write!(f, "({ai}) may not stand in a query"),
            Self::Escape => f.write_str("a broken percent escape"),
        }
    }
}

impl std::error::Error for Gs1Error {}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { got, min } => write!(f, "{got} characters, at least {min} expected"),
            Self::TooLong { got, max } => write!(f, "{got} characters, at most {max} expected"),
            Self::Character { at, charset } => {
                write!(f, "character {at} is none of the set {charset:?}")
            }
            Self::CheckDigit { expected, got } => {
                write!(f, "check digit {got}, the other digits call for {expected}")
            }
            Self::Date { at } => write!(f, "no date at character {at}"),
            Self::CompanyPrefix { at } => write!(f, "no company prefix at character {at}"),
            Self::Range { at } => write!(f, "a number out of range at character {at}"),
        }
    }
}

impl std::error::Error for ValueError {}
