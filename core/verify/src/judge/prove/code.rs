//! From a brand's old code to an item, by the index of its namespace.

use super::value::map_value;
use crate::codec;
use crate::format::bundle::CodePart;
use crate::format::index::{CodeIndex, CodeTarget, code_key};
use crate::format::namespace::Namespace;
use crate::format::state::{MapDomain, StateRoots};
use crate::hash::{Hash32, Sm3};
use crate::judge::reason::{NotOnLedger, Part, ProofError, Unproven};
use crate::tree::map;

/// Where a code leads, by the index of its namespace.
pub(super) fn code_target(
    code: &str,
    part: &CodePart,
    roots: &StateRoots,
) -> Result<Result<CodeTarget, NotOnLedger>, Unproven> {
    if !holds(&part.namespace, code) {
        return Err(ProofError::WrongItem.into());
    }
    let own_key = codec::encode(&part.namespace);
    let root = &roots.indexes;
    let index: Option<CodeIndex> =
        map_value(MapDomain::INDEXES, root, &own_key, &part.index, Part::CodeIndex)?;
    let (index, bucket) = match (index, &part.bucket) {
        (Some(index), Some(bucket)) => (index, bucket),
        (Some(_), None) => return Err(ProofError::Missing(Part::Codes).into()),
        (None, Some(_)) => return Err(ProofError::Superfluous(Part::Codes).into()),
        // Whoever answered chose the namespace, and a code lies in many: none of them having an
        // index shows nothing of the others.
        (None, None) if part.targets.is_empty() => return Err(Unproven::NotFound),
        (None, None) => return Err(ProofError::Superfluous(Part::Codes).into()),
    };
    let key = code_key(code);
    let entries = map::verify_prefix::<Sm3>(&index.root, index.prefix_bits, &key, bucket)
        .map_err(|error| ProofError::Path { part: Part::Codes, error })?;
    let fit = entries.len() == part.targets.len()
        && entries.iter().zip(&part.targets).all(|(e, target)| e.value_hash == target.value_hash());
    if !fit {
        return Err(ProofError::WrongEntry(Part::Codes).into());
    }
    let found = entries.iter().position(|entry| entry.key == key);
    Ok(found.map(|at| part.targets[at]).ok_or(NotOnLedger::CodeNotIndexed))
}

/// A code index by the map key of its namespace, or its absence.
pub(in crate::judge) fn code_index(
    part: &CodePart,
    key: &Hash32,
    root: &Hash32,
) -> Result<Option<CodeIndex>, Unproven> {
    let own_key = codec::encode(&part.namespace);
    if MapDomain::INDEXES.key(&own_key) != *key {
        return Err(ProofError::WrongItem.into());
    }
    map_value(MapDomain::INDEXES, root, &own_key, &part.index, Part::CodeIndex)
}

/// Whether a code, or the GTIN in its canonical text, lies in a namespace.
fn holds(namespace: &Namespace, code: &str) -> bool {
    let gtin = code.strip_prefix("(01)").and_then(|rest| rest.get(..14));
    namespace.holds_code(code) || gtin.is_some_and(|gtin| namespace.holds_gtin(gtin))
}
