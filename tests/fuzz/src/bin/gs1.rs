#![no_main]
use sealight_tag::gs1::ElementString;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = (ElementString::parse(text), ElementString::parse_bracketed(text));
});
