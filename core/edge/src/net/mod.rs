//! Gateways by HTTP: nodes, caches, anything that serves the light client's paths.
//!
//! No gateway is trusted. This module bounds what comes in (bytes, time, redirects) and tells apart
//! how an exchange failed; whether an answer is true is not its business.

pub(crate) mod base64;
mod error;
mod gateway;
mod gateways;
mod http;
mod rpc;
mod url;

pub use error::NetError;
pub use gateway::{Committed, Gateway, Submitted};
pub use gateways::{Fault, Gateways, Standing};
pub use http::{Http, Timeouts};
pub use rpc::{Queried, Status};
pub use url::{GatewayUrl, UrlError};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod testserver;
