//! `GET /metrics` for Prometheus, on an address of its own that only this machine reaches.
//!
//! One thread, one connection at a time: whoever is slow is dropped after [`PATIENCE`]. It ends
//! with the process.

use super::NodeError;
use super::ledger::NodeLedger;
use crate::meter::Beside;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Environment variable with which the supervisor tells of its restarts.
pub(super) const RESTARTS: &str = "SEALIGHT_RESTARTS";
/// Longest wait for a request, and for its answer to be taken.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most bytes of a request that are looked at.
const MAX_REQUEST: u64 = 4096;

/// Serves a node's counters for as long as the process lives.
///
/// # Errors
/// The address is not this machine's own, or cannot be had.
pub(super) fn serve(address: SocketAddr, ledger: Arc<NodeLedger>) -> Result<(), NodeError> {
    if !address.ip().is_loopback() {
        return Err(NodeError::Option { name: "metrics" });
    }
    let listener = TcpListener::bind(address).map_err(NodeError::io(address))?;
    let restarts = std::env::var(RESTARTS).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let thread = std::thread::Builder::new().name("sealight-metrics".into());
    let run = move || {
        for stream in listener.incoming() {
            // Whoever hangs up is answered the next time.
            _ = stream.and_then(|stream| answer(&stream, &ledger, restarts));
        }
    };
    thread.spawn(run).map(|_| ()).map_err(NodeError::io("thread"))
}

fn answer(mut stream: &TcpStream, ledger: &NodeLedger, restarts: u64) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = Vec::new();
    let mut byte = [0];
    let mut reader = stream.take(MAX_REQUEST);
    while !request.ends_with(b"\r\n\r\n") && reader.read(&mut byte)? == 1 {
        request.push(byte[0]);
    }
    let (status, body) = match request.starts_with(b"GET /metrics ") {
        true => ("200 OK", text(ledger, restarts)),
        false => ("404 Not Found", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())
}

fn text(ledger: &NodeLedger, restarts: u64) -> String {
    let (_, state) = ledger.app.newest();
    let (file_bytes, log_size) = (ledger.files.bytes(), state.roots().log_size);
    ledger.app.meter().text(Beside { file_bytes, log_size, restarts })
}
