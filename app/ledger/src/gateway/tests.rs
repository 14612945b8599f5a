//! The gateway over a real socket, with a client of a few lines.

use super::*;
use crate::embedded::{Clock, InitOptions, OpenOptions};
use crate::scratch::Scratch;
use base64ct::{Base64, Encoding};
use sealight_issue::entry::{Signer, endorse, sign_entry};
use sealight_verify::codec::{self, Blob};
use sealight_verify::comet::json::{commit_answer, validators_answer};
use sealight_verify::comet::{Stock, verify_known};
use sealight_verify::format::answer::{Bucket, StateAnswer};
use sealight_verify::format::entry::{Body as Say, Suspension};
use sealight_verify::format::ids::{LotId, PartyId};
use sealight_verify::format::lot::StorageReceipt;
use sealight_verify::format::party::Roles;
use sealight_verify::format::picture;
use sealight_verify::format::record;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use sealight_verify::tree::build;
use sealight_verify::trust::{SignedTrustFile, TrustFile};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_secs(1_800_000_000)
    }
}

/// A gateway on a free port, with its ledger and home.
struct Served {
    gateway: Option<Gateway>,
    ledger: Arc<Embedded>,
    _scratch: Scratch,
}

fn served(uploads: Uploads) -> Served {
    let scratch = Scratch::new();
    let mut count = 0u8;
    let mut draw = || {
        count += 1;
        [count; 32]
    };
    let options = InitOptions { algorithm: Algorithm::Ed25519, ..InitOptions::default() };
    Embedded::init(scratch.path(), &options, Noon.now(), &mut draw).unwrap();
    let ledger = Embedded::open(scratch.path(), OpenOptions::default(), Arc::new(Noon)).unwrap();
    let ledger = Arc::new(ledger);
    let any = "127.0.0.1:0".parse().unwrap();
    let gateway = Gateway::start(any, ledger.clone(), uploads).unwrap();
    Served { gateway: Some(gateway), ledger, _scratch: scratch }
}

impl Served {
    fn address(&self) -> SocketAddr {
        self.gateway.as_ref().unwrap().address()
    }

    /// Sends bytes, reads all that comes, and gives status, head and body.
    fn raw(&self, request: &[u8]) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        // A server may answer and close before it has read everything.
        _ = stream.write_all(request);
        let mut all = Vec::new();
        _ = stream.read_to_end(&mut all);
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let status = head[9..12].parse().unwrap();
        (status, head, all[end + 4..].to_vec())
    }

    fn send(&self, verb: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let length = body.len();
        let head = format!(
            "{verb} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        let (status, _, body) = self.raw(&[head.as_bytes(), body].concat());
        (status, body)
    }

    fn fetch(&self, path: &str) -> Vec<u8> {
        let (status, body) = self.send("GET", path, b"");
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        body
    }

    fn json(&self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
        let (status, body) = self.send("POST", "/", request.to_string().as_bytes());
        assert_eq!(status, 200);
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&answer["id"], &answer["jsonrpc"]), (&json!(7), &json!("2.0")));
        answer
    }

    /// An entry by a quorum that suspends the authority, or lets it in again.
    fn entry(&self, suspended: bool) -> Vec<u8> {
        let (height, state) = self.ledger.newest();
        let signers = |roles| self.ledger.home().signers(&state, roles, height + 1);
        let members: Vec<Signer<'_>> = signers(Roles::MEMBER);
        let authority = state.parties().find(|row| row.party.roles.meets(Roles::AUTHORITY));
        let body = Say::Suspend(Suspension { party: authority.unwrap().id, suspended });
        let sequence = state.party(&members[0].party).unwrap().party.next_sequence;
        let mut entry = sign_entry(&self.ledger.ledger(), sequence, body, members[0]);
        members[1..3].iter().for_each(|member| endorse(&mut entry, *member));
        codec::encode(&entry)
    }
}

fn parsed(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap()
}

