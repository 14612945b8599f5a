use super::{Hash32, HashSuite};
use ::sm3::Digest;

/// SM3, GB/T 32905-2016.
#[derive(Debug, Clone, Copy)]
pub struct Sm3;

impl HashSuite for Sm3 {
    const NAME: &'static str = "SM3";

    fn hash(parts: &[&[u8]]) -> Hash32 {
        let mut hasher = ::sm3::Sm3::new();
        for part in parts {
            hasher.update(part);
        }
        Hash32(hasher.finalize().into())
    }
}
