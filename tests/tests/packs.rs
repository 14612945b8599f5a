//! Packs by the shipped command: whatever holds the files, a node, a plain web server, a folder or
//! a pack, the bytes and the verdicts are the same; and nothing in a pack is better than its proofs.

use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Client, Online, PackReport, PackStopped, Reach};
use sealight_edge::clock;
use sealight_edge::net::{Gateway, GatewayUrl, Http, Timeouts};
use sealight_edge::store::MemoryStore;
use sealight_flow::json::verdict_json;
use sealight_issue::key::SigningKey;
use sealight_tests::kit::gateway_ledger::{Prepared, RECALLED, Running, prove, sealight};
use sealight_tests::kit::nginx::Nginx;
use sealight_verify::format::pack::{Chunk, PackReader, PackStart, PackWriter, Piece, Place};
use sealight_verify::judge::{Finding, Outcome, Unproven, Verdict};
use sealight_verify::sign::Algorithm;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

#[path = "packs/scene.rs"]
mod scene;

use scene::{Scene, chunks_of, report_of, whole_of};

/// Bottles that devices ask about: fine ones of each bucket, and the recalled one.
const BOTTLES: [u32; 4] = [0, 77, RECALLED, 129];

#[test]
fn packs_come_back_the_same_and_the_same_inputs_give_the_same_pack() {
    let scene = Scene::new(1);
    let (first, again) = (scene.export("a.pack", &[]), scene.export("b.pack", &[]));
    let pack = std::fs::read(&first).unwrap();
    assert_eq!(pack, std::fs::read(&again).unwrap());
    let report = scene.report(&pack).unwrap();
    whole_of(&report);
    assert_eq!((report.counts.lots, report.counts.items), (2, 260));
    assert_eq!(report.counts.buckets, 6);
    assert!(!report.older && report.as_of.is_some());
    println!("figure: bytes of a pack with 260 items in two lots: {} B", pack.len());
    let shown = scene.command(&["pack", "show", &first.display().to_string()]);
    assert_eq!(shown["signed"], true);
    assert_eq!(shown["lot_count"], 2);
    let alone = scene.export("one.pack", &["--lot", &scene.lot()]);
    assert_eq!(scene.report(&std::fs::read(alone).unwrap()).unwrap().counts.lots, 1);
}

#[test]
fn packs_that_are_damaged_or_cut_say_so_and_prove_nothing_better() {
    let scene = Scene::new(1);
    let pack = std::fs::read(scene.export("a.pack", &["--lot", &scene.lot()])).unwrap();
    let path = scene.place("hurt.pack");
    let (mut tried, mut still) = (0, 0);
    let mut hurt = |bytes: &[u8], what: &str| {
        let holds = scene.report(bytes).is_ok_and(|report| {
            let signed = report.sealed.as_ref().is_some_and(|sealed| sealed.signed.is_ok());
            signed && report.damaged_count == 0 && report.refused_count == 0
        });
        assert!(!holds, "{what}");
        std::fs::write(&path, bytes).unwrap();
        let mut device = scene.of_files(&[&path]);
        let verdict = scene.verdict(&mut device, 77);
        assert!(matches!(verdict.record, Finding::Proven(_) | Finding::Unproven(_)), "{what}");
        still += u32::from(verdict.outcome() == Outcome::Proven);
        let recalled = scene.verdict(&mut device, RECALLED).outcome();
        assert!(matches!(recalled, Outcome::ProvenBut | Outcome::Unproven), "{what}: {recalled:?}");
        tried += 1;
    };
    for at in (0..pack.len()).step_by(pack.len() / 150) {
        let mut bytes = pack.clone();
        bytes[at] ^= 1 << (at % 8);
        hurt(&bytes, &format!("byte {at}"));
    }
    for length in (0..pack.len()).step_by(pack.len() / 40) {
        hurt(&pack[..length], &format!("{length} bytes"));
    }
    println!("figure: damaged packs: {tried}");
    println!("figure: of them, whose rest still proves an item: {still}");
    assert!(still > 0 && still < tried, "{still} of {tried}");
}

