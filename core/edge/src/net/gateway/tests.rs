//! What a gateway is taken for, and for how long.

use super::super::http::Timeouts;
use super::super::testserver::{TestServer, reply};
use super::*;
use sealight_verify::codec;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const STATUS: &[u8] = br#"{"jsonrpc":"2.0","id":-1,"result":{"node_info":{"network":"c-1"},
    "sync_info":{"latest_block_height":"77","catching_up":false}}}"#;

/// A node behind a web server that has files of an export too; how often it was asked a call.
struct Behind {
    server: TestServer,
    is_up: Arc<AtomicBool>,
    calls: Arc<AtomicUsize>,
}

impl Behind {
    fn new() -> Self {
        let (is_up, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (up, counted) = (Arc::clone(&is_up), Arc::clone(&calls));
        let (ledger, changes, indexes) = (LedgerId([7; 32]), Vec::new(), Vec::new());
        let head = PackHead { version: 1, ledger, height: 9, trust: 1, changes, indexes };
        let head = codec::encode(&head);
        let server = TestServer::start(move |asked| match asked.path() {
            "/pack/1/head" => reply("200 OK", &head),
            _ => {
                counted.fetch_add(1, Ordering::Relaxed);
                match up.load(Ordering::Relaxed) {
                    true => reply("200 OK", STATUS),
                    false => reply("404 Not Found", b"no such page"),
                }
            }
        });
        Self { server, is_up, calls }
    }

    /// Its gateway, which has turned out a site while the node was away.
    fn gateway(&self) -> Gateway {
        let url = GatewayUrl::listed(&self.server.url()).unwrap();
        let gateway = Gateway::new(url, Arc::new(Http::new(Timeouts::default())));
        let cancel = Cancel::default();
        let error = gateway.commit(Committed::Latest, &cancel).unwrap_err();
        assert!(gateway.turns_out_a_site(&error, &cancel));
        self.calls.store(0, Ordering::Relaxed);
        gateway
    }
}

/// Its files are read anew; whether it is taken for a site after that.
fn reads_on(gateway: &Gateway) -> bool {
    gateway.file(&Place::Head, &Cancel::default()).unwrap();
    gateway.is_site()
}

#[test]
fn a_node_that_was_taken_for_a_site_is_one_again_within_the_hour() {
    let node = Behind::new();
    let (gateway, an_hour_ago) = (node.gateway(), clock::monotonic().checked_sub(SITE));
    let clone = gateway.within(None);
    node.is_up.store(true, Ordering::Relaxed);
    assert!(reads_on(&gateway));
    assert_eq!(node.calls.load(Ordering::Relaxed), 0, "it is remembered");
    gateway.note_site(an_hour_ago);
    assert!(!reads_on(&gateway));
    assert!(!clone.is_site(), "a clone knows it as well");
}

/// Nobody who reads its files comes to calls that nobody answers.
#[test]
fn a_site_stays_one_and_is_asked_a_call_once_an_hour() {
    let site = Behind::new();
    let (gateway, an_hour_ago) = (site.gateway(), clock::monotonic().checked_sub(SITE));
    gateway.note_site(an_hour_ago);
    assert!(gateway.is_site());
    for _ in 0..3 {
        assert!(reads_on(&gateway));
    }
    assert_eq!(site.calls.load(Ordering::Relaxed), 1);
}
