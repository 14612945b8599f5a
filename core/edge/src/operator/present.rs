//! The present that a configuration is held against: a clock that is set back brings none back.
//!
//! A configuration belongs to no one ledger, so that the floors of all count: the largest of when the
//! program was built, checkpoints and headers, of those that were accepted. Reads no clock.

use crate::client::Light;
use sealight_verify::chain::HeaderChain;
use sealight_verify::time::Timestamp;

/// The system's clock, right or wrong, and never below a floor. A clock far ahead ends what expires
/// for as long as it is ahead: nothing of it is kept.
pub fn present(light: &Light, built: Timestamp, system: Timestamp) -> Timestamp {
    let chains = light.ledgers().filter_map(|ledger| light.chain(ledger));
    chains.map(HeaderChain::floor).fold(system.max(built), Ord::max)
}
