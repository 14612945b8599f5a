use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::lot::MAX_SIZE;
use std::fmt;

/// Why a lot cannot be built. Rows are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LotError {
    /// The plan says what no anchor can say.
    Plan(BoundsError),
    /// A lot without items.
    Empty,
    /// As many items as a lot can have.
    Full,
    /// The same secret as the item before, or zeros: the source of randomness is broken.
    RepeatedSecret {
        /// The item's row.
        row: u32,
    },
    /// A GTIN that lies in none of the lot's namespaces.
    ForeignGtin {
        /// The item's row.
        row: u32,
        /// The GTIN.
        gtin: String,
    },
    /// A brand name that is none of the lot's namespaces.
    ForeignBrand {
        /// The item's row.
        row: u32,
        /// The name.
        brand: String,
    },
    /// Tap codes for an item that has no chip that gives them.
    TapsWithoutChip {
        /// The item's row.
        row: u32,
    },
    /// A value that a record cannot hold.
    Record {
        /// The item's row.
        row: u32,
        /// Which, and why.
        error: BoundsError,
    },
    /// A record of more bytes than it may have.
    RecordTooLong {
        /// The item's row.
        row: u32,
        /// Bytes of the record.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// More private bytes than a record may have.
    PrivateTooLong {
        /// The item's row.
        row: u32,
        /// Bytes of the closed fields.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// Bytes that are not the draft that the first pass made for this bucket.
    NotTheDraft {
        /// The bucket.
        bucket: u32,
    },
}

impl fmt::Display for LotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(error) => write!(f, "the lot: {error}"),
            Self::Empty => f.write_str("a lot without items"),
            Self::Full => write!(f, "a lot has at most {MAX_SIZE} items"),
            Self::RepeatedSecret { row } => {
                write!(f, "row {row}: the secret is not fresh, the randomness is broken")
            }
            Self::ForeignGtin { row, gtin } => {
                write!(f, "row {row}, column gtin: {gtin} lies in none of the lot's namespaces")
            }
            Self::ForeignBrand { row, brand } => {
                write!(f, "row {row}, column brand: {brand} is none of the lot's namespaces")
            }
            Self::TapsWithoutChip { row } => {
                write!(f, "row {row}, column carriers: tap codes, and no nfc-tap among them")
            }
            Self::Record { row, error } => write!(f, "row {row}: {error}"),
            Self::RecordTooLong { row, got, max } => {
                write!(f, "row {row}: a record of {got} bytes, at most {max}")
            }
            Self::PrivateTooLong { row, got, max } => {
                write!(f, "row {row}: private fields of {got} bytes, at most {max}")
            }
            Self::NotTheDraft { bucket } => {
                write!(f, "bucket {bucket}: not the draft that was made for it")
            }
        }
    }
}

impl std::error::Error for LotError {}
