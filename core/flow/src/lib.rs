//! What happens next and what is shown: one state machine, one view.
//!
//! A host feeds [`Flow::update`] with events, runs the effects that come back and draws
//! [`Flow::view`]. A command that has a verdict in its hand shows it with [`Showing`]. Nothing here
//! reads a clock, a file or a network.

mod answer;
mod case;
mod history;
pub mod json;
mod machine;
mod profile;
mod render;
#[cfg(test)]
mod sample;
mod show;
mod sign;
pub mod staff;
pub mod view;
mod words;

pub use answer::Answer;
pub use case::Case;
pub use history::{Entry, RecalledSince, RecordedCarrier, RecordedClaim, Then};
pub use machine::{
    BundleBytes, By, Call, Effect, EntryKey, Event, Fate, Flow, Instant, Kept, Noted, ScanId,
    Source, Unread,
};
pub use profile::{Chips, Equipment, Face, Idle, Profile};
pub use render::{Hint, Trouble};
pub use show::Showing;
pub use sign::{Opening, Sign};
pub use view::{Action, View};
pub use words::{
    Kind, Language, Present, Words, Zone, contradiction_code, not_looked_at_code,
    not_on_ledger_code, outside, plain, unproven_code,
};
