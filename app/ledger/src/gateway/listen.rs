//! The door: so many connections at once, none of them idle or open for ever.
//!
//! Standard calls: `accept(2)`, `setsockopt(TCP_NODELAY)`. Nothing blocks; a connection is
//! cancelled by dropping it.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// Most connections at once; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 512;
/// A connection that sends nothing for so long is dropped.
const IDLE: Duration = Duration::from_secs(60);
/// A connection is dropped after so long, whatever it does.
const LIFETIME: Duration = Duration::from_secs(600);
/// Pause after an accept that failed, as when there are no file descriptors left.
const PAUSE: Duration = Duration::from_millis(200);

/// A listener that counts and times its connections.
pub(super) struct Door {
    inner: TcpListener,
    places: Arc<Semaphore>,
}

impl Door {
    pub(super) fn new(inner: TcpListener) -> Self {
        Self { inner, places: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }
    }
}

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

impl Connected<IncomingStream<'_, Door>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        Self(*stream.remote_addr())
    }
}

impl Listener for Door {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        // The semaphore is never closed; without a place the connection would only go uncounted.
        let place = self.places.clone().acquire_owned().await.ok();
        loop {
            let Ok((stream, address)) = self.inner.accept().await else {
                sleep(PAUSE).await;
                continue;
            };
            // Answers are small and wait for nothing; where it cannot be set they are only slower.
            _ = stream.set_nodelay(true);
            let (idle, end) = (Box::pin(sleep(IDLE)), Box::pin(sleep(LIFETIME)));
            return (Guest { stream, idle, end, _place: place }, address);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection with its place and its limits.
pub(super) struct Guest {
    stream: TcpStream,
    idle: Pin<Box<Sleep>>,
    end: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Guest {
    /// Whether time is up; asks to be woken when it is.
    fn expired(&mut self, cx: &mut Context<'_>) -> bool {
        let idle = self.idle.as_mut().poll(cx).is_ready();
        self.end.as_mut().poll(cx).is_ready() || idle
    }

    fn moved(&mut self) {
        self.idle.as_mut().reset(Instant::now() + IDLE);
    }

    /// Notes movement, or ends a connection whose time is up.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        match polled {
            Poll::Ready(done) => {
                self.moved();
                Poll::Ready(done)
            }
            Poll::Pending if self.expired(cx) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.watch(cx, polled)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
