//! A ledger with a lot of bottles, its gateway, and devices that ask it.

use crate::cancel::Cancel;
use crate::client::{Client, Light, Online, Proven, Reach, SyncReport};
use crate::net::base64;
use crate::net::testserver::{Asked, Step, TestServer, reply};
use crate::net::{GatewayUrl, Timeouts};
use crate::store::{MemoryStore, SqliteStore, Store};
use crate::testfolder::Folder;
use sealight_issue::comet::{Status, commit_answer, status_answer, validators_answer};
use sealight_issue::entry::{Signer, endorse, party_id, sign_entry, sign_receipt};
use sealight_issue::key::SigningKey;
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_issue::rows::Row;
use sealight_ledger::embedded::{self, Committed, Embedded, InitOptions, OpenOptions};
use sealight_verify::codec::encode;
use sealight_verify::comet::Stock;
use sealight_verify::format::entry::{Body, KeyRevocation, RecallChange, RecallScope};
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::{LotId, PartyId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::{LifeRoles, StorageReceipt};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{KeyEnd, Registration, Roles};
use sealight_verify::format::record::Carrier;
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{Policy, SealClaim};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// When everything starts, and when the devices' program was built.
pub(crate) const START: i64 = 1_800_000_000;
pub(crate) const BUILT: i64 = START - 86_400;

/// The ledger's clock, which a test moves.
#[derive(Clone)]
struct Wall(Arc<AtomicI64>);

impl embedded::Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_secs(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) struct World {
    pub(crate) ledger: Arc<Embedded>,
    pub(crate) issuer: PartyId,
    pub(crate) lot: WholeLot,
    key: SigningKey,
    wall: Wall,
    _folder: Folder,
}

impl World {
    /// A ledger of its own: `seed` tells two apart.
    pub(crate) fn new(seed: u8) -> Self {
        let folder = Folder::new();
        let wall = Wall(Arc::new(AtomicI64::new(START)));
        let options = InitOptions { algorithm: Algorithm::Ed25519, ..InitOptions::default() };
        let mut count = 0u8;
        let mut draw = || {
            count += 1;
            let mut bytes = [count; 32];
            bytes[0] = seed;
            bytes
        };
        let home = folder.path("ledger");
        let start = Timestamp::from_unix_secs(START);
        Embedded::init(&home, &options, start, &mut draw).unwrap();
        let clock: Arc<dyn embedded::Clock> = Arc::new(wall.clone());
        let open = || Embedded::open(&home, OpenOptions::default(), Arc::clone(&clock));
        // A process that another test starts at this moment may hold the lock until it runs.
        let in_use =
            |opened: &Result<_, _>| matches!(opened, Err(embedded::HomeError::InUse { .. }));
        let mut ledger = open();
        for _ in 0..3000 {
            if !in_use(&ledger) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
            ledger = open();
        }
        let ledger = ledger.unwrap();
        let key = SigningKey::from_seed(Algorithm::Ed25519, &[77; 32]).unwrap();
        let issuer = register(&ledger, &key);
        let lot = anchored(&ledger, issuer, &key);
        Self { ledger: Arc::new(ledger), issuer, lot, key, wall, _folder: folder }
    }

    /// Moves the ledger's clock on and makes blocks there.
    pub(crate) fn wait(&self, seconds: i64) {
        self.wall.0.fetch_add(seconds, Ordering::Relaxed);
        self.event("waiting");
    }

    pub(crate) fn now(&self) -> Timestamp {
        let head = self.ledger.head().time;
        Timestamp::from_unix_secs(self.wall.0.load(Ordering::Relaxed).max(head.secs()) + 1)
    }

    pub(crate) fn lot_id(&self) -> LotId {
        self.lot.lot.id()
    }

    /// The live claim of a bottle.
    pub(crate) fn claim(&self, index: u32) -> SealClaim {
        SealClaim::of_seal(&self.lot.seals[index as usize], Carrier::Qr)
    }

    pub(crate) fn event(&self, step: &str) -> Committed {
        self.submit(self.traced(step))
    }

    /// What an entry about a step says.
    pub(crate) fn traced(&self, step: &str) -> Body {
        Body::AppendEvent(TraceEvent {
            lot: self.lot_id(),
            items: None,
            step: step.into(),
            at: Timestamp::from_unix_secs(START),
            place: None,
            facts: Vec::new(),
            sensor: false,
            document: None,
        })
    }

    pub(crate) fn recall(&self, scope: RecallScope, recalled: bool) -> Committed {
        self.submit(Body::Recall(RecallChange { scope, recalled, notice: "glass".into() }))
    }

    /// The issuer's key is known to be stolen since before its lot was anchored.
    pub(crate) fn withdraw_key(&self) {
        let (party, reason) = (self.issuer, KeyEnd::Compromised);
        by_quorum(&self.ledger, Body::RevokeKey(KeyRevocation { party, key: 0, reason, from: 1 }));
    }

    pub(crate) fn submit(&self, body: Body) -> Committed {
        self.ledger.submit(&self.entry(body)).unwrap()
    }

    pub(crate) fn entry(&self, body: Body) -> Vec<u8> {
        let (_, state) = self.ledger.newest();
        let sequence = state.party(&self.issuer).unwrap().party.next_sequence;
        let signer = Signer::first(self.issuer, &self.key);
        encode(&sign_entry(&self.ledger.ledger(), sequence, body, signer))
    }

    /// The issuer's word that it holds a lot's files, which is no member's.
    pub(crate) fn receipt(&self, lot: &LotId, root: &Hash32, size: u32) -> StorageReceipt {
        let signer = Signer::first(self.issuer, &self.key);
        sign_receipt(&self.ledger.ledger(), lot, root, size, signer)
    }

    /// A gateway that tells the truth.
    pub(crate) fn honest(&self) -> TestServer {
        self.gateway(|_, steps| steps)
    }

    /// A gateway whose answers are bent: from path and the honest answer to what is sent.
    pub(crate) fn gateway(
        &self,
        bend: impl Fn(&str, Vec<Step>) -> Vec<Step> + Send + Sync + 'static,
    ) -> TestServer {
        let ledger = Arc::clone(&self.ledger);
        TestServer::start(move |asked| bend(asked.path(), answer(&ledger, asked)))
    }

    /// A device with an empty store in memory.
    pub(crate) fn device(&self, gateways: &[&TestServer]) -> Client {
        self.device_with(Box::new(MemoryStore::new()), gateways, self.now())
    }

    /// A device with its store in a file.
    pub(crate) fn device_at(&self, path: &Path, gateways: &[&TestServer]) -> Client {
        let store = SqliteStore::open(path).unwrap().store;
        self.device_with(Box::new(store), gateways, self.now())
    }

    pub(crate) fn device_with(
        &self,
        store: Box<dyn Store>,
        gateways: &[&TestServer],
        system: Timestamp,
    ) -> Client {
        let built = Timestamp::from_unix_secs(BUILT);
        let light = Light::open(store, &self.ledger.trust().unwrap(), built, system).unwrap();
        let urls: Vec<GatewayUrl> =
            gateways.iter().map(|server| GatewayUrl::listed(&server.url()).unwrap()).collect();
        let online = Online::new(light.trust(), &urls, impatient());
        Client { light, online }
    }

    pub(crate) fn sync(&self, client: &mut Client) -> SyncReport {
        let ledger = self.ledger.ledger();
        client.sync(&ledger, &Policy::SHOPPER, self.now(), &mut |_| {}, &Cancel::default())
    }

    pub(crate) fn prove(&self, client: &mut Client, claim: &SealClaim, reach: Reach) -> Proven {
        self.prove_at(client, claim, reach, self.now())
    }

    pub(crate) fn prove_at(
        &self,
        client: &mut Client,
        claim: &SealClaim,
        reach: Reach,
        system: Timestamp,
    ) -> Proven {
        let (policy, cancel) = (Policy::SHOPPER, Cancel::default());
        client.prove(claim, &policy, reach, system, &mut |_| {}, &cancel)
    }
}

fn impatient() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(2),
        read: Duration::from_secs(2),
        total: Duration::from_secs(4),
    }
}

