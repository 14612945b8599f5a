//! A network of machines apart: each member makes its own keys and tells the others a card; one of
//! them puts the cards together into the network's file; each member makes its node's folder of it.
//! No secret leaves a machine.

mod card;
mod document;
mod shared;

pub use card::{Card, MAX_CARD, NodePlace};
pub use document::DocumentError;
pub use shared::{MAX_SHARED, Shared};

use super::NodeError;
use super::comet::{EngineConfig, EngineKey, Pace, write_keys, write_settings};
use super::layout::{self, NodeConfig};
use super::network::{GATEWAY_PORT, draw, draw_engine};
use crate::state::{Genesis, State};
use sealight_verify::codec::Blob;
use sealight_verify::format::governance::{ValidatorSeat, Validators};
use sealight_verify::format::ids::PartyId;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

/// Power of each first validator.
const POWER: u64 = 10;
/// Heights between two snapshots of a node.
const SNAPSHOTS: u64 = 1000;
/// Name of the card in the node's folder.
const CARD: &str = "card.json";

/// Makes the keys of a node in its folder, and its card.
///
/// # Errors
/// [`NodeError::Exists`] where a card is, or the file system's.
pub fn make_card(
    home: &Path,
    (name, operator): (&str, &str),
    (address, url): (IpAddr, Option<String>),
    algorithm: Algorithm,
    random: &mut dyn FnMut() -> [u8; 32],
) -> Result<Card, NodeError> {
    let path = home.join(CARD);
    if path.exists() {
        return Err(NodeError::Exists { path });
    }
    let member = draw(algorithm, random);
    let (validator, node): (EngineKey, EngineKey) = (draw_engine(random), draw_engine(random));
    let card = Card {
        name: name.into(),
        operator: operator.into(),
        member: member.public(),
        validator: *validator.public(),
        place: NodePlace { node: node.id(), address, url },
    };
    layout::write(&home.join("keys/member.key"), member.encode_file().as_bytes(), true)?;
    write_keys(&home.join("comet"), &validator, &node)?;
    // Last: without a card the keys are nobody's yet.
    layout::write(&path, format!("{:#}\n", card.document()).as_bytes(), false)?;
    Ok(card)
}

/// Puts cards together into a network: each card a member and a validator. `threshold` is how many
/// members make a quorum; where none is given, more than two thirds.
///
/// # Errors
/// [`NodeError::Twice`] for two cards of one key, address or gateway, or [`NodeError::Genesis`].
pub fn found(
    name: &str,
    cards: &[Card],
    threshold: Option<u16>,
    interval: Duration,
    now: Timestamp,
    random: [u8; 32],
) -> Result<Shared, NodeError> {
    for (place, card) in cards.iter().enumerate() {
        for earlier in &cards[..place] {
            let same = [
                ("member", earlier.member == card.member),
                ("validator", earlier.validator == card.validator),
                ("node", earlier.place.node == card.place.node),
                ("address", earlier.place.address == card.place.address),
                ("gateway", earlier.place.client_url() == card.place.client_url()),
            ];
            if let Some((what, _)) = same.into_iter().find(|(_, same)| *same) {
                return Err(NodeError::Twice { what, name: card.name.clone() });
            }
        }
    }
    let member = |card: &Card| Registration {
        version: 1,
        legal_name: card.name.clone(),
        roles: Roles::MEMBER,
        namespaces: Vec::new(),
        key: card.member.clone(),
        report_key: None,
        nonce: 0,
    };
    let seat = |card: &Card| ValidatorSeat {
        key: Blob(card.validator.to_vec()),
        power: POWER,
        operator: card.operator.clone(),
    };
    let mut seats: Vec<ValidatorSeat> = cards.iter().map(seat).collect();
    seats.sort_by(|one, other| one.key.cmp(&other.key));
    let tail: String = random.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    // More cards than members can be are refused below.
    let count = u16::try_from(cards.len()).unwrap_or(u16::MAX);
    let genesis = Genesis {
        version: 1,
        chain_id: format!("sealight-{tail}"),
        time: now,
        parties: cards.iter().map(member).collect(),
        threshold: threshold.unwrap_or(count - count.saturating_sub(1) / 3),
        validators: Validators { version: 1, seats },
    };
    State::genesis(&genesis).map_err(NodeError::Genesis)?;
    let nodes = cards.iter().map(|card| (card.operator.clone(), card.place.clone())).collect();
    Ok(Shared { name: name.into(), interval, genesis, nodes })
}

/// Where a node listens on its own machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// Address of gateway and engine, where it is not the one that the others reach.
    pub address: Option<IpAddr>,
    /// The engine's RPC, which nobody else needs.
    pub rpc: SocketAddr,
    /// Where Prometheus reads the node's counters, a loopback address.
    pub metrics: SocketAddr,
}

/// What a node is in the network that it joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Its member's party, where the genesis names it.
    pub party: Option<PartyId>,
    /// Whether it signs blocks from the first one on.
    pub validates: bool,
    /// Where its gateway listens.
    pub gateway: SocketAddr,
}

/// Makes the rest of a node's folder: settings, genesis and peers. `trust` is the signed trust
/// file that it serves, if there is one yet.
///
/// # Errors
/// [`NodeError::NoCard`], [`NodeError::Exists`] where it joined before, or the file system's.
pub fn join(
    home: &Path,
    shared: &Shared,
    listen: &Listen,
    trust: Option<&[u8]>,
) -> Result<Joined, NodeError> {
    let path = home.join(CARD);
    let bytes = layout::read(&path)?.ok_or(NodeError::NoCard { home: home.to_owned() })?;
    let card = Card::decode(&bytes).map_err(|_| NodeError::File { path })?;
    let settings = home.join("node.json");
    if settings.exists() {
        return Err(NodeError::Exists { path: settings });
    }
    let ip = listen.address.unwrap_or(card.place.address);
    let gateway = SocketAddr::new(ip, GATEWAY_PORT);
    let others = || shared.nodes.iter().filter(|(_, place)| place.node != card.place.node);
    let peers: Vec<String> = others().map(|(_, place)| place.peer()).collect();
    let engine = EngineConfig {
        moniker: &card.place.node[..8],
        ip,
        rpc: listen.rpc,
        peers: &peers,
        interval: shared.interval,
        pace: Pace::Wide,
        join: None,
    };
    write_settings(&home.join("comet"), &engine, &shared.genesis)?;
    layout::write(&home.join("genesis"), &shared.genesis.encode(), false)?;
    if let Some(trust) = trust {
        layout::write(&home.join("trust"), trust, false)?;
    }
    let config = NodeConfig {
        gateway,
        rpc: listen.rpc,
        peers: others().map(|(_, place)| place.gateway()).collect(),
        interval: shared.interval,
        snapshots: SNAPSHOTS,
        metrics: Some(listen.metrics),
        signer: None,
    };
    // Last: a node is one from then on.
    config.write(home)?;
    let parties = shared.genesis.parties.iter().zip(shared.genesis.party_ids());
    let mut own = parties.filter(|(party, _)| party.key == card.member);
    let seats = &shared.genesis.validators.seats;
    Ok(Joined {
        party: own.next().map(|(_, id)| id),
        validates: seats.iter().any(|seat| seat.key[..] == card.validator),
        gateway,
    })
}

#[cfg(test)]
mod tests;
