//! CometBFT's own files and its program.
//!
//! Sources: CometBFT v0.38 `config/toml.go`, `privval/file.go`, `p2p/key.go`, `types/genesis.go`.
//! What is not written into `config.toml` has CometBFT's default.

use super::NodeError;
use super::layout::write;
use crate::state::Genesis;
use base64ct::{Base64, Encoding};
use sealight_issue::key::SigningKey;
use sealight_verify::hash::{Hash32, HashSuite, Sha256};
use sealight_verify::sign::Algorithm;
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The line of CometBFT that the application speaks to.
const LINE: &str = "0.38.";
/// Port of the engine's peers.
pub(super) const P2P_PORT: u16 = 26656;
/// Longest entry; see `Entry::MAX_LEN`.
const MAX_ENTRY: usize = 128 * 1024;

/// Variable that names the program.
pub(super) const ENGINE: &str = "SEALIGHT_COMETBFT";

/// How fast blocks follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// CometBFT's own time-outs, for members far from each other: 1.3 s a block.
    #[default]
    Wide,
    /// Short ones, for members on one machine or in one data centre: 0.15 s a block.
    Near,
}

/// An Ed25519 key with its seed, as CometBFT's files want it.
pub(super) struct EngineKey {
    seed: [u8; 32],
    public: [u8; 32],
}

impl EngineKey {
    pub(super) fn of_seed(seed: [u8; 32]) -> Option<Self> {
        let key = SigningKey::from_seed(Algorithm::Ed25519, &seed).ok()?;
        Some(Self { seed, public: key.public().bytes[..].try_into().ok()? })
    }

    pub(super) fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The address, which for a node is also its id.
    fn address(&self) -> String {
        address(&self.public)
    }

    fn private(&self) -> Value {
        let bytes = [self.seed, self.public].concat();
        json!({ "type": "tendermint/PrivKeyEd25519", "value": Base64::encode_string(&bytes) })
    }

    /// What peers call the node whose key this is.
    pub(super) fn id(&self) -> String {
        self.address().to_lowercase()
    }

    /// Where peers of this node find it.
    pub(super) fn peer(&self, ip: IpAddr) -> String {
        format!("{}@{}", self.id(), SocketAddr::new(ip, P2P_PORT))
    }
}

fn address(public: &[u8]) -> String {
    Sha256::hash(&[public]).0[..20].iter().map(|byte| format!("{byte:02X}")).collect()
}

fn public(key: &[u8]) -> Value {
    json!({ "type": "tendermint/PubKeyEd25519", "value": Base64::encode_string(key) })
}

/// What one node's engine is set to.
pub(super) struct EngineConfig<'a> {
    pub(super) moniker: &'a str,
    pub(super) ip: IpAddr,
    pub(super) rpc: SocketAddr,
    pub(super) peers: &'a [String],
    pub(super) interval: Duration,
    pub(super) pace: Pace,
    /// For a node that joins by a snapshot.
    pub(super) join: Option<Join>,
}

/// What a joining node's own light client starts from.
pub(super) struct Join {
    /// Engines that are asked for headers, not trusted.
    pub(super) servers: Vec<SocketAddr>,
    /// A height that the member got from a source that it trusts.
    pub(super) height: u64,
    /// Hash of its header.
    pub(super) hash: Hash32,
}

/// Writes CometBFT's home: configuration, genesis, keys.
pub(super) fn write_home(
    home: &Path,
    config: &EngineConfig<'_>,
    genesis: &Genesis,
    validator: &EngineKey,
    node: &EngineKey,
) -> Result<(), NodeError> {
    write_keys(home, validator, node)?;
    write_settings(home, config, genesis)
}

/// Writes what is in an engine's home before it knows its network: the keys, and that the
/// validator has signed nothing.
pub(super) fn write_keys(
    home: &Path,
    validator: &EngineKey,
    node: &EngineKey,
) -> Result<(), NodeError> {
    let file = |name: &str, value: &Value| {
        write(&home.join(name), format!("{value:#}\n").as_bytes(), true)
    };
    file("config/node_key.json", &json!({ "priv_key": node.private() }))?;
    let signer = json!({
        "address": validator.address(),
        "pub_key": public(&validator.public),
        "priv_key": validator.private(),
    });
    file("config/priv_validator_key.json", &signer)?;
    // Never made anew once the validator has signed: it keeps it from signing twice.
    let fresh = json!({ "height": "0", "round": 0, "step": 0 });
    file("data/priv_validator_state.json", &fresh)
}

/// Writes the rest: configuration and genesis.
pub(super) fn write_settings(
    home: &Path,
    config: &EngineConfig<'_>,
    genesis: &Genesis,
) -> Result<(), NodeError> {
    let text = format!("{:#}\n", genesis_json(genesis));
    write(&home.join("config/genesis.json"), text.as_bytes(), false)?;
    write(&home.join("config/config.toml"), config_toml(config).as_bytes(), false)
}

/// Public key of the validator whose key file lies in an engine's home.
pub(super) fn validator_key(home: &Path) -> Result<[u8; 32], NodeError> {
    let path = home.join("config/priv_validator_key.json");
    let bytes = super::layout::read(&path)?.unwrap_or_default();
    let file: Option<Value> = serde_json::from_slice(&bytes).ok();
    let text = file.as_ref().and_then(|file| file["pub_key"]["value"].as_str());
    let key = text.and_then(|text| Base64::decode_vec(text).ok());
    key.and_then(|key| key.try_into().ok()).ok_or(NodeError::File { path })
}

