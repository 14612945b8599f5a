//! From the cells of one row to an item.

use super::column::Column;
use super::error::{RowError, RowFault};
use super::{Row, moment};
use sealight_verify::format::bounds::{self, BoundsError};
use sealight_verify::format::record::{Carrier, Field};

/// Most public fields of a record, and most private ones.
const MAX_FIELDS: usize = 32;

/// Makes row `number` of its cells.
pub(super) fn row<'a>(
    number: u32,
    cells: impl Iterator<Item = (&'a Column, &'a str)>,
) -> Result<Row, RowError> {
    let mut row = Row {
        product: String::new(),
        brand: None,
        gtin: None,
        serial: None,
        batch: None,
        category: String::new(),
        expires: None,
        carriers: vec![Carrier::Qr],
        fields: Vec::new(),
        private: Vec::new(),
    };
    let at = |column: &Column, fault| RowError { row: number, column: Some(column.name()), fault };
    for (column, cell) in cells {
        let cell = cell.trim();
        if !cell.is_empty() {
            put(&mut row, column, cell).map_err(|fault| at(column, fault))?;
        }
    }
    for (column, value) in [(Column::Product, &row.product), (Column::Category, &row.category)] {
        if value.is_empty() {
            return Err(at(&column, RowFault::Missing));
        }
    }
    Ok(row)
}

/// Puts one cell, trimmed and not empty, where its column says.
fn put(row: &mut Row, column: &Column, cell: &str) -> Result<(), RowFault> {
    text(cell)?;
    let owned = || cell.to_owned();
    match column {
        Column::Product => row.product = owned(),
        Column::Brand => row.brand = Some(owned()),
        Column::Gtin => row.gtin = Some(gtin14(cell).ok_or(RowFault::Gtin)?),
        Column::Serial => row.serial = Some(owned()),
        Column::Batch => row.batch = Some(owned()),
        Column::Category => row.category = owned(),
        Column::Expires => row.expires = Some(moment(cell).ok_or(RowFault::Moment)?),
        Column::Carriers => row.carriers = carriers(cell).ok_or(RowFault::Carrier)?,
        Column::Private(key) => field(&mut row.private, key, cell)?,
        Column::Field(key) => field(&mut row.fields, key, cell)?,
    }
    Ok(())
}

fn field(fields: &mut Vec<Field>, key: &str, value: &str) -> Result<(), RowFault> {
    if fields.len() == MAX_FIELDS {
        return Err(RowFault::TooManyFields { max: MAX_FIELDS });
    }
    fields.push(Field { key: key.to_owned(), value: value.to_owned() });
    Ok(())
}

/// Text that a record can hold.
pub(super) fn text(value: &str) -> Result<(), RowFault> {
    bounds::text("text", value).map_err(|error| match error {
        BoundsError::TooLong { got, max, .. } => RowFault::TooLong { got, max },
        BoundsError::Unfit { .. } => RowFault::Hidden,
    })
}

/// A GTIN of any length as 14 digits; `None` where its check digit does not fit (GS1 General
/// Specifications, section 7.9.1).
fn gtin14(text: &str) -> Option<String> {
    if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let weighed = text.bytes().rev().enumerate();
    let sum: u32 = weighed.map(|(at, b)| u32::from(b - b'0') * [1, 3][at % 2]).sum();
    sum.is_multiple_of(10).then(|| format!("{text:0>14}"))
}

/// Carriers by name, the weaker first, each once.
fn carriers(text: &str) -> Option<Vec<Carrier>> {
    let names = text.split([';', ',', '+', ' ']).filter(|name| !name.is_empty());
    let mut carriers: Vec<Carrier> = names.map(carrier).collect::<Option<_>>()?;
    carriers.sort_unstable();
    carriers.dedup();
    (!carriers.is_empty()).then_some(carriers)
}

fn carrier(name: &str) -> Option<Carrier> {
    Some(match name.to_ascii_lowercase().as_str() {
        "qr" => Carrier::Qr,
        "uhf" => Carrier::Uhf,
        "nfc" => Carrier::Nfc,
        "nfc-tap" => Carrier::NfcTap,
        "nfc-challenge" => Carrier::NfcChallenge,
        _ => return None,
    })
}
