//! Scans a second that can be served: files through nginx, and live answers of one gateway.

use super::{Claim, NotShown, Report, Run};
use crate::bench::folder::Folder;
use crate::kit::gateway_ledger::Prepared;
use crate::kit::nginx::Nginx;
use crate::kit::wrk::{MISSING, Wrk};

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "scans-served",
    group: "packs",
    about: "buckets through nginx beside an empty answer, and live lot queries to one gateway",
    clock: true,
    run: Run::Here(served),
}];

fn served(report: &mut Report) -> Result<(), NotShown> {
    let Some(wrk) = Wrk::find("scans") else {
        report.skip(MISSING);
        return Ok(());
    };
    let folder = Folder::new("scans-served").map_err(NotShown::broken)?;
    let running = Prepared::new(1).run();
    let lot = &running.prepared.lot;
    let (id, root) = (lot.lot.id(), lot.lot.root());
    let site = folder.place("site");
    let place = site.join("lot").join(root.to_string());
    std::fs::create_dir_all(&place).map_err(NotShown::broken)?;
    let mut paths = Vec::new();
    for (number, bytes) in lot.buckets.iter().enumerate() {
        std::fs::write(place.join(number.to_string()), bytes).map_err(NotShown::broken)?;
        paths.push(format!("/lot/{root}/{number}"));
    }
    match Nginx::over(&site) {
        None => report.skip("no nginx on this machine (Debian package nginx-light)"),
        Some(nginx) => {
            let nothing = load(report, &wrk, &nginx.url(), &["/nothing".to_owned()])?;
            let buckets = load(report, &wrk, &nginx.url(), &paths)?;
            report.figure("nginx, an empty answer", nothing, "/s");
            report.figure("nginx, a bucket of 64 items", buckets, "/s");
            report.at_least("of the empty answers", buckets / nothing, 0.1, "x")?;
        }
    }
    let live: Vec<String> = (0..lot.buckets.len())
        .map(|number| format!("/abci_query?path=%22/lot%22&height=0&data=0x{id}{number:08x}"))
        .collect();
    let queries = load(report, &wrk, &running.url(), &live)?;
    let files = load(report, &wrk, &running.url(), &paths)?;
    let health = load(report, &wrk, &running.url(), &["/health".to_owned()])?;
    report.figure("one gateway, an empty answer", health, "/s");
    report.figure("one gateway, a bucket of 64 items", files, "/s");
    report.figure("one gateway, a live lot proof", queries, "/s");
    report.at_least("of the empty answers", queries / health, 0.02, "x")
}

/// Requests a second for these paths in turn; wrk's own words go to the report.
fn load(report: &mut Report, wrk: &Wrk, url: &str, paths: &[String]) -> Result<f64, NotShown> {
    let load = wrk.load(url, paths).map_err(NotShown::broken)?;
    report.notes.extend(load.told);
    Ok(load.rate)
}
