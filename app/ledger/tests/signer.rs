//! The signer's program: killed at any moment it never signs twice; and on a real engine.
//!
//! What needs CometBFT skips with one line where it is missing.

use prost::Message as _;
use sealight_ledger::node::{Network, NetworkOptions, find_engine};
use sealight_verify::sign::{PublicKey, Signature};
use sealight_verify::time::Timestamp;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tendermint_proto::v0_38::privval::message::Sum;
use tendermint_proto::v0_38::privval::{Message, SignVoteRequest};
use tendermint_proto::v0_38::types::{
    BlockId, CanonicalBlockId, CanonicalPartSetHeader, CanonicalVote, PartSetHeader, Vote,
};

const CHAIN: &str = "sealight-test";
const PROGRAM: &str = env!("CARGO_BIN_EXE_sealight-ledger");

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sl-{name}-{}", std::process::id()));
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// A signer in a process of its own; killed when dropped.
struct Signer(Child);

impl Signer {
    fn start(home: &Path, socket: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["signer", "--connect", &format!("unix://{}", socket.display())]);
        let command = command.arg("--home").arg(home).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }

    fn kill(&mut self) {
        _ = self.0.kill();
        self.0.wait().unwrap();
    }
}

impl Drop for Signer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn signer(arguments: &[&str], home: &Path) -> std::process::Output {
    let mut command = Command::new(PROGRAM);
    command.arg("signer").args(arguments).arg("--home").arg(home).output().unwrap()
}

fn vote(height: i64, byte: u8) -> Vote {
    let part_set_header = Some(PartSetHeader { total: 1, hash: vec![byte; 32] });
    Vote {
        r#type: 2,
        height,
        block_id: Some(BlockId { hash: vec![byte; 32], part_set_header }),
        timestamp: Some(Default::default()),
        ..Vote::default()
    }
}

fn sign_bytes(vote: &Vote) -> Vec<u8> {
    let id = vote.block_id.clone().unwrap();
    let parts = id.part_set_header.unwrap();
    let parts = CanonicalPartSetHeader { total: parts.total, hash: parts.hash };
    let canonical = CanonicalVote {
        r#type: vote.r#type,
        height: vote.height,
        round: 0,
        block_id: Some(CanonicalBlockId { hash: id.hash, part_set_header: Some(parts) }),
        timestamp: vote.timestamp,
        chain_id: CHAIN.into(),
    };
    canonical.encode_length_delimited_to_vec()
}

fn ask(stream: &mut UnixStream, vote: Vote) {
    let asked = SignVoteRequest { vote: Some(vote), chain_id: CHAIN.into() };
    let message = Message { sum: Some(Sum::SignVoteRequest(asked)) };
    // The signer may be dead already.
    _ = stream.write_all(&message.encode_length_delimited_to_vec());
}

/// What came before the signer died: a signed vote, or none in its place for a refusal.
fn answer(stream: &mut UnixStream) -> Option<Option<Vote>> {
    let mut length = 0usize;
    for shift in [0, 7] {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        length |= usize::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            break;
        }
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).ok()?;
    match Message::decode(&bytes[..]).unwrap().sum {
        Some(Sum::SignedVoteResponse(got)) => Some(got.vote),
        other => panic!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_signer_killed_at_any_moment_never_signs_two_things_for_one_place() {
    const KILLS: u32 = 60;
    let scratch = Scratch::new("signer-kills");
    let (home, socket) = (scratch.0.join("signer"), scratch.0.join("s"));
    assert!(signer(&["init", "--chain", CHAIN], &home).status.success());
    let key: serde_json::Value =
        serde_json::from_slice(&fs::read(home.join("signer.key")).unwrap()).unwrap();
    let key = key["public"].as_str().unwrap();
    let key: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&key[at * 2..at * 2 + 2], 16).unwrap()).collect();
    let told = signer(&["key"], &home).stdout;
    assert_eq!(String::from_utf8_lossy(&told).trim(), hex(&key));
    let key = PublicKey::decode(sealight_verify::sign::Algorithm::Ed25519, &key).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    // So that kills fall before, into and behind what a signature takes on this machine.
    let takes = half_of_some(&home, &socket, &listener);
    let mut signed: BTreeMap<i64, u8> = BTreeMap::new();
    let (mut height, mut draw) = (100, 7u32);
    let (mut cut, mut kept) = (0, 0);
    for turn in 0..KILLS {
        // Blocks A and B compete for the height: first A, and whatever became of it, then B.
        let mut seen = false;
        for byte in [1, 2] {
            let mut process = Signer::start(&home, &socket);
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            ask(&mut stream, vote(height, byte));
            if byte == 1 {
                draw = draw.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                std::thread::sleep(takes * (draw >> 16) / 40_000);
                process.kill();
            }
            let got = match (answer(&mut stream), byte) {
                (Some(Some(got)), _) => got,
                (None, 1) => {
                    cut += 1;
                    continue;
                }
                (Some(None), 2) => {
                    // Refused, though nobody may have seen what was signed before.
                    kept += u32::from(!seen);
                    continue;
                }
                (other, _) => panic!("{other:?} for block {byte} of height {height}"),
            };
            let signature = Signature(got.signature[..].try_into().unwrap());
            assert_eq!(key.verify(&sign_bytes(&got), &signature), Ok(()));
            seen = true;
            let before = signed.insert(height, byte);
            assert!(before.is_none_or(|before| before == byte), "two at height {height}, {turn}");
        }
        height += 1;
    }
    assert!(cut > 0 && !signed.is_empty(), "{cut} cut off, {} signed", signed.len());
    println!("figure: kills: {KILLS} times");
    println!("figure: kills before the answer: {cut} times");
    println!("figure: kills between the state and the answer: {kept} times");
}

