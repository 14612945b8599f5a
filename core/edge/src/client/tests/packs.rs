//! Packs and exports of makers and gateways who leave out, repeat, bend, or are of another ledger.

use super::packed::{Carried, Chunks, export, exported, height_of, pack_of, read};
use super::world::World;
use crate::client::{Client, ExportError, Online, PackFault, PackReport, PackStopped, Reach};
use crate::home::{Config, Home};
use crate::net::testserver::{Step, TestServer, reply};
use crate::net::{Fault, NetError};
use crate::testfolder::Folder;
use sealight_ledger::gateway::{self, Uploads};
use sealight_verify::codec::{decode, encode};
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::entry::{Body, LifeChange};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::pack::{LotList, PackHead, Place};
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{Finding, Unproven};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

/// A world whose lot was touched, so that its pack has life files.
fn touched() -> (World, Chunks) {
    let world = World::new(1);
    let ranges = vec![ItemRange { first: 3, last: 4 }];
    let change = LifeChange { lot: world.lot_id(), ranges, to: LifeState::Void, restore: None };
    world.submit(Body::ChangeLife(change));
    let chunks = exported(&world);
    (world, chunks)
}

#[test]
fn a_pack_that_was_imported_to_the_home_answers_without_a_gateway() {
    let (world, folder) = (World::new(1), Folder::new());
    let home = Home::open(&folder.path("device")).unwrap();
    let mut device = world.device(&[]);
    let of_device =
        |device: &Client| Online::of_device(&home, device.light.trust(), &Config::default());
    device.online = of_device(&device);
    let claim = world.claim(5);
    let without = world.prove(&mut device, &claim, Reach::Online);
    assert!(matches!(without.judgement.verdict.record, Finding::Unproven(_)));
    std::fs::create_dir(home.packs()).unwrap();
    let pack = pack_of(world.ledger.ledger(), &exported(&world));
    std::fs::write(home.pack(&Hash32([1; 32])), pack).unwrap();
    device.online = of_device(&device);
    let with = world.prove(&mut device, &claim, Reach::Online);
    assert!(matches!(with.judgement.verdict.record, Finding::Proven(_)));
}

fn report(world: &World, chunks: &[(Place, Vec<u8>)]) -> PackReport {
    let pack = pack_of(world.ledger.ledger(), chunks);
    read(world, &mut world.device(&[]), &pack).unwrap()
}

fn places(chunks: &[(Place, Vec<u8>)], kind: fn(&Place) -> bool) -> Vec<usize> {
    (0..chunks.len()).filter(|at| kind(&chunks[*at].0)).collect()
}

#[test]
fn a_file_that_is_left_out_is_missed() {
    let (world, chunks) = touched();
    let whole = report(&world, &chunks);
    assert_eq!((whole.missing, whole.refused, whole.counts.lives), (0, vec![], 3));
    let kinds: [fn(&Place) -> bool; 3] = [
        |place| *place == Place::Head,
        |place| matches!(place, Place::Life(..)),
        |place| matches!(place, Place::Bucket(..)),
    ];
    for (kind, count) in kinds.into_iter().zip([1, 3, 3]) {
        let there = places(&chunks, kind);
        assert_eq!(there.len(), count);
        for at in there {
            let mut less = chunks.clone();
            let (place, _) = less.remove(at);
            let report = report(&world, &less);
            assert_eq!((report.missing, report.refused), (1, vec![]), "{place}");
        }
    }
    // A lot that the list names, with all that it has.
    let without = |(place, _): &&(Place, Vec<u8>)| {
        !matches!(place, Place::Lot(..) | Place::Life(..) | Place::Bucket(..))
    };
    let less: Chunks = chunks.iter().filter(without).cloned().collect();
    assert_eq!(report(&world, &less).missing, 1);
}

#[test]
fn a_file_that_is_there_twice_is_refused() {
    let (world, chunks) = touched();
    for at in 0..chunks.len() {
        let mut more = chunks.clone();
        more.insert(at + 1, chunks[at].clone());
        let report = report(&world, &more);
        let why: Vec<_> = report.refused.into_iter().map(|refused| refused.why).collect();
        assert_eq!(why, [PackFault::Twice], "{}", chunks[at].0);
    }
    // A second one does not stand for the one that is left out.
    let buckets = places(&chunks, |place| matches!(place, Place::Bucket(..)));
    let mut swapped = chunks.clone();
    swapped[buckets[1]] = chunks[buckets[0]].clone();
    let report = report(&world, &swapped);
    assert_eq!((report.missing, report.refused_count), (1, 1));
}

