//! A new network: keys, genesis document, trust file, and the folder of each node.

use super::NetworkOptions;
use crate::node::NodeError;
use crate::node::comet::{EngineConfig, EngineKey, write_home};
use crate::node::layout::{self, NodeConfig};
use crate::state::{Genesis, State};
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{finish_first, sign_trust_file};
use sealight_verify::codec::Blob;
use sealight_verify::format::governance::{ValidatorSeat, Validators};
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::{
    KeySet, LedgerKind, LedgerTrust, Operator, Periods, SignedTrustFile, TrustFile, ValidatorKey,
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;

/// Port of a node's gateway.
pub(in crate::node) const GATEWAY_PORT: u16 = 26680;
/// Port of the engine's RPC.
pub(super) const RPC_PORT: u16 = 26657;
/// Port of a node's counters.
pub(super) const METRICS_PORT: u16 = 26690;
/// Power of each validator at the start.
const POWER: u64 = 10;
/// Groups of addresses that are tried.
const TRIES: usize = 64;

/// Everything of a network before it is written.
pub(super) struct Plan {
    keys: Vec<(String, SigningKey)>,
    /// The engine's keys of each node: the validator's and the node's own.
    engines: Vec<(EngineKey, EngineKey)>,
    group: [u8; 2],
    genesis: Genesis,
    trust: Vec<u8>,
}

impl Plan {
    pub(super) fn draw(
        options: &NetworkOptions,
        now: Timestamp,
        random: &mut dyn FnMut() -> [u8; 32],
    ) -> Result<Self, NodeError> {
        let members = (1..=options.validators).map(|number| format!("member-{number:02}"));
        let names = ["root", "checkpoint", "authority"].map(String::from).into_iter();
        let keys: Vec<(String, SigningKey)> =
            names.chain(members).map(|name| (name, draw(options.algorithm, random))).collect();
        let engines: Vec<_> =
            (0..options.validators).map(|_| (draw_engine(random), draw_engine(random))).collect();
        let group = free_group(random)?;
        let genesis = genesis(options, now, &keys, &engines, random());
        State::genesis(&genesis).map_err(NodeError::Genesis)?;
        let mut plan = Self { keys, engines, group, genesis, trust: Vec::new() };
        plan.trust = plan.trust_file(options, now)?;
        Ok(plan)
    }

    /// Writes all folders; the genesis last, since a network is one from then on.
    pub(super) fn write(&self, home: &Path, options: &NetworkOptions) -> Result<(), NodeError> {
        for (name, key) in &self.keys {
            let path = home.join("keys").join(format!("{name}.key"));
            layout::write(&path, key.encode_file().as_bytes(), true)?;
        }
        for place in 0..self.engines.len() {
            self.write_node(home, place, options)?;
        }
        layout::write(&home.join("trust"), &self.trust, false)?;
        layout::write(&home.join("genesis"), &self.genesis.encode(), false)
    }

    fn write_node(
        &self,
        home: &Path,
        place: usize,
        options: &NetworkOptions,
    ) -> Result<(), NodeError> {
        let node = home.join(format!("node{}", place + 1));
        let others = || (0..self.engines.len()).filter(|other| *other != place);
        let (validator, own) = &self.engines[place];
        let peers: Vec<String> =
            others().map(|other| self.engines[other].1.peer(self.ip(other))).collect();
        let engine = EngineConfig {
            moniker: &format!("node{}", place + 1),
            ip: self.ip(place),
            rpc: self.at(place, RPC_PORT),
            peers: &peers,
            interval: options.interval,
            pace: options.pace,
            join: None,
        };
        write_home(&node.join("comet"), &engine, &self.genesis, validator, own)?;
        if options.signers {
            crate::signer::adopt(&node.join("signer"), &node.join("comet"))
                .map_err(|error| NodeError::Signer { error })?;
            for file in ["config/priv_validator_key.json", "data/priv_validator_state.json"] {
                let path = node.join("comet").join(file);
                std::fs::remove_file(&path).map_err(NodeError::io(path.display()))?;
            }
        }
        let name = format!("member-{:02}", place + 1);
        if let Some((_, key)) = self.keys.iter().find(|(known, _)| *known == name) {
            let path = node.join("keys/member.key");
            layout::write(&path, key.encode_file().as_bytes(), true)?;
        }
        layout::write(&node.join("trust"), &self.trust, false)?;
        layout::write(&node.join("genesis"), &self.genesis.encode(), false)?;
        let config = NodeConfig {
            gateway: self.at(place, GATEWAY_PORT),
            rpc: self.at(place, RPC_PORT),
            peers: others().map(|other| self.at(other, GATEWAY_PORT)).collect(),
            interval: options.interval,
            snapshots: options.snapshots,
            metrics: Some(self.at(place, METRICS_PORT)),
            signer: options.signers.then(|| "signer.sock".into()),
        };
        config.write(&node)
    }

    fn ip(&self, place: usize) -> IpAddr {
        let [a, b] = self.group;
        // Places are below 32; see `Network::init`.
        IpAddr::V4(Ipv4Addr::new(127, a, b, 2 + place as u8))
    }

    fn at(&self, place: usize, port: u16) -> SocketAddr {
        SocketAddr::new(self.ip(place), port)
    }

    fn key(&self, name: &str) -> Result<&SigningKey, NodeError> {
        let found = self.keys.iter().find(|(known, _)| known == name);
        found.map(|(_, key)| key).ok_or(NodeError::Option { name: "keys" })
    }

    /// The first trust file: one ledger, one operator to a validator.
    fn trust_file(&self, options: &NetworkOptions, now: Timestamp) -> Result<Vec<u8>, NodeError> {
        let role = |key: &SigningKey| KeySet { threshold: 1, keys: vec![key.public()] };
        let operator = |(place, (validator, _)): (usize, &(EngineKey, EngineKey))| Operator {
            name: operator(place),
            validators: vec![ValidatorKey(*validator.public())],
            gateways: vec![format!("http://{}", self.at(place, GATEWAY_PORT))],
        };
        let ledger = LedgerTrust {
            id: self.genesis.ledger(),
            name: options.name.clone(),
            chain_id: self.genesis.chain_id.clone(),
            kind: LedgerKind::Comet,
            genesis: self.genesis.time,
            operators: self.engines.iter().enumerate().map(operator).collect(),
            periods: Periods::DEFAULT,
            least_operators: 1,
        };
        let root = self.key("root")?;
        let mut signed = SignedTrustFile::unsigned(&TrustFile {
            version: 1,
            serial: 1,
            expires: now.saturating_add(options.trusted_for),
            roots: role(root),
            checkpoints: role(self.key("checkpoint")?),
            ledgers: vec![ledger],
            // All keys of it lie in one folder.
            demo: true,
        });
        sign_trust_file(&mut signed, root);
        finish_first(&signed).map_err(NodeError::Trust)
    }
}

fn operator(place: usize) -> String {
    format!("Operator {}", place + 1)
}

/// A key of random bytes; one draw in 2^32 is none, and another follows.
pub(in crate::node) fn draw(
    algorithm: Algorithm,
    random: &mut dyn FnMut() -> [u8; 32],
) -> SigningKey {
    loop {
        if let Ok(key) = SigningKey::from_seed(algorithm, &random()) {
            return key;
        }
    }
}

pub(in crate::node) fn draw_engine(random: &mut dyn FnMut() -> [u8; 32]) -> EngineKey {
    loop {
        if let Some(key) = EngineKey::of_seed(random()) {
            return key;
        }
    }
}

fn genesis(
    options: &NetworkOptions,
    now: Timestamp,
    keys: &[(String, SigningKey)],
    engines: &[(EngineKey, EngineKey)],
    random: [u8; 32],
) -> Genesis {
    let party = |name: &str, key: &SigningKey, roles| Registration {
        version: 1,
        legal_name: format!("{}, {name}", options.name),
        roles,
        namespaces: Vec::new(),
        key: key.public(),
        report_key: None,
        nonce: 0,
    };
    let parties = keys.iter().filter_map(|(name, key)| match name.split('-').next() {
        Some("member") => Some(party(name, key, Roles::MEMBER)),
        Some("authority") => Some(party(name, key, Roles::AUTHORITY)),
        _ => None,
    });
    let seat = |(place, (validator, _)): (usize, &(EngineKey, EngineKey))| ValidatorSeat {
        key: Blob(validator.public().to_vec()),
        power: POWER,
        operator: operator(place),
    };
    let mut seats: Vec<ValidatorSeat> = engines.iter().enumerate().map(seat).collect();
    seats.sort_by(|a, b| a.key.cmp(&b.key));
    let tail: String = random.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let count = u16::from(options.validators);
    Genesis {
        version: 1,
        chain_id: format!("sealight-network-{tail}"),
        time: now,
        parties: parties.collect(),
        // More than two thirds.
        threshold: count - (count - 1) / 3,
        validators: Validators { version: 1, seats },
    }
}

/// A group of loopback addresses in which nobody listens.
fn free_group(random: &mut dyn FnMut() -> [u8; 32]) -> Result<[u8; 2], NodeError> {
    for _ in 0..TRIES {
        let drawn = random();
        // 127.0.0 and 127.0.1 are what other programs use.
        let group = [drawn[0].clamp(1, 254), drawn[1]];
        let [a, b] = group;
        let free = |port| TcpListener::bind((Ipv4Addr::new(127, a, b, 2), port)).is_ok();
        if [GATEWAY_PORT, RPC_PORT].into_iter().all(free) {
            return Ok(group);
        }
    }
    Err(NodeError::NoAddresses)
}
