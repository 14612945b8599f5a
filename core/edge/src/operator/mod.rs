//! What the operator of many kiosks tells them from afar, in one signed document.
//!
//! The document is JSON (see [`Shop`]), signed as one text by the operator's Ed25519 key, which is
//! named on the kiosk itself and never by anything that comes from afar. It chooses: among the
//! ledgers of the trust file, among languages, what the first screen says. It has no word for
//! trust, so it can neither add nor loosen any, and no word for locking anybody out.
//!
//! | rule | by | refused as |
//! |---|---|---|
//! | at most 64 KiB | [`SignedShop::decode`] | [`ConfigError::TooLong`] |
//! | signed by this kiosk's operator | [`SignedShop::open`] | [`ConfigError::ForeignSigner`], [`ConfigError::Signature`] |
//! | a version and fields that this program knows | [`Shop::decode`] | [`ShopError::UnknownVersion`], [`ShopError::UnknownField`] |
//! | its serial rises, over restarts too | [`Kept::take`] | [`ConfigError::NotNewer`] |
//! | it has not expired by the [`present()`], whatever the clock says | [`Kept::take`] | [`ConfigError::Expired`] |
//! | only ledgers of the trust file | [`Kept::take`] | [`ConfigError::UnknownLedger`] |
//!
//! What is refused leaves the one before in force. Of one whose time is over [`Kept::in_force`] gives
//! nothing, its name and colour included: what was built in holds, and [`InForce::trouble`] says why.
//! A kiosk asks when it starts and at night, and again where nobody answered; under its launcher it
//! starts again in the night after. The same words may be signed for every kiosk of an operator.

mod colour;
mod courier;
mod document;
mod error;
mod kept;
mod key;
mod present;
mod signed;

pub use colour::{Colour, MIN_CONTRAST};
pub use courier::{Courier, Errand, Occasion};
pub use document::{MAX_DOCUMENT, Shop, Sound};
pub use error::{ConfigError, ShopError};
pub use kept::{FILE_NAME, InForce, Kept, Taken};
pub use key::{KeyFileError, OperatorKey};
pub use present::present;
pub use signed::{MAX_SIGNED, SignedShop};

#[cfg(test)]
mod tests;
