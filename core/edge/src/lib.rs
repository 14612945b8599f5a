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
//! | [`outbox`] | sealed reports that wait, as files |
//! | [`random`] | the system's randomness, the only file that draws it |
//! | [`store`] | what a device keeps, in SQLite |
//! | `camera` | a camera, by nokhwa; behind the feature `camera`, which needs libclang to build |
//! | [`tags`] | a reader of tags, whichever it is |
//! | `nfc` | an NFC reader, by libnfc; behind the feature `nfc`, which needs that to build |
//! | [`eye`] | what a camera's pictures say |
//! | [`home`] | the device's folder and its configuration file |
//! | [`pictures`] | pictures of products, by their hash |
//! | [`operator`] | what the operator of many kiosks signs for them |
//! | [`days`] | a kiosk's days in figures, a file each |
//! | [`doctor`] | what is wrong with a device, and how to mend it |
//! | [`pin`], [`stick`] | who may open the staff's page of a kiosk |
//! | [`local`] | local time, by the system's zone |
//! | [`night`] | the hour at which nobody is in the shop |
//! | [`metrics`] | counters for Prometheus, on loopback |
//! | [`client`] | the light client: sync, prove, history, submit; no threads |
//! | `token` | keys in PKCS#11 tokens; with the feature of that name, for the command alone |
//! | [`host`] | the two threads of a shell: one owns flow and store, one asks gateways |

#[cfg(feature = "camera")]
pub mod camera;
pub mod cancel;
pub mod client;
pub mod clock;
pub mod days;
pub mod doctor;
pub mod eye;
pub mod home;
pub mod host;
pub mod local;
pub mod metrics;
pub mod net;
#[cfg(feature = "nfc")]
pub mod nfc;
pub mod night;
pub mod operator;
pub mod outbox;
pub mod pictures;
pub mod pin;
pub mod random;
pub mod stick;
pub mod store;
pub mod tags;
#[cfg(feature = "token")]
pub mod token;

#[cfg(test)]
mod testdisk;
#[cfg(test)]
mod testfolder;
