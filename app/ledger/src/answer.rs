//! Queries in, bytes out: state with its proofs under one header, and hints without any.
//!
//! Paths and data are those of [`sealight_verify::format::answer`]. Everything is a function of one
//! version of the state, but for the codes of an index, whose files stand outside it.

use crate::state::{EventRow, IndexRow, LotRow, State};
use sealight_verify::codec::{self, Blob, CodecError, Versioned};
use sealight_verify::format::answer::{
    CHANGES_PATH, CODE_PATH, CodeQuery, INDEXES_PATH, LOT_PATH, LOTS_PATH, PARTY_PATH,
    RECALLS_PATH, RecallFeed, StateAnswer,
};
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::bundle::{CodePart, EventPart, LifePart, LotPart, MapPart, PartyPart};
use sealight_verify::format::governance::{GOVERNANCE_PATH, GovernanceAnswer, MEMBERS, VALIDATORS};
use sealight_verify::format::ids::{LotId, PartyId};
use sealight_verify::format::index::CodeTarget;
use sealight_verify::format::life::untouched_root;
use sealight_verify::format::lot::BUCKET_ITEMS;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::pack::LotList;
use sealight_verify::hash::Hash32;
use sealight_verify::tree::map::PrefixProof;
use std::collections::BTreeSet;

/// Most hints in one answer.
pub const MAX_HINTS: usize = 4096;

/// Bits of the prefix by which codes are asked for.
pub const QUERY_BITS: u8 = 24;

/// All codes of one prefix, and where each leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesOfPrefix {
    /// The codes' keys with their path.
    pub proof: PrefixProof,
    /// Where each leads, in their order.
    pub targets: Vec<CodeTarget>,
}

/// Where the codes of an index are kept.
pub trait CodeFiles {
    /// The codes of the index with `root` whose keys begin with the first `bits` bits of the 24
    /// bits of `prefix`; none where the file is not here.
    fn codes(&self, root: &Hash32, bits: u8, prefix: u32) -> Option<CodesOfPrefix>;
}

/// Why a query has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryError {
    /// No such path.
    UnknownPath,
    /// The data are not as long as the path needs them.
    DataLength {
        /// Bytes needed.
        expected: usize,
        /// Bytes found.
        got: usize,
    },
    /// The data are not the structure that the path needs.
    Codec(CodecError),
    /// The data hold what they may not.
    Bounds(BoundsError),
    /// The ledger has the index, this gateway not its codes.
    CodesMissing {
        /// Root of the index.
        root: Hash32,
    },
    /// This node joined by a snapshot and has no entries from before it.
    LogMissing {
        /// The first entry that it has.
        first: u64,
    },
    /// More bytes than a client reads.
    TooLong {
        /// Bytes of the answer.
        got: usize,
        /// Most bytes allowed.
        max: usize,
    },
}

impl QueryError {
    /// A stable number from 1 up and a stable name, for machines.
    pub fn code(&self) -> (u32, &'static str) {
        match self {
            Self::UnknownPath => (101, "unknown-path"),
            Self::DataLength { .. } => (102, "data-length"),
            Self::Codec(_) => (103, "codec"),
            Self::Bounds(_) => (104, "bounds"),
            Self::CodesMissing { .. } => (105, "codes-missing"),
            Self::TooLong { .. } => (106, "answer-too-long"),
            Self::LogMissing { .. } => (107, "log-missing"),
        }
    }
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownPath => f.write_str("no such query path"),
            Self::DataLength { expected, got } => {
                write!(f, "the query's data have {got} bytes, not {expected}")
            }
            Self::Codec(error) => write!(f, "{error}"),
            Self::Bounds(error) => write!(f, "{error}"),
            Self::CodesMissing { root } => {
                write!(f, "the codes of index {root} are not at this gateway")
            }
            Self::LogMissing { first } => {
                write!(f, "this node has no entries of the log before {first}")
            }
            Self::TooLong { got, max } => {
                write!(f, "the answer has {got} bytes, at most {max} are read")
            }
        }
    }
}

impl std::error::Error for QueryError {}

/// Answers one query out of the state that the header at `height` binds: the one after the block
/// before it.
///
/// # Errors
/// What is wrong with the query, or missing here; see [`QueryError`].
pub fn answer(
    state: &State,
    height: u64,
    files: &dyn CodeFiles,
    path: &str,
    data: &[u8],
) -> Result<Vec<u8>, QueryError> {
    match path {
        LOT_PATH => lot(state, height, data),
        CODE_PATH => code(state, height, files, data),
        PARTY_PATH => party(state, height, data),
        INDEXES_PATH => indexes(state, data),
        CHANGES_PATH => changes(state, data),
        RECALLS_PATH => recalls(state, data),
        GOVERNANCE_PATH => governance(state, height, data),
        LOTS_PATH => lots(state, data),
        _ => Err(QueryError::UnknownPath),
    }
}

fn lot(state: &State, height: u64, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let bytes: [u8; 12] = exactly(data)?;
    let [a, b, c, d, e, f, g, h, bucket @ ..] = bytes;
    let (id, bucket) = (LotId([a, b, c, d, e, f, g, h]), u32::from_be_bytes(bucket));
    let row = state.lot(&id).ok();
    let value = row.map(|row| codec::encode(&row.lot).into());
    let inside = row.filter(|row| bucket < row.lot.size.div_ceil(BUCKET_ITEMS));
    let part = LotPart {
        id,
        state: MapPart { value, proof: state.prove_lot(&id) },
        anchor: row.map(|row| (*row.anchor).clone()),
        item: None,
        life: inside.and_then(|row| life(row, bucket)),
        events: inside.map(|row| row.events.rows.iter().map(event).collect()).unwrap_or_default(),
    };
    let mut called: BTreeSet<PartyId> = row.map(|row| row.lot.issuer).into_iter().collect();
    called.extend(part.events.iter().map(|event| event.entry.party));
    let parties = called.into_iter().map(|id| party_part(state, id)).collect();
    whole(StateAnswer { lot: Some(part), parties, ..empty(state, height) })
}

