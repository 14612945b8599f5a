//! What a column is, by its name.

use super::error::RowFault;

/// A column of the file, or a key of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Product,
    Brand,
    Gtin,
    Serial,
    Batch,
    Category,
    Expires,
    Carriers,
    /// For the holder of the seal; the name without `private.`.
    Private(String),
    /// A public field.
    Field(String),
}

/// The names that mean something, in any case of letters.
const KNOWN: [(&str, Column); 8] = [
    ("product", Column::Product),
    ("brand", Column::Brand),
    ("gtin", Column::Gtin),
    ("serial", Column::Serial),
    ("batch", Column::Batch),
    ("category", Column::Category),
    ("expires", Column::Expires),
    ("carriers", Column::Carriers),
];

pub(super) const PRIVATE: &str = "private.";

impl Column {
    pub(super) fn from_name(name: &str) -> Result<Self, RowFault> {
        let name = name.trim();
        if let Some((_, known)) = KNOWN.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)) {
            return Ok(known.clone());
        }
        let (column, own): (fn(String) -> Self, _) = match name.strip_prefix(PRIVATE) {
            Some(own) => (Self::Private, own.trim()),
            None => (Self::Field, name),
        };
        if own.is_empty() {
            return Err(RowFault::Unnamed);
        }
        super::row::text(own)?;
        Ok(column(own.to_owned()))
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Private(own) => format!("{PRIVATE}{own}"),
            Self::Field(own) => own.clone(),
            known => {
                let known = KNOWN.iter().find(|(_, column)| column == known);
                known.map_or_else(String::new, |(name, _)| (*name).to_owned())
            }
        }
    }
}

/// The columns of these names; no two alike.
pub(super) fn columns<'a>(
    names: impl Iterator<Item = &'a str>,
) -> Result<Vec<Column>, (Option<String>, RowFault)> {
    let mut columns: Vec<Column> = Vec::new();
    for name in names {
        if columns.len() == super::MAX_COLUMNS {
            return Err((None, RowFault::TooManyColumns));
        }
        let column = Column::from_name(name).map_err(|fault| {
            // A name at fault is shown only as far as it is one.
            let shown = super::row::text(name.trim()).is_ok();
            (shown.then(|| name.trim().to_owned()), fault)
        })?;
        if columns.contains(&column) {
            return Err((Some(column.name()), RowFault::NamedTwice));
        }
        columns.push(column);
    }
    Ok(columns)
}
