//! A ledger in a process of its own: the shipped command on a home that a test prepared.
//!
//! A process is told to stop by the end of its standard input, which comes with the end of the
//! test however that ends.

use super::program::program;
use crate::bench::folder::Folder;
use sealight_edge::client::{Client, Light, Online, Proven, Reach, SyncReport};
use sealight_edge::net::{Gateway, GatewayUrl, Http, Timeouts};
use sealight_edge::store::Store;
use sealight_edge::{cancel::Cancel, clock};
use sealight_issue::entry::{Signer, endorse, party_id, sign_entry};
use sealight_issue::key::SigningKey;
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_ledger::embedded::{Clock, Embedded, HomeError, InitOptions, OpenOptions};
use sealight_verify::codec::{Blob, encode};
use sealight_verify::format::entry::{Body, RecallChange, RecallScope};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Policy, SealClaim};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Seconds, Timestamp};
use std::io::{BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

/// A port that is free: on Linux of a loopback address of its own, so that no connection elsewhere
/// takes it while a ledger that will be revived is away.
const ANY_PORT: &str = if cfg!(target_os = "linux") { "127.106.0.2:0" } else { "127.0.0.1:0" };

/// Bottles of each lot: three buckets.
pub const BOTTLES: u32 = 130;
/// The bottle of the first lot that is recalled.
pub const RECALLED: u32 = 78;
/// Events of the first lot when its process starts.
pub const EVENTS: u64 = 3;

/// The system's clock as the ledger reads it.
struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        clock::system()
    }
}

/// A home with two lots of Blue Reverie, a recalled bottle and some events.
pub struct Prepared {
    folder: Arc<Folder>,
    home: PathBuf,
    /// Its id.
    pub ledger: LedgerId,
    /// Its name in headers.
    pub chain_id: String,
    /// Its signed trust file, which names no gateway.
    pub trust: Vec<u8>,
    /// The lot that devices ask about.
    pub lot: Arc<WholeLot>,
    /// Another one of the same issuer.
    pub other: Arc<WholeLot>,
    issuer: PartyId,
    key: SigningKey,
    sequence: AtomicU64,
}

/// A prepared ledger that runs; ends when dropped.
pub struct Running {
    /// What it runs on.
    pub prepared: Prepared,
    /// Where its gateway listens.
    pub address: SocketAddr,
    child: Child,
}

impl Prepared {
    /// Prepares a home; `seed` tells two ledgers apart.
    ///
    /// # Panics
    /// Where the ledger refuses what is prepared, which is what no test is about.
    #[must_use]
    pub fn new(seed: u8) -> Self {
        Self::with_report_key(seed, None)
    }

