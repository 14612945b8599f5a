#![no_main]
use sealight_verify::format::pack::Place;

libfuzzer_sys::fuzz_target!(|path: &str| {
    if let Some(place) = Place::from_path(path) {
        assert_eq!(place.to_string(), path);
    }
});
