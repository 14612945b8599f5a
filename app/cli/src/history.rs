//! `sealight history`: past scans; what was proven then stays, and what is known since stands
//! beside it.

use crate::args::{Common, History, ProfileName};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::layout::{pad, width};
use crate::paint::sign;
use crate::scan;
use crate::show::{self, Register};
use sealight_edge::store::Scan;
use sealight_flow::Chips;
use sealight_flow::view::HistoryLine;
use serde_json::{Value, json};

/// Most entries of one listing.
const MOST: usize = 10_000;

pub(crate) fn run(console: &Console, common: &Common, args: &History) -> Result<(), Failure> {
    let mut device = Device::open(console, common)?;
    if args.clear {
        let forgotten = device.client.light.forget(None);
        forgotten.map_err(|error| device.store_failed(&error))?;
        console.tell(0, "cli.history.cleared", &[]);
        console.document(json!({ "readings": [] }));
        return Ok(());
    }
    let policy = scan::policy(&device, None, ProfileName::Shopper);
    let limit = args.limit.min(MOST);
    let scans = device.client.light.history(None, limit, &policy, Chips::NONE);
    let scans = scans.map_err(|error| device.store_failed(&error))?;
    let as_of = device.register_as_of(None);
    let profile = show::profile(ProfileName::Shopper);
    let showing = show::showing(console, profile, Register { as_of, offline: false });
    let entries: Vec<_> = scans.iter().map(|scan| scan.entry.clone()).collect();
    let view = showing.history(&entries);
    if scans.is_empty() {
        console.tell(0, "cli.history.empty", &[]);
    }
    let lines = view.history.iter().flat_map(|day| &day.lines);
    let names = lines.map(|line| width(&line.name)).max().unwrap_or(0);
    let digits = scans.first().map_or(1, |scan| scan.id.0.to_string().len());
    for day in &view.history {
        console.line(&format!("**{}**", day.date));
        for line in &day.lines {
            let scan = usize::try_from(line.entry).ok().and_then(|at| scans.get(at));
            let number = scan.map_or(0, |scan| scan.id.0);
            tell(console, line, &format!("{number:>digits$}"), names);
        }
    }
    console.document(json!({ "readings": scans.iter().map(document).collect::<Vec<_>>() }));
    Ok(())
}

fn tell(console: &Console, line: &HistoryLine, number: &str, names: usize) {
    let sign = console.tinted(line.tone, sign(line.shape));
    let name = pad(&line.name, names);
    console.line(&format!("  {number}  {sign} {name}  {}", line.what));
    if let Some(since) = &line.since {
        let since = console.tinted(line.tone, since);
        console.line(&format!("  {}    {since}", " ".repeat(number.len())));
    }
}

fn document(scan: &Scan) -> Value {
    let entry = &scan.entry;
    json!({
        "reading": scan.id.0,
        "ledger": scan.ledger,
        "lot": scan.item.map(|(lot, _)| lot),
        "index": scan.item.map(|(_, index)| index),
        "scanned": sealight_verify::time::Timestamp::from_unix_secs(entry.scanned),
        "then": entry.then,
        "recalled": entry.recalled,
    })
}