    /// The same, with an issuer to whom reports are sealed with this key.
    ///
    /// # Panics
    /// As [`Prepared::new`].
    #[must_use]
    pub fn with_report_key(seed: u8, report_key: Option<[u8; 32]>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = Folder::new(&format!("gateway-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let folder = Arc::new(folder.unwrap());
        let home = folder.place("ledger");
        let options = InitOptions { algorithm: Algorithm::Ed25519, ..InitOptions::default() };
        let mut count = 0u8;
        let mut draw = || {
            count += 1;
            let mut bytes = [count; 32];
            bytes[0] = seed;
            bytes
        };
        Embedded::init(&home, &options, clock::system(), &mut draw).unwrap();
        let ledger = open(&home);
        let key = SigningKey::from_seed(Algorithm::Ed25519, &[77; 32]).unwrap();
        let issuer = register(&ledger, &key, report_key);
        let [lot, other] = [1, 2].map(|number| Arc::new(anchored(&ledger, issuer, &key, number)));
        let (id, chain_id) = (ledger.ledger(), ledger.chain_id().to_owned());
        let trust = ledger.trust().unwrap();
        drop(ledger);
        let sequence = AtomicU64::new(2);
        let mut prepared =
            Self { folder, home, ledger: id, chain_id, trust, lot, other, issuer, key, sequence };
        let items = ItemRange { first: RECALLED, last: RECALLED };
        let scope = RecallScope::Items(prepared.lot.lot.id(), items);
        let recall = RecallChange { scope, recalled: true, notice: "glass".into() };
        let bodies = [prepared.step("brewing"), prepared.step("bottling"), Body::Recall(recall)];
        prepared.enter(bodies);
        prepared
    }

    /// The same ledger up to now, from where the two go their own ways under the same keys.
    ///
    /// # Panics
    /// Where the folder cannot be copied.
    #[must_use]
    pub fn forked(&self) -> Self {
        let home = self.folder.place("fork");
        copy(&self.home, &home);
        Self {
            folder: Arc::clone(&self.folder),
            home,
            ledger: self.ledger,
            chain_id: self.chain_id.clone(),
            trust: self.trust.clone(),
            lot: Arc::clone(&self.lot),
            other: Arc::clone(&self.other),
            issuer: self.issuer,
            key: SigningKey::from_seed(Algorithm::Ed25519, &[77; 32]).unwrap(),
            sequence: AtomicU64::new(self.sequence.load(Ordering::Relaxed)),
        }
    }

    /// Enters events in this process, before the ledger has one of its own.
    ///
    /// # Panics
    /// Where the ledger refuses one.
    pub fn enter(&mut self, bodies: impl IntoIterator<Item = Body>) {
        let ledger = open(&self.home);
        for body in bodies {
            ledger.submit(&self.entry(body)).unwrap();
        }
    }

    /// A step in the life of the first lot.
    #[must_use]
    pub fn step(&self, step: &str) -> Body {
        Body::AppendEvent(TraceEvent {
            lot: self.lot.lot.id(),
            items: None,
            step: step.into(),
            at: clock::system(),
            place: None,
            facts: Vec::new(),
            sensor: false,
            document: None,
        })
    }

    fn entry(&self, body: Body) -> Vec<u8> {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        encode(&sign_entry(&self.ledger, sequence, body, Signer::first(self.issuer, &self.key)))
    }

    /// Hands the home to a process of its own.
    ///
    /// # Panics
    /// Where the command does not build, or says nothing of where it listens.
    #[must_use]
    pub fn run(self) -> Running {
        let (address, child) = listening(&self.home, ANY_PORT);
        Running { prepared: self, address, child }
    }

    /// The issuer, and the key that it signs with.
    #[must_use]
    pub fn issuer(&self) -> (PartyId, &SigningKey) {
        (self.issuer, &self.key)
    }

    /// The live claim of a bottle of the first lot.
    #[must_use]
    pub fn claim(&self, index: u32) -> SealClaim {
        SealClaim::of_seal(&self.lot.seals[index as usize], Carrier::Qr)
    }

    /// A place for a device's store.
    #[must_use]
    pub fn place(&self, name: &str) -> PathBuf {
        self.folder.place(name)
    }

    /// What a device has before its first scan, over a store.
    ///
    /// # Panics
    /// Where the store's disk fails.
    #[must_use]
    pub fn light(&self, store: Box<dyn Store>) -> Light {
        light(store, &self.trust)
    }

    /// A device with these gateways, in the order in which it asks.
    ///
    /// # Panics
    /// Where an address is none.
    #[must_use]
    pub fn device(&self, store: Box<dyn Store>, urls: &[String]) -> Client {
        device(self.light(store), urls)
    }

    /// Reads headers up to a gateway's head, and the recall feed.
    pub fn sync(&self, client: &mut Client) -> SyncReport {
        let (now, cancel) = (clock::system(), Cancel::default());
        client.sync(&self.ledger, &Policy::SHOPPER, now, &mut |_| {}, &cancel)
    }
}

impl Running {
    /// Enters a step through the gateway and gives the height from which it is proven.
    ///
    /// # Panics
    /// Where the gateway refuses it.
    pub fn enter(&self, step: &str) -> u64 {
        let entry = self.prepared.entry(self.prepared.step(step));
        let sent = self.gateway().submit(&entry, &Cancel::default()).unwrap();
        sent.height + 1
    }

    /// Its gateway's address as a device is given it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its gateway as a device reaches it.
    ///
    /// # Panics
    /// Where its address is none.
    #[must_use]
    pub fn gateway(&self) -> Gateway {
        let url = GatewayUrl::listed(&self.url()).unwrap();
        Gateway::new(url, Arc::new(Http::new(Timeouts::default())))
    }

    /// Ends the process at once, as a power cut does, and keeps what it ran on.
    ///
    /// # Panics
    /// Where the system cannot end it.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again where it was, on what it ran on.
    ///
    /// # Panics
    /// As [`Prepared::run`].
    pub fn revive(&mut self) {
        (self.address, self.child) = listening(&self.prepared.home, &self.address.to_string());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// A device's side over a store, with this trust file.
///
/// # Panics
/// Where the store's disk fails.
#[must_use]
pub fn light(store: Box<dyn Store>, trust: &[u8]) -> Light {
    let now = clock::system();
    let built = Timestamp::from_unix_secs(now.secs() - Seconds::days(1).0 as i64);
    Light::open(store, trust, built, now).unwrap()
}

/// A device with gateways that it waits for no longer than a test can.
///
/// # Panics
/// Where an address is none.
#[must_use]
pub fn device(light: Light, urls: &[String]) -> Client {
    let urls: Vec<GatewayUrl> = urls.iter().map(|url| GatewayUrl::listed(url).unwrap()).collect();
    let online = Online::new(light.trust(), &urls, IMPATIENT);
    Client { light, online }
}

/// Long enough for this machine under load, short enough to wait for silence some times.
const IMPATIENT: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    read: Duration::from_millis(1500),
    total: Duration::from_secs(3),
};

/// Proves a claim as a shopper, now.
pub fn prove(client: &mut Client, claim: &SealClaim, reach: Reach) -> Proven {
    let (now, cancel) = (clock::system(), Cancel::default());
    client.prove(claim, &Policy::SHOPPER, reach, now, &mut |_| {}, &cancel)
}

/// The command of this build.
///
/// # Panics
/// Where it does not build.
#[must_use]
pub fn sealight() -> PathBuf {
    program("sealight", "sealight")
}

/// A process on a home, and where it listens.
fn listening(home: &Path, address: &str) -> (SocketAddr, Child) {
    let mut command = Command::new(sealight());
    command.arg("ledger").arg("--home").arg(home).args(["--interval", "3600"]);
    command.args(["--listen", address, "--until-eof", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let document = told(&mut child);
    let url = document.as_ref().and_then(|told| told["url"].as_str());
    let address = url.and_then(|url| url.strip_prefix("http://")?.parse().ok());
    let Some(address) = address else {
        end(&mut child);
        panic!("the ledger does not listen: {document:?}");
    };
    (address, child)
}

/// The one document that it prints of itself.
fn told(child: &mut Child) -> Option<serde_json::Value> {
    let out = BufReader::new(child.stdout.take()?);
    let mut text = Vec::new();
    for byte in out.bytes() {
        text.push(byte.ok()?);
        if let Ok(document) = serde_json::from_slice(&text) {
            return Some(document);
        }
    }
    None
}

/// The end of its standard input is its order to stop.
fn end(child: &mut Child) {
    drop(child.stdin.take());
    _ = child.wait();
}

/// A process that another test starts holds the lock of a ledger that was just closed until it runs
/// its program.
fn open(home: &Path) -> Embedded {
    const TRIES: u32 = 100;
    let open = || {
        let options = OpenOptions { interval: Duration::from_secs(3600), ..OpenOptions::default() };
        Embedded::open(home, options, Arc::new(System))
    };
    for _ in 1..TRIES {
        match open() {
            Err(HomeError::InUse { .. }) => std::thread::sleep(Duration::from_millis(50)),
            opened => return opened.unwrap(),
        }
    }
    open().unwrap()
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

fn register(ledger: &Embedded, key: &SigningKey, report_key: Option<[u8; 32]>) -> PartyId {
    let registration = Registration {
        version: 1,
        legal_name: "Blue Reverie Distillery".into(),
        roles: Roles::ISSUER,
        namespaces: namespaces(),
        key: key.public(),
        report_key: report_key.map(|key| Blob(key.to_vec())),
        nonce: 0,
    };
    let id = party_id(&ledger.ledger(), &registration);
    let (height, state) = ledger.newest();
    let members = ledger.home().signers(&state, Roles::MEMBER, height + 1);
    let sequence = state.party(&members[0].party).unwrap().party.next_sequence;
    let body = Body::Register(registration);
    let mut entry = sign_entry(&ledger.ledger(), sequence, body, members[0]);
    for member in &members[1..usize::from(state.members().threshold)] {
        endorse(&mut entry, *member);
    }
    ledger.submit(&encode(&entry)).unwrap();
    id
}

fn namespaces() -> Vec<Namespace> {
    vec![Namespace::Gtin("0690123".into()), Namespace::Brand("Blue Reverie".into())]
}

/// A lot with its files, anchored: its number is one more than its entry's sequence.
fn anchored(ledger: &Embedded, issuer: PartyId, key: &SigningKey, number: u64) -> WholeLot {
    let plan = LotPlan {
        ledger: ledger.ledger(),
        issuer,
        number,
        title: "Blue Reverie, spring batch".into(),
        namespaces: namespaces(),
        life_roles: LifeRoles::USUAL,
        initial: LifeState::InTrade,
    };
    let mut count = u128::from(number) << 64;
    let mut secret = || {
        count += 1;
        count.wrapping_mul(0x9e37_79b9_7f4a_7c15_0123).to_be_bytes()
    };
    let whole = WholeLot::build(plan, &super::rows(BOTTLES), &mut secret).unwrap();
    let (id, root, size) = (whole.lot.id(), whole.lot.root(), whole.lot.size());
    for (number, bytes) in whole.buckets.iter().enumerate() {
        ledger.files().put_bucket(&root, number as u32, bytes).unwrap();
    }
    let receipts = ledger.receipts(&id, &root, size).unwrap();
    let body = Body::AnchorLot(whole.lot.anchor(receipts));
    let entry = sign_entry(&ledger.ledger(), number - 1, body, Signer::first(issuer, key));
    ledger.submit(&encode(&entry)).unwrap();
    whole
}
