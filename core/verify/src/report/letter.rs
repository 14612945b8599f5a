//! Letters: a report sealed to a party's report key by HPKE.
//!
//! RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. `info` binds
//! ledger and party, `aad` the lock; so no bit of a letter can change. What is sealed is always
//! [`INSIDE`] bytes: the ticket, the report's length and bytes, and zeros.

use super::content::Report;
use crate::codec::{self, Blob, CodecError, Versioned, fixed_bytes};
use crate::format::bounds::{BoundsError, require};
use crate::format::ids::{LedgerId, PartyId};
use crate::format::party::Party;
use crate::hash::{Hash32, tagged, tags};
use alloc::string::String;
use alloc::vec::Vec;
use core::convert::Infallible;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use minicbor::{Decode, Encode};

/// Bytes that are sealed, whatever the report.
const INSIDE: usize = 2048;
/// Bytes of ticket and length before the report.
const BEFORE: usize = Ticket::LEN + 2;
/// Most bytes of a report.
pub(super) const ROOM: usize = INSIDE - BEFORE;
/// Bytes of the encapsulated key, and of any X25519 key.
const KEY: usize = 32;
/// Bytes that the cipher adds.
const SUM: usize = 16;

fixed_bytes!(
    /// What takes a letter out of a mailbox; it lies inside the letter.
    Ticket,
    32
);

impl Ticket {
    /// The lock that this ticket opens: it stands on the outside of the letter.
    pub fn lock(&self) -> Hash32 {
        tagged(&tags::REPORT_TICKET, &[&self.0])
    }
}

/// Randomness for one letter: never used twice.
pub struct Drawn {
    /// The letter's ticket.
    pub ticket: [u8; 32],
    /// What the letter's own key is derived from.
    pub key: [u8; 32],
}

/// Whom a report goes to: a party with a report key, as the ledger has it. Only this crate makes
/// one, from a proven party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    ledger: LedgerId,
    party: PartyId,
    legal_name: String,
    key: [u8; KEY],
}

impl Recipient {
    /// The party on this ledger; none where it has no report key.
    pub(crate) fn of(ledger: LedgerId, id: PartyId, party: &Party) -> Option<Self> {
        let key = <[u8; KEY]>::try_from(&party.report_key.as_ref()?[..]).ok()?;
        Some(Self { ledger, party: id, legal_name: party.legal_name.clone(), key })
    }

    /// The ledger.
    pub fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    /// The party.
    pub fn party(&self) -> &PartyId {
        &self.party
    }

    /// Its registered legal name.
    pub fn legal_name(&self) -> &str {
        &self.legal_name
    }
}

/// A sealed report as it travels and waits.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Letter {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The ledger of the party.
    #[n(1)]
    pub ledger: LedgerId,
    /// The party that can open it.
    #[n(2)]
    pub party: PartyId,
    /// Which ticket takes it off: [`Ticket::lock`].
    #[n(3)]
    pub lock: Hash32,
    /// The encapsulated key, 32 bytes.
    #[n(4)]
    pub encapsulated: Blob,
    /// What is sealed.
    #[n(5)]
    pub sealed: Blob,
}

impl Versioned for Letter {
    const NAME: &'static str = "letter";
    const MAX_LEN: usize = 2304;
}

impl Letter {
    /// Decodes a letter; one of another length than all letters have is none.
    ///
    /// # Errors
    /// [`LetterError::Codec`] and [`LetterError::Bounds`].
    pub fn decode(bytes: &[u8]) -> Result<Self, LetterError> {
        let letter: Self = codec::decode(bytes).map_err(LetterError::Codec)?;
        letter.bounds().map_err(LetterError::Bounds)?;
        Ok(letter)
    }

    /// Refuses what no letter can hold.
    fn bounds(&self) -> Result<(), BoundsError> {
        require("encapsulated key", self.encapsulated.len() == KEY)?;
        require("sealed report", self.sealed.len() == INSIDE + SUM)
    }

    /// What a letter is called in mailboxes.
    pub fn id(&self) -> Hash32 {
        tagged(&tags::REPORT_LETTER, &[&codec::encode(self)])
    }
}

/// Why a letter is none, or does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterError {
    /// The bytes are no letter, or no report inside.
    Codec(CodecError),
    /// A field that it cannot have.
    Bounds(BoundsError),
    /// The recipient's key is no key to seal to.
    BadKey,
    /// Not sealed to this key, or changed on its way.
    NotOpened,
    /// What was inside does not fill its place as it must.
    Padding,
    /// The ticket inside is not the lock's.
    WrongLock,
}

impl core::fmt::Display for LetterError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Codec(error) => write!(f, "{error}"),
            Self::Bounds(error) => write!(f, "{error}"),
            Self::BadKey => f.write_str("nothing can be sealed to this report key"),
            Self::NotOpened => f.write_str("the letter does not open with this report key"),
            Self::Padding => f.write_str("the letter is not filled up as it must be"),
            Self::WrongLock => f.write_str("the ticket inside is not the letter's"),
        }
    }
}

