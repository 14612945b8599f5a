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
//! | frame | [`qr`] | [`qr::Code`] |
//! | code, NFC message, EPC, typed text | [`reading`] | [`payload::Payload`] |

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
pub mod uri;

mod shield;
