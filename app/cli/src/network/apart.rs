//! Networks of machines apart: a node's card, the network's file, and a node's folder made of it.
//!
//! No secret leaves a machine. What members send each other are cards and the network's file, and
//! they compare the ledger's id, which is a hash of all that the ledger starts with.

use crate::args::{Common, NetworkCard, NetworkFound, NetworkJoin};
use crate::console::Console;
use crate::fail::Failure;
use crate::key::{self, Note};
use crate::network::unix::{self, failed};
use crate::{files, trust};
use sealight_edge::clock;
use sealight_edge::net::{GatewayUrl, UrlError};
use sealight_ledger::node::{self, Card, Listen, MAX_CARD, MAX_SHARED, Shared};
use sealight_verify::codec::Versioned;
use sealight_verify::time::Seconds;
use sealight_verify::trust::{KeySet, SignedTrustFile, TrustFile, open};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a first trust file lasts.
const TRUSTED_FOR: Seconds = Seconds::days(366);

/// `sealight network card`
pub(crate) fn card(console: &Console, common: &Common, args: &NetworkCard) -> Result<(), Failure> {
    let home = home(common)?;
    if let Some(url) = &args.gateway {
        listed(url, None)?;
    }
    let operator = args.operator.as_deref().unwrap_or(&args.name);
    let algorithm = key::algorithm(args.algorithm);
    let mut seeds = unix::seeds()?;
    let draw = &mut || seeds.next().unwrap_or([0; 32]);
    let (by, place) = ((&*args.name, operator), (args.address, args.gateway.clone()));
    let made = node::make_card(&home, by, place, algorithm, draw);
    let card = made.map_err(|error| failed(&home, &error))?;
    let path = home.join("card.json").display().to_string();
    console.tell(0, "cli.network.card", &[("path", &path)]);
    let refused = refused(console, &[card.place.client_url()]);
    console.document(json!({
        "path": path, "card": card.document(), "gateways_refused": refused,
    }));
    Ok(())
}

/// `sealight network found`
pub(crate) fn found(
    console: &Console,
    common: &Common,
    args: &NetworkFound,
) -> Result<(), Failure> {
    let cards = args.cards.iter().map(|path| {
        let read = Card::decode(&files::read(path, MAX_CARD)?);
        read.map_err(|error| amiss("not-a-card", path, &error))
    });
    let cards: Vec<Card> = cards.collect::<Result<_, _>>()?;
    let (interval, now) = (Duration::from_secs(args.interval), clock::system());
    let made = node::found(&args.name, &cards, args.threshold, interval, now, key::random()?);
    let home = common.home.as_deref().unwrap_or(&args.output);
    let shared = made.map_err(|error| failed(home, &error))?;
    let mut ledger = shared.ledger_trust();
    for (operator, place) in &shared.nodes {
        if let Some(url) = &place.url {
            listed(url, Some(operator.as_str()))?;
        }
    }
    let urls: Vec<String> = ledger.gateways().map(|(_, url)| url.to_owned()).collect();
    let refused = refused(console, &urls);
    for operator in &mut ledger.operators {
        operator.gateways.retain(|url| !refused.contains(url));
    }
    let file = TrustFile {
        version: 1,
        serial: 1,
        expires: now.saturating_add(TRUSTED_FOR),
        roots: role(&args.roots)?,
        checkpoints: role(&args.checkpoints)?,
        ledgers: vec![ledger],
        demo: false,
    };
    file.sound().map_err(|error| Failure::new("no-founding", &[("why", &error)]))?;
    files::folder(&args.output)?;
    let (network, content) = (args.output.join("network.json"), args.output.join("trust.json"));
    files::write(&network, format!("{:#}\n", shared.document()).as_bytes())?;
    files::write(&content, format!("{:#}\n", trust::document::write(&file)).as_bytes())?;
    let (network, content) = (network.display().to_string(), content.display().to_string());
    let ledger = shared.genesis.ledger().to_string();
    let words = [("ledger", &*ledger), ("network", &*network), ("trust", &*content)];
    console.tell(0, "cli.network.founded", &words);
    console.document(json!({
        "ledger": ledger,
        "chain_id": shared.genesis.chain_id,
        "members": cards.len(),
        "threshold": shared.genesis.threshold,
        "network": network,
        "trust": content,
        "gateways_refused": refused,
    }));
    Ok(())
}