impl core::error::Error for LetterError {}

/// Seals a report for its recipient.
///
/// # Errors
/// [`LetterError::Bounds`] for a report that none can be, [`LetterError::BadKey`] for a recipient
/// whose key is of small order.
pub fn seal(report: &Report, to: &Recipient, drawn: &Drawn) -> Result<Letter, LetterError> {
    report.bounds().map_err(LetterError::Bounds)?;
    let ticket = Ticket(drawn.ticket);
    let lock = ticket.lock();
    let (encapsulated, sealed) =
        close(&to.key, &info(&to.ledger, &to.party), &lock.0, &filled(&ticket, report), drawn.key)
            .ok_or(LetterError::BadKey)?;
    Ok(Letter {
        version: 1,
        ledger: to.ledger,
        party: to.party,
        lock,
        encapsulated: Blob(encapsulated),
        sealed: Blob(sealed),
    })
}

/// A party's private report key; erased from memory when dropped and never printed.
pub struct ReportKey {
    private: <X25519HkdfSha256 as Kem>::PrivateKey,
    public: [u8; KEY],
}

impl core::fmt::Debug for ReportKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ReportKey(..)")
    }
}

/// What a letter held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The report.
    pub report: Report,
    /// What takes the letter out of mailboxes.
    pub ticket: Ticket,
}

impl ReportKey {
    /// The key of these 32 random bytes (`DeriveKeyPair`, RFC 9180, section 7.1.3).
    pub fn from_seed(seed: &[u8; KEY]) -> Self {
        let (private, public) = X25519HkdfSha256::derive_keypair(seed);
        Self { private, public: public.to_bytes().into() }
    }

    /// What reports are sealed to: X25519, as a party registers it.
    pub fn public(&self) -> [u8; KEY] {
        self.public
    }

    /// Opens a letter.
    ///
    /// # Errors
    /// What is wrong with it; see [`LetterError`].
    pub fn open(&self, letter: &Letter) -> Result<Opened, LetterError> {
        letter.bounds().map_err(LetterError::Bounds)?;
        let info = info(&letter.ledger, &letter.party);
        let inside = self
            .open_bytes(&letter.encapsulated, &info, &letter.lock.0, &letter.sealed)
            .ok_or(LetterError::NotOpened)?;
        let (ticket, report) = emptied(&inside)?;
        if ticket.lock() != letter.lock {
            return Err(LetterError::WrongLock);
        }
        let report: Report = codec::decode(report).map_err(LetterError::Codec)?;
        report.bounds().map_err(LetterError::Bounds)?;
        Ok(Opened { report, ticket })
    }

    fn open_bytes(&self, enc: &[u8], info: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).ok()?;
        let (mode, key) = (OpModeR::Base, &self.private);
        let mut context = hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &mode, key, &enc, info,
        )
        .ok()?;
        context.open(sealed, aad).ok()
    }
}

fn info(ledger: &LedgerId, party: &PartyId) -> Vec<u8> {
    [tags::REPORT.as_bytes(), &ledger.0, &party.0].concat()
}

fn filled(ticket: &Ticket, report: &Report) -> Vec<u8> {
    let report = codec::encode(report);
    let mut inside = Vec::with_capacity(INSIDE);
    inside.extend_from_slice(&ticket.0);
    // A report within its bounds fits; see the test of the longest one.
    inside.extend_from_slice(&(report.len() as u16).to_be_bytes());
    inside.extend_from_slice(&report);
    inside.resize(INSIDE, 0);
    inside
}

fn emptied(inside: &[u8]) -> Result<(Ticket, &[u8]), LetterError> {
    let (ticket, rest) = inside.split_first_chunk::<32>().ok_or(LetterError::Padding)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(LetterError::Padding)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (report, padding) = rest.split_at_checked(length).ok_or(LetterError::Padding)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(LetterError::Padding);
    }
    Ok((Ticket(*ticket), report))
}

fn close(
    to: &[u8; KEY],
    info: &[u8],
    aad: &[u8],
    inside: &[u8],
    drawn: [u8; 32],
) -> Option<(Vec<u8>, Vec<u8>)> {
    let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(to).ok()?;
    let (enc, mut context) = hpke::setup_sender_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &to, info, &mut Once(drawn))
    .ok()?;
    let sealed = context.seal(inside, aad).ok()?;
    Some((enc.to_bytes().to_vec(), sealed))
}

/// Randomness that was drawn outside, as the generator that the crate asks once for 32 bytes.
struct Once([u8; 32]);

impl TryRng for Once {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(32) {
            part.copy_from_slice(&self.0[..part.len()]);
            // Asked again it gives something else, never the same.
            self.0 = tagged(&tags::REPORT, &[&self.0]).0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Once {}

#[cfg(test)]
mod tests;
