//! The gateway: one HTTP server with CometBFT's paths, and files beside them.
//!
//! | request | answer |
//! |---|---|
//! | `GET /status`, `/health`, `/commit?height=`, `/validators?height=&page=&per_page=` | as CometBFT |
//! | `GET /abci_query?path="..."&data=0x..&height=` | as CometBFT; `height` is the header's |
//! | `POST /` | JSON-RPC of the same, and `broadcast_tx_commit`, `broadcast_tx_sync` |
//! | `GET` and `PUT /lot/ROOT/BUCKET` | a bucket file; served once its lot is sealed |
//! | `POST /lot/ROOT/receipt?lot=&size=` | seals the lot; CBOR list of storage receipts |
//! | `GET` and `PUT /index/ROOT/BITS/PREFIX` | codes of one prefix of an index |
//! | `GET /pack/1/...` | the light client's files, as a pack or a plain web server has them |
//! | `GET /checkpoint`, `/checkpoint/LEDGER`, `/trust` | the newest signed file |
//! | `GET /trust/SERIAL` | any signed trust file that was the newest once |
//! | `POST /report` | a sealed report, for its party's mailbox |
//! | `POST /report/collect`, `/report/take` | hands a party its letters; takes those off whose tickets come |
//! | `POST /report/discard` | throws away the letters that a party names, and signs for |
//!
//! Errors of a call by address come as status 500 and JSON, as CometBFT's do. Entries are taken
//! from anybody, since they are signed and the state machine judges them, and so are sealed
//! reports, of which a party's mailbox takes so many and no more; files, which cost room
//! before anybody signed for anything, only from this machine unless [`Uploads::Anyone`] is chosen.
//! Behind a proxy every peer seems to be this machine: choose [`Uploads::Nobody`] there, or let the
//! proxy decide. Nothing here decides what is true: all is public and proves itself.

mod calls;
mod listen;
mod mail;
mod pack;
mod params;
mod paths;
mod reply;
mod source;

use crate::embedded::Embedded;
use crate::files::MAX_FILE;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, Response, StatusCode, Uri};
pub(crate) use calls::{Answer, Call, RpcError};
use listen::{Door, Peer};
use mail::Mail;
use params::Params;
use paths::Path;
use reply::{refusal, to_address, to_json};
use serde_json::Value;
pub(crate) use source::Source;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Most bytes of a JSON-RPC request: an entry in base64 and its envelope.
const MAX_JSON: usize = 512 * 1024;
/// Longest time for one request, its body included.
const REQUEST: Duration = Duration::from_secs(30);
/// Requests that read at once.
const READERS: usize = 64;
/// Requests that write at once.
const WRITERS: usize = 128;
/// How long requests may still take when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// Who may upload files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uploads {
    /// Peers on this machine.
    #[default]
    Loopback,
    /// Everybody, within the store's budget.
    Anyone,
    /// Nobody.
    Nobody,
}

/// A running gateway; dropping it stops it.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Gateway {
    /// Serves a ledger on threads of its own; port 0 takes a free one.
    ///
    /// # Errors
    /// The system's, where the address cannot be had.
    pub fn start(
        address: SocketAddr,
        ledger: Arc<Embedded>,
        uploads: Uploads,
    ) -> std::io::Result<Self> {
        Self::of(address, ledger, uploads)
    }

    /// Serves whatever answers as a ledger does.
    pub(crate) fn of(
        address: SocketAddr,
        ledger: Arc<dyn Source>,
        uploads: Uploads,
    ) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        // Kept by its serial before another one can take its place; what fails is told when asked.
        let _ = ledger.trust(None);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(READERS + WRITERS + mail::CLERKS)
            .thread_name("sealight-gateway")
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            // A sender that is gone stops as well.
            _ = stopped.await;
        };
        let thread =
            std::thread::Builder::new().name("sealight-gateway".into()).spawn(move || {
                // An error would be the listener's, and then there is nothing left to serve.
                _ = runtime.block_on(serve(listener, ledger, uploads, shutdown));
                runtime.shutdown_timeout(FAREWELL);
            })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops: no new connection, requests at work are answered, at most 5 s.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A server that panicked has ended as well.
            _ = thread.join();
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.end();
    }
}

/// Serves a ledger until `shutdown` comes.
async fn serve(
    listener: TcpListener,
    ledger: Arc<dyn Source>,
    uploads: Uploads,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let desk = Desk {
        ledger,
        uploads,
        readers: Arc::new(Semaphore::new(READERS)),
        writers: Arc::new(Semaphore::new(WRITERS)),
        clerks: Arc::new(Semaphore::new(mail::CLERKS)),
    };
    let router = Router::new().fallback(answer).with_state(desk);
    let service = router.into_make_service_with_connect_info::<Peer>();
    let (told, last_word) = oneshot::channel::<()>();
    let signal = async move {
        shutdown.await;
        // Nobody listens when the server has ended by itself.
        _ = told.send(());
    };
    let server = axum::serve(Door::new(listener), service).with_graceful_shutdown(signal);
    let farewell = async {
        match last_word.await {
            Ok(()) => tokio::time::sleep(FAREWELL).await,
            Err(_) => std::future::pending().await,
        }
    };
    first_of(server.into_future(), farewell).await
}

/// Waits for the server, but no longer than the farewell.
async fn first_of(
    server: impl Future<Output = std::io::Result<()>>,
    farewell: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let (mut server, mut farewell) = (std::pin::pin!(server), std::pin::pin!(farewell));
    std::future::poll_fn(|cx| {
        if let std::task::Poll::Ready(ended) = server.as_mut().poll(cx) {
            return std::task::Poll::Ready(ended);
        }
        farewell.as_mut().poll(cx).map(|()| Ok(()))
    })
    .await
}

