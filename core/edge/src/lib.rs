//! The world: HTTP, SQLite, clock, and the host that runs the flow.
//!
//! Everything that comes in here is untrusted: gateways may lie, the store may have been edited,
//! the clock may be wrong. What is true is for `sealight-verify` to say; these modules fetch, keep
//! and hand over bytes.
//!
//! | module | the outside that it touches |
//! |---|---|
//! | [`clock`] | system clock, the only file that reads it |
//! | [`net`] | gateways, by HTTP |
//! | [`store`] | what a device keeps, in SQLite |
//! | `camera` | a camera, by nokhwa; behind the feature `camera`, which needs libclang to build |
//! | [`eye`] | what a camera's pictures say |
//! | [`home`] | the device's folder and its configuration file |
//! | [`client`] | the light client: sync, prove, history, submit; no threads |
//! | `token` | keys in PKCS#11 tokens; with the feature of that name, for the command alone |
//! | [`host`] | the two threads of a shell: one owns flow and store, one asks gateways |

#[cfg(feature = "camera")]
pub mod camera;
pub mod cancel;
pub mod client;
pub mod clock;
pub mod eye;
pub mod home;
pub mod host;
pub mod net;
pub mod store;
#[cfg(feature = "token")]
pub mod token;

#[cfg(test)]
mod testfolder;
