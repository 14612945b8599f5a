#![no_main]
use sealight_verify::comet::{Stock, json};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = (json::commit_answer::<Stock>(bytes), json::signed_header::<Stock>(bytes));
    let _ = (json::validators_answer::<Stock>(bytes), json::validator_list::<Stock>(bytes));
});
