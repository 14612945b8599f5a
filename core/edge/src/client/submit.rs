//! The issuer's side of the network: entries, a lot's files, storage receipts.
//!
//! Blocks as [`crate::net`] says; an entry waits for its block.

use super::online::Online;
use super::source::bad;
use crate::cancel::Cancel;
use crate::net::{Fault, NetError, Submitted};
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::hash::Hash32;

/// Why something was not submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitError {
    /// The ledger refused it: no gateway will take it.
    Refused {
        /// The ledger's code.
        code: u32,
        /// What it says.
        text: String,
    },
    /// It may have been entered or not: the answer was lost. Look before sending again; the
    /// sequence number keeps it from being entered twice.
    Unknown(NetError),
    /// No gateway took it.
    NoGateway(Vec<Fault>),
}

impl core::fmt::Display for SubmitError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Refused { code, text } => write!(f, "refused with code {code}: {text}"),
            Self::Unknown(error) => write!(f, "sent, but no answer came: {error}"),
            Self::NoGateway(faults) => match faults.first() {
                Some(first) => write!(f, "no gateway took it: {first}"),
                None => f.write_str("no gateway is known"),
            },
        }
    }
}

impl core::error::Error for SubmitError {}

/// A lot's files for upload.
pub trait Upload {
    /// The lot.
    fn lot(&self) -> LotId;
    /// Root of its item tree.
    fn root(&self) -> Hash32;
    /// Its number of items.
    fn size(&self) -> u32;
    /// Its bucket files, in order.
    fn buckets(&self) -> Box<dyn Iterator<Item = Vec<u8>> + '_>;
}

impl Online {
    /// Sends an entry to the first gateway that takes it, and waits for its block.
    pub fn submit(
        &mut self,
        ledger: &LedgerId,
        entry: &[u8],
        cancel: &Cancel,
    ) -> Result<Submitted, SubmitError> {
        let Some(gateways) = self.gateways(ledger) else {
            return Err(SubmitError::NoGateway(Vec::new()));
        };
        let mut faults = Vec::new();
        for gateway in gateways.all() {
            match gateway.submit(entry, cancel) {
                Ok(submitted) => return Ok(submitted),
                Err(NetError::Refused { code, text }) => {
                    return Err(SubmitError::Refused { code, text });
                }
                // Never sent a second time where it may have arrived.
                Err(error @ (NetError::TimedOut | NetError::Cancelled)) => {
                    return Err(SubmitError::Unknown(error));
                }
                Err(error) => faults.push(Fault::Net(error)),
            }
        }
        Err(SubmitError::NoGateway(faults))
    }

    /// Uploads a lot's files to each gateway and gathers the storage receipts of those that have
    /// all of them; `told` hears the files so far, of all gateways together.
    pub fn upload(
        &mut self,
        ledger: &LedgerId,
        lot: &dyn Upload,
        told: &mut dyn FnMut(u64),
        cancel: &Cancel,
    ) -> Result<Vec<Vec<u8>>, Vec<Fault>> {
        let gateways = self.gateways(ledger).ok_or_else(Vec::new)?;
        let (mut receipts, mut faults, mut sent) = (Vec::new(), Vec::new(), 0);
        for gateway in gateways.all() {
            let uploaded = lot.buckets().enumerate().try_for_each(|(at, bytes)| {
                let at = u32::try_from(at).map_err(|_| bad("more buckets than a lot has"))?;
                gateway.upload(&lot.root(), at, &bytes, cancel)?;
                sent += 1;
                told(sent);
                Ok(())
            });
            let receipt = uploaded.and_then(|()| {
                let receipt = gateway.receipt(&lot.lot(), &lot.root(), lot.size(), cancel);
                receipt.map_err(Fault::Net)
            });
            match receipt {
                Ok(receipt) => receipts.push(receipt),
                Err(fault) => faults.push(fault),
            }
        }
        if receipts.is_empty() { Err(faults) } else { Ok(receipts) }
    }
}
