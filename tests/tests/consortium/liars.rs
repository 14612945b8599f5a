//! Gateways that lie in front of the real network: they fork, lie about the head, withhold.

use crate::consortium_support::{Consortium, brand, event, gtin, prove, sync};
use sealight_edge::client::{Client, Reach};
use sealight_edge::clock;
use sealight_issue::comet::{Vote, commit_answer};
use sealight_issue::lot::WholeLot;
use sealight_ledger::node::NetworkOptions;
use sealight_tests::kit::gateway::{Liar, Sent};
use sealight_verify::comet::LightBlock;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Finding, Freshness, Outcome, SealClaim, Unproven, Verdict};
use std::time::Duration;

/// A network with a lot, and a gateway that lies before its first node.
struct Scene {
    net: Consortium,
    liar: Liar,
    lot: WholeLot,
}

impl Scene {
    fn new() -> Option<Self> {
        let interval = Duration::from_secs(1);
        let mut net = Consortium::start(&NetworkOptions { interval, ..Default::default() })?;
        net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
        let lot = net.lot(0, "distillery", 1, 130);
        net.submit(1, "distillery", &[], event(lot.lot.id(), "shipped"));
        let liar = Liar::before(net.node(0).gateway);
        Some(Self { net, liar, lot })
    }

    /// A device that asks the liar, and behind it honest nodes.
    fn device(&self, honest: &[usize]) -> Client {
        let mut urls = vec![self.liar.url()];
        urls.extend(self.net.urls(honest));
        self.net.device_of(&urls)
    }

    fn scan(&self, device: &mut Client) -> Verdict {
        let claim = SealClaim::of_seal(&self.lot.seals[77], Carrier::Qr);
        prove(device, &claim, Reach::Online).judgement.verdict
    }

    /// A lie makes nothing red, and an honest node behind the liar is heard.
    fn survives(&self, what: &str) -> Verdict {
        let alone = self.scan(&mut self.device(&[]));
        let red = matches!(alone.record, Finding::Contradicted(_) | Finding::NotOnLedger(_));
        assert!(!red, "{what}: {:?}", alone.record);
        let both = self.scan(&mut self.device(&[2]));
        assert_eq!(both.outcome(), Outcome::Proven, "{what}: {:?}", both.record);
        assert_eq!(both.freshness, Freshness::Fresh, "{what}");
        println!("{what}: alone {:?}; with an honest node: proven", alone.outcome());
        alone
    }

    /// Another header at the newest height, signed by so many of the validators.
    fn forged(&self, honest: &LightBlock, signers: usize) -> LightBlock {
        let mut header = honest.header.clone();
        header.app_hash.0 = vec![0xfa; 32];
        let time = header.time;
        let all = self.net.signers(&[0, 1, 2, 3]);
        let vote = |place| if place < signers { Vote::Commit(time) } else { Vote::Absent };
        all.sign_with(header, 0, vote)
    }

    fn serve_head(&self, block: &LightBlock) {
        let (height, body) = (block.height(), commit_answer(block).into_bytes());
        self.liar.lie(move |path, upstream| {
            let asked = path == "/commit" || path == format!("/commit?height={height}");
            if asked { Sent::Whole(200, body.clone()) } else { upstream.read(path) }
        });
    }
}

#[test]
#[ignore = "the claim consortium-liars"]
fn a_gateway_that_lies_about_the_head_or_withholds_is_passed_over() {
    let Some(scene) = Scene::new() else { return };
    scene.survives("honest");
    let head = scene.net.height(1);
    scene.net.until("blocks above it", |net| net.height(1) > head + 2);
    scene.liar.lie(move |path, upstream| match path {
        "/commit" => upstream.read(&format!("/commit?height={}", head + 1)),
        _ => upstream.read(path),
    });
    // An older head is no lie that can be seen: it is told with its own age.
    scene.survives("an older head");
    let honest = scene.net.block(0, head);
    // As if it had been made an hour later: no signature is over that.
    let mut invented = honest.clone();
    invented.header.height += 1_000;
    scene.serve_head(&invented);
    let alone = scene.survives("an invented head");
    assert_ne!(alone.as_of.map(|as_of| as_of.height), Some(invented.header.height));
    scene.serve_head(&scene.forged(&honest, 2));
    scene.survives("a head signed by two of four");
    type Withholds = fn(&str) -> bool;
    let withheld: [(&str, Withholds); 5] = [
        // Both places at which a node tells its head: RPC, and the files of a web server.
        ("heads withheld", |path| path.starts_with("/commit") || path.starts_with("/pack/")),
        ("validators withheld", |path| path.starts_with("/validators")),
        ("states withheld", |path| path.starts_with("/abci_query")),
        ("files withheld", |path| path.starts_with("/lot/")),
        ("everything withheld", |_| true),
    ];
    for (what, withheld) in withheld {
        for answer in [Sent::HangUp, Sent::Whole(404, b"none".to_vec())] {
            scene.liar.lie(move |path, upstream| match withheld(path) {
                true => answer.clone(),
                false => upstream.read(path),
            });
            let alone = scene.survives(what);
            assert!(matches!(alone.record, Finding::Unproven(_)), "{what}: {:?}", alone.record);
        }
    }
    // An answer of another lot's is no answer.
    scene.liar.lie(move |path, upstream| match path.starts_with("/lot/") {
        true => upstream.read(&path.replace("/1", "/0")),
        false => upstream.read(path),
    });
    let alone = scene.survives("another bucket");
    let missing = Unproven::DataMissing { what: "bucket" };
    assert!(matches!(&alone.record, Finding::Unproven(reason) if *reason == missing), "{alone:?}");
}

#[test]
#[ignore = "the claim consortium-liars"]
fn a_fork_freezes_the_ledger_until_a_checkpoint_made_after_it() {
    let Some(scene) = Scene::new() else { return };
    let mut device = scene.device(&[]);
    assert_eq!(scene.scan(&mut device).outcome(), Outcome::Proven);
    let height = sync(&scene.net, &mut device).unwrap();
    let honest = scene.net.block(1, height);
    // All keys of the consortium in one hand: two headers of one height that both verify.
    scene.serve_head(&scene.forged(&honest, 4));
    let refused = sync(&scene.net, &mut device).unwrap_err();
    println!("a fork: {refused}");
    let frozen = device.light.chain(&scene.net.ledger).unwrap().frozen();
    assert_eq!(frozen.map(|(_, fork)| fork), Some(height), "{refused}");
    // Honest again, it stays frozen, and nothing is fresh.
    scene.liar.be_honest();
    scene.net.until("blocks above the fork", |net| net.height(0) > height + 2);
    assert!(sync(&scene.net, &mut device).is_err());
    assert_ne!(scene.scan(&mut device).freshness, Freshness::Fresh);
    // The checkpoint role looked at it and signs which branch holds.
    std::thread::sleep(Duration::from_secs(1));
    scene.net.network.publish_checkpoint(&clock::system).unwrap();
    assert!(sync(&scene.net, &mut device).unwrap() > height);
    assert_eq!(device.light.chain(&scene.net.ledger).unwrap().frozen(), None);
    assert_eq!(scene.scan(&mut device).outcome(), Outcome::Proven);
}
