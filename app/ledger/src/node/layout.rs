//! A node's folder: where everything is, and what a person may set.
//!
//! | name | what |
//! |---|---|
//! | `node.json` | addresses, peers, who may upload: [`NodeConfig`] |
//! | `genesis`, `trust`, `checkpoint` | the genesis document, and signed files that are served |
//! | `trust-files/` | each signed trust file by its serial |
//! | `keys/member.key` | the member's key, which signs storage receipts |
//! | `app/` | the application's blocks and snapshots |
//! | `lots/`, `indexes/` | files of lots and code indexes |
//! | `comet/` | CometBFT's own home: `config/`, `data/` |
//! | `logs/` | what CometBFT and the application say |
//! | `app.sock`, `control.sock` | sockets of the application and of the supervisor |
//! | `signer.sock` | where the validator's signer connects, if `node.json` says so |

use super::NodeError;
use serde_json::{Value, json};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is set for one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeConfig {
    /// Where the gateway listens.
    pub gateway: SocketAddr,
    /// Where CometBFT's RPC listens.
    pub rpc: SocketAddr,
    /// Gateways of other members, from which files of lots are copied.
    pub peers: Vec<SocketAddr>,
    /// Longest time without a block, as CometBFT is set.
    pub interval: Duration,
    /// Heights between two snapshots; 0 for none.
    pub snapshots: u64,
    /// Where Prometheus reads the node's counters, a loopback address; nowhere if there is none.
    pub metrics: Option<SocketAddr>,
    /// Socket of the validator's signer, in the node's folder unless absolute; none where the
    /// engine has the key itself. See [`crate::signer`].
    pub signer: Option<PathBuf>,
}

/// Most bytes of a node's own small files.
const MAX_FILE: usize = 1024 * 1024;

impl NodeConfig {
    /// Reads `node.json` of a node's folder.
    ///
    /// # Errors
    /// [`NodeError::NoNetwork`] where there is none, [`NodeError::File`] where it is malformed.
    pub fn read(home: &Path) -> Result<Self, NodeError> {
        let path = home.join("node.json");
        let bytes = read(&path)?.ok_or(NodeError::NoNetwork { home: home.to_owned() })?;
        let value: Option<Value> = serde_json::from_slice(&bytes).ok();
        value.as_ref().and_then(Self::of_json).ok_or(NodeError::File { path })
    }

    fn of_json(value: &Value) -> Option<Self> {
        let address = |value: &Value| value.as_str()?.parse().ok();
        let peers = value.get("peers")?.as_array()?.iter().map(address);
        (value.get("version")?.as_u64()? == 1).then_some(())?;
        Some(Self {
            gateway: address(value.get("gateway")?)?,
            rpc: address(value.get("rpc")?)?,
            peers: peers.collect::<Option<_>>()?,
            interval: Duration::from_millis(value.get("interval_ms")?.as_u64()?),
            snapshots: value.get("snapshots")?.as_u64()?,
            metrics: match value.get("metrics") {
                None | Some(Value::Null) => None,
                Some(metrics) => Some(address(metrics)?),
            },
            signer: match value.get("signer") {
                None | Some(Value::Null) => None,
                Some(path) => Some(PathBuf::from(path.as_str().filter(|path| !path.is_empty())?)),
            },
        })
    }

    /// Writes `node.json`.
    ///
    /// # Errors
    /// The file system's.
    pub fn write(&self, home: &Path) -> Result<(), NodeError> {
        let value = json!({
            "version": 1,
            "gateway": self.gateway.to_string(),
            "rpc": self.rpc.to_string(),
            "peers": self.peers.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "interval_ms": self.interval.as_millis() as u64,
            "snapshots": self.snapshots,
            "metrics": self.metrics.map(|address| address.to_string()),
            "signer": self.signer.as_ref().map(|path| path.display().to_string()),
        });
        write(&home.join("node.json"), format!("{value:#}\n").as_bytes(), false)
    }
}

/// Reads a file whole; none where there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, NodeError> {
    let io = NodeError::io(path.display());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes).map_err(&io)?;
    if bytes.len() > MAX_FILE {
        return Err(io(std::io::ErrorKind::FileTooLarge.into()));
    }
    Ok(Some(bytes))
}

/// Writes a file as a whole, with its folder; secret ones are the owner's alone.
pub(super) fn write(path: &Path, bytes: &[u8], secret: bool) -> Result<(), NodeError> {
    use std::os::unix::fs::OpenOptionsExt;
    let io = NodeError::io(path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(&io)?;
    }
    let half: PathBuf = path.with_extension("half");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(if secret { 0o600 } else { 0o644 });
    let mut file = options.open(&half).map_err(&io)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(&io)?;
    fs::rename(&half, path).map_err(&io)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_nodes_settings_come_back_and_others_are_refused() {
        let scratch = Scratch::new();
        let none = NodeConfig::read(scratch.path()).unwrap_err();
        assert!(matches!(none, NodeError::NoNetwork { .. }));
        let config = NodeConfig {
            gateway: "127.0.0.2:26680".parse().unwrap(),
            rpc: "127.0.0.2:26657".parse().unwrap(),
            peers: vec!["127.0.0.3:26680".parse().unwrap()],
            interval: Duration::from_millis(1500),
            snapshots: 7,
            metrics: Some("127.0.0.2:26690".parse().unwrap()),
            signer: Some("signer.sock".into()),
        };
        config.write(scratch.path()).unwrap();
        assert_eq!(NodeConfig::read(scratch.path()).unwrap(), config);
        fs::write(scratch.path().join("node.json"), "{\"version\": 2}").unwrap();
        let other = NodeConfig::read(scratch.path()).unwrap_err();
        assert!(matches!(other, NodeError::File { .. }));
    }
}
