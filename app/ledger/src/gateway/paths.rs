//! Paths beside CometBFT's own: files of lots and indexes, pictures, receipts, checkpoint, trust file.

use super::pack;
use super::params::Params;
use super::reply::{cbor, done, refusal};
use super::source::Source;
use crate::files::FileError;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use sealight_verify::codec;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::pack::Place;
use sealight_verify::hash::Hash32;

/// What never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What is replaced with every block.
const FOR_A_MOMENT: &str = "public, max-age=2";
/// What may be replaced by something newer.
const FOR_A_MINUTE: &str = "public, max-age=60";

/// A request that is understood.
#[derive(Debug)]
pub(super) enum Path {
    Bucket { root: Hash32, bucket: u32 },
    PutBucket { root: Hash32, bucket: u32, bytes: Vec<u8> },
    Picture { hash: Hash32 },
    PutPicture { hash: Hash32, bytes: Vec<u8> },
    Receipts { root: Hash32, lot: LotId, size: u32, alone: bool },
    Codes { root: Hash32, bits: u8, prefix: u32 },
    PutCodes { root: Hash32, bits: u8, bytes: Vec<u8> },
    Checkpoint { ledger: Option<LedgerId> },
    Trust { serial: Option<u64> },
    Pack(Place),
}

impl Path {
    /// Reads the segments of a `GET`.
    pub(super) fn get(segments: &[&str]) -> Option<Self> {
        Some(match segments {
            ["lot", root, bucket] => {
                Self::Bucket { root: Hash32::from_hex(root)?, bucket: number(bucket)? }
            }
            ["index", root, bits, prefix] => Self::Codes {
                root: Hash32::from_hex(root)?,
                bits: number(bits)?,
                prefix: number(prefix)?,
            },
            ["picture", hash] => Self::Picture { hash: Hash32::from_hex(hash)? },
            ["checkpoint"] => Self::Checkpoint { ledger: None },
            ["checkpoint", ledger] => {
                Self::Checkpoint { ledger: Some(LedgerId::from_hex(ledger)?) }
            }
            ["trust"] => Self::Trust { serial: None },
            ["pack", ..] => Self::Pack(Place::from_path(&format!("/{}", segments.join("/")))?),
            ["trust", serial] => Self::Trust { serial: Some(number(serial)?) },
            _ => return None,
        })
    }

    /// Reads the segments of a `PUT`.
    pub(super) fn put(segments: &[&str], bytes: Vec<u8>) -> Option<Self> {
        Some(match segments {
            ["lot", root, bucket] => {
                Self::PutBucket { root: Hash32::from_hex(root)?, bucket: number(bucket)?, bytes }
            }
            ["picture", hash] => Self::PutPicture { hash: Hash32::from_hex(hash)?, bytes },
            // The file says its prefix itself; in the path it is for people.
            ["index", root, bits, _] => {
                Self::PutCodes { root: Hash32::from_hex(root)?, bits: number(bits)?, bytes }
            }
            _ => return None,
        })
    }

    /// Reads the segments and arguments of a `POST`.
    pub(super) fn post(segments: &[&str], params: &Params) -> Option<Self> {
        let ["lot", root, "receipt"] = segments else { return None };
        let size = params.number("size").ok().flatten()?;
        Some(Self::Receipts {
            root: Hash32::from_hex(root)?,
            lot: LotId::from_hex(params.text("lot"))?,
            size: u32::try_from(size).ok()?,
            alone: params.text("alone") == "1",
        })
    }

    /// Runs it; blocks.
    pub(super) fn run(self, ledger: &dyn Source) -> Response<Body> {
        let files = ledger.files();
        match self {
            Self::Bucket { root, bucket } => file(files.bucket(&root, bucket)),
            Self::PutBucket { root, bucket, bytes } => put(files.put_bucket(&root, bucket, &bytes)),
            Self::Picture { hash } => file(files.picture(&hash)),
            Self::PutPicture { hash, bytes } => put(files.put_picture(&hash, &bytes)),
            Self::Receipts { root, lot, size, alone } => {
                match ledger.receipts(&lot, &root, size, alone) {
                    Ok(receipts) => cbor(codec::encode(&receipts), "no-store"),
                    Err(error) => refused(&error),
                }
            }
            Self::Codes { root, bits, prefix } => file(files.codes_file(&root, bits, prefix)),
            Self::PutCodes { root, bits, bytes } => put(files.put_codes(&root, bits, &bytes)),
            Self::Checkpoint { ledger: asked } => match asked {
                Some(asked) if asked != ledger.ledger() => absent(),
                _ => cbor(ledger.checkpoint(), FOR_A_MINUTE),
            },
            Self::Trust { serial } => trust(ledger, serial),
            Self::Pack(place) => match pack::file(ledger, &place) {
                Some(bytes) if place == Place::Head => cbor(bytes, FOR_A_MOMENT),
                Some(bytes) => cbor(bytes, FOR_EVER),
                None => absent(),
            },
        }
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// A file of ours, or a picture, which nobody is to take for a page: both come as bytes alone.
fn file(found: Result<Option<Vec<u8>>, FileError>) -> Response<Body> {
    match found {
        Ok(Some(bytes)) => cbor(bytes, FOR_EVER),
        Ok(None) => absent(),
        Err(error) => refused(&error),
    }
}

fn put(taken: Result<(), FileError>) -> Response<Body> {
    taken.map_or_else(|error| refused(&error), |()| done())
}

fn trust(ledger: &dyn Source, serial: Option<u64>) -> Response<Body> {
    match ledger.trust(serial) {
        Ok(Some(bytes)) if serial.is_some() => cbor(bytes, FOR_EVER),
        Ok(Some(bytes)) => cbor(bytes, FOR_A_MINUTE),
        Ok(None) => absent(),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "trust", error),
    }
}

pub(super) fn absent() -> Response<Body> {
    refusal(StatusCode::NOT_FOUND, "absent", "nothing is here")
}

pub(super) fn refused(error: &FileError) -> Response<Body> {
    let status = match error {
        FileError::Sealed => StatusCode::CONFLICT,
        FileError::Full { .. } => StatusCode::INSUFFICIENT_STORAGE,
        FileError::Io { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    refusal(status, error.code(), error)
}
