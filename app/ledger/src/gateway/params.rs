//! Arguments of a call, from an address or from JSON, with what each way of writing means.
//!
//! As CometBFT's RPC has it: in an address, text stands in quotes and bytes are `0x` and hex; in
//! JSON, integers are strings, a query's data are hex and a transaction is base64.

use super::reply::RpcError;
use base64ct::{Base64, Encoding};
use serde_json::Value;
use std::collections::BTreeMap;

/// Named arguments; a name that stands twice has its last value.
#[derive(Debug, Default)]
pub(super) struct Params {
    named: BTreeMap<String, String>,
    json: bool,
}

impl Params {
    /// Of the query part of an address.
    pub(super) fn of_address(query: &str) -> Result<Self, RpcError> {
        let mut named = BTreeMap::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = unescape(value).ok_or_else(|| RpcError::params(name))?;
            named.insert(name.to_owned(), value);
        }
        Ok(Self { named, json: false })
    }

    /// Of the `params` of a JSON-RPC request.
    pub(super) fn of_json(params: Option<&Value>) -> Result<Self, RpcError> {
        let mut named = BTreeMap::new();
        match params {
            None | Some(Value::Null) => {}
            Some(Value::Object(object)) => {
                for (name, value) in object {
                    let value = match value {
                        Value::Null => continue,
                        Value::String(text) => text.clone(),
                        Value::Number(number) => number.to_string(),
                        Value::Bool(flag) => flag.to_string(),
                        _ => return Err(RpcError::params(name)),
                    };
                    named.insert(name.clone(), value);
                }
            }
            Some(Value::Array(list)) if list.is_empty() => {}
            Some(_) => return Err(RpcError::params("params")),
        }
        Ok(Self { named, json: true })
    }

    /// A number; none where it is left out or empty.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, RpcError> {
        let Some(text) = self.named.get(name) else { return Ok(None) };
        let digits = unquote(text).unwrap_or(text);
        if digits.is_empty() {
            return Ok(None);
        }
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| plain);
        number.map(Some).ok_or_else(|| RpcError::params(name))
    }

    /// Text; empty where it is left out.
    pub(super) fn text(&self, name: &str) -> &str {
        let text = self.named.get(name).map_or("", String::as_str);
        if self.json { text } else { unquote(text).unwrap_or(text) }
    }

    /// A query's data; empty where they are left out.
    pub(super) fn data(&self, name: &str) -> Result<Vec<u8>, RpcError> {
        let text = self.named.get(name).map_or("", String::as_str);
        let bytes = match (self.json, unquote(text)) {
            (true, _) => unhex(text),
            (false, Some(raw)) => Some(raw.as_bytes().to_vec()),
            (false, None) if text.is_empty() => Some(Vec::new()),
            (false, None) => text.strip_prefix("0x").and_then(unhex),
        };
        bytes.ok_or_else(|| RpcError::params(name))
    }

    /// A transaction.
    pub(super) fn transaction(&self, name: &str) -> Result<Vec<u8>, RpcError> {
        let text = self.named.get(name).map_or("", String::as_str);
        let bytes = match self.json {
            true => Base64::decode_vec(text).ok(),
            false => text.strip_prefix("0x").and_then(unhex),
        };
        bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(|| RpcError::params(name))
    }
}

/// What stands between double quotes.
fn unquote(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8);
    digits.chunks_exact(2).map(pair).collect()
}

/// Percent-encoding and `+` undone.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (high, low) = (char::from(rest.next()?), char::from(rest.next()?));
                (high.to_digit(16)? << 4 | low.to_digit(16)?) as u8
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn address(query: &str) -> Params {
        Params::of_address(query).unwrap()
    }

    #[test]
    fn an_address_quotes_text_and_writes_bytes_in_hex() {
        let params = address("path=%22/lot%22&data=0x00ff&height=12&page=&tx=0x01");
        assert_eq!(params.text("path"), "/lot");
        assert_eq!(params.data("data").unwrap(), [0, 255]);
        assert_eq!(params.number("height").unwrap(), Some(12));
        assert_eq!(params.number("page").unwrap(), None);
        assert_eq!(params.number("per_page").unwrap(), None);
        assert_eq!(params.transaction("tx").unwrap(), [1]);
        assert_eq!(address("height=%2212%22").number("height").unwrap(), Some(12));
        assert_eq!(address("data=%22ab%22").data("data").unwrap(), b"ab");
    }

    #[test]
    fn json_writes_integers_as_strings_data_in_hex_and_transactions_in_base64() {
        let value = json!({"path": "/lot", "data": "00ff", "height": "12", "page": 3, "tx": "AQ==",
            "prove": false, "per_page": null});
        let params = Params::of_json(Some(&value)).unwrap();
        assert_eq!(params.text("path"), "/lot");
        assert_eq!(params.data("data").unwrap(), [0, 255]);
        assert_eq!(params.number("height").unwrap(), Some(12));
        assert_eq!(params.number("page").unwrap(), Some(3));
        assert_eq!(params.number("per_page").unwrap(), None);
        assert_eq!(params.transaction("tx").unwrap(), [1]);
        assert!(Params::of_json(None).is_ok());
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        for query in ["height=-1", "height=1x", "height=99999999999999999999"] {
            assert!(address(query).number("height").is_err(), "{query}");
        }
        for query in ["data=00ff", "data=0x0", "data=0xzz", "data=%22ab"] {
            assert!(address(query).data("data").is_err(), "{query}");
        }
        for query in ["", "tx=", "tx=0x", "tx=AQ=="] {
            assert!(address(query).transaction("tx").is_err(), "{query}");
        }
        for query in ["path=%2", "path=%zz", "path=%ff"] {
            assert!(Params::of_address(query).is_err(), "{query}");
        }
        for value in [json!(["/lot"]), json!("x"), json!({"path": {}})] {
            assert!(Params::of_json(Some(&value)).is_err(), "{value}");
        }
    }
}
