//! `sealight issue`: from an issuer's list of items to an anchored lot with its labels.
//!
//! Build, draw, upload, anchor; each step begins where the last run stopped.

mod build;
pub(crate) mod codes;
mod labels;
mod send;

pub(crate) use build::{Folder, no_label};
pub(crate) use send::send;

use crate::args::{Common, Issue};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::sign::Signers;
use crate::{files, stop};
use sealight_edge::cancel::Cancel;
use sealight_edge::clock;
use sealight_edge::pictures::Picture;
use sealight_issue::lot::LotPlan;
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format;
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::{LifeRoles, LotAnchor};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Party;
use serde_json::{Value, json};
use std::path::Path;

/// Most namespaces that a lot declares.
const MAX_NAMESPACES: usize = 16;

pub(crate) fn run(console: &Console, common: &Common, args: &Issue) -> Result<(), Failure> {
    let cancel = stop::on_interrupt();
    let wanted = wanted(&args.labels)?;
    let folder = Folder(args.output.clone());
    let mut device = Device::open(console, common)?;
    device.cancel = cancel.clone();
    device.ask_only(args.signing.gateway.as_deref())?;
    let ledger = device.ledger()?;
    let signers = Signers::read(console, common, &args.signing, ledger, device.next_height()?)?;
    let anchor = match resumed(&folder, &signers)? {
        Some(anchor) => anchor,
        None => {
            let issuer = device.party(&signers.own.party)?;
            let plan = LotPlan {
                ledger,
                issuer: signers.own.party,
                number: args.number.unwrap_or_else(|| clock::system().unix_ms().unsigned_abs()),
                title: args.title.clone(),
                namespaces: namespaces(&issuer),
                life_roles: LifeRoles::USUAL,
                initial: if args.not_applied { LifeState::NotApplied } else { LifeState::InTrade },
            };
            let picture = args.picture.as_deref().map(picture).transpose()?;
            make(console, &cancel, &folder, &args.items, plan, (&args.host, picture.as_deref()))?
        }
    };
    let drawn = labels::draw(console, &cancel, &folder, wanted)?;
    let lot = LotId::of_number(&signers.own.party, anchor.number);
    let entered = send(console, &mut device, &signers, &folder, &anchor)?;
    note(&folder, &anchor, &lot, Some(entered.height))?;
    let (id, size, height) = (lot.to_string(), anchor.size.to_string(), entered.height.to_string());
    let words = [("title", &*anchor.title), ("lot", &*id), ("size", &*size), ("height", &*height)];
    console.tell(0, "cli.issue.done", &words);
    let path = |path: &Path| path.display().to_string();
    let mut pairs = vec![
        (path(&folder.state()), console.say("cli.issue.file.lot", &[])),
        (path(&folder.seals()), console.say("cli.issue.file.seals", &[])),
    ];
    if drawn > 0 {
        let count = drawn.to_string();
        let words = console.say("cli.issue.file.labels", &[("count", &count)]);
        pairs.push((path(&folder.labels()), words));
    }
    console.pairs(2, &pairs);
    console.document(json!({
        "entry": entered.id,
        "height": entered.height,
        "lot": lot,
        "number": anchor.number,
        "size": anchor.size,
        "root": anchor.root.to_string(),
        "output": path(&folder.0),
        "labels": drawn,
    }));
    Ok(())
}

/// Reads the picture of a lot's product, as every device will take it.
fn picture(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = files::read(path, format::picture::MAX_LEN)?;
    let checked = Picture::checked(&format::picture::hash(&bytes), bytes.clone());
    let why = |error| Failure::new("bad-picture", &[("path", &path.display()), ("why", &error)]);
    checked.map(|_| bytes).map_err(why)
}

/// Builds a lot into a folder that holds none yet; its labels name `host`, its records the picture.
pub(crate) fn make(
    console: &Console,
    cancel: &Cancel,
    folder: &Folder,
    items: &Path,
    plan: LotPlan,
    (host, picture): (&str, Option<&[u8]>),
) -> Result<LotAnchor, Failure> {
    let lot = plan.id();
    let anchor = build::build(console, cancel, folder, items, plan, (host, picture))?;
    note(folder, &anchor, &lot, None)?;
    Ok(anchor)
}

/// Draws labels of the first `count` items.
pub(crate) fn draw(
    console: &Console,
    cancel: &Cancel,
    folder: &Folder,
    count: usize,
) -> Result<usize, Failure> {
    labels::draw(console, cancel, folder, count)
}

/// What a lot of this issuer may speak for: all that is its own.
fn namespaces(issuer: &Party) -> Vec<Namespace> {
    issuer.namespaces.iter().take(MAX_NAMESPACES).cloned().collect()
}

/// The anchor of a lot that was built and not anchored yet.
fn resumed(folder: &Folder, signers: &Signers) -> Result<Option<LotAnchor>, Failure> {
    let path = folder.state();
    if !path.exists() {
        return Ok(None);
    }
    let bad = || Failure::new("not-a-lot-folder", &[("path", &folder.0.display())]);
    let state: Value = serde_json::from_slice(&files::read(&path, 1 << 16)?).map_err(|_| bad())?;
    if let Some(height) = state.get("anchored").and_then(Value::as_u64) {
        let facts: [(&'static str, &dyn ToString); 2] =
            [("path", &folder.0.display()), ("height", &height)];
        return Err(Failure::new("lot-anchored", &facts));
    }
    let draft: Entry =
        codec::decode(&files::read(&folder.anchor(), Entry::MAX_LEN)?).map_err(|_| bad())?;
    match draft.body {
        Body::AnchorLot(anchor) if draft.party == signers.own.party => Ok(Some(anchor)),
        _ => Err(bad()),
    }
}

/// Notes where a lot stands: built, or anchored at a height.
pub(crate) fn note(
    folder: &Folder,
    anchor: &LotAnchor,
    lot: &LotId,
    height: Option<u64>,
) -> Result<(), Failure> {
    let state = json!({
        "version": 1,
        "lot": lot,
        "number": anchor.number,
        "title": anchor.title,
        "size": anchor.size,
        "root": anchor.root.to_string(),
        "anchored": height,
    });
    files::write(&folder.state(), format!("{state:#}\n").as_bytes())
}

/// How many labels are wanted.
fn wanted(text: &str) -> Result<usize, Failure> {
    match text {
        "none" => Ok(0),
        "all" => Ok(usize::MAX),
        count => count.parse().map_err(|_| Failure::usage("not-a-count", &[("got", &text)])),
    }
}
