#![no_main]
use sealight_edge::operator::Shop;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(shop) = Shop::decode(bytes) {
        assert_eq!(Shop::decode(shop.document().to_string().as_bytes()), Ok(shop));
    }
});
