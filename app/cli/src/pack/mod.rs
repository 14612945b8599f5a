//! `sealight pack import|show|verify`: packs read, held against what is trusted, and kept.

mod import;
mod tell;

pub(crate) use import::import;

use crate::args::{Common, PackFile, PackVerify};
use crate::console::Console;
use crate::fail::Failure;
use crate::{device, files, stop};
use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Light, PackCounts, PackReport, PackStopped};
use sealight_edge::clock;
use sealight_edge::store::MemoryStore;
use sealight_verify::codec::Versioned;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::pack::{PackError, PackReader, PackStart, Piece, Place, Sealed};
use sealight_verify::judge::Policy;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::SignedTrustFile;
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Everything in it holds and its header is fresh.
const PROVEN: u8 = 0;
/// Everything holds, the header is old.
const STALE: u8 = 11;
/// Something of it does not hold, or is not there.
const UNPROVEN: u8 = 22;
/// Not a pack.
const UNREADABLE: u8 = 23;

/// Verifies a pack with a trust file alone: no network, and nothing of the device.
pub(crate) fn verify(console: &Console, common: &Common, args: &PackVerify) -> Result<u8, Failure> {
    let anchor = match &args.trust {
        Some(path) => files::read(path, SignedTrustFile::MAX_LEN)?,
        None => {
            let home = device::home(common)?;
            let trust = home.trust().map_err(|error| device::home_failed(&error))?;
            trust.ok_or_else(|| Failure::new("no-trust", &[("home", &home.path().display())]))?
        }
    };
    let now = clock::system();
    let mut light = Light::open(Box::new(MemoryStore::new()), &anchor, device::built(), now)
        .map_err(|error| Failure::new("trust-refused", &[("why", &error)]))?;
    let cancel = stop::on_interrupt();
    let report = read(console, &mut light, &args.pack, &cancel)?;
    let code = exit_code(&report, now);
    tell::report(console, &args.pack, &report, code);
    Ok(code)
}

/// Shows what a pack says of itself; only its bytes are held against their sums.
pub(crate) fn show(console: &Console, args: &PackFile) -> Result<u8, Failure> {
    let mut file = open(&args.pack)?;
    let mut shown = Shown::default();
    let (mut reader, mut portion) = (PackReader::new(), vec![0; 64 * 1024]);
    let cancel = stop::on_interrupt();
    loop {
        if cancel.is_cancelled() {
            return Err(Failure::stopped());
        }
        let read = file.read(&mut portion);
        let read = read.map_err(|error| files::unreadable(&args.pack, &error))?;
        shown.bytes += read as u64;
        match read {
            0 => reader.finish(),
            read => reader.feed(&portion[..read]),
        }
        while let Some(piece) = reader.piece() {
            shown.take(piece);
        }
        asking(console, shown.bytes, shown.chunks);
        if read == 0 {
            break;
        }
    }
    console.clear();
    let Some(start) = &shown.start else {
        let why = shown.first.map_or_else(|| PackError::NotAPack.to_string(), |(_, why)| why);
        return Err(no_pack(&args.pack, &why));
    };
    tell::shown(console, &args.pack, start, &shown);
    let whole = shown.damaged == 0 && shown.sealed.as_ref().is_some_and(|end| end.signed.is_ok());
    Ok(if whole { PROVEN } else { UNPROVEN })
}

/// What a pack says of itself.
#[derive(Default)]
struct Shown {
    start: Option<PackStart>,
    sealed: Option<Sealed>,
    bytes: u64,
    chunks: u64,
    /// The first lots, and how many there are.
    lots: Vec<String>,
    lot_count: u64,
    buckets: u64,
    lives: u64,
    damaged: u64,
    /// The first damage: its place and what it is.
    first: Option<(u64, String)>,
}

impl Shown {
    fn take(&mut self, piece: Piece) {
        const LISTED: usize = 20;
        match piece {
            Piece::Start(start) => self.start = Some(start),
            Piece::End(sealed) => self.sealed = Some(sealed),
            Piece::Damage(damage) => {
                self.damaged += 1;
                self.first.get_or_insert((damage.at, damage.error.to_string()));
            }
            Piece::Chunk(chunk) => {
                self.chunks += 1;
                match chunk.place {
                    Place::Lot(_, lot) => {
                        self.lot_count += 1;
                        if self.lots.len() < LISTED {
                            self.lots.push(lot.to_string());
                        }
                    }
                    Place::Bucket(..) => self.buckets += 1,
                    Place::Life(..) => self.lives += 1,
                    _ => {}
                }
            }
        }
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| files::unreadable(path, &error))
}

fn no_pack(path: &Path, why: &dyn ToString) -> Failure {
    Failure::new("not-a-pack", &[("path", &path.display()), ("why", why)]).exits(UNREADABLE)
}

fn other_ledger(path: &Path, ledger: &LedgerId) -> Failure {
    let values: [(&str, &dyn ToString); 2] = [("path", &path.display()), ("ledger", ledger)];
    Failure::new("pack-ledger", &values).exits(UNPROVEN)
}

fn asking(console: &Console, bytes: u64, chunks: u64) {
    let (bytes, chunks) = (bytes.to_string(), chunks.to_string());
    console.progress("cli.pack.reading", &[("bytes", &bytes), ("chunks", &chunks)]);
}

/// Reads a pack with what a light client trusts.
fn read(
    console: &Console,
    light: &mut Light,
    path: &Path,
    cancel: &Cancel,
) -> Result<PackReport, Failure> {
    read_from(console, light, &mut open(path)?, path, cancel)
}

fn read_from(
    console: &Console,
    light: &mut Light,
    from: &mut dyn Read,
    path: &Path,
    cancel: &Cancel,
) -> Result<PackReport, Failure> {
    let told = &mut |counts: &PackCounts| asking(console, counts.bytes, counts.chunks);
    let report = light.read_pack(from, clock::system(), told, cancel);
    console.clear();
    report.map_err(|stopped| match stopped {
        PackStopped::Read { why } => {
            Failure::new("file-unreadable", &[("path", &path.display()), ("why", &why)])
        }
        PackStopped::NoPack(error) => no_pack(path, &error),
        PackStopped::UnknownLedger { ledger } => other_ledger(path, &ledger),
        PackStopped::Cancelled => Failure::stopped(),
    })
}

/// As `sealight verify` has it: proven and fresh, proven and stale, unproven.
fn exit_code(report: &PackReport, now: Timestamp) -> u8 {
    let signed = report.sealed.as_ref().is_some_and(|sealed| sealed.signed.is_ok());
    let holds = report.damaged_count == 0 && report.refused_count == 0 && report.missing == 0;
    match report.as_of {
        Some(as_of) if holds && signed => {
            let fresh = now.since(as_of).0 <= Policy::SHOPPER.fresh;
            if fresh { PROVEN } else { STALE }
        }
        _ => UNPROVEN,
    }
}

/// The name and the rest of a document that all commands on packs have in common.
fn start_document(path: &Path, start: &PackStart, sealed: Option<&Sealed>) -> serde_json::Value {
    let maker = sealed.map(|end| {
        json!({
            "algorithm": end.maker.algorithm,
            "public": crate::key::hex(&end.maker),
            "party": end.party,
        })
    });
    json!({
        "file": path.display().to_string(),
        "id": sealed.map(|end| end.id),
        "ledger": start.ledger,
        "height": start.height,
        "bases": start.bases,
        "maker": maker,
        "signed": sealed.is_some_and(|end| end.signed.is_ok()),
    })
}
