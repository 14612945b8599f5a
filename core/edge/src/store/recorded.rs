//! A claim as it is kept and passed on: JSON, and without a place for the secret.

use super::error::StoreError;
use sealight_verify::format::ids::{LotId, ShortLedgerId};
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::InnerHash;
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{ItemName, LabelFacts, Named, SealClaim, Shown, Tap};
use serde::{Deserialize, Serialize};

/// Most bytes of a recorded claim.
pub(super) const MAX_RECORDED: usize = 8 * 1024;
/// Most taps of one session that are kept.
const MAX_TAPS: usize = 16;

/// Why a text is no recorded claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedError {
    /// Longer than 8 KiB.
    TooLong {
        /// Bytes handed in.
        got: usize,
    },
    /// Written by a newer program.
    UnknownVersion {
        /// Its version.
        got: u32,
    },
    /// Not the JSON of a claim.
    Malformed,
    /// A field that does not hold what its name says.
    Field {
        /// Its name.
        field: &'static str,
    },
}

impl core::fmt::Display for RecordedError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { got } => write!(f, "a claim of {got} bytes, at most {MAX_RECORDED}"),
            Self::UnknownVersion { got } => write!(f, "claim version {got} is newer than this app"),
            Self::Malformed => f.write_str("not a recorded claim"),
            Self::Field { field } => write!(f, "{field}: not what its name says"),
        }
    }
}

impl core::error::Error for RecordedError {}

impl From<RecordedError> for StoreError {
    fn from(error: RecordedError) -> Self {
        Self::Corrupt { why: error.to_string() }
    }
}

/// All that is kept of a claim. There is no field for a secret, so none can be kept by mistake.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<RecordedSeal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    carrier: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    gtin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    taps: Vec<RecordedTap>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedSeal {
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<String>,
    lot: String,
    index: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedTap {
    uid: [u8; 7],
    counter: u32,
    tamper: [u8; 2],
    code: [u8; 8],
}

/// The recorded form of a claim: a live claim's secret is hashed, the last 16 taps are kept.
pub fn encode_recorded(claim: &SealClaim) -> String {
    let (seal, code) = match &claim.names {
        Named::Item(name) => (Some(seal(name)), None),
        Named::Code(code) => (None, Some(code.clone())),
    };
    let tap = |tap: &Tap| RecordedTap {
        uid: tap.uid,
        counter: tap.counter,
        tamper: tap.tamper,
        code: tap.code,
    };
    let recorded = Recorded {
        version: 1,
        seal,
        code,
        carrier: carrier_number(claim.carrier),
        gtin: claim.label.gtin.clone(),
        serial: claim.label.serial.clone(),
        batch: claim.label.batch.clone(),
        taps: claim.taps[claim.taps.len().saturating_sub(MAX_TAPS)..].iter().map(tap).collect(),
    };
    // Strings and numbers only: writing them as JSON cannot fail.
    serde_json::to_string(&recorded).unwrap_or_default()
}

/// Reads a recorded claim; nothing in it is believed.
pub fn decode_recorded(text: &str) -> Result<SealClaim, RecordedError> {
    if text.len() > MAX_RECORDED {
        return Err(RecordedError::TooLong { got: text.len() });
    }
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let malformed = |_| RecordedError::Malformed;
    let Version { version: got } = serde_json::from_str(text).map_err(malformed)?;
    if got != 1 {
        return Err(RecordedError::UnknownVersion { got });
    }
    let recorded: Recorded = serde_json::from_str(text).map_err(malformed)?;
    let names = match (recorded.seal, recorded.code) {
        (Some(seal), None) => Named::Item(name(&seal)?),
        (None, Some(code)) => Named::Code(code),
        _ => return Err(RecordedError::Malformed),
    };
    if recorded.taps.len() > MAX_TAPS {
        return Err(RecordedError::Field { field: "taps" });
    }
    let tap = |tap: &RecordedTap| Tap {
        uid: tap.uid,
        counter: tap.counter,
        tamper: tap.tamper,
        code: tap.code,
    };
    Ok(SealClaim {
        names,
        label: LabelFacts { gtin: recorded.gtin, serial: recorded.serial, batch: recorded.batch },
        carrier: carrier(recorded.carrier)?,
        taps: recorded.taps.iter().map(tap).collect(),
    })
}

