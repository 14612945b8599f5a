//! Calls with the names and answers of CometBFT 0.38's RPC (`rpc/openapi`).

use super::params::Params;
pub(crate) use super::reply::{Answer, RpcError};
use crate::embedded::{Embedded, ReadError, SubmitError};
use base64ct::{Base64, Encoding};
use sealight_issue::comet::{Status, commit_answer, status_answer, validators_answer};
use sealight_verify::comet::Stock;
use sealight_verify::hash::{HashSuite, Sha256};
use serde_json::{Value, json};

/// Most validators to a page.
const MAX_PAGE: u64 = 100;
/// Validators to a page where nothing is said.
const USUAL_PAGE: u64 = 30;
/// Codespace of refusals.
const CODESPACE: &str = "sealight";

/// A call that is understood.
#[derive(Debug)]
pub(crate) enum Call {
    Health,
    Status,
    Commit { height: Option<u64> },
    Validators { height: Option<u64>, page: u64, per_page: u64 },
    Query { path: String, data: Vec<u8>, height: u64 },
    BroadcastCommit { tx: Vec<u8> },
    BroadcastSync { tx: Vec<u8> },
}

impl Call {
    pub(super) fn read(method: &str, params: &Params) -> Result<Self, RpcError> {
        let height = || Ok(params.number("height")?.filter(|height| *height != 0));
        Ok(match method {
            "health" => Self::Health,
            "status" => Self::Status,
            "commit" => Self::Commit { height: height()? },
            "validators" => Self::Validators {
                height: height()?,
                page: params.number("page")?.unwrap_or(1),
                per_page: params.number("per_page")?.unwrap_or(USUAL_PAGE),
            },
            "abci_query" => Self::Query {
                path: params.text("path").to_owned(),
                data: params.data("data")?,
                height: params.number("height")?.unwrap_or(0),
            },
            "broadcast_tx_commit" => Self::BroadcastCommit { tx: params.transaction("tx")? },
            "broadcast_tx_sync" => Self::BroadcastSync { tx: params.transaction("tx")? },
            _ => return Err(RpcError::method()),
        })
    }

    /// Whether it writes: such calls wait for the disk.
    pub(super) fn writes(&self) -> bool {
        matches!(self, Self::BroadcastCommit { .. } | Self::BroadcastSync { .. })
    }

    /// Runs it; blocks.
    pub(super) fn run(self, ledger: &Embedded) -> Result<Answer, RpcError> {
        match self {
            Self::Health if ledger.is_closed() => {
                Err(RpcError::internal("the ledger takes nothing in any more"))
            }
            Self::Health => Ok(Answer::Result(json!({}))),
            Self::Status => Ok(status(ledger)),
            Self::Commit { height } => {
                let block = ledger.light_block(height).map_err(RpcError::internal)?;
                Ok(Answer::Envelope(commit_answer(&block)))
            }
            Self::Validators { height, page, per_page } => {
                validators(ledger, height, page, per_page)
            }
            Self::Query { path, data, height } => query(ledger, &path, &data, height),
            Self::BroadcastCommit { tx } => Ok(Answer::Result(broadcast_commit(ledger, &tx)?)),
            Self::BroadcastSync { tx } => Ok(Answer::Result(broadcast_sync(ledger, &tx)?)),
        }
    }
}

fn status(ledger: &Embedded) -> Answer {
    let head = ledger.head();
    Answer::Envelope(status_answer(&Status {
        chain_id: ledger.chain_id(),
        height: head.height,
        hash: head.hash::<Stock>(),
        app_hash: &head.app_hash,
        time: head.time,
    }))
}

