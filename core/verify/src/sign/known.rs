//! Signatures of keys that come again and again, verified by tables of their multiples.
//!
//! A node verifies many entries of few parties. With every multiple of a key by its place in a
//! number, s·G + t·P is a sum of less than a hundred points and no doublings: a quarter of the time.
//! All of it is public, so time may tell what is added. The answer is that of [`PublicKey::verify`],
//! which is asked wherever there is no table.

use super::sm2::DEFAULT_USER_ID;
use super::{Algorithm, PublicKey, Signature, SignatureError, sm2};
use crate::codec::Blob;
use crate::hash::{Hash32, HashSuite, Sm3};
use ::sm2::elliptic_curve::group::Group;
use ::sm2::elliptic_curve::ops::Reduce;
use ::sm2::elliptic_curve::point::AffineCoordinates;
use ::sm2::elliptic_curve::sec1::ToSec1Point;
use ::sm2::elliptic_curve::{PrimeField, PublicKey as CurveKey};
use ::sm2::{AffinePoint, FieldBytes, ProjectivePoint, Scalar, Sm2};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

/// Most keys with tables, 90 KB each.
const MAX_KEYS: usize = 256;
/// a and b of the curve and its generator (GB/T 32918.5-2017), as Z_A has them.
const CURVE: [&[u8; 32]; 4] = [
    b"\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xfc",
    b"\x28\xe9\xfa\x9e\x9d\x9f\x5e\x34\x4d\x5a\x9e\x4b\xcf\x65\x09\xa7\xf3\x97\x89\xf5\x15\xab\x8f\x92\xdd\xbc\xbd\x41\x4d\x94\x0e\x93",
    b"\x32\xc4\xae\x2c\x1f\x19\x81\x19\x5f\x99\x04\x46\x6a\x39\xc9\x94\x8f\xe3\x0b\xbf\xf2\x66\x0b\xe1\x71\x5a\x45\x89\x33\x4c\x74\xc7",
    b"\xbc\x37\x36\xa2\xf4\xf6\x77\x9c\x59\xbd\xce\xe3\x6b\x69\x21\x53\xd0\xa9\x87\x7c\xc6\x2a\x47\x40\x02\xdf\x32\xe5\x21\x39\xf0\xa0",
];

/// Tables of the keys met lately.
pub struct KnownKeys {
    base: Table,
    keys: BTreeMap<Blob, Known>,
    /// The keys in the order in which they were met.
    order: VecDeque<Blob>,
}

enum Known {
    /// Met once: a table does not pay yet.
    Once,
    Tabled {
        identity: Hash32,
        table: Table,
    },
}

impl Default for KnownKeys {
    fn default() -> Self {
        let base = Table::new(ProjectivePoint::generator(), 8);
        Self { base, keys: BTreeMap::new(), order: VecDeque::new() }
    }
}

impl core::fmt::Debug for KnownKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("KnownKeys").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

impl KnownKeys {
    /// Accepts that `signature` is by this key over `message`.
    ///
    /// # Errors
    /// As [`PublicKey::verify`].
    pub fn verify(
        &mut self,
        key: &PublicKey,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        if key.algorithm != Algorithm::Sm2 {
            return key.verify(message, signature);
        }
        match self.keys.get(&key.bytes) {
            Some(Known::Tabled { .. }) => {}
            Some(Known::Once) => self.table(key)?,
            None => {
                self.meet(&key.bytes);
                return key.verify(message, signature);
            }
        }
        let Some(Known::Tabled { identity, table }) = self.keys.get(&key.bytes) else {
            return key.verify(message, signature);
        };
        let digest = Sm3::hash(&[&identity.0, message]);
        verify(&self.base, table, &digest, signature)
    }

    fn meet(&mut self, key: &Blob) {
        self.keys.insert(key.clone(), Known::Once);
        self.order.push_back(key.clone());
        if self.order.len() > MAX_KEYS
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
    }

    fn table(&mut self, key: &PublicKey) -> Result<(), SignatureError> {
        let point = *sm2::decode_key(&key.bytes)?.as_affine();
        let known = Known::Tabled {
            identity: identity(&point)?,
            table: Table::new(ProjectivePoint::from(point), 4),
        };
        self.keys.insert(key.bytes.clone(), known);
        Ok(())
    }
}

/// Z_A: the user id, the curve and the key under one hash (GB/T 32918.2-2016, 5.5).
fn identity(point: &AffinePoint) -> Result<Hash32, SignatureError> {
    let key = CurveKey::<Sm2>::from_affine(*point).map_err(|_| SignatureError::BadKey)?;
    let sec1 = key.to_sec1_point(false);
    let coordinates = sec1.as_bytes().get(1..).ok_or(SignatureError::BadKey)?;
    let bits = (DEFAULT_USER_ID.len() as u16 * 8).to_be_bytes();
    let [a, b, x, y] = CURVE;
    Ok(Sm3::hash(&[&bits, DEFAULT_USER_ID.as_bytes(), a, b, x, y, coordinates]))
}

/// B1 to B7 of GB/T 32918.2-2016, 7.1.
fn verify(
    base: &Table,
    key: &Table,
    digest: &Hash32,
    signature: &Signature,
) -> Result<(), SignatureError> {
    let signature =
        ::sm2::dsa::Signature::from_slice(&signature.0).map_err(|_| SignatureError::BadForm)?;
    let (r, s) = (*signature.r(), *signature.s());
    let t = r + s;
    let mut point = ProjectivePoint::identity();
    base.add(&s, &mut point);
    key.add(&t, &mut point);
    let zero = bool::from(t.is_zero()) || bool::from(point.is_identity());
    let e = Scalar::reduce(&FieldBytes::from(digest.0));
    let x = Scalar::reduce(&point.to_affine().x());
    if !zero && r == e + x { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// Multiples of a point: for each window of a number's bits, one for each value but zero.
struct Table {
    bits: usize,
    multiples: Vec<ProjectivePoint>,
}

impl Table {
    /// `bits` divide 8.
    fn new(mut point: ProjectivePoint, bits: usize) -> Self {
        let mut multiples = Vec::with_capacity((256 / bits) * ((1 << bits) - 1));
        for _ in 0..256 / bits {
            let mut multiple = point;
            for _ in 1..1 << bits {
                multiples.push(multiple);
                multiple += point;
            }
            point = multiple;
        }
        Self { bits, multiples }
    }

    /// Adds the point times a number.
    fn add(&self, number: &Scalar, sum: &mut ProjectivePoint) {
        let bytes = number.to_repr();
        let (each, most) = (8 / self.bits, (1usize << self.bits) - 1);
        for (place, byte) in bytes.iter().rev().enumerate() {
            for part in 0..each {
                let value = usize::from(*byte) >> (part * self.bits) & most;
                let window = place * each + part;
                let multiple = value.checked_sub(1).map(|value| window * most + value);
                if let Some(multiple) = multiple.and_then(|at| self.multiples.get(at)) {
                    *sum += multiple;
                }
            }
        }
    }
}
