//! Tap codes: what an NTAG 424 DNA will say at its taps 1 to N, computed ahead and committed.
//!
//! Its code (SUN, AN12196) is a pure function of key, UID, counter and mirrored text, so the
//! issuer commits salted hashes of the codes and nobody but chip and issuer needs the key. Only
//! codes of the intact state are committed: nobody gains by claiming another. Whoever has the key
//! can clone the chip: it is erased here, and is to be deleted outside.

use aes::Aes128;
use cmac::{Cmac, KeyInit, Mac};
use sealight_verify::codec::Blob;
use sealight_verify::format::record::{MAX_TAPS, TapCodes};
use sealight_verify::judge::{Tap, tap_leaf};
use std::fmt;
use zeroize::Zeroizing;

/// Taps that are committed unless the issuer says otherwise.
pub const USUAL_TAPS: u32 = 64;

/// Tamper state of a whole loop.
const INTACT: [u8; 2] = *b"CC";

/// Most bytes of mirrored text, the size of the chip's NDEF file.
const MAX_MIRROR: usize = 256;

/// A chip's file read key (SDMFileReadKey), AES-128; erased when dropped and never printed.
pub struct ChipKey(Zeroizing<[u8; 16]>);

impl ChipKey {
    /// The key of these 16 bytes.
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for ChipKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChipKey(..)")
    }
}

/// Why tap codes cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TapsError {
    /// No tap, or more than a record holds.
    Count {
        /// Taps asked for.
        got: usize,
        /// Most taps.
        max: usize,
    },
    /// A mirror of more bytes than the chip has.
    MirrorTooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// A mirror without the tamper state: a code that does not bind it says nothing of the seal.
    NoTamperState,
}

impl fmt::Display for TapsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { got, max } => write!(f, "{got} taps; 1 to {max} are possible"),
            Self::MirrorTooLong { got, max } => {
                write!(f, "a mirror of {got} bytes, at most {max}")
            }
            Self::NoTamperState => f.write_str("a mirror without {tt}, the tamper state"),
        }
    }
}

impl std::error::Error for TapsError {}

/// The text that the chip's code covers: what its file holds from SDMMACInputOffset to
/// SDMMACOffset.
///
/// `{uid}` stands for 14 hex digits, `{ctr}` for 6 and `{tt}` for the tamper state, as the chip
/// mirrors them (upper case, counter with its high byte first).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror(String);

impl Mirror {
    /// Takes a template.
    ///
    /// # Errors
    /// It is too long, or lacks `{tt}`.
    pub fn new(template: &str) -> Result<Self, TapsError> {
        let (got, max) = (template.len(), MAX_MIRROR);
        if got > max {
            return Err(TapsError::MirrorTooLong { got, max });
        }
        if !template.contains("{tt}") {
            return Err(TapsError::NoTamperState);
        }
        Ok(Self(template.to_owned()))
    }

    /// The text at one tap.
    fn text(&self, uid: &[u8; 7], counter: u32) -> String {
        let hex: String = uid.iter().map(|byte| format!("{byte:02X}")).collect();
        self.0
            .replace("{uid}", &hex)
            .replace("{ctr}", &format!("{counter:06X}"))
            .replace("{tt}", &String::from_utf8_lossy(&INTACT))
    }
}

/// The codes of taps 1 to `count` of one chip, committed under `salt`, 16 fresh random bytes.
///
/// # Errors
/// See [`TapsError`].
pub fn tap_codes(
    key: &ChipKey,
    uid: [u8; 7],
    mirror: &Mirror,
    count: u32,
    salt: [u8; 16],
) -> Result<TapCodes, TapsError> {
    let code = |counter| sun_code(key, &uid, counter, mirror.text(&uid, counter).as_bytes());
    commit(uid, salt, (1..=count).map(code))
}

/// Commits codes that were computed elsewhere, such as in a hardware module: those of taps 1, 2,
/// and so on in the intact state.
///
/// # Errors
/// [`TapsError::Count`]
pub fn commit(
    uid: [u8; 7],
    salt: [u8; 16],
    codes: impl IntoIterator<Item = [u8; 8]>,
) -> Result<TapCodes, TapsError> {
    let mut leaves = Vec::new();
    for (counter, code) in (1..).zip(codes.into_iter().take(MAX_TAPS + 1)) {
        leaves.extend(tap_leaf(&salt, &Tap { uid, counter, tamper: INTACT, code }));
    }
    let (got, max) = (leaves.len() / 8, MAX_TAPS);
    if !(1..=max).contains(&got) {
        return Err(TapsError::Count { got, max });
    }
    Ok(TapCodes { uid: Blob(uid.to_vec()), salt: Blob(salt.to_vec()), codes: Blob(leaves) })
}