#[test]
fn a_head_out_of_bounds_is_refused() {
    let (world, chunks) = touched();
    let at = places(&chunks, |place| *place == Place::Head)[0];
    let honest: PackHead = decode(&chunks[at].1).unwrap();
    let odd = [
        (PackHead { changes: vec![2, 1], ..honest.clone() }, "changes"),
        (PackHead { changes: vec![0], ..honest.clone() }, "changes"),
        (PackHead { changes: (1..5000).collect(), ..honest.clone() }, "changes"),
        (PackHead { height: 0, ..honest.clone() }, "height"),
        (PackHead { height: u64::MAX, ..honest.clone() }, "height"),
    ];
    for (head, expected) in odd {
        let mut bent = chunks.clone();
        bent[at].1 = encode(&head);
        let refused = report(&world, &bent).refused;
        let [only] = &refused[..] else { panic!("{refused:?}") };
        let PackFault::Bounds(BoundsError::TooLong { field, .. } | BoundsError::Unfit { field }) =
            only.why
        else {
            panic!("{only:?}")
        };
        assert_eq!(field, expected);
        // Nor does a scan take such a pack's word for where it begins.
        let pack = Carried::new(&pack_of(world.ledger.ledger(), &bent));
        let mut device = world.device(&[]);
        device.online = pack.alone(&device.light);
        let said = world.prove(&mut device, &world.claim(5), Reach::Offline);
        let nothing = Finding::Unproven(Unproven::NoNetwork);
        assert_eq!(said.judgement.verdict.record, nothing, "{head:?}");
    }
}

#[test]
fn a_list_of_lots_out_of_order_is_refused() {
    let (world, mut chunks) = touched();
    let at = places(&chunks, |place| matches!(place, Place::Lots(_)))[0];
    let lots = vec![LotId([9; 8]), world.lot_id(), LotId([0; 8])];
    chunks[at].1 = encode(&LotList { version: 1, lots });
    let why: Vec<_> = report(&world, &chunks).refused.into_iter().map(|one| one.why).collect();
    assert_eq!(why, [PackFault::Bounds(BoundsError::Unfit { field: "lots" })]);
}

#[test]
fn a_pack_of_another_ledger_is_refused_and_passed_over() {
    let ((world, ours), other) = (touched(), World::new(2));
    let ledger = other.ledger.ledger();
    let foreign = pack_of(ledger, &exported(&other));
    let mut device = world.device(&[]);
    let refused = read(&world, &mut device, &foreign).err();
    assert_eq!(refused, Some(PackStopped::UnknownLedger { ledger }));
    // One that says it is of ours, with files of the other.
    let mixed = pack_of(world.ledger.ledger(), &exported(&other));
    let report = read(&world, &mut device, &mixed).unwrap();
    assert!(report.as_of.is_none() && report.refused_count > 0, "{report:?}");
    let (one, another) = (Carried::new(&foreign), Carried::new(&mixed));
    let own = Carried::new(&pack_of(world.ledger.ledger(), &ours));
    let alone = one.alone(&device.light).with_packs([another.url()]);
    device.online = alone;
    let said = world.prove(&mut device, &world.claim(5), Reach::Offline).judgement.verdict;
    assert_eq!(said.record, Finding::Unproven(Unproven::NoNetwork));
    // They stand in nobody's way.
    device.online = one.alone(&device.light).with_packs([another.url(), own.url()]);
    let said = world.prove(&mut device, &world.claim(5), Reach::Offline).judgement.verdict;
    assert!(matches!(said.record, Finding::Proven(_)), "{said:?}");
}

/// A node behind a gateway that puts other bytes in a file's place, or answers otherwise.
struct Bent {
    _node: gateway::Gateway,
    server: TestServer,
}

impl Bent {
    fn new(
        world: &World,
        bend: impl Fn(&Place, Vec<u8>) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self::answering(world, move |place, bytes| reply("200 OK", &bend(place, bytes)))
    }

