//! `sealight codes`: a brand's existing codes, made to lead to items of its lots.
//!
//! An index takes the place of the one before it, so all lots that it should cover are named.

use super::build::Folder;
use super::namespaces;
use crate::args::{Codes, Common};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::sign::Signers;
use crate::{files, stop};
use sealight_issue::index::{BuiltIndex, IndexBuilder};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::answer::Bucket;
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::{CodeTarget, gtin_code};
use sealight_verify::format::lot::{BUCKET_ITEMS, LotAnchor};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::record::ItemRecord;
use serde_json::json;
use std::path::Path;

/// The column that stands for GTIN and serial number together.
const GTIN: &str = "gtin";

pub(crate) fn run(console: &Console, common: &Common, args: &Codes) -> Result<(), Failure> {
    let mut device = Device::open(console, common)?;
    device.cancel = stop::on_interrupt();
    device.ask_only(args.signing.gateway.as_deref())?;
    device.sync_headers()?;
    let ledger = device.ledger()?;
    let signers = Signers::read(console, common, &args.signing, ledger, device.next_height()?)?;
    let issuer = device.party(&signers.own.party)?;
    let index = build(args, &namespaces(&issuer))?;
    let anchor = index.anchor();
    for file in index.files() {
        let bytes = codec::encode(&file);
        device.upload_codes((&anchor.root, anchor.prefix_bits, file.prefix), &bytes)?;
        if device.cancel.is_cancelled() {
            return Err(Failure::stopped());
        }
    }
    let sequence = device.next_sequence(&signers.own.party)?;
    let entered = device.submit(&signers.sign(sequence, Body::AnchorIndex(anchor.clone()))?)?;
    let (count, height) = (anchor.size.to_string(), entered.height.to_string());
    let lots = anchor.lots.len().to_string();
    let words = [("count", &*count), ("lots", &*lots), ("height", &*height)];
    console.tell(0, "cli.codes.done", &words);
    console.document(json!({
        "entry": entered.id,
        "height": entered.height,
        "namespace": anchor.namespace,
        "codes": anchor.size,
        "lots": anchor.lots,
        "root": anchor.root.to_string(),
    }));
    Ok(())
}

/// The index of every code of the lots' records; the first one says in which namespace they lie.
fn build(args: &Codes, own: &[Namespace]) -> Result<BuiltIndex, Failure> {
    let bad = |why: &dyn ToString| Failure::new("no-codes", &[("why", why)]);
    let mut builder: Option<IndexBuilder> = None;
    for path in &args.lots {
        each_code(path, &args.column, |code, target| {
            if builder.is_none() {
                let namespace = own.iter().find(|namespace| holds(namespace, code));
                let namespace = namespace
                    .ok_or_else(|| Failure::new("code-in-no-namespace", &[("code", &code)]))?;
                builder = Some(IndexBuilder::new(namespace.clone()).map_err(|e| bad(&e))?);
            }
            let Some(builder) = &mut builder else { return Ok(()) };
            builder.add(code, target).map_err(|error| bad(&error))
        })?;
    }
    let none = || Failure::new("column-empty", &[("column", &args.column)]);
    builder.ok_or_else(none)?.finish().map_err(|error| bad(&error))
}

fn holds(namespace: &Namespace, code: &str) -> bool {
    let gtin = code.strip_prefix("(01)").and_then(|rest| rest.get(..14));
    namespace.holds_code(code) || gtin.is_some_and(|gtin| namespace.holds_gtin(gtin))
}

/// Hands over the code of each record of a lot's folder with where it should lead.
fn each_code(
    path: &Path,
    column: &str,
    mut take: impl FnMut(&str, CodeTarget) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let folder = Folder(path.to_owned());
    let bad = || Failure::new("not-a-lot-folder", &[("path", &path.display())]);
    let (lot, anchor) = anchored(&folder).ok_or_else(bad)?;
    for bucket in 0..anchor.size.div_ceil(BUCKET_ITEMS) {
        let bytes = files::read(&folder.bucket(bucket), Bucket::MAX_LEN)?;
        let bucket_of: Bucket = codec::decode(&bytes).map_err(|_| bad())?;
        for (at, record) in bucket_of.records.iter().enumerate() {
            let record: ItemRecord = codec::decode(record).map_err(|_| bad())?;
            let index = bucket * BUCKET_ITEMS + at as u32;
            if let Some(code) = code(&record, column) {
                take(&code, CodeTarget { lot, index })?;
            }
        }
    }
    Ok(())
}

fn anchored(folder: &Folder) -> Option<(LotId, LotAnchor)> {
    let draft = files::read(&folder.anchor(), Entry::MAX_LEN).ok()?;
    let draft: Entry = codec::decode(&draft).ok()?;
    match draft.body {
        Body::AnchorLot(anchor) => Some((LotId::of_number(&draft.party, anchor.number), anchor)),
        _ => None,
    }
}

fn code(record: &ItemRecord, column: &str) -> Option<String> {
    if column == GTIN {
        return Some(gtin_code(record.gtin.as_ref()?, record.serial.as_ref()?));
    }
    let field = record.fields.iter().find(|field| field.key == column);
    let value = field.map(|field| &field.value);
    let serial = || record.serial.as_ref().filter(|_| column == "serial");
    value.or_else(serial).cloned()
}
