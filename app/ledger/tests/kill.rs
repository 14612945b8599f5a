//! A ledger killed at any moment loses nothing that it acknowledged and never forks.
//!
//! The test starts itself as a child that takes entries in as fast as it can and says each
//! acknowledgement; the parent kills it (SIGKILL) after a random number of them, ten times over.

use sealight_issue::entry::{Signer, endorse, party_id, sign_entry};
use sealight_issue::key::SigningKey;
use sealight_ledger::embedded::{Clock, Embedded, InitOptions, OpenOptions};
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec;
use sealight_verify::comet::{Stock, verify_known};
use sealight_verify::format::entry::{Body, RecallChange, RecallScope};
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::hash::Hash32;
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Now, Timestamp};
use sealight_verify::trust::SignedCheckpoint;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const KILLS: u32 = 10;
const HOME: &str = "SEALIGHT_TEST_KILL_HOME";
const NAME: &str = "killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_forks";

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp::from_unix_ms(since.as_millis() as i64).unwrap()
    }
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_forks() {
    if let Some(home) = std::env::var_os(HOME) {
        child(Path::new(&home));
        return;
    }
    let folder = std::env::temp_dir().join(format!("sealight-kill-{}", std::process::id()));
    prepare(&folder);
    let mut told = BTreeMap::new();
    let mut acknowledged = 0;
    let mut seed = u64::from(std::process::id()) | 1;
    for _ in 0..KILLS {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        acknowledged += run_and_kill(&folder, seed, &mut told);
    }
    let ledger = open(&folder);
    let (height, state) = ledger.newest();
    assert!(acknowledged > 0);
    // One registration, then one entry for each acknowledgement and at most one more each time
    // that was made durable when the kill came.
    let entries = state.roots().log_size - 1;
    assert!((acknowledged..=acknowledged + u64::from(KILLS)).contains(&entries));
    no_fork(&ledger, &told);
    links_to_the_first_checkpoint(&ledger, &folder, height);
    drop(ledger);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Every header that was ever told is the one of its height.
fn no_fork(ledger: &Embedded, told: &BTreeMap<u64, Hash32>) {
    for (height, hash) in told {
        let block = ledger.light_block(Some(*height)).unwrap();
        assert_eq!(block.header.hash::<Stock>(), *hash, "height {height}");
    }
}

/// A client that began with the first checkpoint follows every header to the head.
fn links_to_the_first_checkpoint(ledger: &Embedded, folder: &Path, head: u64) {
    let trust = sealight_verify::trust::open(&ledger.trust().unwrap()).unwrap();
    let mut chain = HeaderChain::new(&trust, &ledger.ledger()).unwrap();
    let first = std::fs::read(folder.join("first-checkpoint")).unwrap();
    let signed: SignedCheckpoint = codec::decode(&first).unwrap();
    let change = chain.checkpoint(&signed).unwrap();
    chain.apply(&change);
    let now = Now::new(SystemClock.now(), false);
    let mut before = None;
    for height in 1..=head {
        let block = ledger.light_block(Some(height)).unwrap();
        let hash = verify_known::<Stock>(&block).unwrap();
        assert_eq!(block.header.last_block_id.map(|id| id.hash), before, "height {height}");
        before = Some(hash);
        let accepted = chain.accept(&block, &now).unwrap();
        chain.apply(&accepted.remember);
    }
    assert_eq!(chain.head().map(|head| head.hash()), before);
}

fn open(folder: &Path) -> Embedded {
    Embedded::open(folder, OpenOptions::default(), Arc::new(SystemClock)).unwrap()
}

fn issuer() -> (SigningKey, Registration) {
    let key = SigningKey::from_seed(Algorithm::Ed25519, &[77; 32]).unwrap();
    let registration = Registration {
        version: 1,
        legal_name: "Tireless Ltd".into(),
        roles: Roles::ISSUER,
        namespaces: vec![],
        key: key.public(),
        report_key: None,
        nonce: 0,
    };
    (key, registration)
}

/// A home with one issuer registered, and its first checkpoint put aside.
fn prepare(folder: &Path) {
    let mut count = 0u8;
    let mut draw = || {
        count += 1;
        [count; 32]
    };
    let options = InitOptions { algorithm: Algorithm::Ed25519, ..InitOptions::default() };
    Embedded::init(folder, &options, SystemClock.now(), &mut draw).unwrap();
    let ledger = open(folder);
    std::fs::write(folder.join("first-checkpoint"), ledger.checkpoint()).unwrap();
    let (height, state) = ledger.newest();
    let members = ledger.home().signers(&state, Roles::MEMBER, height + 1);
    let body = Body::Register(issuer().1);
    let mut entry = sign_entry(&ledger.ledger(), 0, body, members[0]);
    members[1..3].iter().for_each(|member| endorse(&mut entry, *member));
    ledger.submit(&codec::encode(&entry)).unwrap();
}

/// Takes entries in until somebody kills it, and says after each where it stands.
fn child(home: &Path) {
    let ledger = open(home);
    let (key, registration) = issuer();
    let id = party_id(&ledger.ledger(), &registration);
    let mut out = std::io::stdout();
    loop {
        let (_, state) = ledger.newest();
        let party = &state.party(&id).unwrap().party;
        let recalled = party.recalls.iter().all(|recall| recall.lifted.is_some());
        let notice = "again".into();
        let scope = RecallScope::Issuer(id);
        let body = Body::Recall(RecallChange { scope, recalled, notice });
        let signer = Signer::first(id, &key);
        let entry = sign_entry(&ledger.ledger(), party.next_sequence, body, signer);
        let committed = ledger.submit(&codec::encode(&entry)).unwrap();
        let block = ledger.light_block(Some(committed.provable)).unwrap();
        let hash = block.header.hash::<Stock>();
        writeln!(out, "\nacknowledged {} {hash}", committed.provable).unwrap();
        out.flush().unwrap();
    }
}

/// Runs a child, kills it at some moment after some acknowledgements, and counts all of them.
fn run_and_kill(home: &PathBuf, random: u64, told: &mut BTreeMap<u64, Hash32>) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut count = 0;
    let mut hear = |line: &str| {
        let mut words = line.split(' ');
        if words.next() != Some("acknowledged") {
            return 0;
        }
        let (Some(height), Some(hash)) = (words.next(), words.next()) else { return 0 };
        // The last line may be cut by the kill, and then nobody was told.
        let Some(hash) = Hash32::from_hex(hash) else { return 0 };
        told.insert(height.parse().unwrap(), hash);
        1
    };
    while count < random % 5 {
        count += hear(&lines.next().unwrap().unwrap());
    }
    std::thread::sleep(Duration::from_micros(random >> 20 & 0x3fff));
    child.kill().unwrap();
    child.wait().unwrap();
    for line in lines {
        count += hear(&line.unwrap());
    }
    count
}