fn seal(name: &ItemName) -> RecordedSeal {
    RecordedSeal {
        ledger: name.ledger.map(|ledger| ledger.to_string()),
        lot: name.lot.to_string(),
        index: name.index,
        inner: name.shown.inner().map(|inner| inner.0.to_string()),
    }
}

fn name(seal: &RecordedSeal) -> Result<ItemName, RecordedError> {
    let field = |field| RecordedError::Field { field };
    let ledger =
        seal.ledger.as_deref().map(|text| ShortLedgerId::from_hex(text).ok_or(field("ledger")));
    let inner = seal.inner.as_deref().map(|text| Hash32::from_hex(text).ok_or(field("inner")));
    Ok(ItemName {
        ledger: ledger.transpose()?,
        lot: LotId::from_hex(&seal.lot).ok_or(field("lot"))?,
        index: seal.index,
        shown: match inner.transpose()? {
            Some(inner) => Shown::Recorded(InnerHash(inner)),
            None => Shown::Nothing,
        },
    })
}

const CARRIERS: [Carrier; 5] =
    [Carrier::Qr, Carrier::Uhf, Carrier::Nfc, Carrier::NfcTap, Carrier::NfcChallenge];

fn carrier_number(carrier: Carrier) -> u8 {
    CARRIERS.iter().position(|known| *known == carrier).unwrap_or(0) as u8
}

fn carrier(number: u8) -> Result<Carrier, RecordedError> {
    CARRIERS.get(usize::from(number)).copied().ok_or(RecordedError::Field { field: "carrier" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::format::seal::{SealCode, Secret};

    fn live() -> SealClaim {
        let code = SealCode {
            ledger: ShortLedgerId([1; 8]),
            lot: LotId([2; 8]),
            index: 5,
            secret: Secret(*b"sixteen bytes ok"),
        };
        let mut claim = SealClaim::of_seal(&code, Carrier::NfcTap);
        claim.taps.push(Tap { uid: [1; 7], counter: 3, tamper: *b"CC", code: [9; 8] });
        claim
    }

    #[test]
    fn a_claim_comes_back_without_its_secret() {
        let claim = live();
        let text = encode_recorded(&claim);
        assert_eq!(decode_recorded(&text), Ok(claim.recorded()));
        let hex: String = b"sixteen bytes ok".iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!text.contains("sixteen") && !text.contains(&hex));
    }

    #[test]
    fn a_code_and_a_typed_number_come_back() {
        let label = LabelFacts { gtin: Some("06901234567892".into()), ..LabelFacts::default() };
        let code = SealClaim::of_code("WY\"12\\34".into(), label, Carrier::Uhf);
        assert_eq!(decode_recorded(&encode_recorded(&code)), Ok(code));
        let Named::Item(mut name) = live().names else { unreachable!() };
        (name.ledger, name.shown) = (None, Shown::Nothing);
        let typed = SealClaim { names: Named::Item(name), taps: Vec::new(), ..live() };
        assert_eq!(decode_recorded(&encode_recorded(&typed)), Ok(typed));
    }

    #[test]
    fn a_newer_claim_says_so_and_odd_ones_are_refused() {
        let text = encode_recorded(&live());
        let newer = text.replacen("\"version\":1", "\"version\":2", 1);
        assert_eq!(decode_recorded(&newer), Err(RecordedError::UnknownVersion { got: 2 }));
        let both = text.replacen("\"carrier\"", "\"code\":\"x\",\"carrier\"", 1);
        assert_eq!(decode_recorded(&both), Err(RecordedError::Malformed));
        let odd = text.replacen("\"carrier\":3", "\"carrier\":9", 1);
        assert_eq!(decode_recorded(&odd), Err(RecordedError::Field { field: "carrier" }));
        let secret = text.replacen("\"carrier\"", "\"secret\":\"x\",\"carrier\"", 1);
        assert_eq!(decode_recorded(&secret), Err(RecordedError::Malformed));
        let long = " ".repeat(MAX_RECORDED + 1);
        assert!(matches!(decode_recorded(&long), Err(RecordedError::TooLong { .. })));
        for cut in 0..text.len() {
            assert!(decode_recorded(&text[..cut]).is_err(), "cut at {cut}");
        }
    }
}
