#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    sealight_tag::clean::shown(text);
});
