//! A node as its gateway serves it: state out of the application, blocks out of the engine, files
//! out of the store and, where they are missing, out of other members' stores.

use super::http::{Ask, Reply, ask};
use super::layout::{self, NodeConfig};
use crate::abci::App;
use crate::files::{FileError, Files, MAX_FILE};
use crate::gateway::{Answer, Call, RpcError, Source};
use crate::trust_files::TrustFiles;
use base64ct::{Base64, Encoding};
use sealight_issue::entry::{Signer, sign_receipt};
use sealight_issue::key::SigningKey;
use sealight_verify::comet::json::{commit_answer, validators_answer};
use sealight_verify::comet::{LightBlock, MAX_VALIDATORS, Stock, ValidatorSet};
use sealight_verify::format::answer::decode_receipts;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::lot::StorageReceipt;
use sealight_verify::format::party::KeyStanding;
use sealight_verify::hash::Hash32;
use sealight_verify::tree::bucket::bucket_count;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Validators to a page, the engine's largest.
const PAGE: usize = 100;
/// Most bytes of an answer of the engine.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// The engine itself waits 10 s for a block.
const FOR_A_BLOCK: Duration = Duration::from_secs(25);
/// Most bytes of a peer's receipt.
const MAX_RECEIPTS: usize = 64 * 1024;

/// One member's node.
pub(super) struct NodeLedger {
    pub(super) home: PathBuf,
    pub(super) config: NodeConfig,
    pub(super) app: App,
    pub(super) files: Files,
    /// Signs storage receipts; a node without one only serves.
    pub(super) key: Option<SigningKey>,
}

impl NodeLedger {
    /// What the engine's RPC answers to an address.
    fn engine(&self, path: &str) -> Result<Answer, RpcError> {
        whole(ask(self.config.rpc, Ask::get(path, MAX_ANSWER)))
    }

    fn broadcast(&self, method: &str, tx: &[u8]) -> Result<Answer, RpcError> {
        let tx = Base64::encode_string(tx);
        let body = json!({ "jsonrpc": "2.0", "id": -1, "method": method, "params": { "tx": tx } });
        let body = body.to_string();
        let request = Ask {
            verb: "POST",
            path: "/",
            body: body.as_bytes(),
            limit: MAX_ANSWER,
            patience: FOR_A_BLOCK,
        };
        let answer = whole(ask(self.config.rpc, request));
        if answer.is_err() {
            self.app.meter().not_queued();
        }
        answer
    }

    fn query(&self, path: &str, data: &[u8], height: u64) -> Answer {
        let (code, info, log, value, height) = match self.app.query(path, data, height) {
            Ok((height, value)) => (0, "", String::new(), Some(value), height),
            Err((code, name, told)) => (code, name, told, None, 0),
        };
        Answer::Result(json!({ "response": {
            "code": code,
            "log": log,
            "info": info,
            "index": "0",
            "key": null,
            "value": value.map(|value| Base64::encode_string(&value)),
            "proofOps": null,
            "height": height.to_string(),
            "codespace": if code == 0 { "" } else { "sealight" },
        }}))
    }

    /// The validators of a height, out of the engine's pages.
    fn set(&self, height: u64) -> Option<ValidatorSet> {
        let mut all = Vec::new();
        for page in 1..=MAX_VALIDATORS.div_ceil(PAGE) {
            let path = format!("/validators?height={height}&page={page}&per_page={PAGE}");
            let Answer::Envelope(text) = self.engine(&path).ok()? else { return None };
            let page = validators_answer::<Stock>(text.as_bytes()).ok()?;
            all.extend(page.validators);
            if all.len() >= page.total {
                break;
            }
        }
        ValidatorSet::new(all).ok()
    }

    /// The member whose key this node has, if it may sign.
    fn signer(&self) -> Option<Signer<'_>> {
        let key = self.key.as_ref()?;
        let (height, state) = self.app.newest();
        let public = key.public();
        state.members().parties.iter().find_map(|party| {
            let row = state.party(party).ok()?;
            let place = row.party.keys.iter().position(|had| had.key == public)? as u16;
            let standing = row.party.key_standing(place, height + 1)?;
            let signs = matches!(standing, KeyStanding::InForce | KeyStanding::RetiredSince(_));
            let signs = signs && row.party.suspended.is_none();
            signs.then_some(Signer { party: *party, place, key })
        })
    }

    /// Gateways of other members as the settings have them now: members come while a node runs.
    fn peers(&self) -> Vec<SocketAddr> {
        NodeConfig::read(&self.home).map_or_else(|_| self.config.peers.clone(), |now| now.peers)
    }

    /// Copies what is missing of a lot from whichever member has it sealed.
    pub(super) fn copy(&self, root: &Hash32, size: u32) -> Result<(), FileError> {
        let peers = self.peers();
        for bucket in 0..bucket_count(u64::from(size)) as u32 {
            if self.files.has_bucket(root, bucket) {
                continue;
            }
            let path = format!("/lot/{root}/{bucket}");
            let found = peers.iter().find_map(|peer| {
                let reply = ask(*peer, Ask::get(&path, MAX_FILE)).ok()?;
                (reply.status == 200).then_some(reply.body)
            });
            self.files.put_bucket(root, bucket, &found.ok_or(FileError::Missing { bucket })?)?;
        }
        Ok(())
    }

    /// Copies the pictures that the first records of a lot name, from whichever member has them:
    /// what no member has is shown by nobody, and nothing else depends on it.
    pub(super) fn copy_pictures(&self, root: &Hash32) {
        for hash in self.files.pictures_of(root, 0).unwrap_or_default() {
            if matches!(self.files.picture(&hash), Ok(Some(_))) {
                continue;
            }
            let path = format!("/picture/{hash}");
            let has_it = |peer: SocketAddr| {
                let reply = ask(peer, Ask::get(&path, MAX_FILE)).ok()?;
                (reply.status == 200).then(|| self.files.put_picture(&hash, &reply.body).ok())?
            };
            let _ = self.peers().into_iter().find_map(has_it);
        }
    }

    /// A peer's own receipt for a lot that this node has sealed.
    fn receipt_of(
        &self,
        peer: SocketAddr,
        lot: &LotId,
        root: &Hash32,
        size: u32,
    ) -> Option<StorageReceipt> {
        let path = format!("/lot/{root}/receipt?lot={lot}&size={size}&alone=1");
        let request = Ask {
            verb: "POST",
            path: &path,
            body: &[],
            limit: MAX_RECEIPTS,
            patience: FOR_A_BLOCK,
        };
        let reply = ask(peer, request).ok().filter(|reply| reply.status == 200)?;
        let receipt = decode_receipts(&reply.body).ok()?.pop()?;
        let (height, state) = self.app.newest();
        let state_row = state.party(&receipt.member).ok()?;
        let key = state_row.party.keys.get(usize::from(receipt.key))?;
        let signed = sealight_verify::format::lot::receipt_bytes(&state.ledger(), lot, root, size);
        let holds = key.key.verify(&signed, &receipt.signature).is_ok();
        let standing = state_row.party.key_standing(receipt.key, height + 1)?;
        (holds && standing == KeyStanding::InForce).then_some(receipt)
    }
}

