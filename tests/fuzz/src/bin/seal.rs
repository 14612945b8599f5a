#![no_main]
use sealight_verify::format::seal::SealCode;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(seal) = SealCode::decode_fragment(text) {
        assert_eq!(seal.fragment(), text);
    }
});
