//! Gateways: nodes, caches, plain web servers and files, anything that has the light client's paths.
//!
//! A node answers calls. What answers none (a web server, a pack, a folder) has files instead, each
//! at a place of its own ([`sealight_verify::format::pack::Place`]); a node has the same files at
//! the same places. Which of the two a gateway is shows in its first answer and is remembered.
//!
//! No gateway is trusted. This module bounds what comes in (bytes, time, redirects) and tells apart
//! how an exchange failed; whether an answer is true is not its business.

pub(crate) mod base64;
mod entry;
mod error;
mod files;
mod folder;
mod gateway;
mod gateways;
mod http;
mod rpc;
mod url;

pub use entry::NotEntered;
pub use error::NetError;
pub use files::PackIndex;
pub use folder::Folder;
pub use gateway::{Committed, Gateway, Submitted};
pub use gateways::{Fault, Gateways, Standing};
pub use http::{Http, Timeouts};
pub use rpc::{Queried, Status};
pub use url::{GatewayUrl, UrlError};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod testserver;