/// One step that sends a whole answer: how tests bend bodies.
pub(crate) fn body_of(steps: &[Step]) -> Option<Vec<u8>> {
    match steps {
        [Step::Send(bytes)] if bytes.starts_with(b"HTTP/1.1 200") => {
            let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
            Some(bytes[head + 4..].to_vec())
        }
        _ => None,
    }
}

/// The value inside an honest query answer.
pub(crate) fn value_of(steps: &[Step]) -> Option<Vec<u8>> {
    let body = body_of(steps)?;
    let json: serde_json::Value = serde_json::from_slice(&body).ok()?;
    base64::decode(json["result"]["response"]["value"].as_str()?)
}

/// A query answer with this value.
pub(crate) fn query_answer(height: u64, value: &[u8]) -> Vec<Step> {
    let value = base64::encode(value);
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":-1,"result":{{"response":{{"code":0,"value":"{value}","height":"{height}"}}}}}}"#
    );
    reply("200 OK", body.as_bytes())
}

fn answer(ledger: &Embedded, asked: &Asked) -> Vec<Step> {
    honest_answer(ledger, asked).unwrap_or_else(|| reply("404 Not Found", b"no such thing"))
}

fn honest_answer(ledger: &Embedded, asked: &Asked) -> Option<Vec<Step>> {
    let (path, query) = asked.path().split_once('?').unwrap_or((asked.path(), ""));
    let field =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let height = || field("height").and_then(|text| text.parse().ok());
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    Some(match (asked.line.split(' ').next()?, parts.as_slice()) {
        ("POST", [""]) => broadcast(ledger, &asked.body)?,
        (_, ["commit"]) => {
            let block = ledger.light_block(height()).ok()?;
            reply("200 OK", commit_answer(&block).as_bytes())
        }
        (_, ["validators"]) => {
            let (height, set) = ledger.validators(height()).ok()?;
            reply("200 OK", validators_answer(height, &set, 1, 100).as_bytes())
        }
        (_, ["status"]) => {
            let head = ledger.head();
            let status = Status {
                chain_id: ledger.chain_id(),
                height: head.height,
                hash: head.hash::<Stock>(),
                app_hash: &head.app_hash,
                time: head.time,
            };
            reply("200 OK", status_answer(&status).as_bytes())
        }
        (_, ["abci_query"]) => {
            let data = field("data")?.strip_prefix("0x")?;
            let data: Option<Vec<u8>> = (0..data.len() / 2)
                .map(|at| u8::from_str_radix(&data[2 * at..2 * at + 2], 16).ok())
                .collect();
            let path = field("path")?.replace("%22", "");
            let (height, value) = ledger.query(&path, &data?, height().unwrap_or(0)).ok()?;
            query_answer(height, &value)
        }
        ("PUT", ["lot", root, bucket]) => {
            let (root, bucket) = (Hash32::from_hex(root)?, bucket.parse().ok()?);
            ledger.files().put_bucket(&root, bucket, &asked.body).ok()?;
            reply("200 OK", b"")
        }
        ("GET", ["lot", root, bucket]) => {
            let root = Hash32::from_hex(root)?;
            let bytes = ledger.files().bucket(&root, bucket.parse().ok()?).ok()??;
            reply("200 OK", &bytes)
        }
        ("POST", ["lot", root, "receipt"]) => {
            let (root, lot) = (Hash32::from_hex(root)?, LotId::from_hex(field("lot")?)?);
            let size = field("size")?.parse().ok()?;
            reply("200 OK", &encode(&ledger.receipts(&lot, &root, size).ok()?))
        }
        ("GET", ["checkpoint", ..]) => reply("200 OK", &ledger.checkpoint()),
        ("GET", ["trust"]) => reply("200 OK", &ledger.trust().ok()?),
        ("GET", ["trust", serial]) => {
            reply("200 OK", &ledger.trust_of(serial.parse().ok()?).ok()??)
        }
        _ => return None,
    })
}

