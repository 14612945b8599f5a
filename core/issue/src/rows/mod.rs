//! The items of a lot as an issuer writes them down: CSV (RFC 4180) or JSON (RFC 8259).
//!
//! Columns: `product` and `category` must be there; `brand`, `gtin`, `serial`, `batch`, `expires`
//! and `carriers` may be; `private.NAME` is for the holder of the seal alone; every other column
//! is a public field, shown in the order of the file. An empty cell is an absent one. JSON is an
//! array of objects, or objects one after the other (JSON Lines). Rows are streamed: however long
//! the file, one row is held at a time.

mod column;
mod error;
mod from_csv;
mod from_json;
mod meter;
mod moment;
mod row;

pub use error::{ReadError, RowError, RowFault};
pub use moment::moment;

use sealight_verify::format::record::{Carrier, Field};
use sealight_verify::time::Timestamp;
use std::io::Read;

/// Most columns of a file, or keys of an object.
pub const MAX_COLUMNS: usize = 64;

/// Most bytes of one row in its file.
pub const MAX_ROW: usize = 256 * 1024;

/// One item of a lot, in the issuer's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the product is called.
    pub product: String,
    /// Brand name.
    pub brand: Option<String>,
    /// GTIN, 14 digits.
    pub gtin: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Batch name.
    pub batch: Option<String>,
    /// Category, a template's name such as `baijiu`.
    pub category: String,
    /// Last moment of its shelf life.
    pub expires: Option<Timestamp>,
    /// What carries the seal, the weaker first; a printed code where the file says nothing.
    pub carriers: Vec<Carrier>,
    /// Public fields in the order to be shown.
    pub fields: Vec<Field>,
    /// Fields for the holder of the seal.
    pub private: Vec<Field>,
}

/// How a file of rows is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header line, UTF-8.
    Csv,
    /// An array of objects, or objects one after the other, UTF-8.
    Json,
}

/// Hands every row to `sink` in order; tells how many there were.
///
/// # Errors
/// The first row that cannot be an item, a file without rows, or what `sink` refused.
pub fn read<E>(
    format: Format,
    input: impl Read,
    sink: &mut dyn FnMut(Row) -> Result<(), E>,
) -> Result<u32, ReadError<E>> {
    let rows = match format {
        Format::Csv => from_csv::read(input, sink)?,
        Format::Json => from_json::read(input, sink)?,
    };
    if rows == 0 {
        return Err(RowError { row: 1, column: None, fault: RowFault::NoRows }.into());
    }
    Ok(rows)
}

/// Reads all rows into memory, for small lots.
///
/// # Errors
/// As [`read`].
pub fn read_all(format: Format, input: impl Read) -> Result<Vec<Row>, RowError> {
    let mut rows = Vec::new();
    let keep = &mut |row| {
        rows.push(row);
        Ok::<(), std::convert::Infallible>(())
    };
    match read(format, input, keep) {
        Ok(_) => Ok(rows),
        Err(ReadError::Row(error)) => Err(error),
        Err(ReadError::Sink(never)) => match never {},
    }
}

#[cfg(test)]
mod tests;
