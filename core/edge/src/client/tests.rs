//! The light client against the embedded ledger behind a gateway that can be made to lie.

mod behind;
mod disk;
mod followed;
mod issuer;
mod keep;
mod kill;
mod lies;
mod older;
pub(crate) mod packed;
mod packs;
mod past;
mod scan;
pub(crate) mod several;
mod slow;
mod time;
pub(crate) mod world;
