//! Starts the kiosk, puts updates in its place, and goes back where one does not come up.
//!
//! One folder holds all of it:
//!
//! | name | what |
//! |---|---|
//! | `update.pub` | the minisign key that signs this kiosk's updates; a person puts it there |
//! | `a/`, `b/` | two installed versions, each with its `manifest.json` and signature |
//! | `current` | which of them is started: `a` or `b`, replaced by one rename |
//! | `trial` | the version that has not yet shown that it comes up, and how often it was started |
//! | `refused` | the highest release that was gone back from; nothing up to it comes again |
//! | `incoming/` | an update that waits to be installed, from a stick or from the kiosk itself |
//! | `health` | written by the version that runs, once its window has shown something |
//!
//! A service starts `sealight-launch --root DIR run ARGS` in place of the kiosk. It starts the
//! current version with `SEALIGHT_HEALTH`, `SEALIGHT_LAUNCH` (the folder) and `SEALIGHT_ALIVE` set. A
//! new version has a minute (`--trial SECONDS`) to write its health mark; without it, or where it
//! ends before, the version from before is current again and the new release is refused for good. One
//! that crashes again and again later on goes the same way, and so does one that hangs: that said as
//! it began that it is alive ([`SignOfLife`]) and not again within ten minutes, or each second and
//! then nothing for three. Exit code [`RESTART`] means "start me again, there may be an update".
//!
//! # An update
//!
//! A folder with `manifest.json` (see [`Manifest`]), its signature `manifest.json.minisig` and the
//! files that it lists. Whoever makes updates signs with minisign, whose secret key stays with them:
//!
//! ```text
//! minisign -G -p update.pub -s update.key      # once; update.pub goes onto each kiosk
//! minisign -S -s update.key -m manifest.json   # for each update
//! ```
//!
//! The launcher itself asks no network, and nothing of an update is believed before the manifest's
//! signature holds; nothing is switched before every file's hash does.

mod alive;
mod bring;
mod error;
mod install;
mod manifest;
mod mark;
mod root;
mod run;

pub use alive::{ALIVE, SignOfLife};
pub use bring::{BringError, Brought, bring};
pub use error::UpdateError;
pub use install::{Step, install, newer};
pub use manifest::{FileHash, Listed, MAX_MANIFEST, Manifest, platform};
pub use root::{Locked, Root, Slot, Trial};
pub use run::{Patience, Told, run};

/// Exit code of a version that wants to be started again; `EX_TEMPFAIL` of sysexits.
pub const RESTART: i32 = 75;
/// Variable with the path of the health mark.
pub const HEALTH: &str = "SEALIGHT_HEALTH";
/// Variable with the launcher's folder.
pub const FOLDER: &str = "SEALIGHT_LAUNCH";

#[cfg(test)]
mod tests;
