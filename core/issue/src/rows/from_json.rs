//! Rows from JSON.

use super::column::{PRIVATE, columns};
use super::error::{ReadError, RowError, RowFault};
use super::meter::{Meter, metered};
use super::{MAX_COLUMNS, Row, row};
use sealight_verify::format::lot::MAX_SIZE;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

pub(super) fn read<E>(
    input: impl Read,
    sink: &mut dyn FnMut(Row) -> Result<(), E>,
) -> Result<u32, ReadError<E>> {
    let (input, meter) = metered(input);
    let mut input = BufReader::new(input);
    let mut rows = Rows { meter, count: 0, sink, stopped: None };
    let array = match first_byte(&mut input) {
        Ok(first) => first == Some(b'['),
        Err(error) => return Err(rows.fault(&serde_json::Error::io(error)).into()),
    };
    let mut reader = serde_json::Deserializer::from_reader(input);
    let outcome = if array {
        (&mut rows).deserialize(&mut reader).and_then(|()| reader.end())
    } else {
        reader.into_iter().try_for_each(|object| rows.take(object?))
    };
    match (outcome, rows.stopped.take()) {
        (_, Some(stopped)) => Err(stopped),
        (Err(error), None) => Err(rows.fault(&error).into()),
        (Ok(()), None) => Ok(rows.count),
    }
}

/// Passes over a byte order mark and white space.
fn first_byte(input: &mut impl BufRead) -> std::io::Result<Option<u8>> {
    loop {
        let passed = match input.fill_buf()? {
            [0xef, 0xbb, 0xbf, ..] => 3,
            [b' ' | b'\t' | b'\r' | b'\n', ..] => 1,
            other => return Ok(other.first().copied()),
        };
        input.consume(passed);
    }
}

/// Takes objects one by one.
struct Rows<'s, E> {
    meter: Meter,
    count: u32,
    sink: &'s mut dyn FnMut(Row) -> Result<(), E>,
    /// Why no more are taken; the reader's own error then only ends the reading.
    stopped: Option<ReadError<E>>,
}

impl<E> Rows<'_, E> {
    fn take(&mut self, object: Object) -> Result<(), serde_json::Error> {
        self.meter.next_row();
        let taken = self.row(object).and_then(|row| (self.sink)(row).map_err(ReadError::Sink));
        taken.map_err(|stopped| {
            self.stopped = Some(stopped);
            serde_json::Error::custom("stopped")
        })
    }

    fn row(&mut self, object: Object) -> Result<Row, ReadError<E>> {
        self.count += 1;
        let error = |column, fault| RowError { row: self.count, column, fault };
        if self.count > MAX_SIZE {
            return Err(error(None, RowFault::TooManyRows).into());
        }
        if object.crowded {
            return Err(error(None, RowFault::TooManyColumns).into());
        }
        let cells = object.cells().map_err(|(column, fault)| error(Some(column), fault))?;
        let columns = columns(cells.iter().map(|(name, _)| name.as_str()))
            .map_err(|(column, fault)| error(column, fault))?;
        let cells = columns.iter().zip(cells.iter().map(|(_, text)| text.as_str()));
        Ok(row::row(self.count, cells)?)
    }

    /// What the reader's error means for the row that was being read.
    fn fault(&self, error: &serde_json::Error) -> RowError {
        let fault = match error.is_io() {
            true if self.meter.used_up() => RowFault::RowTooLong,
            true => RowFault::Input { why: error.to_string() },
            false => RowFault::Malformed { why: error.to_string() },
        };
        RowError { row: self.count + 1, column: None, fault }
    }
}

impl<'de, E> DeserializeSeed<'de> for &mut Rows<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, E> Visitor<'de> for &mut Rows<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while let Some(object) = array.next_element()? {
            self.take(object).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// One object as written: keys in order, doubles included.
struct Object {
    pairs: Vec<(String, Value)>,
    /// Whether there were more keys than are kept.
    crowded: bool,
}

impl Object {
    /// Names and texts, an object under `private` laid flat; or which value is no text.
    fn cells(self) -> Result<Vec<(String, String)>, (String, RowFault)> {
        let mut cells = Vec::with_capacity(self.pairs.len());
        for (name, value) in self.pairs {
            match value {
                Value::Object(object) if name == PRIVATE.trim_end_matches('.') => {
                    if object.crowded {
                        return Err((name, RowFault::TooManyColumns));
                    }
                    for (own, value) in object.pairs {
                        let name = format!("{PRIVATE}{own}");
                        cells.push(value.text(name)?);
                    }
                }
                Value::List(names) if name.eq_ignore_ascii_case("carriers") => {
                    cells.push((name, names.join(" ")));
                }
                value => cells.push(value.text(name)?),
            }
        }
        Ok(cells)
    }
}

/// A value as far as a cell can hold it.
enum Value {
    Text(String),
    Fraction,
    List(Vec<String>),
    Object(Object),
    Nested,
}

impl Value {
    fn text(self, name: String) -> Result<(String, String), (String, RowFault)> {
        match self {
            Self::Text(text) => Ok((name, text)),
            Self::Fraction => Err((name, RowFault::Fraction)),
            Self::List(_) | Self::Object(_) | Self::Nested => Err((name, RowFault::Nested)),
        }
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object for each item")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object, A::Error> {
                object(map)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

fn object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Object, A::Error> {
    let mut object = Object { pairs: Vec::new(), crowded: false };
    while let Some(pair) = map.next_entry()? {
        if object.pairs.len() < MAX_COLUMNS {
            object.pairs.push(pair);
        } else {
            object.crowded = true;
        }
    }
    Ok(object)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<X>(self) -> Result<Value, X> {
        Ok(Value::Text(String::new()))
    }

    fn visit_bool<X>(self, value: bool) -> Result<Value, X> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i64<X>(self, value: i64) -> Result<Value, X> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<X>(self, value: u64) -> Result<Value, X> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<X>(self, _: f64) -> Result<Value, X> {
        Ok(Value::Fraction)
    }

    fn visit_str<X>(self, value: &str) -> Result<Value, X> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Value, A::Error> {
        let mut list = Some(Vec::new());
        while let Some(value) = array.next_element()? {
            match (&mut list, value) {
                (Some(texts), Value::Text(text)) if texts.len() < MAX_COLUMNS => texts.push(text),
                _ => list = None,
            }
        }
        Ok(list.map_or(Value::Nested, Value::List))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        object(map).map(Value::Object)
    }
}
