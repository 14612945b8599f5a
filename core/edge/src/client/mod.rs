//! The light client: what a device trusts, and how it gets to know more. No threads.
//!
//! [`Light`] is the device's side: store, trust file, header chains, clocks. It needs no network and
//! believes nothing that it loads. [`Online`] is the gateways' side: it fetches with a snapshot of a
//! chain in its hand, drops what does not verify, and gives back changes and bundles. [`Client`] is
//! the two together for whoever may wait; a host runs them in two threads.

mod bundles;
mod carried;
mod error;
mod export;
mod feed;
mod fetch;
mod follow;
mod header_sync;
mod history;
mod letters;
mod light;
mod load;
mod online;
mod pack;
mod receipts;
mod several;
mod site;
mod source;
mod submit;
mod whole;

pub use bundles::Keeping;
pub use carried::{checkpoint_of_text, checkpoint_text};
pub use error::{ForkDoubt, LightError};
pub use export::{Copied, Export, ExportError, Put};
pub(crate) use feed::proven_log_size;
pub use feed::{FeedPlaces, GatewayFeed, Hits};
pub use fetch::{Fetched, LookedUp};
pub use follow::{Keep, LedgerAlarm, Look};
pub use header_sync::Synced;
pub(crate) use history::found;
pub use letters::{Brought, Collected, Outgoing};
pub use light::Light;
pub use online::{Online, Roster, Rotations};
pub use pack::{PackCounts, PackFault, PackReport, PackStopped, Refused};
pub(crate) use several::place;
pub use source::{Progress, Told};
pub use submit::SubmitError;
pub(crate) use whole::keeps;
pub use whole::{Client, Proven, Reach, SyncReport};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::{packed as testpacks, several as testseveral, world as testworld};
