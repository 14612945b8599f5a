//! Packs in the tests of this crate: a node's files as they are exported, and packs of them.

use super::world::World;
use crate::cancel::Cancel;
use crate::client::{Client, Export, ExportError, Light, Online, PackReport, PackStopped};
use crate::net::{Gateway, GatewayUrl, Http, Timeouts};
use crate::testfolder::Folder;
use sealight_issue::key::SigningKey;
use sealight_ledger::gateway::{self, Uploads};
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::pack::{PackStart, PackWriter, Place};
use sealight_verify::sign::Algorithm;
use std::sync::Arc;

/// Files with their places, in a pack's order.
pub(crate) type Chunks = Vec<(Place, Vec<u8>)>;

/// Everything of a world's ledger now.
pub(crate) fn exported(world: &World) -> Chunks {
    let any = "127.0.0.1:0".parse().unwrap();
    let node = gateway::Gateway::start(any, Arc::clone(&world.ledger), Uploads::Nobody).unwrap();
    export(world, &format!("http://{}", node.address()), &[]).unwrap()
}

/// What is exported of these lots, or of all, from a gateway.
pub(crate) fn export(world: &World, url: &str, lots: &[LotId]) -> Result<Chunks, ExportError> {
    let url = GatewayUrl::listed(url).unwrap();
    let gateway = Gateway::new(url, Arc::new(Http::new(Timeouts::default())));
    let mut device = world.device(&[]);
    let ledger = world.ledger.ledger();
    let now = device.light.now(&ledger, world.now()).unwrap();
    let export = Export {
        gateway: &gateway,
        trust: device.light.trusted(),
        chain: device.light.chain(&ledger).unwrap(),
        now: &now,
        lots,
        has: &|_| false,
        words: &[],
        cancel: &Cancel::default(),
    };
    let mut chunks = Chunks::new();
    let head = export.head()?;
    let put = &mut |place: &Place, bytes: &[u8]| {
        chunks.push((place.clone(), bytes.to_vec()));
        Ok(())
    };
    export.run(&head, put, &mut |_| {})?;
    Ok(chunks)
}

/// The height whose state these files are.
pub(crate) fn height_of(chunks: &[(Place, Vec<u8>)]) -> u64 {
    let lot = chunks.iter().find_map(|(place, _)| match place {
        Place::Lot(height, _) | Place::Lots(height) => Some(*height),
        _ => None,
    });
    lot.unwrap()
}

/// A pack of these files, signed by a maker whom nobody knows.
pub(crate) fn pack_of(ledger: LedgerId, chunks: &[(Place, Vec<u8>)]) -> Vec<u8> {
    let maker = SigningKey::from_seed(Algorithm::Ed25519, &[8; 32]).unwrap();
    let start = PackStart { version: 1, ledger, height: height_of(chunks), bases: Vec::new() };
    let (mut writer, mut pack) = PackWriter::begin(&start);
    for (place, bytes) in chunks {
        pack.extend(writer.chunk(place, bytes).unwrap());
    }
    pack.extend(writer.end(maker.public(), None, |message| maker.sign(message)));
    pack
}

/// A pack in a file, and gateways' side with that file alone.
pub(crate) struct Carried {
    folder: Folder,
}

impl Carried {
    pub(crate) fn new(pack: &[u8]) -> Self {
        let folder = Folder::new();
        std::fs::write(folder.path("a.pack"), pack).unwrap();
        Self { folder }
    }

    pub(crate) fn url(&self) -> GatewayUrl {
        GatewayUrl::of_file(&self.folder.path("a.pack")).unwrap()
    }

    /// The gateways' side of a device, with this pack and no gateway.
    pub(crate) fn alone(&self, light: &Light) -> Online {
        Online::new(light.trust(), &[], Timeouts::default()).with_packs([self.url()])
    }
}

/// What a device makes of a pack.
pub(crate) fn read(
    world: &World,
    device: &mut Client,
    pack: &[u8],
) -> Result<PackReport, PackStopped> {
    device.light.read_pack(&mut &pack[..], world.now(), &mut |_| {}, &Cancel::default())
}
