//! The issuer's side of the network: entries, files, the party itself.
//!
//! Blocks as [`crate::net`] says; an entry waits for its block.

use super::online::Online;
use super::source::{Progress, Source, bad};
use crate::cancel::Cancel;
use crate::net::{Fault, Gateway, NetError, NotEntered, Submitted};
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec;
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::party::Party;
use sealight_verify::format::state::MapDomain;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::tree::map;

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
    /// It may have been entered or not, or may be yet: it left and no clear answer came; the first
    /// unclear one. The same bytes may be sent again: their sequence number keeps them from being
    /// entered twice. The same said under a new number would be a second entry: look first.
    Unknown(NetError),
    /// No gateway took it: it is not entered.
    NoGateway(Vec<Fault>),
}

impl core::fmt::Display for SubmitError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Refused { code, text } => write!(f, "refused with code {code}: {text}"),
            Self::Unknown(error) => write!(f, "sent, and no clear answer came: {error}"),
            Self::NoGateway(faults) => match faults.first() {
                Some(first) => write!(f, "no gateway took it: {first}"),
                None => f.write_str("no gateway is known"),
            },
        }
    }
}

impl core::error::Error for SubmitError {}

impl Online {
    /// Sends an entry to the first gateway that takes it, and waits for its block.
    ///
    /// After an unclear answer the next gateway is sent the same bytes, which are entered once at
    /// most. If it says that they were entered, they were; if it refuses them, it may do so because
    /// they stand already, and that is no refusal.
    ///
    /// # Errors
    /// [`SubmitError::Refused`] where the first that answers refuses it, [`SubmitError::Unknown`]
    /// where an answer was lost or unclear and no other gateway entered it, and
    /// [`SubmitError::NoGateway`] with what each gateway said, where it came to no node or was
    /// cancelled before it left.
    pub fn submit(
        &mut self,
        ledger: &LedgerId,
        entry: &[u8],
        cancel: &Cancel,
    ) -> Result<Submitted, SubmitError> {
        let (mut unclear, mut faults) = (None, Vec::new());
        for gateway in self.all(ledger) {
            match gateway.submit(entry, cancel) {
                Ok(submitted) => return Ok(submitted),
                Err(NotEntered::Refused { code, text }) if unclear.is_none() => {
                    return Err(SubmitError::Refused { code, text });
                }
                // It may stand already, so all others refuse it too, and none of them counts.
                Err(NotEntered::Refused { .. }) => break,
                Err(NotEntered::NotTaken(error)) => faults.push(Fault::Net(error)),
                Err(NotEntered::Unknown(error)) => unclear = unclear.or(Some(error)),
            }
        }
        Err(unclear.map_or(SubmitError::NoGateway(faults), SubmitError::Unknown))
    }

    /// Uploads a bucket file to every gateway; how many took it.
    ///
    /// # Errors
    /// What each gateway said where none took it; nothing where there is no gateway to ask.
    pub fn upload_bucket(
        &mut self,
        ledger: &LedgerId,
        root: &Hash32,
        bucket: u32,
        bytes: &[u8],
        cancel: &Cancel,
    ) -> Result<usize, Vec<Fault>> {
        self.each(ledger, |gateway| gateway.upload(root, bucket, bytes, cancel))
            .map(|took| took.len())
    }

    /// Uploads the codes of one prefix of an index to every gateway; how many took them.
    ///
    /// # Errors
    /// What each gateway said where none took them; nothing where there is no gateway to ask.
    pub fn upload_codes(
        &mut self,
        ledger: &LedgerId,
        (root, bits, prefix): (&Hash32, u8, u32),
        bytes: &[u8],
        cancel: &Cancel,
    ) -> Result<usize, Vec<Fault>> {
        let upload = |gateway: &Gateway| gateway.upload_codes(root, bits, prefix, bytes, cancel);
        self.each(ledger, upload).map(|took| took.len())
    }

    /// Uploads the file of a picture to every gateway; how many took it.
    ///
    /// # Errors
    /// What each gateway said, where none took it.
    pub fn upload_picture(
        &mut self,
        ledger: &LedgerId,
        hash: &Hash32,
        bytes: &[u8],
        cancel: &Cancel,
    ) -> Result<usize, Vec<Fault>> {
        self.each(ledger, |gateway| gateway.upload_picture(hash, bytes, cancel))
            .map(|took| took.len())
    }

    /// A party as it stands under the chain's head, proven; none where it is proven absent.
    ///
    /// # Errors
    /// [`Fault::NoTrust`] where no header is trusted yet, else what each gateway lacked; nothing
    /// where there is no gateway to ask.
    pub fn party(
        &mut self,
        chain: &HeaderChain,
        id: &PartyId,
        cancel: &Cancel,
    ) -> Result<Option<Party>, Vec<Fault>> {
        let Some(head) = chain.head() else {
            return Err(vec![Fault::NoTrust { why: "no header is trusted".into() }]);
        };
        let gateways = self.gateways(chain.ledger()).ok_or_else(Vec::new)?;
        gateways.ask(cancel, |gateway| {
            let (mut progress, mut untold) = (Progress::default(), |_| {});
            let mut source = Source::new(gateway, cancel, &mut progress, &mut untold);
            let answer = source.party(id, head.height())?;
            if answer.roots.app_hash() != head.app_hash() {
                return Err(bad("a state of other roots"));
            }
            let part = answer.parties.iter().find(|part| part.id == *id);
            let part = part.ok_or_else(|| bad("another party"))?;
            let (root, key) = (&answer.roots.parties, MapDomain::PARTIES.key(&id.0));
            match &part.part.value {
                Some(value) => {
                    let hash = MapDomain::PARTIES.value_hash(value);
                    map::verify_membership::<Sm3>(root, &key, &hash, &part.part.proof)
                        .map_err(bad)?;
                    codec::decode(value).map(Some).map_err(bad)
                }
                None => {
                    map::verify_absence::<Sm3>(root, &key, &part.part.proof).map_err(bad)?;
                    Ok(None)
                }
            }
        })
    }

    fn all(&mut self, ledger: &LedgerId) -> Vec<Gateway> {
        self.gateways(ledger).map(|gateways| gateways.all()).unwrap_or_default()
    }

    /// What every gateway gave that gave anything; the faults where none did.
    pub(super) fn each<T>(
        &mut self,
        ledger: &LedgerId,
        ask: impl Fn(&Gateway) -> Result<T, NetError>,
    ) -> Result<Vec<T>, Vec<Fault>> {
        let (mut given, mut faults) = (Vec::new(), Vec::new());
        for gateway in self.all(ledger) {
            match ask(&gateway) {
                Ok(answer) => given.push(answer),
                Err(error) => faults.push(Fault::Net(error)),
            }
        }
        if given.is_empty() { Err(faults) } else { Ok(given) }
    }
}