/// Refuses a gateway that a card names and that no client would ask.
fn listed(url: &str, operator: Option<&str>) -> Result<(), Failure> {
    let operator = operator.unwrap_or("-");
    let unfit = |why: UrlError| {
        Failure::usage("gateway-refused", &[("url", &url), ("operator", &operator), ("why", &why)])
    };
    GatewayUrl::listed(url).map(|_| ()).map_err(unfit)
}

/// Gateways that no client would ask; each is told, with the reason.
fn refused(console: &Console, urls: &[String]) -> Vec<String> {
    let mut refused = Vec::new();
    for url in urls {
        if let Err(why) = GatewayUrl::listed(url) {
            let words = [("url", &**url), ("why", &*why.to_string())];
            console.aside(&console.say("cli.network.gateway-refused", &words));
            refused.push(url.clone());
        }
    }
    refused
}

/// More than half of the keys that these files tell; a person may edit it before it is signed.
fn role(files: &[PathBuf]) -> Result<KeySet, Failure> {
    let keys = files.iter().map(|path| key::public_of(path)).collect::<Result<Vec<_>, _>>()?;
    let threshold = u16::try_from(keys.len() / 2 + 1).unwrap_or(u16::MAX);
    Ok(KeySet { threshold, keys })
}

/// `sealight network join`
pub(crate) fn join(console: &Console, common: &Common, args: &NetworkJoin) -> Result<(), Failure> {
    let home = home(common)?;
    let read = Shared::decode(&files::read(&args.network, MAX_SHARED)?);
    let shared = read.map_err(|error| amiss("not-a-network", &args.network, &error))?;
    let ledger = shared.genesis.ledger();
    let trust = args.trust.as_deref().map(|path| {
        let bytes = files::read(path, SignedTrustFile::MAX_LEN)?;
        let file =
            open(&bytes).map_err(|error| Failure::new("trust-refused", &[("why", &error)]))?;
        match file.ledgers.iter().any(|known| known.id == ledger) {
            true => Ok(bytes),
            false => Err(Failure::new("trust-of-others", &[("path", &path.display())])),
        }
    });
    let trust = trust.transpose()?;
    let listen = Listen { address: args.listen, rpc: args.rpc, metrics: args.metrics };
    let joined = node::join(&home, &shared, &listen, trust.as_deref());
    let joined = joined.map_err(|error| failed(&home, &error))?;
    if let Some(party) = joined.party {
        let place = key::note_path(&home.join("keys/member.key"));
        key::write_note(&place, &Note { ledger, party, place: 0 })?;
    }
    let (id, at) = (ledger.to_string(), home.display().to_string());
    let gateway = format!("http://{}", joined.gateway);
    let words = [("home", &*at), ("ledger", &*id), ("gateway", &*gateway)];
    let is = if joined.validates { "cli.network.joined" } else { "cli.network.joined-later" };
    console.tell(0, is, &words);
    console.document(json!({
        "home": at,
        "ledger": id,
        "party": joined.party,
        "validates": joined.validates,
        "gateway": gateway,
    }));
    Ok(())
}

fn amiss(code: &'static str, path: &Path, why: &dyn ToString) -> Failure {
    match code {
        "not-a-card" => Failure::new("not-a-card", &[("path", &path.display()), ("why", why)]),
        _ => Failure::new("not-a-network", &[("path", &path.display()), ("why", why)]),
    }
}

/// The node's folder, which nothing is guessed for: it is one of several on a machine.
fn home(common: &Common) -> Result<PathBuf, Failure> {
    common.home.clone().ok_or_else(|| Failure::usage("no-node-home", &[]))
}