fn validators(
    ledger: &Embedded,
    height: Option<u64>,
    page: u64,
    per_page: u64,
) -> Result<Answer, RpcError> {
    let (height, set) = ledger.validators(height).map_err(RpcError::internal)?;
    let per_page = if per_page == 0 { USUAL_PAGE } else { per_page.min(MAX_PAGE) };
    let pages = (set.validators().len() as u64).div_ceil(per_page).max(1);
    if page == 0 || page > pages {
        return Err(RpcError::internal(format!(
            "page should be within [1, {pages}], given {page}"
        )));
    }
    let (page, per_page) = (page as usize, per_page as usize);
    Ok(Answer::Envelope(validators_answer(height, &set, page, per_page)))
}

fn query(ledger: &Embedded, path: &str, data: &[u8], height: u64) -> Result<Answer, RpcError> {
    let response = match ledger.query(path, data, height) {
        Ok((height, value)) => response((0, "", ""), Some(&value), height),
        Err(ReadError::Query(error)) => {
            let (code, name) = error.code();
            response((code, name, &error.to_string()), None, 0)
        }
        Err(error @ ReadError::Height { .. }) => {
            response((110, "height", &error.to_string()), None, 0)
        }
        Err(ReadError::Blocks(error)) => return Err(RpcError::internal(error)),
    };
    Ok(Answer::Result(json!({ "response": response })))
}

fn response((code, name, log): (u32, &str, &str), value: Option<&[u8]>, height: u64) -> Value {
    json!({
        "code": code,
        "log": log,
        "info": name,
        "index": "0",
        "key": null,
        "value": value.map(Base64::encode_string),
        "proofOps": null,
        "height": height.to_string(),
        "codespace": if code == 0 { "" } else { CODESPACE },
    })
}

fn broadcast_commit(ledger: &Embedded, tx: &[u8]) -> Result<Value, RpcError> {
    let taken = tx_result(0, "", "");
    let (check, height) = match judged(ledger.submit(tx))? {
        Ok(committed) => (taken.clone(), committed.height),
        Err(error) => (refused(&error), 0),
    };
    Ok(json!({
        "check_tx": check,
        "tx_result": taken,
        "hash": tx_hash(tx),
        "height": height.to_string(),
    }))
}

/// A rule speaks against an entry, or nobody looked at it to its end: then another try may go well,
/// or the entry stands already, which a refusal would deny. CometBFT's full mempool is such an error.
fn judged<T>(taken: Result<T, SubmitError>) -> Result<Result<T, SubmitError>, RpcError> {
    match taken {
        Err(error @ (SubmitError::Busy | SubmitError::Closed)) => Err(RpcError::internal(error)),
        judged => Ok(judged),
    }
}

fn broadcast_sync(ledger: &Embedded, tx: &[u8]) -> Result<Value, RpcError> {
    let (code, log) = match judged(ledger.enqueue(tx))? {
        Ok(_) => (0, String::new()),
        Err(error) => (error.code().0, error.to_string()),
    };
    Ok(json!({
        "code": code,
        "data": "",
        "log": log,
        "codespace": if code == 0 { "" } else { CODESPACE },
        "hash": tx_hash(tx),
    }))
}

fn refused(error: &SubmitError) -> Value {
    let (code, name) = error.code();
    tx_result(code, name, &error.to_string())
}

fn tx_result(code: u32, name: &str, log: &str) -> Value {
    json!({
        "code": code,
        "data": null,
        "log": log,
        "info": name,
        "gas_wanted": "0",
        "gas_used": "0",
        "events": [],
        "codespace": if code == 0 { "" } else { CODESPACE },
    })
}

/// SHA-256 of a transaction, as CometBFT names it.
fn tx_hash(tx: &[u8]) -> String {
    Sha256::hash(&[tx]).to_string().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::codec::Blob;

    #[test]
    fn what_nobody_judged_is_no_refusal() {
        for error in [SubmitError::Busy, SubmitError::Closed] {
            assert!(judged::<()>(Err(error)).is_err());
        }
        let refused = SubmitError::ForeignValidator { key: Blob(Vec::new()) };
        assert!(judged::<()>(Err(refused.clone())).is_ok_and(|judged| judged == Err(refused)));
    }
}
