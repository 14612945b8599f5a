//! The parts of the run: the ledger's process, the parties' keys, this device.

use super::cast::{BOTTLES, Cast};
use super::process::Process;
use super::{outcome, step};
use crate::args::ProfileName;
use crate::console::Console;
use crate::device::{self, Device};
use crate::fail::Failure;
use crate::issue::{self, Folder};
use crate::key::{self, Note};
use crate::read::{self, Says};
use crate::show::{self, Register};
use crate::sign::{Entered, Holder, Signers};
use crate::{files, paint, scan, stop};
use sealight_edge::cancel::Cancel;
use sealight_edge::client::Reach;
use sealight_edge::home::Home;
use sealight_flow::Answer;
use sealight_issue::entry;
use sealight_issue::lot::LotPlan;
use sealight_verify::codec::Versioned;
use sealight_verify::format::entry::{Body, RecallChange, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::{LifeRoles, LotAnchor};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::judge::{SealClaim, Verdict};
use sealight_verify::sign::Algorithm;
use sealight_verify::trust::SignedTrustFile;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The host in the labels; carries no trust.
const HOST: &str = "sealight.example";

/// Everything that the run has set up.
pub(super) struct Stage<'a> {
    pub(super) console: &'a Console,
    pub(super) cast: &'a Cast,
    pub(super) device: Device,
    pub(super) folder: PathBuf,
    pub(super) forger: Signers,
    pub(super) lab: PartyId,
    ledger: LedgerId,
    process: Process,
    cancel: Cancel,
    distillery: Signers,
    laboratory: Signers,
    lot: Option<LotId>,
}

/// One scan and what came of it.
pub(super) struct Scanned {
    pub(super) claim: SealClaim,
    pub(super) verdict: Verdict,
    pub(super) bundle: Vec<u8>,
    pub(super) offline: bool,
}

impl<'a> Stage<'a> {
    /// Starts the ledger, trusts it, and registers the parties.
    pub(super) fn open(
        console: &'a Console,
        folder: &Path,
        cast: &'a Cast,
    ) -> Result<Self, Failure> {
        let cancel = stop::on_interrupt();
        console.progress("cli.demo.starting", &[]);
        let process = Process::start(&folder.join("ledger"), &cast.operator)?;
        step(console, "ledger", &[("url", &process.url)]);
        let home = Home::open(&folder.join("device")).map_err(|e| device::home_failed(&e))?;
        let trust = files::read(&process.trust_file, SignedTrustFile::MAX_LEN)?;
        home.put_trust(&trust).map_err(|error| device::home_failed(&error))?;
        let mut device = Device::at(console, home)?;
        device.cancel = cancel.clone();
        let ledger = device.ledger()?;
        let keys = folder.join("keys");
        let mut register = |name: &str, file: &str, roles, namespaces| {
            let path = keys.join(file);
            let party = registered(console, &mut device, &process, &path, name, roles, namespaces)?;
            Ok::<_, Failure>((party, Signers::alone(ledger, Holder::read(&path, None, &ledger)?)))
        };
        let (_, distillery) =
            register(&cast.distillery, "distillery.json", Roles::ISSUER, cast.namespaces())?;
        let (lab, laboratory) = register(&cast.lab, "lab.json", Roles::LAB, Vec::new())?;
        let (_, forger) =
            register(&cast.forger, "forger.json", Roles::ISSUER, cast.forged_namespaces())?;
        let words = [("distillery", &*cast.distillery), ("lab", &*cast.lab)];
        step(console, "parties", &words);
        let folder = folder.to_owned();
        let lot = None;
        Ok(Self {
            console,
            cast,
            device,
            folder,
            forger,
            lab,
            ledger,
            process,
            cancel,
            distillery,
            laboratory,
            lot,
        })
    }

    /// Mints the lot, draws its labels, and enters what happened to it.
    pub(super) fn mint(&mut self) -> Result<Value, Failure> {
        let (console, cast) = (self.console, self.cast);
        let folder = Folder(self.folder.join("lot"));
        let issuer = self.distillery.own.party;
        let plan = self.plan(issuer, 1, &cast.product, cast.namespaces());
        let anchor = self.build(&folder, plan, &cast.items(BOTTLES))?;
        let entered = issue::send(console, &mut self.device, &self.distillery, &folder, &anchor)?;
        let lot = LotId::of_number(&issuer, anchor.number);
        issue::note(&folder, &anchor, &lot, Some(entered.height))?;
        self.lot = Some(lot);
        let (count, height, id) =
            (BOTTLES.to_string(), entered.height.to_string(), lot.to_string());
        let words =
            [("count", &*count), ("product", &*cast.product), ("height", &*height), ("lot", &*id)];
        step(console, "lot", &words);
        let drawn = issue::draw(console, &self.cancel, &folder, BOTTLES as usize)?;
        step(console, "labels", &[("count", &drawn.to_string())]);
        let events = cast.events(lot)?;
        for (by_lab, event) in events {
            let signers = if by_lab { &self.laboratory } else { &self.distillery };
            enter(&mut self.device, signers, Body::AppendEvent(event))?;
        }
        step(console, "events", &[]);
        Ok(json!({
            "lot": lot,
            "size": anchor.size,
            "height": entered.height,
            "folder": folder.0.display().to_string(),
        }))
    }

