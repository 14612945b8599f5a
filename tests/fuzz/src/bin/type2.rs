#![no_main]
use sealight_tag::ndef::{decode, message_of_type2};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = message_of_type2(bytes).map(|message| decode(&message));
});
