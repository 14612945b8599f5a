//! From the issuer's rows to a folder with everything that one lot is: records, anchor, seals.
//!
//! The folder is whole once `lot.json` stands in it. Until then a stop loses nothing that anybody
//! has seen, and the next run begins anew; from then on the same folder is gone on with.

use crate::console::Console;
use crate::fail::Failure;
use crate::{files, key};
use sealight_edge::cancel::Cancel;
use sealight_issue::label;
use sealight_issue::lot::{Draft, LotBuilder, LotPlan};
use sealight_issue::rows::{self, Format, ReadError};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::answer::Bucket;
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::lot::LotAnchor;
use sealight_verify::format::picture;
use sealight_verify::format::record::Field;
use sealight_verify::format::seal::{SealCode, Secret};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The folder of one lot.
#[derive(Debug, Clone)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn state(&self) -> PathBuf {
        self.0.join("lot.json")
    }

    pub(crate) fn anchor(&self) -> PathBuf {
        self.0.join("anchor.cbor")
    }

    pub(crate) fn seals(&self) -> PathBuf {
        self.0.join("seals.csv")
    }

    pub(crate) fn labels(&self) -> PathBuf {
        self.0.join("labels")
    }

    /// The picture of the lot's product, if it has one.
    pub(crate) fn picture(&self) -> PathBuf {
        self.0.join("picture")
    }

    pub(crate) fn bucket(&self, bucket: u32) -> PathBuf {
        self.0.join("buckets").join(format!("{bucket}.cbor"))
    }
}

/// Builds a lot of the rows in `items` into the folder; gives the anchor without receipts.
pub(crate) fn build(
    console: &Console,
    cancel: &Cancel,
    folder: &Folder,
    items: &Path,
    plan: LotPlan,
    (host, shown): (&str, Option<&[u8]>),
) -> Result<LotAnchor, Failure> {
    files::folder(&folder.0.join("buckets"))?;
    if let Some(bytes) = shown {
        files::write(&folder.picture(), bytes)?;
    }
    let named = shown
        .map(|bytes| Field { key: picture::FIELD.into(), value: picture::hash(bytes).to_string() });
    let open = File::open(items).map_err(|error| files::unreadable(items, &error))?;
    let (ledger, party) = (plan.ledger, plan.issuer);
    let mut seals = files::Secret::begin(&folder.seals())?;
    seals.line("index,number,address")?;
    let mut builder = LotBuilder::new(plan).map_err(|error| no_lot(&error))?;
    let sink = &mut |mut row: rows::Row| -> Result<(), Failure> {
        if cancel.is_cancelled() {
            return Err(Failure::stopped());
        }
        // A row may name another one.
        if picture::named(&row.fields).is_none() {
            row.fields.extend(named.clone());
        }
        let added = builder.add(&row, Secret(key::random()?), None).map_err(|e| no_lot(&e))?;
        line(&mut seals, &added.seal, host)?;
        if added.seal.index % 1000 == 0 {
            console.progress("cli.issue.building", &[("count", &added.seal.index.to_string())]);
        }
        added.draft.map_or(Ok(()), |draft| keep(folder, &draft))
    };
    rows::read(format(items)?, BufReader::new(open), sink).map_err(|error| match error {
        ReadError::Row(error) => {
            Failure::new("bad-row", &[("path", &items.display()), ("why", &error)])
        }
        ReadError::Sink(failure) => failure,
    })?;
    let (lot, last) = builder.finish().map_err(|error| no_lot(&error))?;
    if let Some(draft) = last {
        keep(folder, &draft)?;
    }
    for bucket in 0..lot.bucket_count() {
        let path = folder.bucket(bucket);
        let bytes = files::read(&path, Bucket::MAX_LEN)?;
        let whole = lot.complete(&Draft { bucket, bytes }).map_err(|error| no_lot(&error))?;
        files::put(&path, &whole)?;
    }
    let anchor = lot.anchor(Vec::new());
    seals.finish()?;
    let body = Body::AnchorLot(anchor.clone());
    let draft = Entry { version: 1, ledger, party, sequence: 0, body, signatures: Vec::new() };
    files::write(&folder.anchor(), &codec::encode(&draft))?;
    Ok(anchor)
}

fn keep(folder: &Folder, draft: &Draft) -> Result<(), Failure> {
    files::put(&folder.bucket(draft.bucket), &draft.bytes)
}

fn line(seals: &mut files::Secret, seal: &SealCode, host: &str) -> Result<(), Failure> {
    let uri = label::seal_uri(host, seal).map_err(|error| no_label(&error))?;
    seals.line(&format!("{},{},{uri}", seal.index, label::number(seal).text()))
}

/// The form of a file by its name.
fn format(path: &Path) -> Result<Format, Failure> {
    match path.extension().and_then(|end| end.to_str()) {
        Some("csv") => Ok(Format::Csv),
        Some("json" | "jsonl") => Ok(Format::Json),
        _ => Err(Failure::usage("items-unknown", &[("path", &path.display())])),
    }
}

pub(crate) fn no_lot(error: &dyn ToString) -> Failure {
    Failure::new("no-lot", &[("why", error)])
}

pub(crate) fn no_label(error: &dyn ToString) -> Failure {
    Failure::new("no-label", &[("why", error)])
}