/// Half of a few signatures, none of which is cut off, take at most so long.
fn half_of_some(home: &Path, socket: &Path, listener: &UnixListener) -> Duration {
    let _process = Signer::start(home, socket);
    let (mut stream, _) = listener.accept().unwrap();
    let one = |height| {
        let began = Instant::now();
        ask(&mut stream, vote(height, 1));
        answer(&mut stream).unwrap().unwrap();
        began.elapsed()
    };
    let mut took: Vec<Duration> = (1..=9).map(one).collect();
    took.sort_unstable();
    took[took.len() / 2]
}

#[test]
fn a_signer_without_its_state_says_what_to_do() {
    let scratch = Scratch::new("signer-lost");
    let home = scratch.0.join("signer");
    assert!(signer(&["init", "--chain", CHAIN], &home).status.success());
    fs::remove_file(home.join("state.json")).unwrap();
    let run = signer(&["--connect", "unix:///nowhere"], &home);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success() && said.contains("--new-at-height"), "{said}");
    assert!(signer(&["reset", "--chain", CHAIN, "--new-at-height", "9"], &home).status.success());
    assert!(home.join("state.json").exists());
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_unix_ms(since.as_millis() as i64).unwrap()
}

/// A network, taken down whatever becomes of the test.
struct Running(Network);

impl Running {
    fn height(&self) -> u64 {
        self.0.status().unwrap()[0].height().unwrap_or(0)
    }

    fn until_above(&self, height: u64, node: &Path) {
        let began = Instant::now();
        while self.height() <= height {
            if began.elapsed() > Duration::from_secs(90) {
                let log = |name: &str| fs::read_to_string(node.join("logs").join(name));
                panic!("{:?}\n{:?}", log("node.log"), log("comet.log"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.down();
    }
}

#[test]
fn a_real_validator_signs_through_it_and_goes_on_after_it_was_killed() {
    if let Err(error) = find_engine() {
        println!("skipped: {error}");
        return;
    }
    let scratch = Scratch::new("signer-node");
    let mut count = std::process::id();
    let mut random = || {
        count = count.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        std::array::from_fn(|at| (count.rotate_left(at as u32) >> 3) as u8 | 1)
    };
    let options = NetworkOptions {
        validators: 1,
        interval: Duration::from_millis(500),
        signers: true,
        ..NetworkOptions::default()
    };
    let folder = scratch.0.join("network");
    let network = Network::init(&folder, &options, now(), &mut random).unwrap();
    let node = folder.join("node1");
    let (home, socket) = (node.join("signer"), node.join("signer.sock"));
    assert!(!node.join("comet/config/priv_validator_key.json").exists());
    let copy = scratch.0.join("copy");
    fs::create_dir(&copy).unwrap();
    for name in ["signer.key", "state.json", "mark"] {
        fs::copy(home.join(name), copy.join(name)).unwrap();
    }
    let mut signing = Signer::start(&home, &socket);
    let running = Running(network);
    running.0.up(&[OsString::from(PROGRAM)], &now).unwrap();
    running.until_above(2, &node);
    // Without it no block is made; with it again they go on.
    signing.kill();
    let height = running.height();
    std::thread::sleep(options.interval * 6);
    assert!(running.height() <= height + 1, "one block may have been signed already");
    let mut signing = Signer::start(&home, &socket);
    running.until_above(height + 2, &node);
    // Neither a second one on its state nor an older copy signs, not even when it is gone.
    let connect = format!("unix://{}", socket.display());
    let second = signer(&["--connect", &connect], &home);
    assert!(String::from_utf8_lossy(&second.stderr).contains("another signer runs"));
    signing.kill();
    let older = signer(&["--connect", &connect], &copy);
    assert!(String::from_utf8_lossy(&older.stderr).contains("is a copy of another signer's"));
}
