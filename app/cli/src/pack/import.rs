//! `sealight pack import`: verified while it is copied, and kept only then.

use super::{UNPROVEN, exit_code, no_pack, open, other_ledger, read_from, tell};
use crate::args::{Common, PackFile};
use crate::console::Console;
use crate::device::{self, Device};
use crate::fail::Failure;
use crate::{files, stop};
use sealight_edge::client::PackReport;
use sealight_edge::clock;
use sealight_edge::net::PackIndex;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Reads a pack into this device: trust, checkpoints and headers by the ordinary rules, and the
/// file itself, for scans without network. A stop at any moment leaves the packs as they were.
pub(crate) fn import(console: &Console, common: &Common, args: &PackFile) -> Result<u8, Failure> {
    let path = &args.pack;
    let index = PackIndex::of(path).map_err(|error| no_pack(path, &error))?;
    let home = device::home(common)?;
    let mut device = Device::at(console, home.clone())?;
    // Before what it builds on: of another ledger nothing is of use here.
    let ledger = index.start().ledger;
    if device.client.light.chain(&ledger).is_none() {
        return Err(other_ledger(path, &ledger));
    }
    let missing: Vec<String> = index
        .start()
        .bases
        .iter()
        .filter(|id| !home.pack(id).is_file())
        .map(ToString::to_string)
        .collect();
    if !missing.is_empty() {
        let ids = missing.join(", ");
        let values: [(&str, &dyn ToString); 2] = [("path", &path.display()), ("ids", &ids)];
        return Err(Failure::new("pack-base-missing", &values).exits(UNPROVEN));
    }
    device.cancel = stop::on_interrupt();
    files::folder(&home.packs())?;
    let part = Part::begin(home.packs().join(format!("import-{}.part", std::process::id())))?;
    let mut copied = Tee { from: open(path)?, to: part };
    let cancel = device.cancel.clone();
    let report = read_from(console, &mut device.client.light, &mut copied, path, &cancel)?;
    let now = clock::system();
    let id = may_be_kept(path, &report)?;
    copied.to.finish(&home.pack(&id))?;
    let code = exit_code(&report, now);
    tell::report(console, path, &report, code);
    Ok(code)
}

/// Refuses a pack with anything in it that does not hold, or that nobody can name for certain.
/// Damaged chunks lose what is in them and nothing else.
fn may_be_kept(path: &Path, report: &PackReport) -> Result<sealight_verify::hash::Hash32, Failure> {
    if let Some(first) = report.refused.first() {
        let values: [(&str, &dyn ToString); 4] = [
            ("path", &path.display()),
            ("count", &report.refused_count),
            ("place", &first.place),
            ("why", &first.why),
        ];
        return Err(Failure::new("pack-refused", &values).exits(UNPROVEN));
    }
    let signed = report.sealed.as_ref().filter(|sealed| sealed.signed.is_ok());
    let Some(sealed) = signed else {
        let why = match (&report.sealed, report.damaged.first()) {
            (Some(sealed), _) => sealed.signed.as_ref().err().map(ToString::to_string),
            (None, damage) => damage.map(|damage| damage.error.to_string()),
        };
        let why = why.unwrap_or_default();
        let values: [(&str, &dyn ToString); 2] = [("path", &path.display()), ("why", &why)];
        return Err(Failure::new("pack-incomplete", &values).exits(UNPROVEN));
    };
    if report.missing > 0 {
        let values: [(&str, &dyn ToString); 2] =
            [("path", &path.display()), ("count", &report.missing)];
        return Err(Failure::new("pack-lacks", &values).exits(UNPROVEN));
    }
    if report.as_of.is_none() {
        let values: [(&str, &dyn ToString); 2] =
            [("path", &path.display()), ("height", &report.start.height)];
        return Err(Failure::new("pack-unproven", &values).exits(UNPROVEN));
    }
    Ok(sealed.id)
}

/// A file that goes away again unless it is finished.
struct Part {
    path: PathBuf,
    out: Option<BufWriter<File>>,
}

impl Part {
    fn begin(path: PathBuf) -> Result<Self, Failure> {
        let file = File::create(&path).map_err(|error| files::unwritable(&path, &error))?;
        Ok(Self { path, out: Some(BufWriter::new(file)) })
    }

    fn finish(mut self, name: &Path) -> Result<(), Failure> {
        let failed = |error: std::io::Error| files::unwritable(name, &error);
        if let Some(out) = self.out.take() {
            let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
            file.sync_all().map_err(failed)?;
        }
        fs::rename(&self.path, name).map_err(failed)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Under its last name it is no part any more.
        _ = fs::remove_file(&self.path);
    }
}

/// Writes what is read through it.
struct Tee {
    from: File,
    to: Part,
}

impl Read for Tee {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        if let Some(out) = &mut self.to.out {
            out.write_all(&into[..read])?;
        }
        Ok(read)
    }
}
