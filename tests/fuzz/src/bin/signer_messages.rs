#![no_main]
use sealight_ledger::signer::rehearse;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let places = rehearse(bytes);
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
});
