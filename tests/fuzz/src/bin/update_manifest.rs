#![no_main]
use sealight_launch::Manifest;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::decode(bytes) {
        assert!(manifest.files.iter().all(|file| file.path.split('/').all(|part| part != "..")));
        assert!(manifest.total() <= 512 << 20);
    }
});
