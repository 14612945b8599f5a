//! What the engine's own light client does beside reading paths: it calls by POST, and opens a web
//! socket.

use super::gateway::Sent;
use serde_json::Value;
use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpStream};

/// Methods that a light client reads with.
const READING: [&str; 3] = ["commit", "validators", "status"];

/// A call, and the path that asks the same.
pub(super) struct Call {
    pub(super) path: String,
    id: Value,
}

impl Call {
    /// None for what is no call, or not one of those.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let call: Value = serde_json::from_slice(body).ok()?;
        let method = call["method"].as_str().filter(|method| READING.contains(method))?;
        let params = call["params"].as_object().into_iter().flatten();
        let asked: Vec<String> = params
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
            .collect();
        let query = if asked.is_empty() { String::new() } else { format!("?{}", asked.join("&")) };
        Some(Self { path: format!("/{method}{query}"), id: call["id"].clone() })
    }

    /// The answer to the path as one to the call: under its number, errors with status 200.
    pub(super) fn answered(&self, sent: Sent) -> Sent {
        let Sent::Whole(_, body) = &sent else { return sent };
        let Ok(mut answer) = serde_json::from_slice::<Value>(body) else { return sent };
        answer["id"] = self.id.clone();
        Sent::Whole(200, answer.to_string().into_bytes())
    }
}

/// Hands a connection through as it is, after the request that was read from it.
pub(super) fn tunnel(stream: &TcpStream, head: &str, upstream: SocketAddr) -> std::io::Result<()> {
    let mut other = TcpStream::connect(upstream)?;
    other.write_all(head.as_bytes())?;
    let (mut from, mut to) = (other.try_clone()?, stream.try_clone()?);
    std::thread::spawn(move || {
        // Either end may go first.
        _ = std::io::copy(&mut from, &mut to);
        _ = to.shutdown(Shutdown::Both);
    });
    stream.set_read_timeout(None)?;
    let copied = std::io::copy(&mut &*stream, &mut other);
    other.shutdown(Shutdown::Both)?;
    copied.map(|_| ())
}
