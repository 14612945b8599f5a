//! The tag reader: what lies on it goes where the camera's and the scanner's readings go.

use crate::bridge::Bridge;
use sealight_edge::tags::{ReaderError, Seen, TagReader, Tags};
use sealight_flow::{Chips, Event};
use tauri::{AppHandle, Manager};

/// Whether this kiosk was built to read tags.
pub(crate) const IS_BUILT: bool = OPEN.is_some();

/// How a reader is opened.
type Open = fn() -> Result<Box<dyn TagReader>, ReaderError>;

#[cfg(feature = "nfc")]
const OPEN: Option<Open> = Some(|| Ok(Box::new(sealight_edge::nfc::open()?)));
#[cfg(not(feature = "nfc"))]
const OPEN: Option<Open> = None;

/// Starts to look for a reader and at it, where this kiosk was built to; it ends where the handle is
/// dropped.
///
/// # Errors
/// The system's, where it gives no thread.
pub(crate) fn start(app: AppHandle) -> std::io::Result<Option<Tags>> {
    let seen = move |seen| {
        let bridge = app.state::<Bridge>();
        match seen {
            Seen::Here { reads, .. } => bridge.reader(reads),
            Seen::Gone(error) => {
                eprintln!("sealight-kiosk: {error}");
                bridge.reader(Chips::NONE);
            }
            Seen::Read(reading) => bridge.tapped(&reading),
            Seen::Unread => bridge.post(Event::ChipUnread),
        }
    };
    OPEN.map(|open| Tags::start(open, seen)).transpose()
}
