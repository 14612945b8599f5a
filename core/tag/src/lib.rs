//! What a seal says: pixels, NDEF, GS1, EPC and old codes, decoded to a claim.
