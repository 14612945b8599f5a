//! Starts the kiosk, puts updates in its place, and goes back where one does not come up.
//!
//! One folder holds all of it:
//!
//! | name | what |
//! |---|---|
//! | `update.pub` | the minisign key that signs this kiosk's updates; a person puts it there, or elsewhere and names it (`--key FILE`) |
//! | `a/`, `b/` | two installed versions, each with its `manifest.json` and signature |
//! | `current` | which of them is started: `a` or `b`, replaced by one rename |
//! | `trial` | the version that has not yet shown that it comes up, and how often it was started |
//! | `refused` | the highest release that failed its trial; nothing up to it comes again |
//! | `highest` | the highest release that ever was current; nothing below it comes, whatever became of that one |
//! | `arriving/` | an update of which not all files have come |
//! | `incoming/` | an update that waits to be installed, from a stick or from the kiosk itself |
//! | `health` | written by the version that runs, once its window has shown something |
//!
//! A service starts `sealight-launch --root DIR run ARGS` in place of the kiosk. It starts the
//! current version with `SEALIGHT_HEALTH`, `SEALIGHT_LAUNCH` (the folder), `SEALIGHT_UPDATE_KEY` and
//! `SEALIGHT_ALIVE` set. A new version has a minute (`--trial SECONDS`) to write its health mark;
//! without it, or where it ends before, the version from before is current again and the new release
//! is refused for good.
//!
//! One that came up and crashes again and again later on is gone back from too, and so is one that
//! hangs: that said as it began that it is alive ([`SignOfLife`]) and not again within ten minutes, or
//! each second and then nothing for three. Such a release is proven, and it may be something else
//! that is at fault, a device that somebody plugged in: it is not refused. Where it is brought again
//! it is on trial again, and where the version before crashes as well it is gone back to. Exit code
//! [`RESTART`] means "start me again, there may be an update".
//!
//! Before each start every file is held against its hash. A version that is not whole any more is
//! gone back from and never started; where there is no other, that is told again and again until it
//! is installed anew.
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
/// Variable with the file of the key that updates are signed by.
pub const KEY: &str = "SEALIGHT_UPDATE_KEY";

#[cfg(test)]
mod tests;
