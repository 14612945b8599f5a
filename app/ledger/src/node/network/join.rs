//! One more node for a network: it validates nothing until members say so, joins by a snapshot where
//! there is one, else by every block, and serves as a gateway from then on.

use super::plan::{GATEWAY_PORT, METRICS_PORT, RPC_PORT, draw_engine};
use super::{Network, NetworkOptions};
use crate::node::NodeError;
use crate::node::comet::{EngineConfig, Join, P2P_PORT, write_home};
use crate::node::http::{Ask, ask};
use crate::node::layout::{self, NodeConfig};
use sealight_verify::comet::{Stock, json};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// Writes the new node's folder.
pub(super) fn write(
    network: &Network,
    options: &NetworkOptions,
    random: &mut dyn FnMut() -> [u8; 32],
) -> Result<PathBuf, NodeError> {
    let others: Vec<NodeConfig> =
        network.nodes.iter().map(|node| NodeConfig::read(node)).collect::<Result<_, _>>()?;
    let first = others.first().ok_or(NodeError::NoAddresses)?;
    let ip = next_ip(first.rpc.ip(), others.len()).ok_or(NodeError::NoAddresses)?;
    let fetch = |config: &NodeConfig, path: &str| {
        let reply = ask(config.rpc, Ask::get(path, json::MAX_JSON));
        reply.map(|reply| reply.body).map_err(NodeError::io(config.rpc))
    };
    // Nodes that are down, or joining themselves, are no help.
    let (mut servers, mut peers) = (Vec::new(), Vec::new());
    for config in &others {
        let Ok(said) = fetch(config, "/status") else { continue };
        let said: Option<Value> = serde_json::from_slice(&said).ok();
        let info = said.as_ref().map(|said| &said["result"]);
        let id = info.and_then(|said| said["node_info"]["id"].as_str());
        peers.extend(id.map(|id| format!("{id}@{}:{P2P_PORT}", config.rpc.ip())));
        let behind = info.and_then(|said| said["sync_info"]["catching_up"].as_bool());
        servers.extend((behind == Some(false)).then_some(config));
    }
    let newest = |server: &&NodeConfig| {
        let signed = json::commit_answer::<Stock>(&fetch(server, "/commit")?);
        signed.map_err(|error| NodeError::Checkpoint { why: error.to_string() })
    };
    // One that answers with nothing of use keeps no node from joining by the others.
    let of_some = servers.iter().find_map(|server| newest(server).ok());
    let newest = of_some.map_or_else(|| newest(&first), Ok)?.header;
    let (rpc, gateway) = (SocketAddr::new(ip, RPC_PORT), SocketAddr::new(ip, GATEWAY_PORT));
    let name = format!("node{}", others.len() + 1);
    let node = network.home.join(&name);
    let engine = EngineConfig {
        moniker: &name,
        ip,
        rpc,
        peers: &peers,
        interval: options.interval,
        pace: options.pace,
        // Without any snapshot the engine would look for one for ever.
        join: network.nodes.iter().any(|node| has_snapshot(node)).then(|| Join {
            servers: servers.iter().map(|config| config.rpc).collect(),
            height: newest.height,
            hash: newest.hash::<Stock>(),
        }),
    };
    let genesis = network.genesis()?;
    let (validator, own) = (draw_engine(random), draw_engine(random));
    write_home(&node.join("comet"), &engine, &genesis, &validator, &own)?;
    for file in ["genesis", "trust"] {
        let path = network.home.join(file);
        let bytes = layout::read(&path)?.ok_or(NodeError::File { path })?;
        layout::write(&node.join(file), &bytes, false)?;
    }
    let peers = others.iter().map(|config| config.gateway).collect();
    let (interval, snapshots) = (options.interval, options.snapshots);
    let metrics = Some(SocketAddr::new(ip, METRICS_PORT));
    NodeConfig { gateway, rpc, peers, interval, snapshots, metrics, signer: None }.write(&node)?;
    // The others copy lots from it too.
    for (mut config, home) in others.into_iter().zip(&network.nodes) {
        config.peers.push(gateway);
        config.write(home)?;
    }
    Ok(node)
}

fn has_snapshot(node: &Path) -> bool {
    std::fs::read_dir(node.join("app/snapshots")).is_ok_and(|mut files| files.next().is_some())
}

/// The address after those of so many nodes.
fn next_ip(first: IpAddr, nodes: usize) -> Option<IpAddr> {
    let IpAddr::V4(first) = first else { return None };
    let [a, b, c, d] = first.octets();
    let d = d.checked_add(u8::try_from(nodes).ok()?)?;
    Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
}
