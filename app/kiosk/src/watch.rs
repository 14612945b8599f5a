//! The camera and who looks at its pictures: one thread each, the newest picture between them.

use crate::frames::Frames;
use sealight_edge::camera::{Camera, CameraError, Seen};
use sealight_edge::clock;
use sealight_edge::eye::Eye;
use sealight_flow::Event;
use sealight_tag::luma::LumaFrame;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TrySendError, sync_channel};
use std::time::{Duration, Instant};

/// Without a picture for so long the camera does not answer.
const SILENCE: Duration = Duration::from_secs(4);
/// How often that is told while it lasts: not every screen can tell it to a visitor at once.
const TOLD_AGAIN: Duration = Duration::from_secs(10);

/// Starts both threads; what is seen is told to `post`, and to `told` whether there is a picture. A
/// camera that is looked for or read is told of each second: one that gives nothing is not. The camera
/// stops when the handle is dropped, and whoever looks ends with it.
///
/// # Errors
/// The system's, where it gives no thread.
pub(crate) fn start(
    wanted: Option<String>,
    frames: Frames,
    told: impl Fn(Result<(), &CameraError>) + Send + 'static,
    post: impl Fn(Event) + Send + 'static,
) -> std::io::Result<Camera> {
    // One picture waits; what comes while it does is only shown.
    let (newest, pictures) = sync_channel(1);
    std::thread::Builder::new()
        .name("sealight-eye".into())
        .spawn(move || look(&pictures, &post))?;
    let mut said = None;
    Camera::start(wanted, move |seen| match seen {
        Seen::Frame(frame) => {
            said = None;
            told(Ok(()));
            let frame = Arc::new(frame);
            frames.put(Arc::clone(&frame));
            if let Err(TrySendError::Disconnected(_)) = newest.try_send(frame) {
                eprintln!("sealight-kiosk: nobody looks at the camera's pictures any more");
            }
        }
        Seen::Gone(error) => {
            frames.forget();
            told(Err(&error));
            if said.as_ref() != Some(&error) {
                eprintln!("sealight-kiosk: {error}");
                said = Some(error);
            }
        }
    })
}

fn look(pictures: &Receiver<Arc<LumaFrame>>, post: &impl Fn(Event)) {
    let (mut eye, started) = (Eye::default(), clock::monotonic());
    let mut told: Option<Instant> = None;
    loop {
        match pictures.recv_timeout(SILENCE) {
            Ok(frame) => {
                if told.take().is_some() {
                    post(Event::CameraBack);
                }
                let since = clock::monotonic().saturating_duration_since(started);
                let ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
                eye.look(&frame, ms).into_iter().for_each(post);
            }
            Err(RecvTimeoutError::Timeout) => {
                let now = clock::monotonic();
                if told.is_none_or(|told| now.saturating_duration_since(told) >= TOLD_AGAIN) {
                    told = Some(now);
                    post(Event::CameraFailed);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
