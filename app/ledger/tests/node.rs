//! The node's program with a real engine: what it does when either side dies.
//!
//! Skips with one line where CometBFT is missing.

use sealight_ledger::node::{Network, NetworkOptions, find_engine};
use sealight_verify::time::Timestamp;
use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_unix_ms(since.as_millis() as i64).unwrap()
}

struct Running {
    network: Network,
    folder: std::path::PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.network.down();
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn program() -> [OsString; 1] {
    [env!("CARGO_BIN_EXE_sealight-ledger").into()]
}

fn options() -> NetworkOptions {
    NetworkOptions {
        validators: 1,
        interval: Duration::from_millis(500),
        snapshots: 20,
        ..NetworkOptions::default()
    }
}

/// Random enough to tell networks of one test run apart: of two with one seed, each would take the
/// other's loopback addresses.
fn random() -> impl FnMut() -> [u8; 32] {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    let mut count = std::process::id().rotate_left(16) ^ made.wrapping_mul(0x9e37_79b9);
    move || {
        count = count.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        std::array::from_fn(|at| (count.rotate_left(at as u32) >> 3) as u8 | 1)
    }
}

/// One validator with a block every half second; none where there is no engine.
fn running(name: &str) -> Option<Running> {
    if let Err(error) = find_engine() {
        println!("skipped: {error}");
        return None;
    }
    let folder = std::env::temp_dir().join(format!("sealight-{name}-{}", std::process::id()));
    let mut random = random();
    let network = Network::init(&folder, &options(), now(), &mut random).unwrap();
    network.up(&program(), &now).unwrap();
    Some(Running { network, folder })
}

impl Running {
    fn process(&self, name: &str) -> Option<u32> {
        self.network.status().unwrap()[0].process(name)
    }

    fn height(&self) -> u64 {
        self.network.status().unwrap()[0].height().unwrap_or(0)
    }

    fn until(&self, holds: impl Fn() -> bool) {
        let began = Instant::now();
        while !holds() {
            if began.elapsed() > Duration::from_secs(60) {
                let log =
                    |name: &str| std::fs::read_to_string(self.folder.join("node1/logs").join(name));
                let joining = std::fs::read_to_string(self.folder.join("node2/logs/comet.log"));
                println!("{}", joining.unwrap_or_default());
                panic!("{:?}\n{:?}", log("node.log"), log("app.log"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn kill(&self, process: &str) {
        let id = self.process(process).unwrap();
        let id = rustix::process::Pid::from_raw(id as i32).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    }
}

#[test]
fn both_start_again_whichever_is_killed() {
    let Some(node) = running("restart") else { return };
    for killed in ["app_process", "engine_process"] {
        let (app, engine) = (node.process("app_process"), node.process("engine_process"));
        let height = node.height();
        node.kill(killed);
        node.until(|| node.process("app_process") != app && node.height() > height + 1);
        assert_ne!(node.process("engine_process"), engine);
    }
    let told = node.network.status().unwrap()[0].running.clone().unwrap();
    assert_eq!(told["restarts"], 2);
    assert_eq!(told["failure"], serde_json::Value::Null);
}

#[test]
fn a_node_stops_cleanly_and_goes_on_where_it_was() {
    let Some(node) = running("stop") else { return };
    let height = node.height();
    let (app, engine) = (node.process("app_process"), node.process("engine_process"));
    assert_eq!(node.network.down().unwrap(), 1);
    assert_eq!(node.network.down().unwrap(), 0);
    for id in [app, engine] {
        let id = rustix::process::Pid::from_raw(id.unwrap() as i32).unwrap();
        assert!(rustix::process::test_kill_process(id).is_err());
    }
    node.network.up(&program(), &now).unwrap();
    node.until(|| node.height() > height + 1);
}

#[test]
fn children_end_with_a_supervisor_that_is_killed() {
    let Some(node) = running("orphan") else { return };
    let (app, engine) = (node.process("app_process"), node.process("engine_process"));
    node.kill("supervisor_process");
    let gone = |id: Option<u32>| {
        let id = rustix::process::Pid::from_raw(id.unwrap() as i32).unwrap();
        rustix::process::test_kill_process(id).is_err()
    };
    node.until(|| gone(app) && gone(engine));
    assert_eq!(node.network.status().unwrap()[0].running, None);
    node.network.up(&program(), &now).unwrap();
}

#[test]
fn an_application_ahead_of_its_engine_is_told_and_healed_by_a_rollback() {
    let Some(node) = running("ahead") else { return };
    node.until(|| node.height() > 3);
    node.network.down().unwrap();
    // An older copy of everything of the engine's; its signing state too, which is never done
    // where the blocks signed since then are known to anybody.
    let (data, older) = (node.folder.join("node1/comet/data"), node.folder.join("older"));
    copy(&data, &older);
    let height = engine_height_in(&older);
    node.network.up(&program(), &now).unwrap();
    node.until(|| node.height() > height + 3);
    node.network.down().unwrap();
    std::fs::remove_dir_all(&data).unwrap();
    copy(&older, &data);
    node.network.start_node(0, &program()).unwrap();
    let told = || std::fs::read_to_string(node.folder.join("node1/logs/node.log")).unwrap();
    node.until(|| told().contains("the application is ahead of the engine"));
    node.network.down().unwrap();
    let back = std::process::Command::new(&program()[0])
        .args(["rollback", "--height", &height.to_string(), "--home"])
        .arg(node.folder.join("node1"))
        .status();
    assert!(back.unwrap().success());
    node.network.up(&program(), &now).unwrap();
}

#[test]
fn a_node_joins_by_a_snapshot_without_the_blocks_before_it() {
    let Some(mut node) = running("join") else { return };
    node.until(|| node.height() > 22);
    let place = node.network.add_node(&options(), &mut random()).unwrap();
    node.network.start_node(place, &program()).unwrap();
    let joined = || node.network.status().unwrap().swap_remove(place).height().unwrap_or(0);
    node.until(|| joined() > 22);
    // What it started from, and no block before that.
    assert!(node.folder.join("node2/app/base").is_file());
    let log = std::fs::read_to_string(node.folder.join("node2/logs/comet.log")).unwrap();
    assert!(log.contains("Snapshot restored"));
    assert!(!log.contains("height=1 "), "{log}");
    // As the first node's log has it.
    let first = std::fs::read_to_string(node.folder.join("node1/logs/comet.log")).unwrap();
    assert!(first.contains("height=1 "));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => _ = std::fs::copy(entry.path(), to).unwrap(),
        }
    }
}

/// The height signed last by an engine that stopped.
fn engine_height_in(data: &Path) -> u64 {
    let text = std::fs::read(data.join("priv_validator_state.json")).unwrap();
    let state: serde_json::Value = serde_json::from_slice(&text).unwrap();
    state["height"].as_str().unwrap().parse::<u64>().unwrap() - 1
}