/// The engine's genesis of a ledger.
fn genesis_json(genesis: &Genesis) -> Value {
    let validator = |seat: &sealight_verify::format::governance::ValidatorSeat| {
        json!({
            "address": address(&seat.key),
            "pub_key": public(&seat.key),
            "power": seat.power.to_string(),
            "name": seat.operator,
        })
    };
    json!({
        "genesis_time": genesis.time.to_string(),
        "chain_id": genesis.chain_id,
        "initial_height": "1",
        "consensus_params": {
            "block": { "max_bytes": "4194304", "max_gas": "-1" },
            // As long as the trusting period of light clients: 30 days in nanoseconds.
            "evidence": {
                "max_age_num_blocks": "100000",
                "max_age_duration": "2592000000000000",
                "max_bytes": "1048576",
            },
            "validator": { "pub_key_types": ["ed25519"] },
            "version": { "app": "0" },
            "abci": { "vote_extensions_enable_height": "0" },
        },
        "validators": genesis.validators.seats.iter().map(validator).collect::<Vec<_>>(),
        "app_hash": "",
        "app_state": Base64::encode_string(&genesis.encode()),
    })
}

fn config_toml(config: &EngineConfig<'_>) -> String {
    let EngineConfig { moniker, ip, rpc, peers, interval, pace, join } = config;
    let join = join.as_ref().map_or_else(String::new, statesync);
    let (peers, interval) = (peers.join(","), interval.as_millis());
    let listen = SocketAddr::new(*ip, P2P_PORT);
    let times = match pace {
        Pace::Wide => String::new(),
        Pace::Near => "timeout_propose = \"500ms\"\n\
                       timeout_prevote = \"200ms\"\n\
                       timeout_precommit = \"200ms\"\n\
                       timeout_commit = \"100ms\"\n\
                       peer_gossip_sleep_duration = \"10ms\"\n"
            .into(),
    };
    let flush = match pace {
        Pace::Wide => "",
        Pace::Near => "flush_throttle_timeout = \"10ms\"\n",
    };
    format!(
        "# What is not here has CometBFT's default.\n\
         version = \"0.38.25\"\n\
         proxy_app = \"unix://app.sock\"\n\
         moniker = \"{moniker}\"\n\
         log_level = \"info\"\n\
         \n[rpc]\n\
         laddr = \"tcp://{rpc}\"\n\
         max_body_bytes = 1000000\n\
         \n[p2p]\n\
         laddr = \"tcp://{listen}\"\n\
         persistent_peers = \"{peers}\"\n\
         # Members on one machine share addresses.\n\
         addr_book_strict = false\n\
         allow_duplicate_ip = true\n\
         max_packet_msg_payload_size = 65536\n\
         send_rate = 51200000\n\
         recv_rate = 51200000\n\
         {flush}\
         \n[mempool]\n\
         # Needed: entries of one party wait behind each other.\n\
         recheck = true\n\
         size = 20000\n\
         max_tx_bytes = {MAX_ENTRY}\n\
         \n[consensus]\n\
         create_empty_blocks = true\n\
         create_empty_blocks_interval = \"{interval}ms\"\n\
         {times}\
         \n[tx_index]\n\
         # The log stands under the state root; nobody asks the engine for it.\n\
         indexer = \"null\"\n\
         {join}"
    )
}

fn statesync(join: &Join) -> String {
    // The engine wants two addresses, and takes one twice.
    let mut servers: Vec<String> = join.servers.iter().map(ToString::to_string).collect();
    servers.extend(servers.first().filter(|_| join.servers.len() == 1).cloned());
    let (servers, height, hash) = (servers.join(","), join.height, join.hash);
    format!(
        "\n[statesync]\n\
         enable = true\n\
         rpc_servers = \"{servers}\"\n\
         trust_height = {height}\n\
         trust_hash = \"{hash}\"\n\
         # As light clients: 30 days.\n\
         trust_period = \"720h\"\n\
         # The shortest that the engine takes.\n\
         discovery_time = \"5s\"\n"
    )
}

/// Finds CometBFT of the right line on this machine.
///
/// # Errors
/// [`NodeError::NoEngine`] and [`NodeError::OtherEngine`].
pub fn find_engine() -> Result<PathBuf, NodeError> {
    let said = std::env::var_os(ENGINE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let beside = home.map(|home| home.join("go/bin"));
    let folders = std::env::split_paths(&path).chain(beside);
    let found = said.or_else(|| {
        folders.map(|folder| folder.join("cometbft")).find(|program| program.is_file())
    });
    let program = found.ok_or(NodeError::NoEngine)?;
    let told = engine(&program).arg("version").output().map_err(|_| NodeError::NoEngine)?;
    let got = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    let line = got.trim_start_matches('v').starts_with(LINE);
    if line { Ok(program) } else { Err(NodeError::OtherEngine { got }) }
}

/// A command of the engine that no variable of the caller's environment steers.
pub(super) fn engine(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        // `CMTHOME` overrides `--home` without a word, and `CMT_...` any setting.
        let steers = name.to_str().is_some_and(|name| {
            ["CMT", "TM_", "TMHOME"].iter().any(|prefix| name.starts_with(prefix))
        });
        if steers {
            command.env_remove(name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_engine_is_told_with_the_way_to_get_it() {
        let told = NodeError::NoEngine.to_string();
        assert!(told.contains("go install github.com/cometbft/cometbft/cmd/cometbft@v0.38.25"));
    }

    #[test]
    fn the_engines_genesis_is_the_ledgers() {
        let genesis = crate::world::genesis();
        let value = genesis_json(&genesis);
        let back = Base64::decode_vec(value["app_state"].as_str().unwrap()).unwrap();
        assert_eq!(Genesis::decode(&back).unwrap(), genesis);
        assert_eq!(value["chain_id"], genesis.chain_id);
        assert_eq!(value["consensus_params"]["version"]["app"], "0");
        assert_eq!(value["validators"].as_array().unwrap().len(), 2);
    }
}
