//! Labels of a lot: the QR symbol as SVG and PNG, and the NDEF message for a chip.

use super::build::{Folder, no_label};
use crate::console::Console;
use crate::fail::Failure;
use crate::files;
use sealight_edge::cancel::Cancel;
use sealight_issue::label::{QrSymbol, ndef_message};
use sealight_verify::format::seal::TypedNumber;
use std::fs::File;
use std::io::{BufRead, BufReader};

/// Pixels of one module in a PNG.
const MODULE: u32 = 8;

/// Draws labels of the first `count` items in the list of seals; those that stand there are left.
pub(crate) fn draw(
    console: &Console,
    cancel: &Cancel,
    folder: &Folder,
    count: usize,
) -> Result<usize, Failure> {
    let path = folder.seals();
    let fail = |error: std::io::Error| files::unreadable(&path, &error);
    let list = BufReader::new(File::open(&path).map_err(fail)?);
    let mut drawn = 0;
    for line in list.lines().skip(1).take(count) {
        if cancel.is_cancelled() {
            return Err(Failure::stopped());
        }
        if drawn == 0 {
            files::folder(&folder.labels())?;
        }
        let line = line.map_err(fail)?;
        let mut cells = line.splitn(3, ',');
        if let (Some(index), Some(number), Some(uri)) = (cells.next(), cells.next(), cells.next()) {
            label(folder, index, number, uri)?;
        }
        drawn += 1;
        if drawn % 50 == 0 {
            console.progress("cli.issue.drawing", &[("done", &drawn.to_string())]);
        }
    }
    Ok(drawn)
}

/// A label holds its seal's secret, so its files are its owner's alone, like the list.
fn label(folder: &Folder, index: &str, number: &str, uri: &str) -> Result<(), Failure> {
    let path = |end: &str| folder.labels().join(format!("{index:0>5}.{end}"));
    if path("ndef").exists() {
        return Ok(());
    }
    let symbol = QrSymbol::encode(uri).map_err(|error| no_label(&error))?;
    let number = TypedNumber::decode(number).ok();
    files::put_secret(&path("svg"), symbol.svg(number.as_ref()).as_bytes())?;
    let png = symbol.png(MODULE).map_err(|error| no_label(&error))?;
    files::put_secret(&path("png"), &png)?;
    let ndef = ndef_message(uri).map_err(|error| no_label(&error))?;
    files::put_secret(&path("ndef"), &ndef)
}
