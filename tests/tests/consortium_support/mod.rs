//! A real network of CometBFT nodes with our application, for tests that need one.
//!
//! Where neither CometBFT nor Go is on the machine, [`Consortium::start`] says so in one line that
//! begins with `skipped:` and gives none.

// Each test file uses what it needs.
#![allow(dead_code)]

use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Client, Light, Online, Proven, Reach};
use sealight_edge::clock;
use sealight_edge::net::{GatewayUrl, Timeouts};
use sealight_edge::store::MemoryStore;
use sealight_issue::entry::{Signer, endorse, party_id, sign_entry};
use sealight_issue::key::SigningKey;
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_ledger::node::{Network, NetworkOptions, NodeStatus, find_engine};
use sealight_tests::kit::rows;
use sealight_verify::codec::{decode, encode};
use sealight_verify::format::answer::{PARTY_PATH, StateAnswer};
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::judge::{Policy, SealClaim};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Seconds, Timestamp};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

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
    rpc: Vec<SocketAddr>,
    program: Vec<OsString>,
    folder: PathBuf,
}

impl Consortium {
    /// A network of validators with blocks; none where it cannot run here.
    pub(crate) fn start(options: &NetworkOptions) -> Option<Self> {
        let engine = engine()?;
        let program = vec![program().into_os_string()];
        static SERIAL: AtomicU32 = AtomicU32::new(0);
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir()
            .join(format!("sealight-consortium-{}-{serial}", std::process::id()));
        let mut count = 0u64;
        let mut random = || {
            count += 1;
            let seed = [u64::from(std::process::id()), u64::from(serial), count];
            let bytes: Vec<u8> = seed.iter().flat_map(|part| part.to_be_bytes()).collect();
            Sm3::hash(&[&bytes]).0
        };
        let network = Network::init(&folder, options, clock::system(), &mut random).unwrap();
        let network = network.with_engine(engine);
        let ledger = network.genesis().unwrap().ledger();
        let rpc = network.status().unwrap().iter().map(|node| node.rpc).collect();
        let parties = BTreeMap::new();
        let mut running = Self { network, ledger, parties, rpc, program, folder };
        running.up();
        let genesis = running.network.genesis().unwrap();
        let names = (1..=options.validators).map(|number| format!("member-{number:02}"));
        let named = ["authority".to_owned()].into_iter().chain(names);
        for name in named {
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

    /// Waits until it holds; a minute without it is a failure with the logs' ends.
    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) -> Duration {
        let began = Instant::now();
        while !holds(self) {
            if began.elapsed() > Duration::from_secs(60) {
                self.tell_logs();
                panic!("waited a minute: {what}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        began.elapsed()
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

    /// A device that asks only the nodes at these places, in this order.
    pub(crate) fn device(&self, places: &[usize]) -> Client {
        let trust = std::fs::read(self.folder.join("trust")).unwrap();
        let now = clock::system();
        let built = now.saturating_sub(Seconds::days(1));
        let light = Light::open(Box::new(MemoryStore::new()), &trust, built, now).unwrap();
        let urls = self.urls(places);
        // Without the trust file's own list, so that no other node is asked.
        let mut alone = light.trust().clone();
        for operator in alone.ledgers.iter_mut().flat_map(|ledger| &mut ledger.operators) {
            operator.gateways.clear();
        }
        let online = Online::new(&alone, &urls, patience());
        Client { light, online }
    }

    fn urls(&self, places: &[usize]) -> Vec<GatewayUrl> {
        let nodes = self.network.status().unwrap();
        let url = |place: &usize| format!("http://{}", nodes[*place].gateway);
        places.iter().map(|place| GatewayUrl::listed(&url(place)).unwrap()).collect()
    }

    /// An entry of a party, endorsed by others.
    pub(crate) fn entry(&mut self, name: &str, others: &[&str], body: Body) -> Entry {
        let party = self.parties.get_mut(name).unwrap();
        let sequence = party.sequence;
        party.sequence += 1;
        let party = &self.parties[name];
        let signer = Signer { party: party.id, place: 0, key: &party.key };
        let mut entry = sign_entry(&self.ledger, sequence, body, signer);
        for other in others {
            let party = &self.parties[*other];
            endorse(&mut entry, Signer { party: party.id, place: 0, key: &party.key });
        }
        entry
    }

    /// Enters a body through a node; the height of its block.
    pub(crate) fn submit(&mut self, place: usize, name: &str, others: &[&str], body: Body) -> u64 {
        let entry = self.entry(name, others, body);
        self.send(place, &entry)
    }

    /// Sends an entry to a node and waits for its block.
    pub(crate) fn send(&self, place: usize, entry: &Entry) -> u64 {
        let mut device = self.device(&[place]);
        let sent = device.online.submit(&self.ledger, &encode(entry), &Cancel::default());
        sent.unwrap_or_else(|error| panic!("{error}")).height
    }

    /// Sends an entry to a node's engine and waits until it stands in its queue, not for a block.
    pub(crate) fn broadcast(&self, place: usize, entry: &[u8]) {
        let hex: String = entry.iter().map(|byte| format!("{byte:02x}")).collect();
        let rpc = self.rpc[place];
        let mut stream = TcpStream::connect(rpc).unwrap();
        write!(stream, "GET /broadcast_tx_sync?tx=0x{hex} HTTP/1.0\r\nHost: {rpc}\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("\"code\":0,"), "{answer}");
    }

    /// A party's next sequence number, as a node has it.
    pub(crate) fn sequence(&self, name: &str) -> u64 {
        let mut device = self.device(&[0]);
        let gateway = device.online.gateways(&self.ledger).unwrap().all().remove(0);
        let id = self.parties[name].id;
        let answer = gateway.query(PARTY_PATH, &id.0, 0, &Cancel::default()).unwrap();
        let answer: StateAnswer = decode(&answer.value).unwrap();
        let party: sealight_verify::format::party::Party =
            decode(answer.parties[0].part.value.as_ref().unwrap()).unwrap();
        party.next_sequence
    }

    /// Registers a party by a quorum of members.
    pub(crate) fn register(
        &mut self,
        place: usize,
        name: &str,
        roles: Roles,
        namespaces: Vec<Namespace>,
    ) {
        let mut seed = [7; 32];
        seed[..name.len()].copy_from_slice(name.as_bytes());
        let key = SigningKey::from_seed(Algorithm::Sm2, &seed).unwrap();
        let registration = Registration {
            version: 1,
            legal_name: format!("{name} Ltd"),
            roles,
            namespaces,
            key: key.public(),
            report_key: None,
            nonce: 0,
        };
        let id = party_id(&self.ledger, &registration);
        let members: Vec<String> = self.quorum();
        let others: Vec<&str> = members[1..].iter().map(String::as_str).collect();
        self.submit(place, &members[0], &others, Body::Register(registration));
        self.parties.insert(name.into(), Party { id, key, sequence: 0 });
    }

    fn quorum(&self) -> Vec<String> {
        let threshold = usize::from(self.network.genesis().unwrap().threshold);
        let members = self.parties.keys().filter(|name| name.starts_with("member-"));
        members.take(threshold).cloned().collect()
    }

    /// Builds a lot of so many bottles, uploads its files to one node, and anchors it there.
    pub(crate) fn lot(&mut self, place: usize, issuer: &str, number: u64, items: u32) -> WholeLot {
        let mut count = 0u128;
        let mut secrets = || {
            count += 1;
            (count * 0x9e37_79b9_7f4a_7c15).to_be_bytes()
        };
        let plan = LotPlan {
            ledger: self.ledger,
            issuer: self.parties[issuer].id,
            number,
            title: "Blue Reverie, spring batch".into(),
            namespaces: vec![brand(), gtin()],
            life_roles: LifeRoles::USUAL,
            initial: LifeState::InTrade,
        };
        let whole = WholeLot::build(plan, &rows(items), &mut secrets).unwrap();
        let (id, root, size) = (whole.lot.id(), whole.lot.root(), whole.lot.size());
        let (mut device, cancel) = (self.device(&[place]), Cancel::default());
        for (bucket, bytes) in whole.buckets.iter().enumerate() {
            let bucket = bucket as u32;
            device.online.upload_bucket(&self.ledger, &root, bucket, bytes, &cancel).unwrap();
        }
        let receipts = device.online.receipts(&self.ledger, &id, &root, size, &cancel).unwrap();
        self.submit(place, issuer, &[], Body::AnchorLot(whole.lot.anchor(receipts)));
        whole
    }
}

impl Drop for Consortium {
    fn drop(&mut self) {
        // Whatever fails here must not hide why a test failed.
        _ = self.network.down();
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Proves a claim as a shopper's device does, present time.
pub(crate) fn prove(device: &mut Client, claim: &SealClaim, reach: Reach) -> Proven {
    prove_at(device, claim, reach, clock::system())
}

pub(crate) fn prove_at(
    device: &mut Client,
    claim: &SealClaim,
    reach: Reach,
    system: Timestamp,
) -> Proven {
    device.prove(claim, &Policy::SHOPPER, reach, system, &mut |_| {}, &Cancel::default())
}

/// Synchronises headers; the head's height where a gateway's head was reached.
pub(crate) fn sync(consortium: &Consortium, device: &mut Client) -> Result<u64, String> {
    let report =
        device.sync_headers(&consortium.ledger, clock::system(), &mut |_| {}, &Cancel::default());
    report.outcome.map_err(|faults| format!("{faults:?}"))?;
    Ok(report.head.map_or(0, |(height, _)| height))
}

pub(crate) fn brand() -> Namespace {
    Namespace::Brand("Blue Reverie".into())
}

pub(crate) fn gtin() -> Namespace {
    Namespace::Gtin("0690123456789".into())
}

fn patience() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(2),
        read: Duration::from_secs(30),
        total: Duration::from_secs(30),
    }
}

/// Ends a process at once, as a power cut would.
pub(crate) fn kill(id: u32) {
    let id = rustix::process::Pid::from_raw(id as i32).unwrap();
    // It may have ended by itself a moment ago.
    _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
}

/// CometBFT of this machine, or one built from the pinned module where there is Go.
fn engine() -> Option<PathBuf> {
    if let Ok(engine) = find_engine() {
        return Some(engine);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cometbft");
    let target = program().with_file_name("cometbft");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&target)
        .arg("github.com/cometbft/cometbft/cmd/cometbft")
        .current_dir(folder)
        .status();
    if built.is_ok_and(|status| status.success()) {
        return Some(target);
    }
    println!("skipped: neither CometBFT 0.38 nor Go to build it is on this machine");
    None
}

/// The node's program, built as this test is.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    // TARGET/PROFILE/deps/TEST
    let profile = own.parent().and_then(Path::parent).unwrap().to_owned();
    static BUILT: std::sync::Once = std::sync::Once::new();
    BUILT.call_once(|| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "-p", "sealight-ledger", "--bin", "sealight-ledger"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    });
    profile.join("sealight-ledger")
}
