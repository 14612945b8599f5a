#![no_main]
use sealight_ledger::node::Shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(shared) = Shared::decode(bytes) {
        let _ = shared.ledger_trust();
        assert_eq!(Shared::decode(shared.document().to_string().as_bytes()), Ok(shared));
    }
});
