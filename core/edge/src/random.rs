//! Randomness of the system (`getrandom` on all platforms alike): the only file that draws it.
//!
//! May block early in the start of a machine, until the system has gathered enough; everywhere else
//! randomness is an argument.

/// The system gives no randomness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRandomness {
    /// What it says.
    pub why: String,
}

impl core::fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "no randomness: {}", self.why)
    }
}

impl core::error::Error for NoRandomness {}

/// Fresh random bytes.
///
/// # Errors
/// [`NoRandomness`] where the system gives none.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map(|()| bytes).map_err(|error| NoRandomness { why: error.to_string() })
}
