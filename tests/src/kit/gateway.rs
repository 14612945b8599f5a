//! A gateway that lies: hands requests on to an honest one in another process, and bends what
//! comes back.
//!
//! HTTP/1.1 over loopback with the standard library only (RFC 9112): requests of the light client
//! have no body that is longer than announced. The honest gateway is asked in HTTP/1.0, so that its
//! answers are no pieces; a request for a web socket is handed through.

use super::gateway_call::{Call, tunnel};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

/// Ends a connection on which nothing comes, so that no thread outlives its test by long.
const IDLE: Duration = Duration::from_secs(10);
/// Bytes of one piece of a flood.
const PIECE: usize = 64 * 1024;

/// What is sent to the light client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// Status and body.
    Whole(u16, Vec<u8>),
    /// The body is announced as a whole and breaks off after so many bytes.
    Torn(Vec<u8>, usize),
    /// A body of this length is announced; nothing of it comes.
    Announced(u64),
    /// A body without an end.
    Flood,
    /// A byte of the body at a time, with this pause before each.
    Drip(Vec<u8>, Duration),
    /// The connection is closed without a word.
    HangUp,
}

impl Sent {
    /// The same with another body, where it is an answer of 200.
    #[must_use]
    pub fn bent(self, bend: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Self {
        match self {
            Self::Whole(200, body) => Self::Whole(200, bend(body)),
            other => other,
        }
    }

    /// The body of an answer of 200.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Whole(200, body) => Some(body),
            _ => None,
        }
    }
}

/// The honest gateway.
#[derive(Debug, Clone)]
pub struct Upstream {
    address: SocketAddr,
    /// Answers that were kept, where they are: then none is asked for twice.
    kept: Arc<Mutex<Option<BTreeMap<String, Sent>>>>,
}

/// From a path with its query, and the honest gateway, to what is sent.
pub type Bend = dyn Fn(&str, &Upstream) -> Sent + Send + Sync;

/// A lying gateway; closed when dropped.
pub struct Liar {
    address: SocketAddr,
    upstream: Upstream,
    bend: Arc<RwLock<Arc<Bend>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Upstream {
    /// The gateway of this address.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { address, kept: Arc::default() }
    }

    /// Its answer to a path with query; closes where there is none.
    #[must_use]
    pub fn read(&self, path: &str) -> Sent {
        let kept = |kept: &Option<BTreeMap<String, Sent>>| kept.as_ref()?.get(path).cloned();
        if let Some(known) = kept(&self.kept.lock().unwrap()) {
            return known;
        }
        let got = self.exchange("GET", path, &[]);
        if let Some(kept) = self.kept.lock().unwrap().as_mut() {
            kept.insert(path.to_owned(), got.clone());
        }
        got
    }

    fn exchange(&self, verb: &str, path: &str, body: &[u8]) -> Sent {
        self.try_exchange(verb, path, body).unwrap_or(Sent::HangUp)
    }

    fn try_exchange(&self, verb: &str, path: &str, body: &[u8]) -> Option<Sent> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(IDLE)).ok()?;
        let head = format!(
            "{verb} {path} HTTP/1.0\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
        let status = std::str::from_utf8(answer.get(9..12)?).ok()?.parse().ok()?;
        Some(Sent::Whole(status, answer.split_off(end + 4)))
    }
}

impl Liar {
    /// Stands before a gateway and tells the truth until it is told to lie.
    ///
    /// # Panics
    /// Where loopback has no free port.
    #[must_use]
    pub fn before(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let upstream = Upstream::new(upstream);
        let bend: Arc<RwLock<Arc<Bend>>> = Arc::new(RwLock::new(honest()));
        let stop = Arc::new(AtomicBool::new(false));
        let shared = (upstream.clone(), Arc::clone(&bend), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let (upstream, bend, stop) = shared;
            for stream in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let (upstream, bend, stop) =
                    (upstream.clone(), Arc::clone(&bend), Arc::clone(&stop));
                std::thread::spawn(move || {
                    // A client that hangs up is no fault of the test's.
                    _ = serve(&stream, &upstream, &bend, &stop);
                });
            }
        });
        Self { address, upstream, bend, stop, thread: Some(thread) }
    }

    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lies like this from now on.
    ///
    /// # Panics
    /// Where a lie panicked before.
    pub fn lie(&self, bend: impl Fn(&str, &Upstream) -> Sent + Send + Sync + 'static) {
        *self.bend.write().unwrap() = Arc::new(bend);
    }

    /// Tells the truth from now on.
    ///
    /// # Panics
    /// Where a lie panicked before.
    pub fn be_honest(&self) {
        *self.bend.write().unwrap() = honest();
    }

    /// Keeps the honest answers from now on and asks for none twice: for a ledger that stands still.
    ///
    /// # Panics
    /// Where a lie panicked before.
    pub fn keep_answers(&self) {
        *self.upstream.kept.lock().unwrap() = Some(BTreeMap::new());
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the accepting thread.
        _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

fn honest() -> Arc<Bend> {
    Arc::new(|path, upstream| upstream.read(path))
}

fn serve(
    stream: &TcpStream,
    upstream: &Upstream,
    bend: &RwLock<Arc<Bend>>,
    stop: &AtomicBool,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(IDLE))?;
    let mut reader = BufReader::new(stream);
    while !stop.load(Ordering::Relaxed) {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            break;
        }
        let (mut length, mut head) = (0, line.clone());
        loop {
            let mut header = String::new();
            let end = reader.read_line(&mut header)? <= 2;
            head.push_str(&header);
            if end {
                break;
            }
            if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        if line.starts_with("GET /websocket") {
            return tunnel(stream, &head, upstream.address);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let mut words = line.split(' ');
        let (verb, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let sent = match verb {
            "GET" => {
                let bend = Arc::clone(&bend.read().unwrap());
                bend(path, upstream)
            }
            _ => match Call::read(&body) {
                // As the engine's own light client reads.
                Some(call) => {
                    let bend = Arc::clone(&bend.read().unwrap());
                    call.answered(bend(&call.path, upstream))
                }
                // Entries and files are none of a light client's reading.
                None => upstream.exchange(verb, path, &body),
            },
        };
        if !send(stream, sent)? {
            break;
        }
    }
    stream.shutdown(std::net::Shutdown::Both)
}

/// Sends it; whether the connection may be used again.
fn send(mut stream: &TcpStream, sent: Sent) -> std::io::Result<bool> {
    let head = |status: u16, length: u64| {
        format!("HTTP/1.1 {status} Answer\r\nContent-Length: {length}\r\n\r\n").into_bytes()
    };
    match sent {
        Sent::Whole(status, body) => {
            stream.write_all(&[head(status, body.len() as u64), body].concat())?;
            return Ok(true);
        }
        Sent::Torn(mut body, at) => {
            let head = head(200, body.len() as u64);
            body.truncate(at);
            stream.write_all(&[head, body].concat())?;
        }
        Sent::Announced(length) => stream.write_all(&head(200, length))?,
        Sent::Flood => {
            stream.write_all(b"HTTP/1.1 200 Answer\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            let size = format!("{PIECE:x}\r\n").into_bytes();
            let piece = [size, vec![b' '; PIECE], b"\r\n".to_vec()].concat();
            // Ends when the client hangs up.
            loop {
                stream.write_all(&piece)?;
            }
        }
        Sent::Drip(body, pause) => {
            stream.write_all(&head(200, body.len() as u64))?;
            for byte in body {
                std::thread::sleep(pause);
                stream.write_all(&[byte])?;
            }
        }
        Sent::HangUp => {}
    }
    Ok(false)
}
