//! A real network of CometBFT nodes with our application, for tests that need one.
//!
//! Where neither CometBFT nor Go is on the machine, [`Consortium::start`] says so in one line that
//! begins with `skipped:` and gives none.

// Each test file uses what it needs.
#![allow(dead_code, unused_imports)]

#[path = "../gateways/base64.rs"]
mod base64;
mod device;
mod entries;
mod headers;
mod load;
mod programs;

pub(crate) use device::{prove, prove_at, receipts, sync};
pub(crate) use entries::{brand, event, gtin};
pub(crate) use headers::POWER;
pub(crate) use load::Engine;
pub(crate) use programs::{engine, kill};

use sealight_edge::clock;
use sealight_issue::key::SigningKey;
use sealight_ledger::node::{Network, NetworkOptions, NodeStatus};
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::hash::{HashSuite, Sm3};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Networks of one process run one after the other: each takes all of a machine.
static ONE: Mutex<()> = Mutex::new(());

/// A party with its key and the sequence number that is due.
pub(crate) struct Party {
    pub(crate) id: PartyId,
    pub(crate) key: SigningKey,
    pub(crate) sequence: u64,
}

/// A running network; stopped and gone when dropped.
pub(crate) struct Consortium {
    pub(crate) network: Network,
    pub(crate) ledger: LedgerId,
    pub(crate) parties: BTreeMap<String, Party>,
    /// Names of the members.
    pub(crate) members: Vec<String>,
    rpc: Vec<SocketAddr>,
    program: Vec<OsString>,
    folder: PathBuf,
    random: Random,
    _one: MutexGuard<'static, ()>,
}

impl Consortium {
    /// A network of validators with blocks; none where it cannot run here.
    pub(crate) fn start(options: &NetworkOptions) -> Option<Self> {
        Self::start_with(options, Self::program(), |_| {})
    }

    /// The node's program.
    pub(crate) fn program() -> PathBuf {
        programs::program()
    }

    /// The same with another program in each node, and with what `tweak` does to each node's
    /// folder before it starts.
    pub(crate) fn start_with(
        options: &NetworkOptions,
        program: PathBuf,
        tweak: impl Fn(&Path),
    ) -> Option<Self> {
        let engine = engine()?;
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        static SERIAL: AtomicU32 = AtomicU32::new(0);
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir()
            .join(format!("sealight-consortium-{}-{serial}", std::process::id()));
        let mut random = Random { serial, count: 0 };
        let network =
            Network::init(&folder, options, clock::system(), &mut || random.next()).unwrap();
        let network = network.with_engine(engine);
        let ledger = network.genesis().unwrap().ledger();
        let nodes = network.status().unwrap();
        nodes.iter().for_each(|node| tweak(&node.home));
        let mut running = Self {
            network,
            ledger,
            parties: BTreeMap::new(),
            members: Vec::new(),
            rpc: nodes.iter().map(|node| node.rpc).collect(),
            program: vec![program.into_os_string()],
            folder,
            random,
            _one: one,
        };
        running.up();
        let genesis = running.network.genesis().unwrap();
        let names = (1..=options.validators).map(|number| format!("member-{number:02}"));
        let named = ["authority".to_owned()].into_iter().chain(names);
        for name in named {
            if name != "authority" {
                running.members.push(name.clone());
            }
            let key = running.network.key(&name).unwrap();
            let place = genesis.parties.iter().position(|party| party.key == key.public());
            let id = genesis.party_ids()[place.unwrap()];
            running.parties.insert(name, Party { id, key, sequence: 0 });
        }
        Some(running)
    }

    /// Starts every node that does not run.
    pub(crate) fn up(&self) {
        if let Err(error) = self.network.up(&self.program, &clock::system) {
            self.tell_logs();
            panic!("{error}");
        }
    }

    /// Starts one node.
    pub(crate) fn start_node(&self, place: usize) {
        self.network.start_node(place, &self.program).unwrap();
    }

    /// What a node says of itself.
    pub(crate) fn node(&self, place: usize) -> NodeStatus {
        self.network.status().unwrap().swap_remove(place)
    }

    pub(crate) fn height(&self, place: usize) -> u64 {
        self.node(place).height().unwrap_or(0)
    }

    /// Waits until it holds; two minutes without it are a failure with the logs' ends.
    pub(crate) fn until(&self, what: &str, holds: impl FnMut(&Self) -> bool) -> Duration {
        self.until_in(Duration::from_secs(120), what, holds)
    }

    /// The same where it may take longer.
    pub(crate) fn until_in(
        &self,
        patience: Duration,
        what: &str,
        mut holds: impl FnMut(&Self) -> bool,
    ) -> Duration {
        let began = Instant::now();
        while !holds(self) {
            if began.elapsed() > patience {
                self.tell_logs();
                panic!("waited {} s: {what}", patience.as_secs());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        began.elapsed()
    }

    /// Adds a node that joins by a snapshot, with the key of a member, and starts it; its place.
    pub(crate) fn join(&mut self, options: &NetworkOptions, member: &str) -> usize {
        let random = &mut self.random;
        let place = self.network.add_node(options, &mut || random.next()).unwrap();
        let node = self.network.status().unwrap().swap_remove(place);
        let keys = node.home.join("keys");
        std::fs::create_dir_all(&keys).unwrap();
        let key = self.parties[member].key.encode_file();
        std::fs::write(keys.join("member.key"), key.as_bytes()).unwrap();
        self.rpc.push(node.rpc);
        self.start_node(place);
        place
    }

    /// A log of a node.
    pub(crate) fn log(&self, place: usize, name: &str) -> String {
        std::fs::read_to_string(self.log_file(place, name)).unwrap_or_default()
    }

    /// Where that log is.
    pub(crate) fn log_file(&self, place: usize, name: &str) -> PathBuf {
        self.folder.join(format!("node{}", place + 1)).join("logs").join(name)
    }

    /// Where the engine of a node is asked.
    pub(crate) fn rpc(&self, place: usize) -> SocketAddr {
        self.rpc[place]
    }

    /// The network's folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn tell_logs(&self) {
        for status in self.network.status().unwrap_or_default() {
            println!("{} {:?}", status.home.display(), status.running);
            for log in ["node.log", "app.log", "comet.log"] {
                let text = std::fs::read_to_string(status.home.join("logs").join(log));
                let text = text.unwrap_or_default();
                let lines: Vec<&str> = text.lines().collect();
                println!("-- {log}\n{}", lines[lines.len().saturating_sub(15)..].join("\n"));
            }
        }
    }
}

/// Bytes that no other network here draws.
struct Random {
    serial: u32,
    count: u64,
}

impl Random {
    fn next(&mut self) -> [u8; 32] {
        self.count += 1;
        let seed = [u64::from(std::process::id()), u64::from(self.serial), self.count];
        let bytes: Vec<u8> = seed.iter().flat_map(|part| part.to_be_bytes()).collect();
        Sm3::hash(&[&bytes]).0
    }
}

impl Drop for Consortium {
    fn drop(&mut self) {
        // Whatever fails here must not hide why a test failed.
        _ = self.network.down();
        _ = std::fs::remove_dir_all(&self.folder);
    }
}
