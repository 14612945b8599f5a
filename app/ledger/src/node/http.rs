//! Plain HTTP to the engine of this node and to the gateways of its peers.
//!
//! Blocks on the socket, at most for the time-out named; is not cancelled otherwise. HTTP/1.0 (RFC
//! 1945), since its answers come whole and end with the connection.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Most bytes of an answer's head.
const MAX_HEAD: usize = 16 * 1024;

/// An answer: status and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    /// `GET` or `POST`.
    pub(super) verb: &'a str,
    /// Path with its arguments.
    pub(super) path: &'a str,
    /// JSON, or nothing.
    pub(super) body: &'a [u8],
    /// Most bytes of the body of the answer.
    pub(super) limit: usize,
    /// Longest time without a byte.
    pub(super) patience: Duration,
}

impl<'a> Ask<'a> {
    pub(super) fn get(path: &'a str, limit: usize) -> Self {
        Self { verb: "GET", path, body: &[], limit, patience: Duration::from_secs(10) }
    }
}

/// Asks whoever listens at `address`.
pub(super) fn ask(address: SocketAddr, ask: Ask<'_>) -> io::Result<Reply> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ask.patience))?;
    stream.set_write_timeout(Some(ask.patience))?;
    let Ask { verb, path, body, .. } = ask;
    let length = body.len();
    let head = format!(
        "{verb} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut bytes = Vec::new();
    let most = ask.limit + MAX_HEAD;
    stream.take(most as u64 + 1).read_to_end(&mut bytes)?;
    read(&bytes, ask.limit).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn read(bytes: &[u8], limit: usize) -> Option<Reply> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    let body = &bytes[end + 4..];
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let length = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let whole = match length {
        Some((_, length)) => length.trim().parse::<usize>().ok()? == body.len(),
        None => true,
    };
    (whole && body.len() <= limit).then(|| Reply { status, body: body.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_whole_or_not_at_all() {
        let reply = |text: &str| read(text.as_bytes(), 5);
        let whole = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(reply(whole), Some(Reply { status: 200, body: b"abc".to_vec() }));
        for cut in 1..whole.len() {
            assert_eq!(reply(&whole[..cut]), None, "{cut}");
        }
        assert_eq!(reply("HTTP/1.1 500 X\r\n\r\nno").map(|reply| reply.status), Some(500));
        assert_eq!(reply("HTTP/1.1 200 OK\r\n\r\n123456"), None);
        assert_eq!(reply("SSH-2.0-x\r\n\r\n"), None);
    }
}