    /// A plan of a lot of this ledger.
    pub(super) fn plan(
        &self,
        issuer: PartyId,
        number: u64,
        title: &str,
        namespaces: Vec<Namespace>,
    ) -> LotPlan {
        LotPlan {
            ledger: self.ledger,
            issuer,
            number,
            title: title.to_owned(),
            namespaces,
            life_roles: LifeRoles::USUAL,
            initial: LifeState::InTrade,
        }
    }

    /// Builds a lot of a list of items, which is kept beside it.
    pub(super) fn build(
        &self,
        folder: &Folder,
        plan: LotPlan,
        items: &str,
    ) -> Result<LotAnchor, Failure> {
        files::folder(&folder.0)?;
        let list = folder.0.join("items.csv");
        files::write(&list, items.as_bytes())?;
        issue::make(self.console, &self.cancel, folder, &list, plan, HOST)
    }

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
        let bytes = files::read(file, sealight_verify::format::bundle::Bundle::MAX_LEN)?;
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

    /// Writes the title of a part of the run.
    pub(super) fn heading(&self, name: &str, values: &[(&str, &str)]) {
        self.console.line("");
        let title = self.console.say(&format!("cli.demo.part.{name}"), values);
        self.console.wrapped(0, &format!("**{title}**"));
    }

    fn headline(&self, scanned: &Scanned, offline: bool) {
        let showing = self.showing(offline);
        let view = showing.answer(&Answer::of(&scanned.claim, &scanned.verdict));
        if offline {
            self.console.wrapped(2, &view.strip.text);
        }
        paint::headline(self.console, &view);
    }

    /// Fails where a part of the run does not come out as it must.
    pub(super) fn expect(&self, what: &str, holds: bool) -> Result<(), Failure> {
        if self.cancel.is_cancelled() {
            return Err(Failure::stopped());
        }
        if holds { Ok(()) } else { Err(Failure::new("demo", &[("what", &what)])) }
    }

    /// Writes how an attempt came out.
    pub(super) fn attempted(&self, name: &str, verdict: &Verdict) -> (&'static str, &'static str) {
        let ((code, detail), outcome) = (show::reason(verdict), outcome(verdict.outcome()));
        self.refused(name, outcome, &detail);
        (outcome, code)
    }

    /// Writes an attempt, its outcome, and the words of the rule that refused it.
    pub(super) fn refused(&self, name: &str, outcome: &str, detail: &str) {
        let console = self.console;
        let title = console.say(&format!("cli.demo.attack.{name}"), &[]);
        let outcome = console.say(&format!("cli.demo.outcome.{outcome}"), &[]);
        let words = [("what", &*title), ("outcome", &*outcome)];
        console.tell(2, "cli.demo.attempt", &words);
        for line in crate::layout::wrap(&shortened(detail), console.width().saturating_sub(6)) {
            console.line(&format!("      {}", console.faint(&line)));
        }
    }
}

/// The text with long digests cut: whole ones are in the JSON document.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 8;
    let digest = |word: &&str| {
        let digits = word.trim_end_matches([',', '.']);
        digits.len() > 4 * SHOWN && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let words = text.split(' ').map(|word| match Some(word).filter(digest) {
        Some(word) => {
            let end = word.trim_start_matches(|c: char| c.is_ascii_hexdigit());
            format!("{}…{end}", word.get(..SHOWN).unwrap_or_default())
        }
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Signs an entry and sends it.
pub(super) fn enter(
    device: &mut Device,
    signers: &Signers,
    body: Body,
) -> Result<Entered, Failure> {
    let sequence = device.next_sequence(&signers.own.party)?;
    device.submit(&signers.sign(sequence, body))
}

/// Makes a party's key and registers it by a quorum of members.
fn registered(
    console: &Console,
    device: &mut Device,
    process: &Process,
    path: &Path,
    name: &str,
    roles: Roles,
    namespaces: Vec<Namespace>,
) -> Result<PartyId, Failure> {
    console.progress("cli.demo.registering", &[("name", name)]);
    let ledger = device.ledger()?;
    let key = key::make(Algorithm::Sm2)?;
    files::create_secret(path, key.encode_file().as_bytes())?;
    let (public, nonce) = (key.public(), 0);
    let registration = Registration {
        version: 1,
        legal_name: name.to_owned(),
        roles,
        namespaces,
        key: public,
        report_key: None,
        nonce,
    };
    let party = entry::party_id(&ledger, &registration);
    key::write_note(path, &Note { ledger, party, place: 0 })?;
    let members = process.quorum.iter().map(|path| Holder::read(path, None, &ledger));
    let signers = Signers::of(ledger, members.collect::<Result<_, _>>()?)?;
    enter(device, &signers, Body::Register(registration))?;
    Ok(party)
}
