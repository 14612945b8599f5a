#![no_main]
use sealight_edge::operator::{OperatorKey, SignedShop};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = OperatorKey::decode(bytes);
    if let Ok(signed) = SignedShop::decode(bytes) {
        assert_eq!(SignedShop::decode(&signed.encode()), Ok(signed));
    }
});
