//! Pictures of products for the page: only the one that stands on the screen, and only where its
//! hash is the one that the record binds.
//!
//! Blocks for the disk and for gateways, apart from the threads that answer a visitor.

use crate::bridge::Bridge;
use sealight_edge::cancel::Cancel;
use sealight_edge::client::Roster;
use sealight_edge::clock;
use sealight_edge::pictures::{Picture, Pictures};
use sealight_verify::hash::Hash32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::http::{HeaderValue, Response, StatusCode, header};

/// The device's pictures, and who may have one that it lacks.
#[derive(Debug)]
pub(crate) struct Gallery {
    kept: Pictures,
    gateways: Roster,
    missed: Missed,
}

/// For how long nobody is asked again for a picture that nobody had.
const MISSED: Duration = Duration::from_secs(5 * 60);
/// Most pictures that are known to be missed: the oldest is asked for again.
const MOST_MISSED: usize = 16;

/// Pictures that nobody had, and since when.
#[derive(Debug, Default)]
struct Missed(Mutex<Vec<(Hash32, Instant)>>);

impl Missed {
    fn has(&self, hash: &Hash32, now: Instant) -> bool {
        let mut missed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        missed.retain(|(_, since)| now.saturating_duration_since(*since) < MISSED);
        missed.iter().any(|(of, _)| of == hash)
    }

    fn note(&self, hash: Hash32, now: Instant) {
        let mut missed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        missed.retain(|(of, _)| *of != hash);
        if missed.len() == MOST_MISSED {
            missed.remove(0);
        }
        missed.push((hash, now));
    }
}

impl Gallery {
    /// The pictures in this folder, and those that these gateways have.
    pub(crate) fn new(kept: Pictures, gateways: Roster) -> Self {
        Self { kept, gateways, missed: Missed::default() }
    }

    /// What the page gets for a path such as `/66c7…`.
    pub(crate) fn answer(&self, path: &str, bridge: &Bridge) -> Response<Vec<u8>> {
        let hash = Hash32::from_hex(path.trim_start_matches('/'));
        let shown = hash.filter(|hash| bridge.shows(&hash.to_string()));
        response(shown.and_then(|hash| self.find(hash)).as_ref())
    }

    fn find(&self, hash: Hash32) -> Option<Picture> {
        if self.missed.has(&hash, clock::monotonic()) {
            return self.kept.kept(&hash);
        }
        let found = self.kept.find(&hash, &self.gateways.now(), &Cancel::default());
        if found.is_none() {
            self.missed.note(hash, clock::monotonic());
        }
        found
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_had_is_asked_for_again_after_a_while() {
        let (missed, now) = (Missed::default(), clock::monotonic());
        let hash = |byte| Hash32([byte; 32]);
        assert!(!missed.has(&hash(1), now));
        missed.note(hash(1), now);
        assert!(missed.has(&hash(1), now) && !missed.has(&hash(2), now));
        assert!(!missed.has(&hash(1), now + MISSED));
    }

    #[test]
    fn a_few_are_known_to_be_missed() {
        let (missed, now) = (Missed::default(), clock::monotonic());
        for byte in 0..=MOST_MISSED as u8 {
            missed.note(Hash32([byte; 32]), now);
        }
        assert!(!missed.has(&Hash32([0; 32]), now), "the oldest is asked for again");
        assert!(missed.has(&Hash32([1; 32]), now));
    }
}
