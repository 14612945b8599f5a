//! The parts of the run: the ledger's process, the parties' keys, this device.

use super::cast::{BOTTLES, Cast};
use super::process::Process;
use super::told::step;
use crate::console::Console;
use crate::device::{self, Device};
use crate::fail::Failure;
use crate::issue::{self, Folder};
use crate::key::{self, Note};
use crate::sign::{Entered, Holder, Signers};
use crate::{files, stop};
use sealight_edge::cancel::Cancel;
use sealight_edge::home::Home;
use sealight_issue::entry;
use sealight_issue::lot::LotPlan;
use sealight_verify::codec::Versioned;
use sealight_verify::format::entry::Body;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::{LifeRoles, LotAnchor};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::sign::Algorithm;
use sealight_verify::trust::SignedTrustFile;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The host in the labels; carries no trust.
const HOST: &str = "sealight.example";

/// What the bottles look like.
const PICTURE: &[u8] = include_bytes!("../../../../assets/demo/bottle.png");

/// Everything that the run has set up.
pub(super) struct Stage<'a> {
    pub(super) console: &'a Console,
    pub(super) cast: &'a Cast,
    pub(super) device: Device,
    pub(super) folder: PathBuf,
    pub(super) forger: Signers,
    pub(super) lab: PartyId,
    pub(super) ledger: LedgerId,
    pub(super) process: Process,
    pub(super) cancel: Cancel,
    pub(super) distillery: Signers,
    laboratory: Signers,
    pub(super) lot: Option<LotId>,
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
            Ok::<_, Failure>((party, Signers::alone(ledger, Holder::of_file(&path, &ledger)?)))
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
        let anchor = self.build(&folder, plan, &cast.items(BOTTLES), Some(PICTURE))?;
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
        picture: Option<&[u8]>,
    ) -> Result<LotAnchor, Failure> {
        files::folder(&folder.0)?;
        let list = folder.0.join("items.csv");
        files::write(&list, items.as_bytes())?;
        issue::make(self.console, &self.cancel, folder, &list, plan, (HOST, picture))
    }
}

/// Signs an entry and sends it.
pub(super) fn enter(
    device: &mut Device,
    signers: &Signers,
    body: Body,
) -> Result<Entered, Failure> {
    let sequence = device.next_sequence(&signers.own.party)?;
    device.submit(&signers.sign(sequence, body)?)
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
    key::write_note(&key::note_path(path), &Note { ledger, party, place: 0 })?;
    let members = process.quorum.iter().map(|path| Holder::of_file(path, &ledger));
    let signers = Signers::of(ledger, members.collect::<Result<_, _>>()?)?;
    enter(device, &signers, Body::Register(registration))?;
    Ok(party)
}
