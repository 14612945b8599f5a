use super::{MAX_COLUMNS, MAX_ROW};
use sealight_verify::format::lot::MAX_SIZE;
use std::fmt;

/// A row that cannot be an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Which row, the first item being 1; 0 is the header of a CSV file.
    pub row: u32,
    /// Which column, where the fault lies in one.
    pub column: Option<String>,
    /// What is wrong.
    pub fault: RowFault,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// The file has no row.
    NoRows,
    /// More rows than a lot has items.
    TooManyRows,
    /// A row of more bytes than [`MAX_ROW`].
    RowTooLong,
    /// More columns than [`MAX_COLUMNS`].
    TooManyColumns,
    /// A column without a name.
    Unnamed,
    /// Two columns of one name.
    NamedTwice,
    /// A row with more or fewer cells than the header.
    Cells {
        /// Cells of the header.
        expected: u64,
        /// Cells of the row.
        got: u64,
    },
    /// Not UTF-8.
    NotUtf8,
    /// Not the format that the file should have, in its reader's words.
    Malformed {
        /// What the reader says.
        why: String,
    },
    /// The input could not be read on.
    Input {
        /// What the input says.
        why: String,
    },
    /// A value that must be there is not.
    Missing,
    /// A text that is too long.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// A text with control or direction characters in it.
    Hidden,
    /// More fields than a record holds.
    TooManyFields {
        /// Most fields.
        max: usize,
    },
    /// Not a GTIN of 8, 12, 13 or 14 digits with its check digit.
    Gtin,
    /// Neither a date nor a moment with its offset.
    Moment,
    /// A carrier that no tag is.
    Carrier,
    /// A number with a fraction, whose digits could change: to be written as text.
    Fraction,
    /// A list or an object where a text should be.
    Nested,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRows => f.write_str("the file has no rows"),
            Self::TooManyRows => write!(f, "more than {MAX_SIZE} rows, the most of one lot"),
            Self::RowTooLong => write!(f, "a row of more than {MAX_ROW} bytes"),
            Self::TooManyColumns => write!(f, "more than {MAX_COLUMNS} columns"),
            Self::Unnamed => f.write_str("a column without a name"),
            Self::NamedTwice => f.write_str("two columns of this name"),
            Self::Cells { expected, got } => {
                write!(f, "{got} cells, the header has {expected}")
            }
            Self::NotUtf8 => f.write_str("not UTF-8: save the file in that encoding"),
            Self::Malformed { why } | Self::Input { why } => f.write_str(why),
            Self::Missing => f.write_str("nothing there, and every item needs it"),
            Self::TooLong { got, max } => write!(f, "{got} bytes, at most {max}"),
            Self::Hidden => f.write_str("control or direction characters in the text"),
            Self::TooManyFields { max } => write!(f, "more than {max} fields"),
            Self::Gtin => f.write_str("not a GTIN of 8, 12, 13 or 14 digits with its check digit"),
            Self::Moment => {
                f.write_str("neither a date such as 2027-05-31 nor a moment with its offset")
            }
            Self::Carrier => f.write_str("not a list of qr, uhf, nfc, nfc-tap and nfc-challenge"),
            Self::Fraction => f.write_str("a number with a fraction: write it as text"),
            Self::Nested => f.write_str("a list or an object where a text should be"),
        }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            0 => f.write_str("header")?,
            row => write!(f, "row {row}")?,
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for RowError {}

/// Why reading stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError<E> {
    /// A row that cannot be an item.
    Row(RowError),
    /// The taker of the rows refused one.
    Sink(E),
}

impl<E> From<RowError> for ReadError<E> {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

impl<E: fmt::Display> fmt::Display for ReadError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(error) => error.fmt(f),
            Self::Sink(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for ReadError<E> {}