/// The chip's code (SDMMAC) at one tap: AN12196, section 3.3; `input` is the mirrored text.
pub fn sun_code(key: &ChipKey, uid: &[u8; 7], counter: u32, input: &[u8]) -> [u8; 8] {
    let [low, middle, high, _] = counter.to_le_bytes();
    let mut vector = [0x3c, 0xc3, 0x00, 0x01, 0x00, 0x80, 0, 0, 0, 0, 0, 0, 0, low, middle, high];
    vector[6..13].copy_from_slice(uid);
    let session = Zeroizing::new(aes_cmac(&key.0, &vector));
    let mac = aes_cmac(&session, input);
    std::array::from_fn(|at| mac[2 * at + 1])
}

/// AES-CMAC (NIST SP 800-38B).
fn aes_cmac(key: &[u8; 16], message: &[u8]) -> [u8; 16] {
    let mut mac = Cmac::<Aes128>::new(&(*key).into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unhex<const N: usize>(text: &str) -> [u8; N] {
        std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
    }

    fn mirror() -> Mirror {
        Mirror::new("u={uid}&c={ctr}&t={tt}&m=").unwrap()
    }

    #[test]
    fn sun_codes_have_their_published_values() {
        // AN12196, section 3.3 (counter 61), and a tag of the sdm-backend project (counter 6), both
        // with the factory key and no mirrored text.
        let key = ChipKey::new([0; 16]);
        let code = |uid, counter| sun_code(&key, &unhex(uid), counter, b"");
        assert_eq!(code("04DE5F1EACC040", 61), unhex("94EED9EE65337086"));
        assert_eq!(code("041E3C8A2D6B80", 6), unhex("4B00064004B0B3D3"));
    }

    #[test]
    fn aes_cmac_has_its_published_values() {
        // NIST SP 800-38B, appendix D.1 (AES-128), examples 1 and 2.
        let key = unhex("2b7e151628aed2a6abf7158809cf4f3c");
        assert_eq!(aes_cmac(&key, b""), unhex("bb1d6929e95937287fa37d129b756746"));
        let block: [u8; 16] = unhex("6bc1bee22e409f96e93d7e117393172a");
        assert_eq!(aes_cmac(&key, &block), unhex("070a16b46b4d4144f79bdd9dd04a287c"));
    }

    #[test]
    fn a_committed_code_is_the_one_of_its_tap() {
        let (key, uid) = (ChipKey::new([5; 16]), unhex("04DE5F1EACC040"));
        let codes = tap_codes(&key, uid, &mirror(), USUAL_TAPS, [9; 16]).unwrap();
        assert_eq!((&codes.uid[..], &codes.salt[..]), (&uid[..], &[9; 16][..]));
        assert_eq!(codes.codes.len(), 64 * 8);
        for counter in [1, 2, 64] {
            let input = format!("u=04DE5F1EACC040&c={counter:06X}&t=CC&m=");
            let code = sun_code(&key, &uid, counter, input.as_bytes());
            let leaf = tap_leaf(&[9; 16], &Tap { uid, counter, tamper: *b"CC", code });
            let at = (counter as usize - 1) * 8;
            assert_eq!(codes.codes[at..at + 8], leaf);
        }
    }

    #[test]
    fn a_record_holds_1_to_256_taps() {
        let (key, uid) = (ChipKey::new([5; 16]), [4; 7]);
        let taps = |count| tap_codes(&key, uid, &mirror(), count, [9; 16]);
        assert_eq!(taps(0), Err(TapsError::Count { got: 0, max: 256 }));
        assert!(taps(256).is_ok());
        assert_eq!(taps(u32::MAX), Err(TapsError::Count { got: 257, max: 256 }));
    }

    #[test]
    fn a_mirror_binds_the_tamper_state_and_fits_the_chip() {
        assert_eq!(Mirror::new("u={uid}&c={ctr}"), Err(TapsError::NoTamperState));
        let long = "{tt}".repeat(65);
        assert_eq!(Mirror::new(&long), Err(TapsError::MirrorTooLong { got: 260, max: 256 }));
    }

    #[test]
    fn a_chip_key_never_prints() {
        assert_eq!(format!("{:?}", ChipKey::new([7; 16])), "ChipKey(..)");
    }
}
