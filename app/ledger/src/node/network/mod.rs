//! A whole network on one machine: made, started, asked, stopped.
//!
//! Each node has a loopback address of its own in a group `127.A.B.0/24` that no other network
//! here has, and fixed ports below those that the system gives out, so that nothing else takes
//! them. The folder holds `genesis`, `trust`, `keys/` of every party as an embedded ledger's home
//! does, and a folder for each node.

mod checkpoint;
mod join;
mod plan;

use super::application::genesis as read_genesis;
use super::comet::{ENGINE, Pace};
use super::control::{Order, order};
use super::layout::{self, NodeConfig};
use super::supervisor::engine_height;
use super::{NodeError, find_engine, own_validator_key};
use crate::state::Genesis;
use plan::Plan;
pub(super) use plan::{GATEWAY_PORT, draw, draw_engine};
use sealight_issue::key::SigningKey;
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Seconds, Timestamp};
use serde_json::Value;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Time for a network to have its first block.
const START: Duration = Duration::from_secs(60);

/// What a new network starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkOptions {
    /// The ledger's name for people.
    pub name: String,
    /// Validators, 1 to 32, each with an operator and a member of its own.
    pub validators: u8,
    /// Longest time without a block.
    pub interval: Duration,
    /// How fast blocks follow each other.
    pub pace: Pace,
    /// Heights between two snapshots; 0 for none.
    pub snapshots: u64,
    /// Algorithm of all keys but the validators', which are Ed25519.
    pub algorithm: Algorithm,
    /// How long the trust file lasts.
    pub trusted_for: Seconds,
    /// Whether each validator's key is a signer's, in `signer` of the node's folder, and not the
    /// engine's. Whoever starts the network starts the signers.
    pub signers: bool,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            name: "Sealight network".into(),
            validators: 4,
            interval: Duration::from_secs(60),
            pace: Pace::Near,
            snapshots: 1000,
            algorithm: Algorithm::Sm2,
            trusted_for: Seconds::days(366),
            signers: false,
        }
    }
}

/// A network in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    home: PathBuf,
    nodes: Vec<PathBuf>,
    /// CometBFT, where it is not to be looked for.
    engine: Option<PathBuf>,
}

/// What one node says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeStatus {
    /// The node's folder.
    pub home: PathBuf,
    /// Where its gateway listens.
    pub gateway: SocketAddr,
    /// Where its engine's RPC listens.
    pub rpc: SocketAddr,
    /// What its supervisor says, an object with `height`, `seconds_at_height`, `stands_still`,
    /// `restarts`, `failure` and process ids; none where it does not run.
    pub running: Option<Value>,
}

impl NodeStatus {
    /// The engine's height, where the node runs.
    pub fn height(&self) -> Option<u64> {
        self.running.as_ref()?.get("height")?.as_u64()
    }

    /// A process id under its name in [`NodeStatus::running`].
    pub fn process(&self, name: &str) -> Option<u32> {
        self.running.as_ref()?.get(name)?.as_u64()?.try_into().ok()
    }
}

impl Network {
    /// Makes a network. `random` gives 32 fresh random bytes at each call.
    ///
    /// # Errors
    /// [`NodeError::Option`], [`NodeError::OtherSize`] where one lives here, or the system's.
    pub fn init(
        home: &Path,
        options: &NetworkOptions,
        now: Timestamp,
        random: &mut dyn FnMut() -> [u8; 32],
    ) -> Result<Self, NodeError> {
        if !(1..=32).contains(&options.validators) {
            return Err(NodeError::Option { name: "validators" });
        }
        if let Ok(there) = Self::open(home) {
            return Err(NodeError::OtherSize { got: there.nodes.len() });
        }
        let plan = Plan::draw(options, now, random)?;
        plan.write(home, options)?;
        Self::open(home)
    }

