//! A reader of tags of this computer, whichever it is: [`TagReader`] is the port, `nfc` has one.
//!
//! One thread opens the reader, looks again and again what lies on it, and calls back with what each
//! tag says. Where there is no reader, or it goes away, it says so and looks for one every second, so
//! a reader may be plugged in at any time. A look blocks for as long as the reader does: dropping the
//! handle ends the thread with that one, and nobody waits for it.

mod lying;
mod reader;
pub mod type2;

use crate::cancel::Cancel;
use lying::Lying;
pub use reader::{ReaderError, TagError, TagReader, Uid};
use sealight_flow::Chips;
use sealight_tag::reading::TagReading;
use std::time::Duration;

/// How long until a reader is looked for again.
const AGAIN: Duration = Duration::from_secs(1);
/// How long until it is looked what lies on it: short for a hand that holds something there.
const LOOK: Duration = Duration::from_millis(150);

/// What comes from the reader.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    /// A reader is there, from now on.
    Here {
        /// Its name.
        reader: String,
        /// What it reads.
        reads: Chips,
    },
    /// There is none, from now on.
    Gone(ReaderError),
    /// What a tag says, once for as long as it lies there. A tag that holds no message says nothing,
    /// in no bytes.
    Read(TagReading),
    /// A tag lies there and does not give what it holds, however often it is asked; told once.
    Unread,
}

/// A reader that is being looked at, until this is dropped.
#[derive(Debug)]
pub struct Tags(Cancel);

impl Tags {
    /// Starts to read from the reader that `open` finds. Both functions are called on the reader's
    /// thread; `seen` must be quick.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(
        open: impl FnMut() -> Result<Box<dyn TagReader>, ReaderError> + Send + 'static,
        seen: impl FnMut(Seen) + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::start_at(Pace { again: AGAIN, look: LOOK }, open, seen)
    }

    fn start_at(
        pace: Pace,
        mut open: impl FnMut() -> Result<Box<dyn TagReader>, ReaderError> + Send + 'static,
        mut seen: impl FnMut(Seen) + Send + 'static,
    ) -> std::io::Result<Self> {
        let cancel = Cancel::default();
        let told = cancel.clone();
        std::thread::Builder::new().name("sealight-tags".into()).spawn(move || {
            let mut why = None;
            let mut tell = move |what| {
                let gone = if let Seen::Gone(error) = &what { Some(error.clone()) } else { None };
                // The same again at each try is nothing new.
                if gone.is_none() || gone != why {
                    seen(what);
                }
                why = gone;
            };
            while !told.is_cancelled() {
                let ended = open().and_then(|reader| watch(reader, pace, &told, &mut tell));
                if let Err(error) = ended {
                    tell(Seen::Gone(error));
                }
                std::thread::sleep(pace.again);
            }
        })?;
        Ok(Self(cancel))
    }
}

impl Drop for Tags {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[derive(Debug, Clone, Copy)]
struct Pace {
    again: Duration,
    look: Duration,
}

/// Tells what lies on a reader until it is gone, or nobody wants to know any more. It is there once it
/// has answered, not where it only opens.
fn watch(
    mut reader: Box<dyn TagReader>,
    pace: Pace,
    told: &Cancel,
    tell: &mut impl FnMut(Seen),
) -> Result<(), ReaderError> {
    let mut lying = Lying::default();
    let mut is_new = true;
    while !told.is_cancelled() {
        let found = lying.look(&mut *reader)?;
        if std::mem::take(&mut is_new) {
            tell(Seen::Here { reader: reader.name().to_owned(), reads: reader.reads() });
        }
        found.into_iter().for_each(&mut *tell);
        std::thread::sleep(pace.look);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
