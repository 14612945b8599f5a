//! Devices that ask the network's nodes, or whoever stands before them.

use super::Consortium;
use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Client, Light, Online, Proven, Reach};
use sealight_edge::clock;
use sealight_edge::net::{Gateway, GatewayUrl, Http, Timeouts};
use sealight_edge::store::MemoryStore;
use sealight_issue::lot::WholeLot;
use sealight_tests::kit::gateway::Upstream;
use sealight_verify::format::answer::decode_receipts;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::lot::StorageReceipt;
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{Policy, SealClaim};
use sealight_verify::time::{Seconds, Timestamp};
use std::sync::Arc;
use std::time::Duration;

impl Consortium {
    /// A device that asks only the nodes at these places, in this order.
    pub(crate) fn device(&self, places: &[usize]) -> Client {
        let trust = std::fs::read(self.folder.join("trust")).unwrap();
        self.device_at(&trust, &self.urls(places), clock::system())
    }

    /// A device that asks only these addresses, in this order.
    pub(crate) fn device_of(&self, urls: &[String]) -> Client {
        let trust = std::fs::read(self.folder.join("trust")).unwrap();
        self.device_at(&trust, urls, clock::system())
    }

    /// The same with a trust file of its own, first opened at `now`.
    pub(crate) fn device_at(&self, trust: &[u8], urls: &[String], now: Timestamp) -> Client {
        let built = now.saturating_sub(Seconds::days(1));
        let light = Light::open(Box::new(MemoryStore::new()), trust, built, now).unwrap();
        // Without the trust file's own list, so that no other node is asked.
        let mut alone = light.trust().clone();
        for operator in alone.ledgers.iter_mut().flat_map(|ledger| &mut ledger.operators) {
            operator.gateways.clear();
        }
        let urls: Vec<GatewayUrl> =
            urls.iter().map(|url| GatewayUrl::listed(url).unwrap()).collect();
        let online = Online::new(&alone, &urls, patience());
        Client { light, online }
    }

    /// Waits until each of these nodes has the files of a lot.
    pub(crate) fn until_stored(&self, lot: &WholeLot, places: &[usize]) {
        let path = format!("/lot/{}/{}", lot.lot.root(), lot.buckets.len() - 1);
        self.until("the lot's files at each", |net| {
            let has = |place: &usize| {
                Upstream::new(net.node(*place).gateway).read(&path).body().is_some()
            };
            places.iter().all(has)
        });
    }

    /// Addresses of the gateways of nodes.
    pub(crate) fn urls(&self, places: &[usize]) -> Vec<String> {
        let nodes = self.network.status().unwrap();
        places.iter().map(|place| format!("http://{}", nodes[*place].gateway)).collect()
    }
}

/// Proves a claim as a shopper's device does, present time.
pub(crate) fn prove(device: &mut Client, claim: &SealClaim, reach: Reach) -> Proven {
    prove_at(device, claim, reach, clock::system())
}

pub(crate) fn prove_at(
    device: &mut Client,
    claim: &SealClaim,
    reach: Reach,
    system: Timestamp,
) -> Proven {
    device.prove(claim, &Policy::SHOPPER, reach, system, &mut |_| {}, &Cancel::default())
}

/// Synchronises headers; the head's height where a gateway's head was reached.
pub(crate) fn sync(consortium: &Consortium, device: &mut Client) -> Result<u64, String> {
    let report =
        device.sync_headers(&consortium.ledger, clock::system(), &mut |_| {}, &Cancel::default());
    report.outcome.map_err(|faults| format!("{faults:?}"))?;
    Ok(report.head.map_or(0, |(height, _)| height))
}

/// The receipts of a lot that was uploaded to the node at this place.
pub(crate) fn receipts(
    consortium: &Consortium,
    device: &mut Client,
    place: usize,
    lot: (&LotId, &Hash32, u32),
) -> Vec<StorageReceipt> {
    // Where all who were there at the start are gone, a device that was not has no way to the head.
    if sync(consortium, device).is_err() {
        return told_receipts(consortium, place, lot);
    }
    let Client { light, online } = device;
    let chain = light.chain(&consortium.ledger).unwrap();
    online.receipts(chain, lot, &Cancel::default()).unwrap()
}

/// What a node gives, for the ledger alone to judge.
fn told_receipts(
    consortium: &Consortium,
    place: usize,
    (lot, root, size): (&LotId, &Hash32, u32),
) -> Vec<StorageReceipt> {
    let url = GatewayUrl::listed(&consortium.urls(&[place])[0]).unwrap();
    let gateway = Gateway::new(url, Arc::new(Http::new(patience())));
    decode_receipts(&gateway.receipts(lot, root, size, &Cancel::default()).unwrap()).unwrap()
}

fn patience() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(2),
        read: Duration::from_secs(30),
        total: Duration::from_secs(30),
    }
}
