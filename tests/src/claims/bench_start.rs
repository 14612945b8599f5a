//! From the start of the process to the verdict, with everything cached and no network.

use super::{Claim, NotShown, Report, Run};
use crate::bench::folder::Folder;
use crate::bench::program::Program;
use crate::bench::scene::{frame, scene};
use crate::bench::{jpeg, median};
use std::fmt::Write as _;
use std::fs;

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "start-to-verdict",
    group: "speed",
    about: "cached, from process start: a label 40 ms, a 12-megapixel photograph 400 ms, 160 MB",
    clock: true,
    run: Run::Here(start),
}];

const LABEL: &str = "lot/labels/00001.png";
const PHOTOGRAPH: &str = "photograph.jpg";
const ITEMS: u32 = 1_000;
const MEGABYTES: f64 = 160.0;

fn start(report: &mut Report) -> Result<(), NotShown> {
    let folder = Folder::new("start").map_err(NotShown::broken)?;
    let program = Program::build(folder.path()).map_err(NotShown::broken)?;
    furnish(&folder, &program)?;
    let label = frame(&fs::read(folder.place(LABEL)).map_err(NotShown::broken)?);
    let photograph = jpeg::encode(&scene(4000, 3000, Some((&label, 1000))));
    report.figure("photograph", photograph.len() as f64 / 1e6, "MB");
    fs::write(folder.place(PHOTOGRAPH), photograph).map_err(NotShown::broken)?;
    let of_label = took(&program, LABEL, 31)?;
    let of_photograph = took(&program, PHOTOGRAPH, 9)?;
    let nothing = median(runs(&program, &["--help"], 31)?);
    report.figure("process that prints its help", nothing, "ms");
    report.within_twice("label picture", of_label, 40.0, "ms")?;
    report.within_twice("12-megapixel photograph", of_photograph, 400.0, "ms")?;
    for picture in [LABEL, PHOTOGRAPH] {
        let peak = program.peak_memory(&scan(picture)).map_err(NotShown::broken)?;
        match peak {
            Some(peak) => report.at_most(&format!("memory, {picture}"), peak, MEGABYTES, "MB")?,
            None => report.skip("this system does not tell a process's peak memory"),
        }
    }
    Ok(())
}

/// A ledger with one lot, and a device that has scanned one of its labels; the ledger is gone then.
fn furnish(folder: &Folder, program: &Program) -> Result<(), NotShown> {
    let run = |args: &[&str]| program.run(args).map_err(NotShown::broken).map(drop);
    let mut items = String::from("product,category,brand,gtin,serial,origin\n");
    for item in 1..=ITEMS {
        let row = "Blue Reverie 52%,baijiu,Blue Reverie,06901234567892";
        writeln!(items, "{row},BR-{item:05},Suqian").map_err(NotShown::broken)?;
    }
    fs::write(folder.place("items.csv"), items).map_err(NotShown::broken)?;
    let ledger = program.ledger().map_err(NotShown::broken)?;
    let text = |name: &str| ledger.document[name].as_str().unwrap_or_default();
    let keys = ledger.document["quorum_keys"].as_array().into_iter().flatten();
    let keys: Vec<&str> = keys.filter_map(|key| key.as_str()).collect();
    let Some((first, others)) = keys.split_first() else {
        return Err(NotShown::broken("the ledger names no keys of its members"));
    };
    for home in ["office", "device"] {
        run(&["--home", home, "trust", "add", text("trust_file"), "--yes"])?;
    }
    run(&["key", "new", "issuer.key"])?;
    let name = "Blue Reverie Distillery Co., Ltd.";
    let mut register = vec!["--home", "office", "issuer", "register", "--name", name];
    register.extend(["--party-key", "issuer.key", "--role", "issuer", "--brand", "Blue Reverie"]);
    register.extend(["--gtin", "0690123", "--key", first]);
    others.iter().for_each(|key| register.extend(["--endorse", key]));
    run(&register)?;
    let title = "Blue Reverie, spring batch";
    let issue = ["--home", "office", "issue", "items.csv", "--title", title, "--output", "lot"];
    run(&[&issue[..], &["--labels", "2", "--key", "issuer.key"]].concat())?;
    run(&["--home", "device", "scan", LABEL])
}

/// Nothing but a proven item exits with 0.
fn scan(picture: &str) -> [&str; 5] {
    ["--home", "device", "scan", "--offline", picture]
}

fn took(program: &Program, picture: &str, rounds: usize) -> Result<f64, NotShown> {
    Ok(median(runs(program, &scan(picture), rounds)?))
}

fn runs(program: &Program, args: &[&str], rounds: usize) -> Result<Vec<f64>, NotShown> {
    program.run(args).map_err(NotShown::broken)?;
    (0..rounds).map(|_| program.run(args).map_err(NotShown::broken)).collect()
}
