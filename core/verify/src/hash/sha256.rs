use super::{Hash32, HashSuite};
use sha2::Digest;

/// SHA-256, FIPS 180-4.
#[derive(Debug, Clone, Copy)]
pub struct Sha256;

impl HashSuite for Sha256 {
    const NAME: &'static str = "SHA-256";

    fn hash(parts: &[&[u8]]) -> Hash32 {
        let mut hasher = sha2::Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Hash32(hasher.finalize().into())
    }
}
