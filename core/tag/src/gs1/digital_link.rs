//! Digital Links: GS1 Digital Link Standard: URI Syntax, uncompressed form.

use super::{Element, GTIN, Gs1Error, MAX_LEN, add, table, value_of};
use crate::uri::{WebUri, unescape};

/// A web address that names a product by a GS1 key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitalLink {
    host: String,
    path: Vec<Element>,
    attributes: Vec<Element>,
    other: Vec<(String, String)>,
}

impl DigitalLink {
    /// Reads an address of any domain, with any path before the key. Identifiers are numeric; a
    /// GTIN of 8, 12 or 13 digits is filled up to 14. The fragment is left alone.
    ///
    /// # Errors
    /// [`Gs1Error::TooLong`], [`Gs1Error::NotAnAddress`], [`Gs1Error::NoPrimaryKey`], and the first
    /// identifier, value or escape of path and query that does not fit; see [`Gs1Error`].
    pub fn parse(text: &str) -> Result<Self, Gs1Error> {
        if text.len() > MAX_LEN {
            return Err(Gs1Error::TooLong { got: text.len(), max: MAX_LEN });
        }
        Self::from_uri(&WebUri::split(text).ok_or(Gs1Error::NotAnAddress)?)
    }

    pub(crate) fn from_uri(uri: &WebUri<'_>) -> Result<Self, Gs1Error> {
        let path = path_elements(uri.path)?;
        let (attributes, other) = query_elements(uri.query.unwrap_or_default(), &path)?;
        Ok(Self { host: uri.host.to_ascii_lowercase(), path, attributes, other })
    }

    /// Host and port, in lower case. It carries no trust.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The primary key, such as (01).
    pub fn key(&self) -> &Element {
        &self.path[0]
    }

    /// The qualifiers that narrow the key, such as (10) and (21), in the standard's order.
    pub fn qualifiers(&self) -> &[Element] {
        &self.path[1..]
    }

    /// The attributes of the query, such as (17).
    pub fn attributes(&self) -> &[Element] {
        &self.attributes
    }

    /// What else the query holds: names that are no identifiers, such as `linkType`.
    pub fn other(&self) -> &[(String, String)] {
        &self.other
    }

    /// The value of an identifier, wherever it stands.
    pub fn value(&self, ai: &str) -> Option<&str> {
        value_of(&self.path, ai).or_else(|| value_of(&self.attributes, ai))
    }

    /// The trade item number, 14 digits.
    pub fn gtin(&self) -> Option<&str> {
        self.value(GTIN)
    }
}

/// Key and qualifiers. The path is read from its end, since anything may stand before the key.
fn path_elements(path: &str) -> Result<Vec<Element>, Gs1Error> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let mut pairs = segments
        .rchunks_exact(2)
        .map_while(|pair| Some((pair[0], pair[1], table::lookup(pair[0])?)));
    let mut qualifiers = Vec::new();
    let (key, value, sequences) = loop {
        let (ai, value, entry) = pairs.next().ok_or(Gs1Error::NoPrimaryKey)?;
        match entry.qualifiers {
            Some(sequences) => break (ai, value, sequences),
            None => qualifiers.push((ai, value)),
        }
    };
    qualifiers.reverse();
    in_sequence(key, &qualifiers, sequences)?;
    let mut elements = vec![path_element(key, value)?];
    for (ai, value) in qualifiers {
        add(&mut elements, path_element(ai, value)?)?;
    }
    Ok(elements)
}

fn path_element(ai: &str, escaped: &str) -> Result<Element, Gs1Error> {
    let value = unescape(escaped).ok_or(Gs1Error::Escape)?;
    if ai == GTIN && matches!(value.len(), 8 | 12 | 13) {
        return Element::new(ai, &format!("{value:0>14}"));
    }
    Element::new(ai, &value)
}

/// The qualifiers stand in the order of one of the sequences; any of them may be left out.
fn in_sequence(
    key: &str,
    qualifiers: &[(&str, &str)],
    sequences: &[&[&str]],
) -> Result<(), Gs1Error> {
    let stops_at = |sequence: &[&str]| {
        let mut left = sequence.iter();
        qualifiers.iter().position(|(ai, _)| !left.any(|next| next == ai))
    };
    let mut furthest = 0;
    for sequence in sequences {
        match stops_at(sequence) {
            None => return Ok(()),
            Some(at) => furthest = furthest.max(at),
        }
    }
    match qualifiers.get(furthest) {
        Some((got, _)) => Err(Gs1Error::Qualifier { key: key.to_owned(), got: (*got).to_owned() }),
        None => Ok(()),
    }
}

type Query = (Vec<Element>, Vec<(String, String)>);

/// Attributes and other names of the query; `;` separates as `&` does.
fn query_elements(query: &str, path: &[Element]) -> Result<Query, Gs1Error> {
    let (mut attributes, mut other) = (Vec::new(), Vec::new());
    for pair in query.split(['&', ';']).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| unescape(&text.replace('+', " ")).ok_or(Gs1Error::Escape);
        let (name, value) = (plain(name)?, plain(value)?);
        if name.is_empty() || !name.bytes().all(|c| c.is_ascii_digit()) {
            if other.len() == super::MAX_ELEMENTS {
                return Err(Gs1Error::TooMany { max: super::MAX_ELEMENTS });
            }
            other.push((name, value));
            continue;
        }
        let element = Element::new(&name, &value)?;
        if !table::lookup(&name).is_some_and(|entry| entry.attribute) {
            return Err(Gs1Error::NotAnAttribute { ai: name });
        }
        if value_of(path, &name).is_some_and(|value| value != element.value()) {
            return Err(Gs1Error::Repeated { ai: name });
        }
        add(&mut attributes, element)?;
    }
    Ok((attributes, other))
}