fn broadcast(ledger: &Embedded, body: &[u8]) -> Option<Vec<Step>> {
    let json: serde_json::Value = serde_json::from_slice(body).ok()?;
    let entry = base64::decode(json["params"]["tx"].as_str()?)?;
    let told = match ledger.submit(&entry) {
        Ok(committed) => format!(
            r#"{{"result":{{"check_tx":{{}},"tx_result":{{}},"height":"{}"}}}}"#,
            committed.height
        ),
        Err(error) => format!(
            r#"{{"result":{{"check_tx":{{"code":9,"log":"{error}"}},"tx_result":{{}},"height":"0"}}}}"#
        ),
    };
    Some(reply("200 OK", told.as_bytes()))
}

fn register(ledger: &Embedded, key: &SigningKey) -> PartyId {
    let registration = Registration {
        version: 1,
        legal_name: "Blue Reverie Distillery".into(),
        roles: Roles::ISSUER,
        namespaces: namespaces(),
        key: key.public(),
        report_key: None,
        nonce: 0,
    };
    let id = party_id(&ledger.ledger(), &registration);
    by_quorum(ledger, Body::Register(registration));
    id
}

/// What needs a quorum of members.
fn by_quorum(ledger: &Embedded, body: Body) {
    let (height, state) = ledger.newest();
    let members = ledger.home().signers(&state, Roles::MEMBER, height + 1);
    let sequence = state.party(&members[0].party).unwrap().party.next_sequence;
    let mut entry = sign_entry(&ledger.ledger(), sequence, body, members[0]);
    for member in &members[1..usize::from(state.members().threshold)] {
        endorse(&mut entry, *member);
    }
    ledger.submit(&encode(&entry)).unwrap();
}

