//! Values of the state's maps.

use crate::codec::{self, Versioned};
use crate::format::bundle::MapPart;
use crate::format::state::MapDomain;
use crate::hash::{Hash32, Sm3};
use crate::judge::reason::{Part, ProofError, Unproven};
use crate::tree::map;
use minicbor::{Decode, Encode};

/// A value of one of the state's maps, or its proven absence.
pub(super) fn map_value<T>(
    domain: MapDomain,
    root: &Hash32,
    own_key: &[u8],
    part: &MapPart,
    name: Part,
) -> Result<Option<T>, Unproven>
where
    T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
{
    let path = |error| ProofError::Path { part: name, error };
    let key = domain.key(own_key);
    let Some(value) = &part.value else {
        map::verify_absence::<Sm3>(root, &key, &part.proof).map_err(path)?;
        return Ok(None);
    };
    let hash = domain.value_hash(value);
    map::verify_membership::<Sm3>(root, &key, &hash, &part.proof).map_err(path)?;
    Ok(Some(codec::decode(value)?))
}