#[test]
fn packs_build_on_packs_and_are_refused_without_them() {
    let scene = Scene::new(1);
    let first = scene.export("first.pack", &[]);
    scene.running.enter("shipped");
    let named = first.display().to_string();
    let second = scene.export("second.pack", &["--since", &named]);
    scene.running.enter("arrived");
    let since = second.display().to_string();
    let third = scene.export("third.pack", &["--since", &named, "--since", &since]);
    let [a, b, c] = [&first, &second, &third].map(|path| std::fs::metadata(path).unwrap().len());
    println!("figure: whole pack: {a} B\nfigure: delta after one event: {b} B");
    assert!(b < a / 2 && c < a / 2, "{a} {b} {c}");
    let places = chunks_of(&std::fs::read(&third).unwrap());
    assert!(places.iter().any(|chunk| matches!(chunk.place, Place::Lot(..))));
    assert!(!places.iter().any(|chunk| matches!(chunk.place, Place::Bucket(..))));

    let import = |path: &Path| scene.run(&["pack", "import", &path.display().to_string()]);
    for too_early in [&second, &third] {
        let (code, told) = import(too_early);
        assert_eq!((code, &told["error"]["code"]), (22, &Value::from("pack-base-missing")));
    }
    for path in [&first, &second, &third] {
        let (code, told) = import(path);
        assert_eq!(code, 0, "{told}");
    }
    let seal = scene.running.prepared.lot.seals[77].fragment();
    let link = format!("https://sealight.example/s#{seal}");
    let (code, told) = scene.run(&["scan", "--text", &link, "--offline", "--forget"]);
    let item = &told["results"][0];
    assert_eq!((code, &item["outcome"]), (0, &Value::from("proven")), "{told}");
    let events = item["record"]["item"]["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["step"] == "arrived"), "{events:?}");
    let (code, _) = scene.run(&["pack", "verify", &since]);
    assert_eq!(code, 0, "a delta holds by itself, as far as it goes");
}

#[test]
fn packs_of_a_lying_maker_are_refused_whoever_signs() {
    let scene = Scene::new(1);
    let pack = std::fs::read(scene.export("a.pack", &[])).unwrap();
    let chunks = chunks_of(&pack);
    let of = |kind: fn(&Place) -> bool| {
        chunks.iter().filter(move |chunk| kind(&chunk.place)).collect::<Vec<&Chunk>>()
    };
    let buckets = of(|place| matches!(place, Place::Bucket(..)));
    let lots = of(|place| matches!(place, Place::Lot(..)));
    let lives = of(|place| matches!(place, Place::Life(..)));
    let blocks = of(|place| matches!(place, Place::Block(..)));
    // Each lie is another file of the same ledger in a file's place, or a bent one, signed anew.
    let mut lies: Vec<(&Place, Vec<u8>)> = vec![
        (&buckets[0].place, buckets[1].bytes.clone()),
        (&lots[0].place, lots[1].bytes.clone()),
        (&lives[0].place, lives[1].bytes.clone()),
    ];
    for chunk in [buckets[0], lots[0], lives[1], blocks[0]] {
        let mut bent = chunk.bytes.clone();
        let last = bent.len() - 40;
        bent[last] ^= 1;
        lies.push((&chunk.place, bent));
    }
    for (place, lie) in &lies {
        let lying = scene.signed(&chunks, |chunk| match chunk.place == **place {
            true => lie.clone(),
            false => chunk.bytes.clone(),
        });
        let report = scene.report(&lying).unwrap();
        assert!(report.sealed.as_ref().unwrap().signed.is_ok(), "{place}");
        assert!(report.refused_count > 0, "{place}");
        let path = scene.place("lying.pack");
        std::fs::write(&path, &lying).unwrap();
        let (code, told) = scene.run(&["pack", "import", &path.display().to_string()]);
        assert_eq!((code, &told["error"]["code"]), (22, &Value::from("pack-refused")), "{place}");
        let mut device = scene.of_files(&[&path]);
        for bottle in BOTTLES {
            let said = scene.verdict(&mut device, bottle);
            let honest = bottle != RECALLED || said.outcome() != Outcome::Proven;
            let red = matches!(said.record, Finding::NotOnLedger(_) | Finding::Contradicted(_));
            assert!(honest && !red, "{place}: {said:?}");
        }
    }
    println!("figure: lies that a maker signed: {}", lies.len());
}

#[test]
fn packs_of_another_ledger_are_none_of_this_devices() {
    let (scene, other) = (Scene::new(1), Scene::new(2));
    let foreign = other.export("foreign.pack", &[]);
    let ledger = other.running.prepared.ledger;
    let told = scene.report(&std::fs::read(&foreign).unwrap());
    assert_eq!(told.err(), Some(PackStopped::UnknownLedger { ledger }));
    let said = scene.verdict(&mut scene.of_files(&[&foreign]), 77);
    assert_eq!(said.record, Finding::Unproven(Unproven::NoNetwork));
}

#[test]
fn packs_older_than_what_is_known_take_nothing_back() {
    let scene = Scene::new(1);
    let old = scene.export("old.pack", &[]);
    let height = scene.running.enter("shipped");
    let urls = [scene.running.url()];
    let mut device = scene.running.prepared.device(Box::new(MemoryStore::new()), &urls);
    let newer = scene.verdict(&mut device, 77);
    assert!(newer.as_of.unwrap().height >= height);
    let mut file = std::fs::File::open(&old).unwrap();
    let report = report_of(&mut device, &mut file).unwrap();
    assert!(report.older);
    whole_of(&report);
    let head = device.light.chain(&scene.running.prepared.ledger).unwrap().head().unwrap().height();
    assert!(head >= height);
    let url = GatewayUrl::of_file(&old).unwrap();
    device.online = scene.no_gateway().with_packs([url]);
    for reach in [Reach::Offline, Reach::Online] {
        let claim = scene.running.prepared.claim(77);
        let again = prove(&mut device, &claim, reach).judgement.verdict;
        assert_eq!(again.as_of.unwrap().height, newer.as_of.unwrap().height, "{reach:?}");
        // What the device never scanned comes from the pack, as of then.
        let claim = scene.running.prepared.claim(0);
        let packed = prove(&mut device, &claim, reach).judgement.verdict;
        assert!(packed.as_of.unwrap().height < height, "{reach:?}");
    }
    // A lot that the pack's state does not have yet is not said to be absent.
    let mut claim = scene.running.prepared.claim(0);
    if let sealight_verify::judge::Named::Item(item) = &mut claim.names {
        item.lot.0[0] ^= 1;
    }
    let said = prove(&mut device, &claim, Reach::Offline).judgement.verdict;
    assert!(matches!(said.record, Finding::Unproven(_)), "{said:?}");
}

#[test]
fn packs_of_any_length_are_read_with_one_frame_in_memory() {
    const CHUNK: usize = 1 << 20;
    const CHUNKS: u32 = 96;
    const PORTION: usize = 64 * 1024;
    let start = PackStart {
        version: 1,
        ledger: sealight_verify::format::ids::LedgerId([1; 32]),
        height: 1,
        bases: Vec::new(),
    };
    let (mut writer, mut bytes) = PackWriter::begin(&start);
    let (mut reader, mut most, mut chunks) = (PackReader::new(), 0, 0);
    let body = vec![7; CHUNK];
    let root = sealight_verify::hash::Hash32([3; 32]);
    for number in 0..CHUNKS {
        bytes.extend(writer.chunk(&Place::Bucket(root, number), &body).unwrap());
        for portion in bytes.chunks(PORTION) {
            reader.feed(portion);
            most = most.max(reader.held());
            while let Some(piece) = reader.piece() {
                chunks += u32::from(matches!(piece, Piece::Chunk(_)));
            }
        }
        bytes.clear();
    }
    assert_eq!(chunks, CHUNKS);
    println!("figure: read of a pack: {} B", u64::from(CHUNKS) * CHUNK as u64);
    println!("figure: most held of it: {most} B");
    assert!(most <= CHUNK + 2 * PORTION, "{most}");
}

#[test]
fn sources_have_the_same_bytes_at_the_same_places() {
    let scene = Scene::new(1);
    let (pack, site) = scene.export_both();
    let nginx = Nginx::over(&site);
    let mut urls = vec![scene.running.url()];
    match &nginx {
        Some(nginx) => urls.push(nginx.url()),
        None => println!("skipped: no nginx on this machine (Debian package nginx-light)"),
    }
    urls.push(GatewayUrl::of_file(&site).unwrap().as_str().to_owned());
    urls.push(GatewayUrl::of_file(&pack).unwrap().as_str().to_owned());
    let (cancel, http) = (Cancel::default(), Arc::new(Http::new(Timeouts::default())));
    let mut count = 0;
    let chunks = chunks_of(&std::fs::read(&pack).unwrap());
    assert!(chunks.iter().any(|chunk| matches!(chunk.place, Place::Bucket(..))));
    for chunk in chunks {
        for url in &urls {
            // Words are the exporter's own; a node has none.
            if matches!(chunk.place, Place::Words(_)) && *url == scene.running.url() {
                continue;
            }
            let gateway = Gateway::new(GatewayUrl::configured(url).unwrap(), Arc::clone(&http));
            let bytes = gateway.file(&chunk.place, &cancel);
            assert_eq!(bytes.as_ref(), Ok(&chunk.bytes), "{} at {url}", chunk.place);
            count += 1;
        }
    }
    println!("figure: files compared: {count}");
}

#[test]
fn sources_give_the_same_verdict() {
    let scene = Scene::new(1);
    let (pack, site) = scene.export_both();
    let urls = |url: String| [url];
    let live =
        |url: String| scene.running.prepared.device(Box::new(MemoryStore::new()), &urls(url));
    let mut node = live(scene.running.url());
    let mut others =
        vec![("a pack", scene.of_files(&[&pack])), ("a folder", scene.of_files(&[&site]))];
    let nginx = Nginx::over(&site);
    match &nginx {
        Some(nginx) => others.push(("nginx", live(nginx.url()))),
        None => println!("skipped: no nginx on this machine (Debian package nginx-light)"),
    }
    let document = |device: &mut Client, bottle: u32| {
        let claim = scene.running.prepared.claim(bottle);
        let verdict = prove(device, &claim, Reach::Online).judgement.verdict;
        let mut document = verdict_json(&claim, &verdict);
        // The only thing that goes on by itself between two questions.
        document["as_of"]["age"] = Value::Null;
        document
    };
    for bottle in BOTTLES {
        let expected = document(&mut node, bottle);
        let outcome = if bottle == RECALLED { "proven-but" } else { "proven" };
        assert_eq!(expected["outcome"], outcome);
        for (source, device) in &mut others {
            assert_eq!(document(device, bottle), expected, "bottle {bottle} from {source}");
        }
    }
    println!("figure: sources that agree: {}", others.len() + 1);
}