#[derive(Clone)]
struct Desk {
    ledger: Arc<dyn Source>,
    uploads: Uploads,
    readers: Arc<Semaphore>,
    writers: Arc<Semaphore>,
    /// For the mailboxes.
    clerks: Arc<Semaphore>,
}

/// Answers one request within its time.
async fn answer(
    State(desk): State<Desk>,
    ConnectInfo(Peer(peer)): ConnectInfo<Peer>,
    request: Request,
) -> Response<Body> {
    let late = || refusal(StatusCode::GATEWAY_TIMEOUT, "timeout", "the request took too long");
    timeout(REQUEST, route(desk, peer, request)).await.unwrap_or_else(|_| late())
}

async fn route(desk: Desk, peer: SocketAddr, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let uri: Uri = parts.uri;
    let segments: Vec<&str> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
    match (parts.method, segments.as_slice()) {
        (Method::GET, [method]) if !matches!(*method, "checkpoint" | "trust") => {
            let params = Params::of_address(uri.query().unwrap_or(""));
            to_address(call(&desk, method, params).await)
        }
        (Method::GET, path) => match Path::get(path) {
            Some(path) => blocking(&desk.readers, &desk.ledger, |on| path.run(on)).await,
            None => paths::absent(),
        },
        (Method::POST, []) => match read(body, MAX_JSON).await {
            Ok(bytes) => json_call(&desk, &bytes).await,
            Err(refused) => refused,
        },
        (Method::POST, ["report", ..]) => {
            let Some(mail) = Mail::post(&segments) else { return paths::absent() };
            match read(body, mail::MAX_BODY).await {
                Ok(bytes) => {
                    blocking(&desk.clerks, &desk.ledger, move |on| mail.run(on, &bytes)).await
                }
                Err(refused) => refused,
            }
        }
        (Method::POST, path) => {
            let params = Params::of_address(uri.query().unwrap_or("")).unwrap_or_default();
            let Some(path) = Path::post(path, &params) else { return paths::absent() };
            match uploads_allowed(desk.uploads, peer) {
                true => blocking(&desk.writers, &desk.ledger, |on| path.run(on)).await,
                false => forbidden(),
            }
        }
        (Method::PUT, path) => {
            if !uploads_allowed(desk.uploads, peer) {
                return forbidden();
            }
            let bytes = match read(body, MAX_FILE).await {
                Ok(bytes) => bytes,
                Err(refused) => return refused,
            };
            match Path::put(path, bytes.to_vec()) {
                Some(path) => blocking(&desk.writers, &desk.ledger, |on| path.run(on)).await,
                None => paths::absent(),
            }
        }
        _ => refusal(StatusCode::METHOD_NOT_ALLOWED, "method", "GET, POST and PUT are served"),
    }
}

fn uploads_allowed(uploads: Uploads, peer: SocketAddr) -> bool {
    match uploads {
        Uploads::Loopback => peer.ip().to_canonical().is_loopback(),
        Uploads::Anyone => true,
        Uploads::Nobody => false,
    }
}

fn forbidden() -> Response<Body> {
    refusal(StatusCode::FORBIDDEN, "uploads", "files are taken in from this machine only")
}

/// Reads a body of at most `max` bytes.
async fn read(body: Body, max: usize) -> Result<Bytes, Response<Body>> {
    let long = |_| {
        let text = format!("a body of at most {max} bytes is read");
        refusal(StatusCode::PAYLOAD_TOO_LARGE, "body", text)
    };
    to_bytes(body, max).await.map_err(long)
}

async fn json_call(desk: &Desk, bytes: &[u8]) -> Response<Body> {
    let request: Value = match serde_json::from_slice(bytes) {
        Ok(request) => request,
        Err(error) => return to_address(Err(RpcError::parse(error))),
    };
    let id = request.get("id").cloned().unwrap_or(Value::Null);
    let Some(method) = request.get("method").and_then(Value::as_str) else {
        return to_address(Err(RpcError::request("one request with a method is served")));
    };
    let params = Params::of_json(request.get("params"));
    to_json(&id, call(desk, method, params).await)
}

async fn call(
    desk: &Desk,
    method: &str,
    params: Result<Params, RpcError>,
) -> Result<reply::Answer, RpcError> {
    let call = Call::read(method, &params?)?;
    let places = if call.writes() { &desk.writers } else { &desk.readers };
    blocking(places, &desk.ledger, |ledger| ledger.call(call)).await
}

/// What is answered when nothing runs any more.
trait Interrupted {
    fn interrupted() -> Self;
}

impl Interrupted for Response<Body> {
    fn interrupted() -> Self {
        refusal(StatusCode::INTERNAL_SERVER_ERROR, "stopped", "the gateway is being stopped")
    }
}

impl Interrupted for Result<reply::Answer, RpcError> {
    fn interrupted() -> Self {
        Err(RpcError::internal("the gateway is being stopped"))
    }
}

/// Runs on a thread that may wait, when there is a place.
async fn blocking<T: Interrupted + Send + 'static>(
    places: &Arc<Semaphore>,
    ledger: &Arc<dyn Source>,
    run: impl FnOnce(&dyn Source) -> T + Send + 'static,
) -> T {
    let Ok(place) = places.clone().acquire_owned().await else { return T::interrupted() };
    let ledger = ledger.clone();
    let done = spawn_blocking(move || {
        // Kept until the work ends, even when nobody waits for it any more.
        let _place = place;
        run(&*ledger)
    });
    done.await.unwrap_or_else(|_| T::interrupted())
}

#[cfg(test)]
mod tests;
