//! Many entries at once, as issuers' machines send them: in order, several to a request, over a
//! connection that stays open, with a pause where a node's queue is full.
//!
//! A flood of refused requests would starve the engine, and tell of the flood alone.

use super::base64::encode;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Entries of one request; the engine takes no more.
const BATCH: usize = 10;
/// What a sender waits where a queue is full.
const PAUSE: Duration = Duration::from_millis(50);

/// A connection to a node's engine.
pub(crate) struct Engine {
    rpc: SocketAddr,
    reader: BufReader<TcpStream>,
}

impl Engine {
    pub(crate) fn dial(rpc: SocketAddr) -> Self {
        let stream = TcpStream::connect(rpc).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { rpc, reader: BufReader::new(stream) }
    }

    /// Puts entries into the engine's queue in their order; how often it was full.
    pub(crate) fn offer<'a>(&mut self, entries: impl IntoIterator<Item = &'a Vec<u8>>) -> u64 {
        let entries: Vec<&Vec<u8>> = entries.into_iter().collect();
        let (mut sent, mut full) = (0, 0);
        while sent < entries.len() {
            let some = &entries[sent..entries.len().min(sent + BATCH)];
            let taken = self.batch(some);
            sent += taken;
            if taken < some.len() {
                full += 1;
                std::thread::sleep(PAUSE);
            }
        }
        full
    }

    /// How many of a request's entries were taken before the queue was full.
    fn batch(&mut self, entries: &[&Vec<u8>]) -> usize {
        let call = |(id, entry): (usize, &&Vec<u8>)| {
            let tx = encode(entry);
            json!({
                "jsonrpc": "2.0", "id": id, "method": "broadcast_tx_sync", "params": { "tx": tx },
            })
        };
        let calls: Vec<Value> = entries.iter().enumerate().map(call).collect();
        let answer = self.post(&Value::Array(calls).to_string());
        let answers = match answer {
            Value::Array(answers) => answers,
            one => vec![one],
        };
        assert_eq!(answers.len(), entries.len(), "{answers:?}");
        // What follows a refused one of its party is refused too, and is sent again with it.
        answers.iter().take_while(|answer| taken(answer)).count()
    }

    /// What the engine answers to a call.
    pub(crate) fn post(&mut self, body: &str) -> Value {
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            self.rpc,
            body.len()
        );
        self.reader.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
        serde_json::from_slice(&self.answer()).unwrap()
    }

    fn answer(&mut self) -> Vec<u8> {
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            chunked |= line == "transfer-encoding: chunked";
        }
        if !chunked {
            return self.bytes(length);
        }
        let mut body = Vec::new();
        loop {
            let size = usize::from_str_radix(&self.line(), 16).unwrap();
            body.extend(self.bytes(size));
            self.line();
            if size == 0 {
                return body;
            }
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the engine hung up");
        line.trim_end().to_owned()
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes).unwrap();
        bytes
    }
}

/// Whether an entry stands in the queue; anything but a full queue is a fault of the test's.
fn taken(answer: &Value) -> bool {
    if answer["result"]["code"] == 0 {
        return true;
    }
    let told = answer["error"]["data"].as_str().unwrap_or_default();
    // One that came by another node in the meantime.
    if told.contains("already exists in cache") {
        return true;
    }
    let behind = answer["result"]["info"] == "sequence";
    assert!(told.contains("mempool is full") || behind, "{answer}");
    false
}
