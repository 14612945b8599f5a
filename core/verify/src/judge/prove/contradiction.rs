//! What of the proven speaks against a claim.

use super::item::Proof;
use crate::format::lot::LotState;
use crate::format::namespace::Namespace;
use crate::format::party::{Party, Roles};
use crate::format::record::ItemRecord;
use crate::judge::claim::SealClaim;
use crate::judge::reason::Contradiction;
use crate::report::Recipient;
use alloc::string::{String, ToString};

/// What of the proven speaks against the claim.
pub(in crate::judge) fn contradiction(claim: &SealClaim, proof: &Proof) -> Option<Contradiction> {
    let record = proof.item.record();
    not_an_issuer(&proof.lot, &proof.issuer)
        .or_else(|| foreign_lot_namespace(&proof.lot, &proof.issuer))
        .or_else(|| foreign_gtin(record, &proof.lot))
        .or_else(|| foreign_brand(record, &proof.lot))
        .or_else(|| label_differs("gtin", &claim.label.gtin, &record.gtin))
        .or_else(|| label_differs("serial", &claim.label.serial, &record.serial))
        .or_else(|| label_differs("batch", &claim.label.batch, &record.batch))
}

/// Whom a report on it goes to: the issuer, unless it is what is contradicted.
pub(in crate::judge) fn report_to(against: &Contradiction, proof: &Proof) -> Option<Recipient> {
    match against {
        Contradiction::LabelDiffers { .. } | Contradiction::TwoItems => proof.recipient(),
        Contradiction::ForeignNamespace { .. } | Contradiction::NotAnIssuer { .. } => None,
    }
}

fn not_an_issuer(lot: &LotState, issuer: &Party) -> Option<Contradiction> {
    (!issuer.roles.meets(Roles::ISSUER)).then_some(Contradiction::NotAnIssuer { party: lot.issuer })
}

fn foreign_lot_namespace(lot: &LotState, issuer: &Party) -> Option<Contradiction> {
    let foreign = lot.namespaces.iter().find(|inner| !issuer.covers(core::slice::from_ref(inner)));
    foreign.map(|inner| Contradiction::ForeignNamespace {
        field: "lot",
        value: match inner {
            Namespace::Gtin(text)
            | Namespace::Host(text)
            | Namespace::Pattern(text)
            | Namespace::Brand(text) => text.clone(),
        },
    })
}

fn foreign_gtin(record: &ItemRecord, lot: &LotState) -> Option<Contradiction> {
    let gtin = record.gtin.as_ref()?;
    let own = lot.namespaces.iter().any(|namespace| namespace.holds_gtin(gtin));
    (!own).then(|| Contradiction::ForeignNamespace { field: "gtin", value: gtin.clone() })
}

fn foreign_brand(record: &ItemRecord, lot: &LotState) -> Option<Contradiction> {
    let brand = record.brand.as_ref()?;
    let own = lot.namespaces.iter().any(|namespace| namespace.holds_brand(brand));
    (!own).then(|| Contradiction::ForeignNamespace { field: "brand", value: brand.clone() })
}

fn label_differs(
    field: &'static str,
    label: &Option<String>,
    record: &Option<String>,
) -> Option<Contradiction> {
    let label = label.as_ref()?;
    let record = record.as_deref().unwrap_or("");
    (label != record).then(|| Contradiction::LabelDiffers {
        field,
        label: label.clone(),
        record: record.to_string(),
    })
}
