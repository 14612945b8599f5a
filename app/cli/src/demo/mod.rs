//! `sealight demo`: a ledger in a process of its own, a distillery, a lab, a thousand bottles, one
//! scan, and what becomes of those who try to forge it.
//!
//! Everything goes the way that the other commands go: the same files, the same network, the same
//! store. What is altered is altered on disk and read again from there.

mod alter;
mod attacks;
mod cast;
mod process;
mod scans;
mod stage;
mod told;

use crate::args::Demo;
use crate::console::Console;
use crate::fail::Failure;
use crate::{files, show};
use cast::Cast;
use sealight_edge::clock;
use serde_json::{Value, json};
use stage::Stage;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The bottle that is scanned, by its index.
const BOTTLE: u32 = 41;
/// The bottle that is recalled.
const RECALLED: u32 = 6;

pub(crate) fn run(console: &Console, args: &Demo) -> Result<(), Failure> {
    let begun = clock::monotonic();
    let folder = Folder::of(args)?;
    let cast = Cast::of(console);
    console.tell(0, "cli.demo.title", &[]);
    console.line("");
    let mut stage = Stage::open(console, &folder.path, &cast)?;
    let lot = stage.mint()?;
    let scanned = stage.scan(BOTTLE)?;
    console.line("");
    stage.show(&scanned);
    let attacks = attacks::all(&mut stage, &scanned)?;
    let recalled = stage.recall(RECALLED)?;
    let offline = stage.without_network(&scanned)?;
    told(console, begun, args, &folder.path);
    console.document(json!({
        "folder": args.keep.as_ref().map(|_| folder.path.display().to_string()),
        "lot": lot,
        "scan": show::verdict_document(&scanned.claim, &scanned.verdict),
        "attacks": attacks,
        "recalled": recalled,
        "offline": offline,
    }));
    Ok(())
}

fn told(console: &Console, begun: Instant, args: &Demo, folder: &Path) {
    let seconds = format!("{:.1}", begun.elapsed().as_secs_f32());
    console.line("");
    console.tell(0, "cli.demo.took", &[("seconds", &seconds)]);
    if args.keep.is_none() {
        return console.tell(0, "cli.demo.keep-hint", &[]);
    }
    let dir = folder.display();
    console.tell(0, "cli.demo.kept", &[("folder", &dir.to_string())]);
    let (program, home) = (program(), format!("--home {dir}/device"));
    let label = format!("{dir}/lot/labels/{BOTTLE:05}.png");
    for line in [
        format!("{program} scan {label} {home}"),
        format!("{program} verify {dir}/bundles/bottle.cbor --seal {label} {home}"),
        format!("{program} verify {dir}/attacks/altered.cbor --seal {label} {home}"),
        format!("{program} history {home}"),
    ] {
        console.line(&format!("    {line}"));
    }
}

/// This program as a person can call it from here.
fn program() -> String {
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    if called.components().count() == 1 {
        return called.display().to_string();
    }
    let here = std::env::current_dir().unwrap_or_default();
    called.strip_prefix(&here).unwrap_or(&called).display().to_string()
}

/// The folder of a run: kept, or gone with the run.
struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    fn of(args: &Demo) -> Result<Self, Failure> {
        let path = match &args.keep {
            Some(path) => path.clone(),
            None => {
                let mark = u64::from_be_bytes(crate::key::random()?);
                std::env::temp_dir().join(format!("sealight-demo-{mark:016x}"))
            }
        };
        let taken = std::fs::read_dir(&path).is_ok_and(|mut inside| inside.next().is_some());
        if taken {
            return Err(Failure::usage("keep-not-empty", &[("path", &path.display())]));
        }
        files::folder(&path)?;
        Ok(Self { path, keep: args.keep.is_some() })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be deleted lies in the system's folder for such things.
            _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// The document of an attempt, and whether it came out as it must.
fn attempt(name: &str, file: Option<&Path>, got: &str, code: &str, detail: &str) -> Value {
    json!({
        "name": name,
        "file": file.map(|file| file.display().to_string()),
        "outcome": got,
        "code": code,
        "detail": detail,
    })
}
