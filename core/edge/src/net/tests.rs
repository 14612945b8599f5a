//! Gateways that misbehave on the wire: each fault is told by its name, and none hurts.

use super::testserver::{Step, TestServer, reply};
use super::{Committed, Gateway, GatewayUrl, Http, NetError, NotEntered, Timeouts};
use crate::cancel::Cancel;
use crate::clock::Budget;
use sealight_verify::hash::Hash32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn impatient() -> Timeouts {
    Timeouts {
        connect: Duration::from_millis(500),
        read: Duration::from_millis(300),
        total: Duration::from_millis(900),
    }
}

fn gateway_with(url: &str, timeouts: Timeouts) -> Gateway {
    Gateway::new(GatewayUrl::listed(url).unwrap(), Arc::new(Http::new(timeouts)))
}

/// A gateway that answers everything so.
fn answering(steps: fn() -> Vec<Step>, timeouts: Timeouts) -> (TestServer, Gateway) {
    let server = TestServer::start(move |_| steps());
    let gateway = gateway_with(&server.url(), timeouts);
    (server, gateway)
}

fn status_of(steps: fn() -> Vec<Step>) -> Result<super::Status, NetError> {
    let (_server, gateway) = answering(steps, Timeouts::default());
    gateway.status(&Cancel::default())
}

const STATUS: &[u8] = br#"{"jsonrpc":"2.0","id":-1,"result":{"node_info":{"network":"c-1"},
    "sync_info":{"latest_block_height":"77","catching_up":false}}}"#;

#[test]
fn an_honest_answer_is_read() {
    let status = status_of(|| reply("200 OK", STATUS)).unwrap();
    assert_eq!((status.chain_id.as_str(), status.latest, status.catching_up), ("c-1", 77, false));
}

#[test]
fn a_request_tells_nothing_of_the_device() {
    let server = TestServer::start(|asked| {
        let known = ["accept: */*", "host: 127.0.0.1", "user-agent: sealight"];
        let plain = asked.headers.iter().all(|header| {
            known.iter().any(|known| header.starts_with(known)) && !header.contains('/')
                || header == "accept: */*"
        });
        reply("200 OK", if plain { STATUS } else { b"{}" })
    });
    let gateway = gateway_with(&server.url(), Timeouts::default());
    assert!(gateway.status(&Cancel::default()).is_ok());
}

#[test]
fn truncated_bodies_are_unreachable_at_every_byte() {
    // Announced in full, cut off after `cut` bytes: the path carries the cut.
    let server = TestServer::start(|asked| {
        let cut: usize = asked.path().rsplit('/').next().unwrap().parse().unwrap();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", STATUS.len());
        vec![Step::Send([head.as_bytes(), &STATUS[..cut]].concat())]
    });
    for cut in (0..STATUS.len()).step_by(7) {
        let root = Hash32([7; 32]);
        let url = format!("{}/close", server.url());
        let gateway = gateway_with(&url, Timeouts::default());
        let got = gateway.bucket(&root, cut as u32, &Cancel::default());
        assert!(matches!(got, Err(NetError::Unreachable { .. })), "cut at {cut}: {got:?}");
    }
}

