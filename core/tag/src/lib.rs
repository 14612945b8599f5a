//! What a seal says: pixels, NDEF, GS1, EPC and old codes, decoded to a claim.
//!
//! Nothing here is proven and nothing here is trusted: these modules turn bytes and frames that
//! somebody else handed in into a [`payload::Payload`], and whether a payload is true is for
//! `sealight-verify` to say. No clock, no input or output; a time budget comes in as a
//! [`deadline::Deadline`]. Every decoder looks at the length first and never panics.
//!
//! | from | through | to |
//! |---|---|---|
//! | picture file | [`picture`] | [`luma::LumaFrame`] |
//! | buffer of a camera | [`camera`] | [`luma::LumaFrame`] |
//! | frame | [`qr`] | [`qr::Code`] |
//! | keys of a scanner that types | [`wedge`] | [`reading`] |
//! | code, NFC message, EPC, typed text | [`reading`] | [`payload::Payload`] |
//! | payload | [`claim`](mod@claim) | `SealClaim` of `sealight-verify` |
//!
//! What decoders of others may do all the same ends at a [`shield`].

pub mod camera;
pub mod claim;
pub mod clean;
pub mod deadline;
pub mod epc;
pub mod gs1;
pub mod luma;
pub mod ndef;
pub mod payload;
pub mod picture;
pub mod qr;
pub mod reading;
pub mod shield;
pub mod uri;
pub mod wedge;

/// A folder of the test data that lies beside the project; says so on one line if it is absent.
#[cfg(test)]
fn tests_shared(name: &str) -> Option<std::path::PathBuf> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("SEALIGHT_SHARED").map_or(beside, Into::into);
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no {name} beside the project");
    None
}
