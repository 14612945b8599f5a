//! Scans a second that can be served: files through nginx, and live answers of one gateway.

use super::{Claim, NotShown, Report, Run};
use crate::bench::folder::Folder;
use crate::kit::gateway_ledger::Prepared;
use crate::kit::nginx::{Nginx, program};
use std::path::Path;
use std::process::Command;

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "scans-served",
    group: "packs",
    about: "buckets through nginx beside an empty answer, and live lot queries to one gateway",
    clock: true,
    run: Run::Here(served),
}];

/// How long each load lasts, and over how many connections.
const LOAD: [&str; 4] = ["-t1", "-c16", "-d4s", "--latency"];

fn served(report: &mut Report) -> Result<(), NotShown> {
    let Some(wrk) = program("wrk") else {
        report.skip("no wrk on this machine (Debian package wrk)");
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
            let nothing = load(report, &wrk, &folder, &nginx.url(), &["/nothing".to_owned()])?;
            let buckets = load(report, &wrk, &folder, &nginx.url(), &paths)?;
            report.figure("nginx, an empty answer", nothing, "/s");
            report.figure("nginx, a bucket of 64 items", buckets, "/s");
            report.at_least("of the empty answers", buckets / nothing, 0.1, "x")?;
        }
    }
    let live: Vec<String> = (0..lot.buckets.len())
        .map(|number| format!("/abci_query?path=%22/lot%22&height=0&data=0x{id}{number:08x}"))
        .collect();
    let queries = load(report, &wrk, &folder, &running.url(), &live)?;
    let files = load(report, &wrk, &folder, &running.url(), &paths)?;
    let health = load(report, &wrk, &folder, &running.url(), &["/health".to_owned()])?;
    report.figure("one gateway, an empty answer", health, "/s");
    report.figure("one gateway, a bucket of 64 items", files, "/s");
    report.figure("one gateway, a live lot proof", queries, "/s");
    report.at_least("of the empty answers", queries / health, 0.02, "x")
}

/// Requests a second for these paths in turn, every answer of 200 or 204; wrk's own words go to the
/// report.
fn load(
    report: &mut Report,
    wrk: &Path,
    folder: &Folder,
    url: &str,
    paths: &[String],
) -> Result<f64, NotShown> {
    let list: Vec<String> = paths.iter().map(|path| format!("{path:?}")).collect();
    let script = format!(
        "local paths = {{ {} }}\nlocal at = 0\n\
         request = function() at = at % #paths + 1; return wrk.format(\"GET\", paths[at]) end\n",
        list.join(", ")
    );
    let file = folder.place("paths.lua");
    std::fs::write(&file, script).map_err(NotShown::broken)?;
    let out = Command::new(wrk).args(LOAD).arg("-s").arg(&file).arg(url).output();
    let out = out.map_err(NotShown::broken)?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    report.notes.push(format!("wrk {} {url}{}", LOAD.join(" "), paths[0]));
    report.notes.extend(text.lines().map(|line| format!("  {line}")));
    if !out.status.success() || text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(NotShown::broken(format!("wrk on {}: {text}", paths[0])));
    }
    let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    let rate = rate.and_then(|rate| rate.trim().parse().ok());
    rate.ok_or_else(|| NotShown::broken(format!("wrk says no rate: {text}")))
}
