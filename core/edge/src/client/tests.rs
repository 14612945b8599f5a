//! The light client against the embedded ledger behind a gateway that can be made to lie.

mod keep;
mod kill;
mod lies;
mod past;
mod scan;
mod several;
mod time;
pub(crate) mod world;
