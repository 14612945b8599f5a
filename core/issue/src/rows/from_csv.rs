//! Rows from CSV.

use super::column::columns;
use super::error::{ReadError, RowError, RowFault};
use super::meter::{Meter, metered};
use super::{Row, row};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use sealight_verify::format::lot::MAX_SIZE;
use std::io::Read;

pub(super) fn read<E>(
    input: impl Read,
    sink: &mut dyn FnMut(Row) -> Result<(), E>,
) -> Result<u32, ReadError<E>> {
    let (input, meter) = metered(input);
    let mut reader = ReaderBuilder::new().from_reader(input);
    let header = reader.headers().map_err(|error| fault(0, &error, &meter))?;
    let columns =
        columns(header.iter()).map_err(|(column, fault)| RowError { row: 0, column, fault })?;
    let mut record = StringRecord::new();
    let mut rows = 0;
    loop {
        meter.next_row();
        if !reader.read_record(&mut record).map_err(|error| fault(rows + 1, &error, &meter))? {
            return Ok(rows);
        }
        if rows == MAX_SIZE {
            let fault = RowFault::TooManyRows;
            return Err(RowError { row: rows + 1, column: None, fault }.into());
        }
        rows += 1;
        sink(row::row(rows, columns.iter().zip(record.iter()))?).map_err(ReadError::Sink)?;
    }
}

fn fault(row: u32, error: &csv::Error, meter: &Meter) -> RowError {
    let fault = match error.kind() {
        ErrorKind::Io(_) if meter.used_up() => RowFault::RowTooLong,
        ErrorKind::Io(why) => RowFault::Input { why: why.to_string() },
        ErrorKind::Utf8 { .. } => RowFault::NotUtf8,
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            RowFault::Cells { expected: *expected_len, got: *len }
        }
        _ => RowFault::Malformed { why: error.to_string() },
    };
    RowError { row, column: None, fault }
}
