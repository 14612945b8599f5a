//! One row and one secret to the canonical bytes of a record.

use super::{LotError, LotPlan};
use crate::rows::Row;
use sealight_verify::codec::{self, Blob, Versioned};
use sealight_verify::format::private::{self, ItemPlace};
use sealight_verify::format::record::{Carrier, ItemRecord, TapCodes};
use sealight_verify::format::seal::{SealCode, commitment};

/// The record of the item that `seal` names.
pub(super) fn record(
    plan: &LotPlan,
    seal: &SealCode,
    row: &Row,
    taps: Option<TapCodes>,
) -> Result<Vec<u8>, LotError> {
    let number = seal.index + 1;
    own_gtin(plan, row, number)?;
    own_brand(plan, row, number)?;
    taps_have_a_chip(row, &taps, number)?;
    let record = ItemRecord {
        version: 1,
        commitment: commitment(&plan.ledger, &seal.lot, seal.index, &seal.secret.inner()),
        product: row.product.clone(),
        brand: row.brand.clone(),
        gtin: row.gtin.clone(),
        serial: row.serial.clone(),
        batch: row.batch.clone(),
        category: row.category.clone(),
        expires: row.expires,
        carriers: row.carriers.clone(),
        fields: row.fields.clone(),
        private: close(plan, seal, row, number)?,
        taps,
    };
    record.bounds().map_err(|error| LotError::Record { row: number, error })?;
    let bytes = codec::encode(&record);
    let (got, max) = (bytes.len(), ItemRecord::MAX_LEN);
    if got > max { Err(LotError::RecordTooLong { row: number, got, max }) } else { Ok(bytes) }
}

fn own_gtin(plan: &LotPlan, row: &Row, number: u32) -> Result<(), LotError> {
    match &row.gtin {
        Some(gtin) if !plan.namespaces.iter().any(|own| own.holds_gtin(gtin)) => {
            Err(LotError::ForeignGtin { row: number, gtin: gtin.clone() })
        }
        _ => Ok(()),
    }
}

fn own_brand(plan: &LotPlan, row: &Row, number: u32) -> Result<(), LotError> {
    match &row.brand {
        Some(brand) if !plan.namespaces.iter().any(|own| own.holds_brand(brand)) => {
            Err(LotError::ForeignBrand { row: number, brand: brand.clone() })
        }
        _ => Ok(()),
    }
}

fn taps_have_a_chip(row: &Row, taps: &Option<TapCodes>, number: u32) -> Result<(), LotError> {
    if taps.is_some() && !row.carriers.contains(&Carrier::NfcTap) {
        return Err(LotError::TapsWithoutChip { row: number });
    }
    Ok(())
}

/// Closes the private fields under the secret of the seal.
fn close(
    plan: &LotPlan,
    seal: &SealCode,
    row: &Row,
    number: u32,
) -> Result<Option<Blob>, LotError> {
    if row.private.is_empty() {
        return Ok(None);
    }
    let place = ItemPlace { ledger: &plan.ledger, lot: &seal.lot, index: seal.index };
    let closed = private::close(place, &seal.secret, &row.private);
    let (got, max) = (closed.len(), private::MAX_LEN);
    if got > max {
        return Err(LotError::PrivateTooLong { row: number, got, max });
    }
    Ok(Some(Blob(closed)))
}
