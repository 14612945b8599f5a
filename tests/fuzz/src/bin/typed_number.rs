#![no_main]
use sealight_verify::format::seal::TypedNumber;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(number) = TypedNumber::decode(text) {
        assert_eq!(TypedNumber::decode(&number.text()), Ok(number));
    }
});
