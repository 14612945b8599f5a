#![no_main]
use sealight_ledger::node::Card;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(card) = Card::decode(bytes) {
        assert_eq!(Card::decode(card.document().to_string().as_bytes()), Ok(card));
    }
});
