//! Pictures of products for the page: only the one that stands on the screen, and only where its
//! hash is the one that the record binds.
//!
//! Blocks for the disk and for gateways, apart from the threads that answer a visitor.

use crate::bridge::Bridge;
use sealight_edge::cancel::Cancel;
use sealight_edge::net::Gateway;
use sealight_edge::pictures::{Picture, Pictures};
use sealight_verify::hash::Hash32;
use tauri::http::{HeaderValue, Response, StatusCode, header};

/// The device's pictures, and who may have one that it lacks.
#[derive(Debug)]
pub(crate) struct Gallery {
    pub(crate) kept: Pictures,
    pub(crate) gateways: Vec<Gateway>,
}

impl Gallery {
    /// What the page gets for a path such as `/66c7…`.
    pub(crate) fn answer(&self, path: &str, bridge: &Bridge) -> Response<Vec<u8>> {
        let hash = Hash32::from_hex(path.trim_start_matches('/'));
        let shown = hash.filter(|hash| bridge.shows(&hash.to_string()));
        let found =
            shown.and_then(|hash| self.kept.find(&hash, &self.gateways, &Cancel::default()));
        response(found.as_ref())
    }
}

fn response(picture: Option<&Picture>) -> Response<Vec<u8>> {
    let Some(picture) = picture else {
        let mut none = Response::new(Vec::new());
        *none.status_mut() = StatusCode::NOT_FOUND;
        return none;
    };
    let mut response = Response::new(picture.bytes().to_vec());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.media_type()));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