#[test]
fn a_light_client_reads_headers_as_from_cometbft() {
    let served = served(Uploads::Loopback);
    let status = parsed(&served.fetch("/status"));
    let height = status["result"]["sync_info"]["latest_block_height"].as_str().unwrap();
    assert_eq!(status["result"]["node_info"]["network"], served.ledger.chain_id());
    for asked in ["/commit".to_owned(), format!("/commit?height={height}")] {
        let signed = commit_answer::<Stock>(&served.fetch(&asked)).unwrap();
        let path = format!("/validators?height={height}&page=1&per_page=100");
        let page = validators_answer::<Stock>(&served.fetch(&path)).unwrap();
        let set = page.into_set().unwrap();
        let block = signed.with_validators::<Stock>(set).unwrap();
        assert!(verify_known::<Stock>(&block).is_ok());
        assert_eq!(block, served.ledger.light_block(None).unwrap());
    }
    let by_json = served.json("commit", json!({ "height": height }));
    assert_eq!(by_json["result"], parsed(&served.fetch("/commit"))["result"]);
}

#[test]
fn validators_come_in_pages() {
    let served = served(Uploads::Loopback);
    let page = |number| {
        let body = served.fetch(&format!("/validators?page={number}&per_page=3"));
        validators_answer::<Stock>(&body).unwrap().validators
    };
    assert_eq!((page(1).len(), page(2).len()), (3, 1));
    let (status, body) = served.send("GET", "/validators?page=3&per_page=3", b"");
    assert_eq!(status, 500);
    assert!(parsed(&body)["error"]["data"].as_str().unwrap().contains("[1, 2]"));
}

#[test]
fn a_query_answers_the_same_by_address_and_by_json() {
    let served = served(Uploads::Loopback);
    let id = PartyId([3; 16]);
    let by_address = parsed(&served.fetch(&format!("/abci_query?path=%22/party%22&data=0x{id}")));
    let params = json!({ "path": "/party", "data": id.to_string(), "height": "0", "prove": true });
    let by_json = served.json("abci_query", params);
    let response = &by_json["result"]["response"];
    assert_eq!(response, &by_address["result"]["response"]);
    let value = Base64::decode_vec(response["value"].as_str().unwrap()).unwrap();
    let answer: StateAnswer = codec::decode(&value).unwrap();
    let header = served.ledger.head();
    assert_eq!(response["height"], answer.height.to_string());
    assert_eq!(answer.roots.app_hash().0, header.app_hash[..]);
}

#[test]
fn a_query_without_an_answer_is_a_result_with_code_and_text() {
    let served = served(Uploads::Loopback);
    let refused = |path: &str| {
        let answer = parsed(&served.fetch(path));
        let response = answer["result"]["response"].clone();
        assert!(!response["log"].as_str().unwrap().is_empty());
        assert_eq!(response["codespace"], "sealight");
        (response["code"].as_u64().unwrap(), response["info"].as_str().unwrap().to_owned())
    };
    assert_eq!(refused("/abci_query?path=%22/nowhere%22"), (101, "unknown-path".into()));
    assert_eq!(refused("/abci_query?path=%22/lot%22&data=0x00"), (102, "data-length".into()));
    assert_eq!(refused("/abci_query?path=%22/indexes%22&height=999"), (110, "height".into()));
}

#[test]
fn an_entry_is_taken_in_and_one_that_is_refused_says_why() {
    let served = served(Uploads::Loopback);
    let entry = served.entry(true);
    let params = || json!({ "tx": Base64::encode_string(&entry) });
    let taken = served.json("broadcast_tx_commit", params());
    let result = &taken["result"];
    assert_eq!((&result["check_tx"]["code"], &result["tx_result"]["code"]), (&json!(0), &json!(0)));
    assert_eq!(result["height"], (served.ledger.head().height - 1).to_string());
    let again = served.json("broadcast_tx_commit", params());
    let check = &again["result"]["check_tx"];
    assert_eq!((&check["code"], &check["info"]), (&json!(6), &json!("sequence")));
    assert!(check["log"].as_str().unwrap().contains("sequence"));
    assert_eq!(again["result"]["height"], "0");
    let sync = served.json("broadcast_tx_sync", params());
    assert_eq!(sync["result"]["code"], 6);
    assert_eq!(sync["result"]["hash"], taken["result"]["hash"]);
    let head = served.ledger.head().height;
    let back = served.entry(false);
    let sync = served.json("broadcast_tx_sync", json!({ "tx": Base64::encode_string(&back) }));
    assert_eq!(sync["result"]["code"], 0);
    while served.ledger.head().height < head + 2 {
        std::thread::yield_now();
    }
}

