#![no_main]
use sealight_tag::uri;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = (uri::WebUri::split(text), uri::unescape(text));
});
