//! A supervisor with engines that behave badly: scripts in the engine's place, no consensus needed.

#![cfg(unix)]

use sealight_ledger::node::{Network, NetworkOptions, NodeConfig, RunOptions, run};
use sealight_verify::time::Timestamp;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest wait for a line; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(120);

struct Supervised {
    folder: PathBuf,
    told: Receiver<String>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Supervised {
    /// A node whose engine is this script.
    fn with_engine(name: &str, script: &str) -> Self {
        Self::with(name, script, |_| {})
    }

    /// The same with other settings.
    fn with(name: &str, script: &str, set: impl FnOnce(&mut NodeConfig)) -> Self {
        let folder = std::env::temp_dir().join(format!("sealight-{name}-{}", std::process::id()));
        let options = NetworkOptions { validators: 1, ..NetworkOptions::default() };
        let now = Timestamp::from_unix_secs(1_800_000_000);
        // Each network its own seed: of two with one, each would take the other's addresses.
        static MADE: AtomicU32 = AtomicU32::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let mut count = std::process::id().rotate_left(16) ^ made.wrapping_mul(0x9e37_79b9);
        let mut random = || {
            count = count.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            std::array::from_fn(|at| (count.rotate_left(at as u32) >> 3) as u8 | 1)
        };
        Network::init(&folder, &options, now, &mut random).unwrap();
        let node = folder.join("node1");
        let mut config = NodeConfig::read(&node).unwrap();
        set(&mut config);
        config.write(&node).unwrap();
        let engine = folder.join("engine");
        std::fs::write(&engine, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&engine, std::fs::Permissions::from_mode(0o755)).unwrap();
        let program = vec![env!("CARGO_BIN_EXE_sealight-ledger").into()];
        let options = RunOptions { home: folder.join("node1"), engine, program };
        let (tell, told) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let until = stop.clone();
        let thread = std::thread::spawn(move || {
            run(&options, &until, &mut |line| _ = tell.send(line.to_owned())).unwrap();
        });
        Self { folder, told, stop, thread: Some(thread) }
    }

    /// Waits until the supervisor tells of it.
    fn tells(&self, what: &str) {
        loop {
            let line = self.told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never: {what}"));
            if line.contains(what) {
                return;
            }
        }
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn an_engine_that_lives_on_without_agreeing_is_ended_and_both_start_again() {
    let script = "echo 'E[...] CONSENSUS FAILURE!!! err=\"wrong app hash\"'\nexec sleep 600";
    let node = Supervised::with_engine("frozen", script);
    node.tells("CONSENSUS FAILURE!!!");
    node.tells("no longer agrees with its peers; both start again");
    // Again and again, since nothing says that it is over.
    node.tells("both start again");
}

#[test]
fn an_engine_that_ends_with_success_has_ended_all_the_same() {
    let node = Supervised::with_engine("success", "exit 0");
    node.tells("CometBFT ended: exit status: 0; both start again");
    node.tells("both start again");
}

#[test]
fn an_engine_that_lacks_the_applications_blocks_is_told_with_the_way_out() {
    let script = "echo 'panic: app block height (9) is higher than core (3)'\nexit 1";
    let node = Supervised::with_engine("ahead", script);
    node.tells("`sealight-ledger rollback`");
}

fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

#[test]
fn counters_are_served_at_an_address_of_their_own() {
    let node = Supervised::with_engine("counters", "exec sleep 600");
    let address = NodeConfig::read(&node.folder.join("node1")).unwrap().metrics.unwrap();
    let began = Instant::now();
    let answer = loop {
        match get(address, "/metrics") {
            Some(answer) => break answer,
            None => assert!(began.elapsed() < PATIENCE, "no counters at {address}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    // How often it was started again is not said: a script that another test's start still holds
    // open for writing cannot be started at once.
    for line in ["sealight_height 0", "sealight_restarts_total ", "sealight_entries_total 0"] {
        assert!(answer.lines().any(|had| had.starts_with(line)), "{line}\n{answer}");
    }
    assert!(get(address, "/").unwrap().starts_with("HTTP/1.1 404"));
}

#[test]
fn counters_are_never_served_to_other_machines() {
    let everywhere = |config: &mut NodeConfig| {
        config.metrics = Some("0.0.0.0:26690".parse().unwrap());
    };
    let node = Supervised::with("everywhere", "exec sleep 600", everywhere);
    node.tells("the application ended");
}
