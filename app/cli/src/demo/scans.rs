//! The scans of the run: one label from its picture, a recalled one, one with the network gone.

use super::stage::{Stage, enter};
use super::told::step;
use crate::args::ProfileName;
use crate::fail::Failure;
use crate::read::{self, Says};
use crate::show::{self, Register};
use crate::{files, paint, scan};
use sealight_edge::client::Reach;
use sealight_flow::Answer;
use sealight_verify::codec::Versioned;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::{Body, RecallChange, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::judge::{SealClaim, Verdict};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// One scan and what came of it.
pub(super) struct Scanned {
    pub(super) claim: SealClaim,
    pub(super) verdict: Verdict,
    pub(super) bundle: Vec<u8>,
    pub(super) offline: bool,
}

impl Stage<'_> {
    /// Syncs headers, scans the label of a bottle from its picture, and keeps the bundle.
    pub(super) fn scan(&mut self, bottle: u32) -> Result<Scanned, Failure> {
        let ledger = self.ledger;
        let report = self.device.sync(self.console, &ledger)?;
        if let Err(faults) = &report.outcome {
            return Err(self.device.no_gateway(faults));
        }
        let scanned = self.picture(&self.label(bottle))?;
        let path = self.folder.join("bundles");
        files::folder(&path)?;
        files::write(&path.join("bottle.cbor"), &scanned.bundle)?;
        let (height, requests) = (report.head.map_or(0, |(height, _)| height), report.progress);
        let (height, bytes) = (height.to_string(), requests.bytes.to_string());
        let (picture, proof) = (format!("{bottle:05}.png"), scanned.bundle.len().to_string());
        let words =
            [("height", &*height), ("bytes", &*bytes), ("picture", &*picture), ("proof", &*proof)];
        step(self.console, "sync", &words);
        Ok(scanned)
    }

    /// The picture of a bottle's label.
    pub(super) fn label(&self, bottle: u32) -> PathBuf {
        self.folder.join("lot").join("labels").join(format!("{bottle:05}.png"))
    }

    /// Scans a picture.
    pub(super) fn picture(&mut self, path: &Path) -> Result<Scanned, Failure> {
        let seen = read::picture(path).into_iter().next().map(|seen| seen.says);
        let Some(Says::Claim(claim)) = seen else {
            return Err(Failure::new("demo", &[("what", &path.display())]));
        };
        let policy = scan::policy(&self.device, Some(&self.ledger), ProfileName::Shopper);
        let proven = self.device.prove(self.console, &claim, &policy, Reach::Online)?;
        let showing = self.showing(proven.offline.is_some());
        self.device.record(&self.ledger, &claim, &proven, &showing)?;
        Ok(Scanned {
            claim: *claim,
            verdict: proven.judgement.verdict,
            bundle: proven.bundle.unwrap_or_default(),
            offline: proven.offline.is_some(),
        })
    }

    /// Verifies a file as `sealight verify` does.
    pub(super) fn verify(&mut self, claim: &SealClaim, file: &Path) -> Result<Verdict, Failure> {
        let bytes = files::read(file, Bundle::MAX_LEN)?;
        Ok(self.device.verify(claim, &bytes, ProfileName::Shopper))
    }

    fn showing(&self, offline: bool) -> sealight_flow::Showing {
        let as_of = self.device.register_as_of(Some(&self.ledger));
        let profile = show::profile(ProfileName::Shopper);
        show::showing(self.console, profile, Register { as_of, offline })
    }

    /// Writes a scan's verdict with the bottle's history.
    pub(super) fn show(&self, scanned: &Scanned) {
        show::verdict(self.console, &self.showing(false), &scanned.claim, &scanned.verdict);
    }

    /// Recalls one bottle and scans it.
    pub(super) fn recall(&mut self, bottle: u32) -> Result<Value, Failure> {
        let lot = self.lot.ok_or_else(|| Failure::new("demo", &[("what", &"lot")]))?;
        let scope = RecallScope::Items(lot, ItemRange { first: bottle, last: bottle });
        let notice = self.cast.notice.clone();
        let change = RecallChange { scope, recalled: true, notice };
        enter(&mut self.device, &self.distillery, Body::Recall(change))?;
        let scanned = self.picture(&self.label(bottle))?;
        self.heading("recalled", &[("picture", &format!("{bottle:05}.png"))]);
        self.headline(&scanned, false);
        self.expect("recalled", scanned.verdict.outcome().exit_code() == 10)?;
        Ok(show::verdict_document(&scanned.claim, &scanned.verdict))
    }

    /// Ends the ledger's process and scans the first bottle again.
    pub(super) fn without_network(&mut self, first: &Scanned) -> Result<Value, Failure> {
        self.process.stop();
        let seen = self.folder.join("lot").join("labels").join(format!("{:05}.png", super::BOTTLE));
        let scanned = self.picture(&seen)?;
        self.heading("offline", &[("url", &self.process.url)]);
        self.headline(&scanned, true);
        let same = scanned.verdict.item() == first.verdict.item() && scanned.offline;
        self.expect("offline", same && scanned.verdict.outcome().exit_code() == 0)?;
        Ok(show::verdict_document(&scanned.claim, &scanned.verdict))
    }

    fn headline(&self, scanned: &Scanned, offline: bool) {
        let showing = self.showing(offline);
        let view = showing.answer(&Answer::of(&scanned.claim, &scanned.verdict));
        if offline {
            self.console.wrapped(2, &view.strip.text);
        }
        paint::headline(self.console, &view);
    }
}
