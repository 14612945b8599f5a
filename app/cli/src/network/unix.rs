//! The same where nodes run.

use crate::args::{Common, NetworkUp};
use crate::console::Console;
use crate::fail::Failure;
use crate::key::{self, Note};
use crate::{device, ledger, stop, trust};
use sealight_edge::cancel::Cancel;
use sealight_edge::clock;
use sealight_ledger::node::{Network, NetworkOptions, NodeConfig, NodeError, NodeStatus, command};
use sealight_verify::format::party::Roles;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// More seeds than a network of 32 draws.
const SEEDS: usize = 512;
/// Exit code of `status` where a node does not run, or its height stands still.
const NOT_WELL: u8 = 1;

/// `sealight network up`
pub(crate) fn up(console: &Console, common: &Common, args: &NetworkUp) -> Result<(), Failure> {
    let cancel = stop::on_interrupt();
    let home = home(common)?;
    let network = match Network::open(&home) {
        Ok(there) => same_size(there, &home, args)?,
        Err(NodeError::NoNetwork { .. }) => init(&home, args)?,
        Err(error) => return Err(failed(&home, &error)),
    };
    let statuses = network.status().map_err(|error| failed(&home, &error))?;
    let was_up = statuses.iter().all(|node| node.running.is_some());
    start(console, &network, &cancel)?;
    let members = note_parties(&network)?;
    tell(console, &network, &members, was_up)
}

/// `sealight network down`
pub(crate) fn down(console: &Console, common: &Common) -> Result<(), Failure> {
    let home = home(common)?;
    let network = open(&home)?;
    console.progress("cli.network.stopping", &[]);
    let stopped = network.down().map_err(|error| failed(&home, &error))?;
    let count = stopped.to_string();
    let is = if stopped == 0 { "cli.network.was-down" } else { "cli.network.down" };
    console.tell(0, is, &[("count", &count)]);
    console.document(json!({ "home": home.display().to_string(), "stopped": stopped }));
    Ok(())
}

/// `sealight network status`: 0 where every node runs and its height moves.
pub(crate) fn status(console: &Console, common: &Common) -> Result<u8, Failure> {
    let home = home(common)?;
    let network = open(&home)?;
    let nodes = nodes(&network)?;
    table(console, &nodes);
    let well = |node: &Value| node["running"] == true && node["stands_still"] == false;
    let all = nodes.iter().all(well);
    console.document(json!({ "home": home.display().to_string(), "nodes": nodes }));
    Ok(if all { 0 } else { NOT_WELL })
}

/// `sealight network add`
pub(crate) fn add(console: &Console, common: &Common) -> Result<(), Failure> {
    let cancel = stop::on_interrupt();
    let home = home(common)?;
    let mut network = open(&home)?;
    let first = home.join("node1");
    let config = NodeConfig::read(&first).map_err(|error| failed(&home, &error))?;
    let options = NetworkOptions {
        interval: config.interval,
        snapshots: config.snapshots,
        ..NetworkOptions::default()
    };
    let mut seeds = seeds()?;
    let draw = &mut || seeds.next().unwrap_or([0; 32]);
    let place = network.add_node(&options, draw).map_err(|error| failed(&home, &error))?;
    start(console, &network, &cancel)?;
    let nodes = nodes(&network)?;
    let node = nodes.get(place).cloned().unwrap_or_default();
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let (gateway, validator) = (text("gateway"), text("validator"));
    let words = [("node", &*text("node")), ("gateway", &*gateway), ("validator", &*validator)];
    console.tell(0, "cli.network.added", &words);
    console.document(json!({
        "home": home.display().to_string(),
        "node": node["node"],
        "validator": validator,
        "nodes": nodes,
    }));
    Ok(())
}

/// `sealight node`: what `sealight-ledger` does.
pub(crate) fn node(words: Vec<OsString>) -> ExitCode {
    command(program(), words.into_iter())
}

fn program() -> Vec<OsString> {
    let own = std::env::current_exe().map_or_else(|_| "sealight".into(), PathBuf::into_os_string);
    vec![own, "node".into()]
}