    /// The network of a folder.
    ///
    /// # Errors
    /// [`NodeError::NoNetwork`].
    pub fn open(home: &Path) -> Result<Self, NodeError> {
        // As whoever stands elsewhere writes it too; the programs work in other folders.
        let none = || NodeError::NoNetwork { home: home.to_owned() };
        let home = std::fs::canonicalize(home).map_err(|_| none())?;
        let nodes = (1..).map(|number| home.join(format!("node{number}")));
        let nodes: Vec<PathBuf> =
            nodes.take_while(|node| node.join("node.json").is_file()).collect();
        // The genesis is written last.
        if nodes.is_empty() || !home.join("genesis").is_file() {
            return Err(none());
        }
        Ok(Self { home, nodes, engine: None })
    }

    /// Takes this CometBFT and looks for no other.
    #[must_use]
    pub fn with_engine(self, engine: PathBuf) -> Self {
        Self { engine: Some(engine), ..self }
    }

    /// Starts every node that does not run, each a process of its own that outlives this one, and
    /// waits until all have blocks; then publishes a fresh checkpoint. `program` is the command
    /// that runs [`super::command`].
    ///
    /// # Errors
    /// [`NodeError::NoEngine`], [`NodeError::NotUp`], or the system's.
    pub fn up(&self, program: &[OsString], now: &dyn Fn() -> Timestamp) -> Result<(), NodeError> {
        self.up_watched(program, now, &mut |_| true)
    }

