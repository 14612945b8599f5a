#![no_main]
use sealight_tag::gs1::DigitalLink;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = DigitalLink::parse(text);
});