impl Source for NodeLedger {
    fn call(&self, call: Call) -> Result<Answer, RpcError> {
        let at = |height: Option<u64>| height.map_or(String::new(), |at| format!("height={at}"));
        match call {
            Call::Health => self.engine("/health"),
            Call::Status => self.engine("/status"),
            Call::Commit { height } => self.engine(&format!("/commit?{}", at(height))),
            Call::Validators { height, page, per_page } => {
                let height = at(height);
                self.engine(&format!("/validators?{height}&page={page}&per_page={per_page}"))
            }
            Call::Query { path, data, height } => Ok(self.query(&path, &data, height)),
            Call::BroadcastCommit { tx } => self.broadcast("broadcast_tx_commit", &tx),
            Call::BroadcastSync { tx } => self.broadcast("broadcast_tx_sync", &tx),
        }
    }

    fn answer(&self, path: &str, data: &[u8], height: u64) -> Option<(u64, Vec<u8>)> {
        self.app.query(path, data, height).ok()
    }

    fn block(&self, height: Option<u64>) -> Option<LightBlock> {
        let at = height.map_or(String::new(), |at| format!("?height={at}"));
        let Answer::Envelope(text) = self.engine(&format!("/commit{at}")).ok()? else {
            return None;
        };
        let signed = commit_answer::<Stock>(text.as_bytes()).ok()?;
        let set = self.set(signed.header.height)?;
        signed.with_validators::<Stock>(set).ok()
    }

    fn files(&self) -> &Files {
        &self.files
    }

    fn ledger(&self) -> LedgerId {
        self.app.genesis().ledger()
    }

    fn receipts(
        &self,
        lot: &LotId,
        root: &Hash32,
        size: u32,
        alone: bool,
    ) -> Result<Vec<StorageReceipt>, FileError> {
        if alone {
            self.copy(root, size)?;
        }
        self.files.seal(root, size)?;
        let (_, state) = self.app.newest();
        let need = if alone { 1 } else { state.receipts_needed() };
        let own = self.signer().map(|own| sign_receipt(&state.ledger(), lot, root, size, own));
        own.iter().for_each(|_| self.app.meter().receipt());
        let mut receipts: Vec<StorageReceipt> = own.into_iter().collect();
        for peer in &self.peers() {
            if receipts.len() >= need || alone {
                break;
            }
            let theirs = self.receipt_of(*peer, lot, root, size);
            let new = |theirs: &StorageReceipt| {
                receipts.iter().all(|known| known.member != theirs.member)
            };
            if let Some(theirs) = theirs.filter(new) {
                receipts.push(theirs);
            }
        }
        Ok(receipts)
    }

    fn checkpoint(&self) -> Vec<u8> {
        layout::read(&self.home.join("checkpoint")).ok().flatten().unwrap_or_default()
    }

    fn trust(&self, serial: Option<u64>) -> Result<Option<Vec<u8>>, String> {
        let files = TrustFiles::of(&self.home);
        let found = match serial {
            Some(serial) => files.of_serial(serial),
            None => files.newest(),
        };
        found.map_err(|error| format!("trust file: {error}"))
    }
}

/// What the engine says, its errors as errors.
fn whole(reply: std::io::Result<Reply>) -> Result<Answer, RpcError> {
    let reply = reply.map_err(|error| RpcError::internal(format!("the engine: {error}")))?;
    let text = String::from_utf8(reply.body).map_err(RpcError::internal)?;
    let value: Value = serde_json::from_str(&text).map_err(RpcError::internal)?;
    match value.get("error") {
        Some(error) => {
            let said = |name| error.get(name).and_then(Value::as_str).filter(|s| !s.is_empty());
            Err(RpcError::internal(said("data").or(said("message")).unwrap_or("an error")))
        }
        None => Ok(Answer::Envelope(text)),
    }
}