fn namespaces() -> Vec<Namespace> {
    vec![
        Namespace::Gtin("0690123".into()),
        Namespace::Brand("Blue Reverie".into()),
        Namespace::Pattern("WY######".into()),
    ]
}

fn anchored(ledger: &Embedded, issuer: PartyId, key: &SigningKey) -> WholeLot {
    let plan = LotPlan {
        ledger: ledger.ledger(),
        issuer,
        number: 1,
        title: "Blue Reverie, first batch".into(),
        namespaces: namespaces(),
        life_roles: LifeRoles::USUAL,
        initial: LifeState::InTrade,
    };
    let row = |number: u32| Row {
        product: "Blue Reverie".into(),
        brand: Some("Blue Reverie".into()),
        gtin: Some("06901234567892".into()),
        serial: Some(format!("{number:06}")),
        batch: None,
        category: "baijiu".into(),
        expires: None,
        carriers: vec![Carrier::Qr],
        fields: Vec::new(),
        private: Vec::new(),
    };
    let rows: Vec<Row> = (0..130).map(row).collect();
    let mut count = 0u128;
    let mut secret = || {
        count += 1;
        (count * 0x9e37_79b9_7f4a_7c15_0123).to_be_bytes()
    };
    let whole = WholeLot::build(plan, &rows, &mut secret).unwrap();
    let (id, root, size) = (whole.lot.id(), whole.lot.root(), whole.lot.size());
    for (number, bytes) in whole.buckets.iter().enumerate() {
        ledger.files().put_bucket(&root, number as u32, bytes).unwrap();
    }
    let receipts = ledger.receipts(&id, &root, size).unwrap();
    let body = Body::AnchorLot(whole.lot.anchor(receipts));
    let signer = Signer::first(issuer, key);
    let entry = sign_entry(&ledger.ledger(), 0, body, signer);
    ledger.submit(&encode(&entry)).unwrap();
    whole
}

/// Counts what is asked of a gateway, by path without query.
#[derive(Clone, Default)]
pub(crate) struct Counted(Arc<Mutex<Vec<String>>>);

impl Counted {
    pub(crate) fn note(&self, path: &str) {
        let path = path.split('&').next().unwrap_or("").to_owned();
        self.0.lock().unwrap().push(path);
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