#[test]
fn a_body_announced_too_large_is_not_read() {
    let got = status_of(|| {
        vec![Step::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n".to_vec())]
    });
    assert_eq!(got, Err(NetError::TooLarge { limit: 64 * 1024 }));
}

#[test]
fn a_body_without_end_is_cut_at_its_limit() {
    let got = status_of(|| {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        let chunk = [b"1000\r\n".as_slice(), &[b' '; 4096], b"\r\n"].concat();
        vec![Step::Send(head), Step::Flood(chunk)]
    });
    assert_eq!(got, Err(NetError::TooLarge { limit: 64 * 1024 }));
}

#[test]
fn an_error_without_end_keeps_its_status() {
    let got = status_of(|| {
        let head = b"HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        let chunk = [b"1000\r\n".as_slice(), &[b' '; 4096], b"\r\n"].concat();
        vec![Step::Send(head), Step::Flood(chunk)]
    });
    assert_eq!(got, Err(NetError::Status { code: 503, text: String::new() }));
}

#[test]
fn headers_without_end_are_refused() {
    let got = status_of(|| {
        let head = b"HTTP/1.1 200 OK\r\n".to_vec();
        vec![Step::Send(head), Step::Flood(b"x-filler: 0123456789012345678901234567\r\n".to_vec())]
    });
    assert!(matches!(got, Err(NetError::Unreachable { .. })), "{got:?}");
}

#[test]
fn silence_times_out() {
    let (_server, gateway) = answering(|| vec![Step::Wait(Duration::from_secs(5))], impatient());
    assert_eq!(gateway.status(&Cancel::default()), Err(NetError::TimedOut));
}

/// The status in sixteen pieces, one each twentieth of a second.
fn trickled() -> Vec<Step> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", STATUS.len());
    let mut steps = vec![Step::Send(head.into_bytes())];
    for piece in STATUS.chunks(STATUS.len().div_ceil(16)) {
        steps.extend([Step::Wait(Duration::from_millis(50)), Step::Send(piece.to_vec())]);
    }
    steps
}

/// Patient in all and for no single wait.
fn steady() -> Timeouts {
    Timeouts { total: Duration::from_secs(20), ..impatient() }
}

#[test]
fn a_body_that_comes_steadily_arrives_however_long_it_takes() {
    let (_server, gateway) = answering(trickled, steady());
    let wait = Budget::of(steady().read);
    let status = gateway.status(&Cancel::default());
    assert_eq!(status.map(|status| status.latest), Ok(77));
    assert!(wait.left().is_zero(), "it took no longer than one wait");
}

#[test]
fn a_body_that_stops_coming_times_out_after_one_wait() {
    let steps = || {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n{".to_vec();
        vec![Step::Send(head), Step::Wait(Duration::from_secs(15))]
    };
    let (_server, gateway) = answering(steps, steady());
    let before = Budget::of(Duration::from_secs(10));
    assert_eq!(gateway.status(&Cancel::default()), Err(NetError::TimedOut));
    assert!(!before.left().is_zero());
}

#[test]
fn an_exchange_ends_within_the_budget_of_who_waits_and_none_begins_after_it() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let server = TestServer::start(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        vec![Step::Wait(Duration::from_secs(15))]
    });
    let patient = gateway_with(&server.url(), Timeouts::default());
    let budget = Budget::of(Duration::from_millis(400));
    let gateway = patient.within(Some(budget));
    let before = Budget::of(Duration::from_secs(6));
    assert_eq!(gateway.status(&Cancel::default()), Err(NetError::TimedOut));
    assert!(budget.left().is_zero() && !before.left().is_zero());
    assert_eq!(gateway.status(&Cancel::default()), Err(NetError::TimedOut));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn a_budget_ends_a_trickle() {
    let (_server, gateway) = answering(trickled, Timeouts::default());
    let gateway = gateway.within(Some(Budget::of(Duration::from_millis(300))));
    assert_eq!(gateway.status(&Cancel::default()), Err(NetError::TimedOut));
}

#[test]
fn a_trickle_times_out_in_all() {
    let steps = || {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n".to_vec();
        let mut steps = vec![Step::Send(head)];
        for _ in 0..100 {
            steps.push(Step::Wait(Duration::from_millis(50)));
            steps.push(Step::Send(b" ".to_vec()));
        }
        steps
    };
    let (_server, gateway) = answering(steps, impatient());
    let all = Budget::of(impatient().total);
    assert_eq!(gateway.status(&Cancel::default()), Err(NetError::TimedOut));
    assert!(all.left().is_zero(), "it was given up before");
}

#[test]
fn redirects_are_not_followed() {
    let server = TestServer::start(|asked| match asked.path() {
        "/status" => vec![Step::Send(
            b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n".to_vec(),
        )],
        _ => reply("200 OK", STATUS),
    });
    let gateway = gateway_with(&server.url(), Timeouts::default());
    let got = gateway.status(&Cancel::default());
    assert_eq!(got, Err(NetError::Status { code: 302, text: String::new() }));
}

