#![no_main]
use sealight_issue::outside::uri::TokenUri;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = TokenUri::parse(text);
});