/// The bucket's life with its path; none while the lot is as it started.
fn life(row: &LotRow, bucket: u32) -> Option<LifePart> {
    if row.lot.life_root == untouched_root(row.lot.initial, row.lot.size) {
        return None;
    }
    let (bytes, path) = row.life.prove(u64::from(bucket))?;
    Some(LifePart { leaf: Blob(bytes.to_vec()), path: path.into() })
}

fn event(row: &EventRow) -> EventPart {
    EventPart { height: row.height, at: row.at, entry: (*row.entry).clone() }
}

fn party(state: &State, height: u64, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let id = PartyId(exactly(data)?);
    whole(StateAnswer { parties: vec![party_part(state, id)], ..empty(state, height) })
}

fn party_part(state: &State, id: PartyId) -> PartyPart {
    let value = state.party(&id).ok().map(|row| codec::encode(&row.party).into());
    PartyPart { id, part: MapPart { value, proof: state.prove_party(&id) } }
}

fn code(
    state: &State,
    height: u64,
    files: &dyn CodeFiles,
    data: &[u8],
) -> Result<Vec<u8>, QueryError> {
    let query: CodeQuery = codec::decode(data).map_err(QueryError::Codec)?;
    query.namespace.bounds().map_err(QueryError::Bounds)?;
    if query.prefix >> QUERY_BITS != 0 {
        return Err(QueryError::Bounds(BoundsError::Unfit { field: "prefix" }));
    }
    let row = state.index(&query.namespace);
    let value = row.map(|row| codec::encode(&row.index).into());
    let codes = row.map(|row| codes(row, files, query.prefix)).transpose()?;
    let (bucket, targets) =
        codes.map_or((None, Vec::new()), |codes| (Some(codes.proof), codes.targets));
    let index = MapPart { value, proof: state.prove_index(&query.namespace) };
    let part = CodePart { namespace: query.namespace, index, bucket, targets };
    whole(StateAnswer { code: Some(part), ..empty(state, height) })
}

fn codes(row: &IndexRow, files: &dyn CodeFiles, prefix: u32) -> Result<CodesOfPrefix, QueryError> {
    let root = row.index.root;
    let found = files.codes(&root, row.index.prefix_bits, prefix);
    found.ok_or(QueryError::CodesMissing { root })
}

fn indexes(state: &State, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let [] = exactly(data)?;
    let list: Vec<Namespace> =
        state.indexes().take(MAX_HINTS).map(|row| row.namespace.clone()).collect();
    Ok(codec::encode(&list))
}

fn changes(state: &State, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let after = u64::from_be_bytes(exactly(data)?);
    let heights = &state.hints().set_changes;
    let from = heights.partition_point(|height| *height <= after);
    let later: Vec<u64> = heights.iter().skip(from).take(MAX_HINTS).copied().collect();
    Ok(codec::encode(&later))
}

fn recalls(state: &State, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let since = u64::from_be_bytes(exactly(data)?);
    let all = &state.hints().recalls;
    let from = all.partition_point(|hint| hint.log_index < since);
    let recalls: Vec<_> = all.iter().skip(from).take(MAX_HINTS).cloned().collect();
    let told = from + recalls.len();
    // A feed that goes on tells where, so that the next query begins there.
    let log_size = all.get(told).map_or(state.roots().log_size, |next| next.log_index);
    Ok(codec::encode(&RecallFeed { version: 1, log_size, recalls }))
}

fn governance(state: &State, height: u64, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let name = match data {
        data if data == MEMBERS.as_bytes() => MEMBERS,
        data if data == VALIDATORS.as_bytes() => VALIDATORS,
        _ => return Err(QueryError::Bounds(BoundsError::Unfit { field: "name" })),
    };
    let (value, proof) = state.prove_governance(name);
    let part = MapPart { value: value.map(Blob), proof };
    let roots = state.roots();
    Ok(codec::encode(&GovernanceAnswer { version: 1, height, roots, part }))
}

/// Ascending, whatever the order in which they are kept.
fn lots(state: &State, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let [] = exactly(data)?;
    let mut lots: Vec<LotId> = state.lots().map(|row| row.id).collect();
    lots.sort_unstable();
    let bytes = codec::encode(&LotList { version: 1, lots });
    let (got, max) = (bytes.len(), LotList::MAX_LEN);
    if got > max { Err(QueryError::TooLong { got, max }) } else { Ok(bytes) }
}

fn empty(state: &State, height: u64) -> StateAnswer {
    let (roots, parties) = (state.roots(), Vec::new());
    StateAnswer { version: 1, height, roots, code: None, lot: None, parties }
}

fn whole(answer: StateAnswer) -> Result<Vec<u8>, QueryError> {
    let bytes = codec::encode(&answer);
    let (got, max) = (bytes.len(), StateAnswer::MAX_LEN);
    if got > max { Err(QueryError::TooLong { got, max }) } else { Ok(bytes) }
}

fn exactly<const N: usize>(data: &[u8]) -> Result<[u8; N], QueryError> {
    data.try_into().map_err(|_| QueryError::DataLength { expected: N, got: data.len() })
}

#[cfg(test)]
mod tests;