#[test]
fn compressed_bodies_are_not_unpacked() {
    // Announced as gzip: the bytes are taken as they came, so no bomb unfolds.
    let got = status_of(|| {
        vec![Step::Send(
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x8b"
                .to_vec(),
        )]
    });
    assert_eq!(got, Err(NetError::Malformed { what: "status" }));
}

#[test]
fn garbled_bodies_are_malformed_or_read_alike() {
    let server = TestServer::start(|asked| {
        let at: usize = asked.path().split('/').nth(1).unwrap().parse().unwrap();
        let mut body = STATUS.to_vec();
        body[at] ^= 0x15;
        reply("200 OK", &body)
    });
    for at in 0..STATUS.len() {
        let gateway = gateway_with(&format!("{}/{at}", server.url()), Timeouts::default());
        match gateway.status(&Cancel::default()) {
            // A byte in a name or a value that still reads: it is a hint only.
            Ok(_) | Err(NetError::Malformed { what: "status" }) => {}
            other => panic!("byte {at}: {other:?}"),
        }
    }
}

#[test]
fn a_letter_is_with_a_gateway_that_says_so_and_not_with_a_page_in_between() {
    let put = |steps: fn() -> Vec<Step>| {
        let (_server, gateway) = answering(steps, Timeouts::default());
        gateway.put_letter(b"letter", &Cancel::default())
    };
    assert_eq!(put(|| reply("204 No Content", b"")), Ok(()));
    let malformed = Err(NetError::Malformed { what: "answer of a mailbox" });
    assert_eq!(put(|| reply("200 OK", b"<html>Welcome to the lounge</html>")), malformed);
    assert_eq!(put(|| reply("202 Accepted", b"")), malformed);
}

#[test]
fn not_http_at_all_is_unreachable() {
    let got = status_of(|| vec![Step::Send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec())]);
    assert!(matches!(got, Err(NetError::Unreachable { .. })), "{got:?}");
}

#[test]
fn nobody_there_is_unreachable() {
    let address = TestServer::start(|_| Vec::new()).url();
    let got = gateway_with(&address, impatient()).status(&Cancel::default());
    assert!(matches!(got, Err(NetError::Unreachable { .. })), "{got:?}");
}

#[test]
fn tls_to_a_plain_server_is_unreachable() {
    let server = TestServer::start(|_| reply("200 OK", STATUS));
    let url = server.url().replace("http://", "https://");
    let got = gateway_with(&url, impatient()).status(&Cancel::default());
    assert!(matches!(got, Err(NetError::Unreachable { .. } | NetError::TimedOut)), "{got:?}");
}

#[test]
fn what_is_cancelled_sends_nothing() {
    let (_server, gateway) = answering(|| reply("200 OK", STATUS), Timeouts::default());
    let cancel = Cancel::default();
    cancel.cancel();
    assert_eq!(gateway.status(&cancel), Err(NetError::Cancelled));
}

#[test]
fn cancelling_ends_a_trickle() {
    let cancel = Cancel::default();
    let told = cancel.clone();
    let server = TestServer::start(move |_| {
        told.cancel();
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n".to_vec();
        vec![Step::Send(head), Step::Flood(b" ".to_vec())]
    });
    let gateway = gateway_with(&server.url(), Timeouts::default());
    assert_eq!(gateway.commit(Committed::Latest, &cancel), Err(NetError::Cancelled));
}