    fn answering(
        world: &World,
        answers: impl Fn(&Place, Vec<u8>) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let any = "127.0.0.1:0".parse().unwrap();
        let node = gateway::Gateway::start(any, Arc::clone(&world.ledger), Uploads::Nobody);
        let node = node.unwrap();
        let address = node.address();
        let server = TestServer::start(move |asked| {
            let mut stream = TcpStream::connect(address).unwrap();
            let path = asked.path();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            let head = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
            match Place::from_path(path).filter(|_| answer.starts_with(b"HTTP/1.1 200")) {
                Some(place) => answers(&place, answer[head..].to_vec()),
                None => reply("404 Not Found", b""),
            }
        });
        Self { _node: node, server }
    }
}

/// Flips a bit near the end of a file of this kind.
fn hurt(world: &World, kind: fn(&Place) -> bool) -> Result<Chunks, ExportError> {
    let bent = Bent::new(world, move |place, mut bytes| {
        let at = bytes.len().saturating_sub(20);
        if kind(place) {
            bytes[at] ^= 1;
        }
        bytes
    });
    export(world, &bent.server.url(), &[])
}

#[test]
fn nothing_is_exported_that_does_not_hold() {
    let (world, chunks) = touched();
    let honest = Bent::new(&world, |_, bytes| bytes);
    assert!(export(&world, &honest.server.url(), &[]).unwrap() == chunks);
    type Is = fn(&Place) -> bool;
    let kinds: [(&str, Is); 6] = [
        ("trust", |place| matches!(place, Place::Trust(_))),
        ("checkpoint", |place| matches!(place, Place::Checkpoint(_))),
        ("block", |place| matches!(place, Place::Block(_))),
        ("lot", |place| matches!(place, Place::Lot(..))),
        ("life", |place| matches!(place, Place::Life(..))),
        ("bucket", |place| matches!(place, Place::Bucket(..))),
    ];
    for (name, kind) in kinds {
        assert!(chunks.iter().any(|(place, _)| kind(place)), "{name}");
        let error = hurt(&world, kind).unwrap_err();
        let refused = matches!(&error, ExportError::Unfit { place, .. } if kind(place));
        assert!(refused, "{name}: {error:?}");
    }
    for kind in [Place::Recalls(height_of(&chunks)), Place::Lots(height_of(&chunks))] {
        let other = kind.clone();
        let bent = Bent::new(&world, move |place, bytes| match *place == other {
            true => b"no such structure".to_vec(),
            false => bytes,
        });
        let error = export(&world, &bent.server.url(), &[]).unwrap_err();
        assert!(matches!(&error, ExportError::Unfit { place, .. } if *place == kind), "{error:?}");
    }
}

#[test]
fn only_a_file_that_is_said_to_be_absent_is_left_out() {
    let (world, chunks) = touched();
    let recalls = Place::Recalls(height_of(&chunks));
    let says = |status: &'static str| {
        let at = recalls.clone();
        let bent = Bent::answering(&world, move |place, bytes| match *place == at {
            true => reply(status, b""),
            false => reply("200 OK", &bytes),
        });
        export(&world, &bent.server.url(), &[])
    };
    let without: Chunks = chunks.iter().filter(|(place, _)| *place != recalls).cloned().collect();
    assert_eq!(without.len() + 1, chunks.len());
    assert!(says("404 Not Found").unwrap() == without);
    for status in ["403 Forbidden", "429 Too Many Requests", "500 Internal Server Error"] {
        let error = says(status).unwrap_err();
        let told = matches!(error, ExportError::Gateway(Fault::Net(NetError::Status { .. })));
        assert!(told, "{status}: {error:?}");
    }
}

#[test]
fn an_export_of_one_lot_lists_no_others() {
    let (world, chunks) = touched();
    let bent = Bent::new(&world, |_, bytes| bytes);
    let alone = export(&world, &bent.server.url(), &[world.lot_id(), world.lot_id()]).unwrap();
    assert_eq!(alone.len() + 1, chunks.len());
    assert!(!alone.iter().any(|(place, _)| matches!(place, Place::Lots(_))));
    let report = report(&world, &alone);
    assert_eq!((report.missing, report.refused), (0, vec![]));
}