fn home(common: &Common) -> Result<PathBuf, Failure> {
    match &common.home {
        Some(home) => Ok(home.clone()),
        None => Ok(device::home(common)?.path().join("network")),
    }
}

fn open(home: &Path) -> Result<Network, Failure> {
    Network::open(home).map_err(|error| failed(home, &error))
}

fn same_size(there: Network, home: &Path, args: &NetworkUp) -> Result<Network, Failure> {
    let have = there.validators().map_err(|error| failed(home, &error))?;
    match args.validators {
        Some(asked) if usize::from(asked) != have => Err(Failure::usage(
            "network-size",
            &[("home", &home.display()), ("have", &have), ("asked", &asked)],
        )),
        _ => Ok(there),
    }
}

fn init(home: &Path, args: &NetworkUp) -> Result<Network, Failure> {
    // Nothing is written where nothing could run.
    sealight_ledger::node::find_engine().map_err(|error| failed(home, &error))?;
    let options = NetworkOptions {
        name: args.name.clone(),
        validators: args.validators.unwrap_or(NetworkOptions::default().validators),
        interval: Duration::from_secs(args.interval),
        ..NetworkOptions::default()
    };
    let mut seeds = seeds()?;
    let draw = &mut || seeds.next().unwrap_or([0; 32]);
    let made = Network::init(home, &options, clock::system(), draw);
    made.map_err(|error| failed(home, &error))
}

/// All seeds are drawn first: where the system gives none, nothing is written.
pub(super) fn seeds() -> Result<impl Iterator<Item = [u8; 32]>, Failure> {
    let seeds = (0..SEEDS).map(|_| key::random()).collect::<Result<Vec<[u8; 32]>, _>>()?;
    Ok(seeds.into_iter())
}

/// Starts what does not run, and waits; Ctrl-C stops what was started again.
fn start(console: &Console, network: &Network, cancel: &Cancel) -> Result<(), Failure> {
    let home = network.home();
    let before = network.status().map_err(|error| failed(home, &error))?;
    let all = before.len().to_string();
    let mut watch = |up: usize| {
        console.progress("cli.network.starting", &[("up", &up.to_string()), ("all", &all)]);
        !cancel.is_cancelled()
    };
    let up = network.up_watched(&program(), &clock::system, &mut watch);
    console.clear();
    match up {
        Err(NodeError::Stopped) => {
            for (place, _) in before.iter().enumerate().filter(|(_, node)| node.running.is_none()) {
                // What cannot be stopped is told by the next `status`.
                _ = network.stop_node(place);
            }
            Err(Failure::stopped())
        }
        up => up.map_err(|error| failed(home, &error)),
    }
}

pub(super) fn failed(home: &Path, error: &NodeError) -> Failure {
    match error {
        NodeError::NoEngine if go() => Failure::new("no-cometbft", &[]),
        NodeError::NoEngine => Failure::new("no-go", &[]),
        NodeError::OtherEngine { got } => Failure::new("other-cometbft", &[("got", got)]),
        NodeError::NoNetwork { .. } => Failure::new("no-network", &[("home", &home.display())]),
        NodeError::NotUp { home } => {
            Failure::new("network-not-up", &[("logs", &home.join("logs").display())])
        }
        NodeError::Exists { path } => Failure::new("file-exists", &[("path", &path.display())]),
        NodeError::NoCard { home } => Failure::new("no-card", &[("home", &home.display())]),
        NodeError::Twice { .. } | NodeError::Genesis(_) => {
            Failure::new("no-founding", &[("why", error)])
        }
        error => Failure::new("network", &[("home", &home.display()), ("why", error)]),
    }
}

/// Whether Go is on this machine.
fn go() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join("go").is_file())
}