#[test]
fn an_error_of_the_node_is_told_in_its_words() {
    let got = status_of(|| {
        reply("500 Internal", br#"{"error":{"message":"Internal error","data":"too high"}}"#)
    });
    assert_eq!(got, Err(NetError::Status { code: 500, text: "too high".into() }));
}

#[test]
fn queries_and_entries_go_out_in_cometbft_form() {
    let server = TestServer::start(|asked| {
        let body = String::from_utf8_lossy(&asked.body).into_owned();
        let line = asked.line.as_str();
        if line == "GET /abci_query?path=%22/lot%22&height=7&data=0x00ff HTTP/1.1" {
            reply("200 OK", br#"{"result":{"response":{"value":"AQI=","height":"7"}}}"#)
        } else if line == "POST / HTTP/1.1" && body.contains(r#""params":{"tx":"3q0="}"#) {
            reply("200 OK", br#"{"result":{"check_tx":{},"tx_result":{},"hash":"","height":"8"}}"#)
        } else {
            reply("404 Not Found", b"no")
        }
    });
    let gateway = gateway_with(&server.url(), Timeouts::default());
    let cancel = Cancel::default();
    let queried = gateway.query("/lot", &[0, 255], 7, &cancel).unwrap();
    assert_eq!((queried.height, queried.value), (7, vec![1, 2]));
    assert_eq!(gateway.submit(&[0xde, 0xad], &cancel).unwrap().height, 8);
}

fn sent(steps: fn() -> Vec<Step>) -> Option<NotEntered> {
    let (_server, gateway) = answering(steps, Timeouts::default());
    gateway.submit(b"entry", &Cancel::default()).err()
}

#[test]
fn an_entry_that_left_and_was_not_turned_away_may_have_been_entered() {
    let unclear: [fn() -> Vec<Step>; 6] = [
        || reply("500 Internal Server Error", b""),
        || reply("502 Bad Gateway", b"<html>"),
        || reply("200 OK", b"<html>Welcome to the lounge</html>"),
        || reply("200 OK", br#"{"error":{"message":"Internal error","data":"timed out"}}"#),
        || vec![Step::Send(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())],
        || {
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
            vec![Step::Send([&head[..], b"broken off\r\n"].concat())]
        },
    ];
    for (number, steps) in unclear.into_iter().enumerate() {
        let got = sent(steps);
        assert!(matches!(got, Some(NotEntered::Unknown(_))), "{number}: {got:?}");
    }
}

#[test]
fn an_entry_that_did_not_leave_or_was_turned_away_is_not_taken() {
    let away: [fn() -> Vec<Step>; 3] = [
        || reply("307 Temporary Redirect", b""),
        || reply("404 Not Found", b"nothing is here"),
        || reply("413 Content Too Large", b""),
    ];
    for (number, steps) in away.into_iter().enumerate() {
        let got = sent(steps);
        assert!(matches!(got, Some(NotEntered::NotTaken(_))), "{number}: {got:?}");
    }
    // Nobody listens there.
    let gone = "http://127.0.0.1:1";
    let files = crate::testfolder::Folder::new();
    let folder = GatewayUrl::of_file(&files.path("")).unwrap();
    let folder = Gateway::new(folder, Arc::new(Http::new(impatient())));
    for gateway in [gateway_with(gone, impatient()), folder] {
        let got = gateway.submit(b"entry", &Cancel::default());
        assert!(matches!(got, Err(NotEntered::NotTaken(_))), "{got:?}");
    }
    let cancel = Cancel::default();
    cancel.cancel();
    let got = gateway_with(gone, impatient()).submit(b"entry", &cancel);
    assert_eq!(got, Err(NotEntered::NotTaken(NetError::Cancelled)));
}

#[test]
fn an_entry_that_is_refused_is_refused() {
    let got = sent(|| {
        reply("200 OK", br#"{"result":{"check_tx":{"code":6,"log":"sequence"},"tx_result":{}}}"#)
    });
    assert_eq!(got, Some(NotEntered::Refused { code: 6, text: "sequence".into() }));
}

#[test]
fn only_404_says_that_nothing_is_there() {
    let status = |code| NetError::Status { code, text: String::new() };
    assert!(status(404).says_absent());
    for code in [200, 302, 400, 403, 410, 429, 500, 503] {
        assert!(!status(code).says_absent(), "{code}");
    }
    assert!(!NetError::TimedOut.says_absent());
}

#[test]
fn a_large_set_takes_pages_of_a_hundred() {
    assert_eq!(Gateway::pages(4), 1..=1);
    assert_eq!(Gateway::pages(101), 1..=2);
    assert_eq!(Gateway::pages(u32::MAX), 1..=10);
}
