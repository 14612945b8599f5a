//! What a kiosk keeps of its operator: the document in force, and the highest serial that ever was.
//!
//! Both stand in the device's folder. The serial is kept beside the document so that an older one
//! put in its place is told as such; a kiosk that gets another operator begins anew. Blocks for the
//! disk.

use super::document::Shop;
use super::error::ConfigError;
use super::key::OperatorKey;
use super::signed::{MAX_SIGNED, SignedShop};
use crate::cancel::Cancel;
use crate::home::{self, Home};
use crate::net::{Folder, NetError};
use sealight_verify::time::Timestamp;
use sealight_verify::trust::TrustFile;

/// Name of the signed document in the folder that it comes from.
pub const FILE_NAME: &str = "kiosk.config";

/// Most bytes of the file with the serial.
const MAX_SERIAL: usize = 128;

/// The operator's side of a device's folder.
#[derive(Debug, Clone)]
pub struct Kept {
    home: Home,
    operator: OperatorKey,
}

/// What holds on this kiosk now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InForce {
    /// The document; none where what was built in holds.
    pub shop: Option<Shop>,
    /// Why there is none although one is kept: for the doctor.
    pub trouble: Option<ConfigError>,
}

/// What became of a document that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is in force from the next start on.
    New(Box<Shop>),
    /// It is the one that is in force.
    Same,
}

impl Kept {
    /// Of this device, by this operator.
    pub fn new(home: Home, operator: OperatorKey) -> Self {
        Self { home, operator }
    }

    /// The document that was kept, held against every rule anew: the file may have been edited, and
    /// time has passed. `now` is the [`present`](super::present()), which no clock sets back.
    pub fn in_force(&self, trust: &TrustFile, now: Timestamp) -> InForce {
        let kept = match self.stored() {
            Ok(None) => return InForce::default(),
            Ok(Some(bytes)) => self.opened(&bytes),
            Err(error) => Err(error),
        };
        let ruled = kept.and_then(|shop| {
            not_below(self.highest()?, shop.serial)?;
            shop.fits(trust)?;
            not_expired(&shop, now)?;
            Ok(shop)
        });
        match ruled {
            Ok(shop) => InForce { shop: Some(shop), trouble: None },
            Err(trouble) => InForce { shop: None, trouble: Some(trouble) },
        }
    }

    /// Takes a newer document; the one before stays where this one is refused. `now` is the
    /// [`present`](super::present()).
    ///
    /// # Errors
    /// The first rule that it breaks; see [`ConfigError`].
    pub fn take(
        &self,
        bytes: &[u8],
        trust: &TrustFile,
        now: Timestamp,
    ) -> Result<Taken, ConfigError> {
        let shop = self.opened(bytes)?;
        shop.fits(trust)?;
        not_expired(&shop, now)?;
        let stored = self.stored().ok().flatten();
        if stored.as_deref() == Some(bytes) {
            return Ok(Taken::Same);
        }
        let have = self.highest()?;
        match stored {
            // Its file was lost: the same serial may come again.
            None => not_below(have, shop.serial)?,
            Some(_) => rises(have, shop.serial)?,
        }
        // The document first: stopped in between, it still raises the highest serial by itself.
        home::write(&self.home.path().join("shop.signed"), bytes)?;
        let serial = format!("{} {}\n", self.operator.hex(), shop.serial);
        home::write(&self.home.path().join("shop.serial"), serial.as_bytes())?;
        Ok(Taken::New(Box::new(shop)))
    }

    /// Brings the document from a folder and takes it.
    ///
    /// # Errors
    /// The network's, and inside it that of [`Kept::take`].
    pub fn bring(
        &self,
        from: &Folder,
        (trust, now): (&TrustFile, Timestamp),
        cancel: &Cancel,
    ) -> Result<Result<Taken, ConfigError>, NetError> {
        let bytes = from.file(FILE_NAME, MAX_SIGNED, cancel)?;
        Ok(self.take(&bytes, trust, now))
    }

    fn opened(&self, bytes: &[u8]) -> Result<Shop, ConfigError> {
        SignedShop::decode(bytes)?.open(&self.operator)
    }

    fn stored(&self) -> Result<Option<Vec<u8>>, ConfigError> {
        Ok(home::read(&self.home.path().join("shop.signed"), MAX_SIGNED)?)
    }

    /// The highest serial by this operator that was ever in force here; 0 before the first.
    fn highest(&self) -> Result<u64, ConfigError> {
        let stored = self.stored().ok().flatten();
        let stored =
            stored.and_then(|bytes| self.opened(&bytes).ok()).map_or(0, |shop| shop.serial);
        let kept = home::read(&self.home.path().join("shop.serial"), MAX_SERIAL)?;
        let kept = kept.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let kept = match kept.trim().split_once(' ') {
            Some((operator, serial)) if operator == self.operator.hex() => serial.parse().ok(),
            _ => None,
        };
        Ok(stored.max(kept.unwrap_or(0)))
    }
}

/// A newer document has a higher serial.
fn rises(have: u64, got: u64) -> Result<(), ConfigError> {
    if got > have { Ok(()) } else { Err(ConfigError::NotNewer { have, got }) }
}

/// An older document never comes back.
fn not_below(have: u64, got: u64) -> Result<(), ConfigError> {
    if got >= have { Ok(()) } else { Err(ConfigError::NotNewer { have, got }) }
}

/// A document counts until its time is over.
fn not_expired(shop: &Shop, now: Timestamp) -> Result<(), ConfigError> {
    if shop.is_over(now) { Err(ConfigError::Expired { at: shop.expires }) } else { Ok(()) }
}
