//! CometBFT's JSON-RPC envelope (CometBFT 0.38, `rpc/openapi`): only what the light client reads.
//!
//! Integers come as strings, bytes as base64. Headers and validators are handed on as they came:
//! `sealight_verify::comet::json` decodes them.

use super::base64;
use super::error::{NetError, one_line};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What a gateway says of itself: a hint, no proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Chain id that it serves.
    pub chain_id: String,
    /// Newest height that it has.
    pub latest: u64,
    /// Whether it is still catching up.
    pub catching_up: bool,
}

/// What the application answers to a query: bytes that prove themselves or are hints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queried {
    /// Height of the state that was asked, as the gateway says.
    pub height: u64,
    /// The answer.
    pub value: Vec<u8>,
}

/// What became of a broadcast entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broadcast {
    pub(super) height: u64,
}

#[derive(Deserialize)]
struct Envelope<T> {
    result: Option<T>,
    error: Option<RpcError>,
}

#[derive(Deserialize)]
struct RpcError {
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Option<String>,
}

#[derive(Deserialize)]
struct StatusResult {
    node_info: NodeInfo,
    sync_info: SyncInfo,
}

#[derive(Deserialize)]
struct NodeInfo {
    network: String,
}

#[derive(Deserialize)]
struct SyncInfo {
    latest_block_height: String,
    #[serde(default)]
    catching_up: bool,
}

#[derive(Deserialize)]
struct QueryResult {
    response: QueryResponse,
}

#[derive(Deserialize)]
struct QueryResponse {
    #[serde(default)]
    code: u32,
    #[serde(default)]
    log: String,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    height: Option<String>,
}

#[derive(Deserialize)]
struct BroadcastResult {
    check_tx: TxResult,
    tx_result: TxResult,
    #[serde(default)]
    height: String,
}

#[derive(Deserialize)]
struct TxResult {
    #[serde(default)]
    code: u32,
    #[serde(default)]
    log: String,
}

/// Reads the answer to `/status`.
pub(super) fn status(body: &[u8]) -> Result<Status, NetError> {
    let result: StatusResult = result("status", body)?;
    Ok(Status {
        chain_id: one_line(result.node_info.network.as_bytes()),
        latest: number("status", &result.sync_info.latest_block_height)?,
        catching_up: result.sync_info.catching_up,
    })
}

/// Reads the answer to `/abci_query`; a refusal by the application is [`NetError::Refused`].
pub(super) fn query(body: &[u8]) -> Result<Queried, NetError> {
    let what = "query answer";
    let QueryResult { response } = result(what, body)?;
    accepted(response.code, &response.log)?;
    let value = base64::decode(response.value.as_deref().unwrap_or(""));
    Ok(Queried {
        height: response.height.map_or(Ok(0), |height| number(what, &height))?,
        value: value.ok_or(NetError::Malformed { what })?,
    })
}

/// Body of a request for `broadcast_tx_commit`.
pub(super) fn broadcast_request(tx: &[u8]) -> Vec<u8> {
    let tx = base64::encode(tx);
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_commit","params":{{"tx":"{tx}"}}}}"#)
        .into_bytes()
}

/// Reads the answer to `broadcast_tx_commit`.
pub(super) fn broadcast(body: &[u8]) -> Result<Broadcast, NetError> {
    let what = "broadcast answer";
    let result: BroadcastResult = result(what, body)?;
    accepted(result.check_tx.code, &result.check_tx.log)?;
    accepted(result.tx_result.code, &result.tx_result.log)?;
    Ok(Broadcast { height: number(what, &result.height)? })
}

/// What an error body of CometBFT says, where it is one.
pub(super) fn error_text(body: &[u8]) -> Option<String> {
    let envelope: Envelope<serde::de::IgnoredAny> = serde_json::from_slice(body).ok()?;
    Some(told(&envelope.error?))
}

fn result<T: DeserializeOwned>(what: &'static str, body: &[u8]) -> Result<T, NetError> {
    let envelope: Envelope<T> =
        serde_json::from_slice(body).map_err(|_| NetError::Malformed { what })?;
    match envelope {
        Envelope { error: Some(error), .. } => {
            Err(NetError::Status { code: 200, text: told(&error) })
        }
        Envelope { result, .. } => result.ok_or(NetError::Malformed { what }),
    }
}

fn told(error: &RpcError) -> String {
    one_line(error.data.as_ref().unwrap_or(&error.message).as_bytes())
}

fn accepted(code: u32, log: &str) -> Result<(), NetError> {
    match code {
        0 => Ok(()),
        code => Err(NetError::Refused { code, text: one_line(log.as_bytes()) }),
    }
}

fn number(what: &'static str, text: &str) -> Result<u64, NetError> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|_| plain);
    number.ok_or(NetError::Malformed { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_answer_is_its_value_and_height() {
        let body = br#"{"jsonrpc":"2.0","id":-1,"result":{"response":{"code":0,"log":"","info":"",
            "index":"0","key":null,"value":"Zm9v","proofOps":null,"height":"12","codespace":""}}}"#;
        assert_eq!(query(body), Ok(Queried { height: 12, value: b"foo".to_vec() }));
    }

    #[test]
    fn a_refusal_is_told_apart_from_a_malformed_answer() {
        let refused = br#"{"result":{"response":{"code":3,"log":"no such\nlot"}}}"#;
        assert_eq!(query(refused), Err(NetError::Refused { code: 3, text: "no such lot".into() }));
        for body in [&b"{}"[..], b"", b"[]", b"{\"result\":{\"response\":{\"value\":\"x\"}}}"] {
            assert_eq!(query(body), Err(NetError::Malformed { what: "query answer" }));
        }
    }

    #[test]
    fn an_entry_refused_in_its_block_is_refused() {
        let body = br#"{"result":{"check_tx":{"code":0},"tx_result":{"code":7,"log":"taken"},
            "hash":"00","height":"5"}}"#;
        assert_eq!(broadcast(body), Err(NetError::Refused { code: 7, text: "taken".into() }));
    }

    #[test]
    fn heights_have_digits_only() {
        for bad in ["", "-1", "+1", "1.0", "99999999999999999999"] {
            assert!(number("x", bad).is_err(), "{bad}");
        }
        assert_eq!(number("x", "0042"), Ok(42));
    }

    #[test]
    fn an_error_body_is_told() {
        let body = br#"{"error":{"code":-32603,"message":"Internal error","data":"height 9 must be less"}}"#;
        assert_eq!(error_text(body).as_deref(), Some("height 9 must be less"));
        assert_eq!(error_text(b"<html>"), None);
    }
}