#[test]
fn errors_of_a_call_have_the_shape_of_cometbft() {
    let served = served(Uploads::Loopback);
    let error = |status, body: &[u8], expected| {
        assert_eq!(status, expected);
        parsed(body)["error"]["code"].as_i64().unwrap()
    };
    for (path, code) in [
        ("/commit?height=999", -32603),
        ("/commit?height=x", -32602),
        ("/nothing", -32601),
        ("/commit?height=%zz", -32602),
    ] {
        let (status, body) = served.send("GET", path, b"");
        assert_eq!(error(status, &body, 500), code, "{path}");
    }
    for (body, code) in [(&b"{"[..], -32700), (b"[]", -32600), (b"{\"method\":1}", -32600)] {
        let (status, body) = served.send("POST", "/", body);
        assert_eq!(error(status, &body, 500), code);
    }
    assert_eq!(served.json("nothing", json!({}))["error"]["code"], -32601);
    assert_eq!(served.json("broadcast_tx_commit", json!({}))["error"]["code"], -32602);
    assert_eq!(served.json("commit", json!(["1"]))["error"]["code"], -32602);
}

#[test]
fn other_paths_and_verbs_are_refused() {
    let served = served(Uploads::Loopback);
    let root = Hash32([1; 32]);
    for (verb, path, status) in [
        ("GET", "/lot/xyz/0".to_owned(), 404),
        ("GET", format!("/lot/{root}/0"), 404),
        ("GET", format!("/lot/{root}/-1"), 404),
        ("GET", "/a/b/c/d/e".to_owned(), 404),
        ("POST", format!("/lot/{root}/receipt?size=1"), 404),
        ("PUT", "/checkpoint".to_owned(), 404),
        ("DELETE", "/".to_owned(), 405),
        ("GET", "/checkpoint/00".to_owned(), 404),
        ("GET", "/trust/2".to_owned(), 404),
    ] {
        assert_eq!(served.send(verb, &path, b"").0, status, "{verb} {path}");
    }
}

fn lot() -> (Hash32, Vec<u8>) {
    let records: Vec<Blob> = (0..10u8).map(|number| Blob(vec![number; 30])).collect();
    let leaves: Vec<Hash32> = records.iter().map(|bytes| record::leaf(bytes)).collect();
    let bucket = Bucket { version: 1, records, upper: vec![].into() };
    (build::root::<Sm3>(&leaves), codec::encode(&bucket))
}

#[test]
fn a_lot_is_uploaded_sealed_and_served() {
    let served = served(Uploads::Loopback);
    let (root, bytes) = lot();
    let path = format!("/lot/{root}/0");
    assert_eq!(served.send("PUT", &path, &bytes).0, 204);
    assert_eq!(served.send("GET", &path, b"").0, 404);
    let lot = LotId([4; 8]);
    let receipt =
        |size| served.send("POST", &format!("/lot/{root}/receipt?lot={lot}&size={size}"), b"");
    let (status, refused) = receipt(11);
    assert_eq!((status, parsed(&refused)["error"]["message"].as_str()), (400, Some("tree")));
    let (status, receipts) = receipt(10);
    assert_eq!(status, 200);
    let receipts: Vec<StorageReceipt> = minicbor::decode(&receipts).unwrap();
    assert_eq!(receipts.len(), served.ledger.newest().1.receipts_needed());
    let (status, head, body) = served
        .raw(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes());
    assert_eq!((status, &body), (200, &bytes));
    assert!(head.to_lowercase().contains("immutable"));
    assert_eq!(served.send("PUT", &path, &bytes).0, 204);
    let mut other = codec::decode::<Bucket>(&bytes).unwrap();
    other.records.pop();
    assert_eq!(served.send("PUT", &path, &codec::encode(&other)).0, 409);
}

