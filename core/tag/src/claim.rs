//! From what a tag says to a claim that can be verified.

use crate::epc::Epc;
use crate::gs1::DigitalLink;
use crate::payload::{Kind, NotASeal, Payload};
use sealight_verify::format::index::gtin_code;
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::{SealCode, SealError, TypedNumber};
use sealight_verify::judge::{LabelFacts, SealClaim};
use std::fmt;

/// Why there is nothing to verify. None of these is a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimError {
    /// Something else than a seal.
    NotASeal(NotASeal),
    /// A seal that was damaged or that a newer program reads, or a number that was mistyped.
    Unreadable(SealError),
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASeal(not) => not.fmt(f),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ClaimError {}

impl From<SealError> for ClaimError {
    fn from(error: SealError) -> Self {
        Self::Unreadable(error)
    }
}

/// What a payload claims. GS1 data and EPCs claim something only if they name one item, by GTIN and
/// serial number.
///
/// # Errors
/// [`ClaimError::NotASeal`] for what names no single item, and [`ClaimError::Unreadable`] for a
/// seal or a number that does not decode.
pub fn claim(payload: Payload, carrier: Carrier) -> Result<SealClaim, ClaimError> {
    match payload {
        Payload::Seal { fragment, digital_link, .. } => {
            let mut claim =
                SealClaim::of_seal(&SealCode::decode_fragment(fragment.as_str())?, carrier);
            claim.label = digital_link.as_ref().map(link_facts).unwrap_or_default();
            Ok(claim)
        }
        Payload::Number(number) => Ok(SealClaim::of_number(&TypedNumber::decode(&number)?)),
        Payload::DigitalLink(link) => item(link_facts(&link), link.key().value(), carrier),
        Payload::ElementString(elements) => {
            let facts = facts(|ai| elements.value(ai));
            item(facts, &elements.to_string(), carrier)
        }
        Payload::Epc(Epc::Sgtin { gtin, serial }) => {
            let facts = LabelFacts { gtin: Some(gtin), serial: Some(serial), batch: None };
            item(facts, "", carrier)
        }
        Payload::Epc(Epc::Sscc { sscc: number } | Epc::Sgln { gln: number, .. }) => {
            Err(ClaimError::NotASeal(NotASeal::new(Kind::Text, &number)))
        }
        Payload::Other(code) => Ok(SealClaim::of_code(code, LabelFacts::default(), carrier)),
        Payload::NotASeal(not) => Err(ClaimError::NotASeal(not)),
    }
}

/// What a label says beside its seal: GTIN (01), serial number (21), batch (10).
fn facts<'a>(value: impl Fn(&str) -> Option<&'a str>) -> LabelFacts {
    let owned = |ai| value(ai).map(str::to_owned);
    LabelFacts { gtin: owned("01"), serial: owned("21"), batch: owned("10") }
}

fn link_facts(link: &DigitalLink) -> LabelFacts {
    facts(|ai| link.value(ai))
}

/// The claim of one item that GTIN and serial number name.
fn item(label: LabelFacts, read: &str, carrier: Carrier) -> Result<SealClaim, ClaimError> {
    match (&label.gtin, &label.serial) {
        (Some(gtin), Some(serial)) => {
            Ok(SealClaim::of_code(gtin_code(gtin, serial), label, carrier))
        }
        (Some(_), None) => Err(ClaimError::NotASeal(NotASeal::new(Kind::PriceBarcode, read))),
        (None, _) => Err(ClaimError::NotASeal(NotASeal::new(Kind::Text, read))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::TagReading;
    use sealight_verify::format::ids::{LotId, ShortLedgerId};
    use sealight_verify::format::seal::Secret;
    use sealight_verify::judge::{Named, Shown};

    fn claimed(text: &str) -> Result<SealClaim, ClaimError> {
        let reading = TagReading::typed(text);
        claim(reading.decode(), reading.medium.carrier())
    }

    fn seal() -> SealCode {
        SealCode {
            ledger: ShortLedgerId([1; 8]),
            lot: LotId([2; 8]),
            index: 7,
            secret: Secret([9; 16]),
        }
    }

    #[test]
    fn a_seal_claims_its_item_live() {
        let claim = claimed(&format!("https://s.example/s#{}", seal().fragment())).unwrap();
        assert_eq!(claim, SealClaim::of_seal(&seal(), Carrier::Qr));
    }

    #[test]
    fn a_seal_behind_a_digital_link_claims_what_the_link_says() {
        let link = "https://id.example/01/09506000134352/10/L7/21/A1";
        let claim = claimed(&format!("{link}#{}", seal().fragment())).unwrap();
        let label = LabelFacts {
            gtin: Some("09506000134352".to_owned()),
            serial: Some("A1".to_owned()),
            batch: Some("L7".to_owned()),
        };
        assert_eq!(claim.label, label);
        assert!(
            matches!(claim.names, Named::Item(name) if name.shown == Shown::Live(Secret([9; 16])))
        );
    }

    #[test]
    fn a_damaged_seal_is_unreadable() {
        let mut fragment = seal().fragment();
        fragment.replace_range(10..11, if &fragment[10..11] == "A" { "B" } else { "A" });
        let error = claimed(&format!("https://s.example/s#{fragment}")).unwrap_err();
        assert_eq!(error, ClaimError::Unreadable(SealError::Checksum));
    }

    #[test]
    fn a_typed_number_claims_its_item_without_a_secret() {
        let number = TypedNumber { lot: LotId([2; 8]), index: 7 };
        assert_eq!(claimed(&number.text().to_lowercase()), Ok(SealClaim::of_number(&number)));
        let slip = number.text().replacen("20", "21", 1);
        assert_eq!(claimed(&slip), Err(ClaimError::Unreadable(SealError::Checksum)));
    }

    #[test]
    fn gtin_and_serial_claim_one_item_in_each_form() {
        let code = Named::Code("(01)80614141123458(21)6789".to_owned());
        for text in [
            "urn:epc:id:sgtin:0614141.812345.6789",
            "(01)80614141123458(21)6789",
            "https://id.example/01/80614141123458/21/6789",
        ] {
            assert_eq!(claimed(text).unwrap().names, code, "{text}");
        }
    }

    #[test]
    fn a_kind_of_product_is_no_seal() {
        for text in ["https://id.example/01/09506000134352", "(01)09506000134352", "6901234567892"]
        {
            let Err(ClaimError::NotASeal(not)) = claimed(text) else { panic!("{text}") };
            assert_eq!(not.kind, Kind::PriceBarcode, "{text}");
        }
        let Err(ClaimError::NotASeal(not)) = claimed("urn:epc:id:sscc:0614141.1234567890") else {
            panic!("a logistic unit");
        };
        assert_eq!((not.kind, not.read.as_str()), (Kind::Text, "106141412345678908"));
    }

    #[test]
    fn an_old_code_is_claimed_as_it_stands() {
        let claim = claimed("FW-8842-1180").unwrap();
        assert_eq!(claim.names, Named::Code("FW-8842-1180".to_owned()));
    }
}
