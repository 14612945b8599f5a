//! The programs that a network runs: CometBFT, and the node as this test is built.

use sealight_ledger::node::find_engine;
use sealight_tests::kit::program as kit;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Ends a process at once, as a power cut would.
pub(crate) fn kill(id: u32) {
    let id = rustix::process::Pid::from_raw(id as i32).unwrap();
    // It may have ended by itself a moment ago.
    _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
}

/// CometBFT of this machine, or one built from the pinned module where there is Go.
pub(crate) fn engine() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| find_engine().ok().or_else(build_engine)).clone();
    if found.is_none() {
        println!("skipped: neither CometBFT 0.38 nor Go to build it is on this machine");
    }
    found
}

fn build_engine() -> Option<PathBuf> {
    let target = kit::profile().join("cometbft");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&target)
        .arg("github.com/cometbft/cometbft/cmd/cometbft")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("cometbft"))
        .status();
    built.is_ok_and(|status| status.success()).then_some(target)
}

/// The node's program, built as this test is.
pub(super) fn program() -> PathBuf {
    kit::program("sealight-ledger", "sealight-ledger")
}