    /// The same for whoever watches: `watch` hears again and again how many nodes have blocks, and
    /// ends the wait by saying no; what was started then runs on.
    ///
    /// # Errors
    /// As [`Network::up`], and [`NodeError::Stopped`].
    pub fn up_watched(
        &self,
        program: &[OsString],
        now: &dyn Fn() -> Timestamp,
        watch: &mut dyn FnMut(usize) -> bool,
    ) -> Result<(), NodeError> {
        if self.engine.is_none() {
            find_engine()?;
        }
        for node in &self.nodes {
            self.start(node, program)?;
        }
        let began = Instant::now();
        for (up, node) in self.nodes.iter().enumerate() {
            let config = NodeConfig::read(node)?;
            // On a quiet chain the second is an interval away.
            while engine_height(&config).is_none_or(|height| height < 1) {
                if !watch(up) {
                    return Err(NodeError::Stopped);
                }
                if began.elapsed() > START {
                    return Err(NodeError::NotUp { home: node.clone() });
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        self.publish_checkpoint(now)
    }

    /// How many validators it started with; nodes that joined later do not count.
    ///
    /// # Errors
    /// The file system's.
    pub fn validators(&self) -> Result<usize, NodeError> {
        Ok(self.genesis()?.validators.seats.len())
    }

    /// Starts one node, by its place from 0; nothing where it runs.
    ///
    /// # Errors
    /// As [`Network::up`].
    pub fn start_node(&self, place: usize, program: &[OsString]) -> Result<(), NodeError> {
        let node = self.nodes.get(place).ok_or(NodeError::Option { name: "node" })?;
        self.start(node, program)
    }

    fn start(&self, node: &Path, program: &[OsString]) -> Result<(), NodeError> {
        if order(node, Order::Status).is_ok_and(|told| told.is_some()) {
            return Ok(());
        }
        let (first, rest) = program.split_first().ok_or(NodeError::Option { name: "program" })?;
        let log = node.join("logs");
        let io = NodeError::io(log.display());
        std::fs::create_dir_all(&log).map_err(&io)?;
        let mut options = std::fs::OpenOptions::new();
        let log = options.create(true).append(true).open(log.join("node.log")).map_err(&io)?;
        let mut command = Command::new(first);
        command.args(rest).args(["run", "--home"]).arg(node).current_dir(node);
        if let Some(engine) = &self.engine {
            command.env(ENGINE, engine);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        // Ctrl-C at whoever starts a network is not meant for the network.
        command.process_group(0);
        command.spawn().map_err(NodeError::io(first.to_string_lossy()))?;
        Ok(())
    }

    /// Adds a node to a running network: it joins by a snapshot once it is started, and validates
    /// nothing until members say so. Gives its place.
    ///
    /// # Errors
    /// The first node's engine does not answer, or the file system's.
    pub fn add_node(
        &mut self,
        options: &NetworkOptions,
        random: &mut dyn FnMut() -> [u8; 32],
    ) -> Result<usize, NodeError> {
        let node = join::write(self, options, random)?;
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    /// Stops every node that runs; how many did.
    ///
    /// # Errors
    /// The system's.
    pub fn down(&self) -> Result<usize, NodeError> {
        let stops = self.nodes.iter().map(|node| {
            let node = node.clone();
            std::thread::spawn(move || stop(&node))
        });
        let mut stopped = 0;
        for stop in stops.collect::<Vec<_>>() {
            // A thread that panicked stopped nothing.
            stopped += usize::from(stop.join().unwrap_or(Ok(false))?);
        }
        Ok(stopped)
    }

    /// Stops one node, by its place from 0; whether it ran.
    ///
    /// # Errors
    /// The system's.
    pub fn stop_node(&self, place: usize) -> Result<bool, NodeError> {
        stop(self.nodes.get(place).ok_or(NodeError::Option { name: "node" })?)
    }

    /// What every node says of itself; all are asked at once, so that one that hangs holds up no
    /// other.
    ///
    /// # Errors
    /// A node's folder that is not what it should be.
    pub fn status(&self) -> Result<Vec<NodeStatus>, NodeError> {
        std::thread::scope(|scope| {
            let asked = self.nodes.iter().map(|node| scope.spawn(move || status(node)));
            let asked: Vec<_> = asked.collect();
            let panicked = |_| Err(NodeError::Option { name: "node" });
            asked.into_iter().map(|one| one.join().unwrap_or_else(panicked)).collect()
        })
    }

    /// Public key with which a node, by its place from 0, signs blocks once it validates.
    ///
    /// # Errors
    /// The node has no such key, or the file system's.
    pub fn validator_key(&self, place: usize) -> Result<[u8; 32], NodeError> {
        let node = self.nodes.get(place).ok_or(NodeError::Option { name: "node" })?;
        own_validator_key(node)
    }

    /// The folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The document that the ledger started with.
    ///
    /// # Errors
    /// The file system's.
    pub fn genesis(&self) -> Result<Genesis, NodeError> {
        read_genesis(&self.home)
    }

    /// The key of this name in `keys/`: `root`, `checkpoint`, `authority`, `member-01` and on.
    ///
    /// # Errors
    /// [`NodeError::Key`], or the file system's.
    pub fn key(&self, name: &str) -> Result<SigningKey, NodeError> {
        let path = self.home.join("keys").join(format!("{name}.key"));
        let bytes = layout::read(&path)?.ok_or(NodeError::File { path: path.clone() })?;
        let key = SigningKey::decode_file(&String::from_utf8_lossy(&bytes));
        key.map_err(|error| NodeError::Key { path, error })
    }

    /// Signs a checkpoint of a header that every node gives alike, and lets every node serve it.
    ///
    /// # Errors
    /// [`NodeError::Checkpoint`], or the file system's.
    pub fn publish_checkpoint(&self, now: &dyn Fn() -> Timestamp) -> Result<(), NodeError> {
        let signed = checkpoint::sign(self, now)?;
        self.nodes
            .iter()
            .try_for_each(|node| layout::write(&node.join("checkpoint"), &signed, false))
    }
}

fn status(node: &Path) -> Result<NodeStatus, NodeError> {
    let NodeConfig { gateway, rpc, .. } = NodeConfig::read(node)?;
    let running = match order(node, Order::Status) {
        Ok(told) => told.and_then(|told| serde_json::from_str(&told).ok()),
        // It runs, and nobody knows how: that is said of it, and the others are told as well.
        Err(error) => Some(serde_json::json!({ "failure": error.to_string() })),
    };
    Ok(NodeStatus { home: node.to_owned(), gateway, rpc, running })
}

fn stop(node: &Path) -> Result<bool, NodeError> {
    let told = order(node, Order::Stop).map_err(NodeError::io(node.display()))?;
    Ok(told.is_some())
}