#[test]
fn a_picture_stands_under_its_hash_and_nothing_else_does() {
    let served = served(Uploads::Loopback);
    let bytes = b"\x89PNG and so on";
    let path = format!("/picture/{}", picture::hash(bytes));
    assert_eq!(served.send("GET", &path, b"").0, 404);
    let (status, refused) = served.send("PUT", &path, b"another");
    assert_eq!(
        (status, parsed(&refused)["error"]["message"].as_str()),
        (400, Some("other-picture"))
    );
    assert_eq!(served.send("PUT", &path, &vec![0; picture::MAX_LEN + 1]).0, 400);
    assert_eq!(served.send("PUT", &path, bytes).0, 204);
    assert_eq!(served.send("PUT", &path, bytes).0, 204, "again");
    assert_eq!(served.send("GET", &path, b""), (200, bytes.to_vec()));
    assert_eq!(served.send("GET", "/picture/..%2Flots", b"").0, 404);
}

#[test]
fn uploads_that_are_no_files_or_too_long_are_refused() {
    let served = served(Uploads::Loopback);
    let path = format!("/lot/{}/0", Hash32([1; 32]));
    assert_eq!(served.send("PUT", &path, b"junk").0, 400);
    assert_eq!(served.send("PUT", &path, &vec![0; MAX_FILE + 1]).0, 413);
    assert_eq!(served.send("POST", "/", &vec![b' '; MAX_JSON + 1]).0, 413);
    let index = format!("/index/{}/4/0", Hash32([1; 32]));
    assert_eq!(served.send("PUT", &index, b"junk").0, 400);
    assert_eq!(served.send("GET", &index, b"").0, 404);
}

#[test]
fn uploads_are_taken_from_whom_they_are_allowed() {
    let served = served(Uploads::Nobody);
    let (root, bytes) = lot();
    assert_eq!(served.send("PUT", &format!("/lot/{root}/0"), &bytes).0, 403);
    let receipt = format!("/lot/{root}/receipt?lot={}&size=10", LotId([4; 8]));
    assert_eq!(served.send("POST", &receipt, b"").0, 403);
    let far: SocketAddr = "192.0.2.1:80".parse().unwrap();
    let near: [SocketAddr; 3] =
        ["127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"].map(|text| text.parse().unwrap());
    assert!(!uploads_allowed(Uploads::Loopback, far) && uploads_allowed(Uploads::Anyone, far));
    assert!(near.into_iter().all(|peer| uploads_allowed(Uploads::Loopback, peer)));
}

#[test]
fn checkpoint_and_trust_file_are_served() {
    let served = served(Uploads::Loopback);
    let checkpoint = served.ledger.checkpoint();
    let ledger = served.ledger.ledger();
    assert_eq!(served.fetch("/checkpoint"), checkpoint[..]);
    assert_eq!(served.fetch(&format!("/checkpoint/{ledger}")), checkpoint[..]);
    assert_eq!(served.fetch("/trust"), served.ledger.trust().unwrap());
    assert_eq!(served.fetch("/trust/1"), served.ledger.trust().unwrap());
    assert_eq!(parsed(&served.fetch("/health"))["result"], json!({}));
}

#[test]
fn every_trust_file_is_served_by_its_serial() {
    let served = served(Uploads::Loopback);
    let first = served.ledger.trust().unwrap();
    let next = |serial: u64, before: &[u8]| {
        let signed: SignedTrustFile = codec::decode(before).unwrap();
        let mut file: TrustFile = codec::decode(&signed.body).unwrap();
        file.serial = serial;
        codec::encode(&SignedTrustFile::unsigned(&file))
    };
    let (second, third) = (next(2, &first), next(3, &first));
    for newer in [&second, &third] {
        std::fs::write(served.ledger.home().path().join("trust"), newer).unwrap();
        assert_eq!(served.fetch("/trust"), *newer);
    }
    for (serial, bytes) in [(1, &first), (2, &second), (3, &third)] {
        assert_eq!(served.fetch(&format!("/trust/{serial}")), *bytes);
    }
    assert_eq!(served.send("GET", "/trust/4", b"").0, 404);
}

#[test]
fn a_gateway_stops_and_leaves_its_ledger() {
    let mut served = served(Uploads::Loopback);
    let address = served.address();
    let mut idle = TcpStream::connect(address).unwrap();
    idle.write_all(b"GET /status HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    served.gateway.take().unwrap().stop();
    assert!(TcpStream::connect(address).is_err());
    served.ledger.submit(&served.entry(true)).unwrap();
    Gateway::start(address, served.ledger.clone(), Uploads::Nobody).unwrap().stop();
}
