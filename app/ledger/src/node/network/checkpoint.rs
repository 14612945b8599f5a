//! A fresh checkpoint of a network, from what its nodes agree on.

use super::Network;
use crate::node::NodeError;
use crate::node::http::{Ask, ask};
use crate::node::layout::NodeConfig;
use sealight_issue::trust::{checkpoint, sign_checkpoint};
use sealight_verify::codec;
use sealight_verify::comet::{Header, Stock, json};
use sealight_verify::time::Timestamp;

/// Signs the newest header of the first node of which every node gives the same.
pub(super) fn sign(network: &Network, now: &dyn Fn() -> Timestamp) -> Result<Vec<u8>, NodeError> {
    let mut agreed: Option<Header> = None;
    for node in &network.nodes {
        let config = NodeConfig::read(node)?;
        let path = match &agreed {
            Some(header) => format!("/commit?height={}", header.height),
            None => "/commit".into(),
        };
        let theirs = header(&config, &path)?;
        if agreed.as_ref().is_some_and(|ours| *ours != theirs) {
            return Err(failed(format!("nodes differ at height {}", theirs.height)));
        }
        agreed = Some(theirs);
    }
    let header = agreed.ok_or_else(|| failed("no node"))?;
    let ledger = network.genesis()?.ledger();
    let made = now().max(header.time);
    let mut signed = checkpoint::<Stock>(ledger, &header, made).map_err(failed)?;
    sign_checkpoint(&mut signed, &network.key("checkpoint")?);
    Ok(codec::encode(&signed))
}

/// A node's header; asked again for a while, since nodes are a block apart.
fn header(config: &NodeConfig, path: &str) -> Result<Header, NodeError> {
    let mut last = failed("not asked");
    for _ in 0..50 {
        let reply = ask(config.rpc, Ask::get(path, json::MAX_JSON)).map_err(failed)?;
        match json::commit_answer::<Stock>(&reply.body) {
            Ok(signed) => return Ok(signed.header),
            Err(error) => last = failed(error),
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Err(last)
}

fn failed(why: impl ToString) -> NodeError {
    NodeError::Checkpoint { why: why.to_string() }
}