/// Notes beside each party's key for whom it signs; the key files of a quorum of members.
fn note_parties(network: &Network) -> Result<Vec<PathBuf>, Failure> {
    let home = network.home();
    let genesis = network.genesis().map_err(|error| failed(home, &error))?;
    let ledger = genesis.ledger();
    let mut files: Vec<PathBuf> = std::fs::read_dir(home.join("keys"))
        .map(|files| files.flatten().map(|file| file.path()).collect())
        .unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|end| end == "key"));
    files.sort();
    let parties: Vec<_> = genesis.parties.iter().zip(genesis.party_ids()).collect();
    let mut members = Vec::new();
    for path in files {
        let public = key::read_file(&path)?.public();
        let found = parties.iter().find(|(registered, _)| registered.key == public);
        let Some((registered, party)) = found else { continue };
        // A key that was rotated since has another place in its note.
        let place = key::note_path(&path);
        if key::note(&place)?.is_none() {
            key::write_note(&place, &Note { ledger, party: *party, place: 0 })?;
        }
        if registered.roles.meets(Roles::MEMBER) {
            members.push(path);
        }
    }
    members.truncate(usize::from(genesis.threshold));
    Ok(members)
}

/// Each node as a document.
fn nodes(network: &Network) -> Result<Vec<Value>, Failure> {
    let statuses = network.status().map_err(|error| failed(network.home(), &error))?;
    let one = |(place, status): (usize, &NodeStatus)| {
        let said = |name: &str| status.running.as_ref().map(|told| told[name].clone());
        let validator = network.validator_key(place).ok().map(|key| hex(&key));
        json!({
            "node": status.home.file_name().map(|name| name.to_string_lossy()),
            "gateway": format!("http://{}", status.gateway),
            "rpc": status.rpc.to_string(),
            "running": status.running.is_some(),
            "height": said("height"),
            "seconds_at_height": said("seconds_at_height"),
            "stands_still": said("stands_still"),
            "restarts": said("restarts"),
            "failure": said("failure"),
            "validator": validator,
        })
    };
    Ok(statuses.iter().enumerate().map(one).collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn table(console: &Console, nodes: &[Value]) {
    let row = |node: &Value| {
        let number = |name: &str| node[name].as_u64().unwrap_or(0).to_string();
        let (height, seconds) = (number("height"), number("seconds_at_height"));
        let (restarts, failure) = (number("restarts"), node["failure"].as_str().unwrap_or("-"));
        let words = [
            ("gateway", node["gateway"].as_str().unwrap_or("")),
            ("height", &*height),
            ("seconds", &*seconds),
            ("restarts", &*restarts),
            ("failure", failure),
        ];
        let is = match (node["running"] == true, node["stands_still"] == true) {
            (false, _) => "cli.network.node-down",
            (true, false) => "cli.network.node",
            (true, true) => "cli.network.node-still",
        };
        (node["node"].as_str().unwrap_or("").to_owned(), console.say(is, &words))
    };
    let rows: Vec<(String, String)> = nodes.iter().map(row).collect();
    console.pairs(2, &rows);
}

fn tell(
    console: &Console,
    network: &Network,
    members: &[PathBuf],
    was_up: bool,
) -> Result<(), Failure> {
    let home = network.home();
    let nodes = nodes(network)?;
    let genesis = network.genesis().map_err(|error| failed(home, &error))?;
    let path = home.join("trust");
    let file = crate::files::read(&path, 1 << 20)?;
    let fingerprint = trust::fingerprint(&file);
    let is = if was_up { "cli.network.was-up" } else { "cli.network.up" };
    console.tell(0, is, &[("count", &nodes.len().to_string())]);
    table(console, &nodes);
    console.line("");
    let say = |key: &str| console.say(key, &[]);
    let ledger = genesis.ledger().to_string();
    console.pairs(
        2,
        &[
            (say("cli.ledger.ledger"), format!("{ledger} ({})", genesis.chain_id)),
            (say("cli.ledger.home"), home.display().to_string()),
            (say("cli.ledger.trust"), path.display().to_string()),
            (say("cli.trust.fingerprint"), format!("**{fingerprint}**")),
        ],
    );
    let url = nodes.first().and_then(|node| node["gateway"].as_str()).unwrap_or_default();
    let keys = ledger::first_steps(console, url, members);
    console.line("");
    console.tell(0, "cli.network.next", &[("home", &home.display().to_string())]);
    console.document(json!({
        "home": home.display().to_string(),
        "ledger": ledger,
        "chain_id": genesis.chain_id,
        "trust_file": path.display().to_string(),
        "fingerprint": fingerprint,
        "quorum_keys": keys,
        "was_up": was_up,
        "nodes": nodes,
    }));
    Ok(())
}
