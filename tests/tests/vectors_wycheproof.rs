//! Wycheproof: Ed25519 by both of our rules, P-256 with our rule of the smaller s.

mod vectors_support;

use sealight_verify::sign::{
    Algorithm, PublicKey, Signature, SignatureError, verify_ed25519_zip215,
};
use serde_json::Value;
use vectors_support::{hex, json, vectors};

/// Half of the P-256 group order, rounded down (SP 800-186).
const HALF_ORDER: &str = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";

#[test]
fn ed25519_cases_come_out_as_their_authors_say() {
    let Some(folder) = vectors("wycheproof") else { return };
    let (mut count, mut valid, mut nodes_only) = (0, 0, Vec::new());
    for (group, case) in cases(&json(&folder.join("ed25519_test.json"))) {
        let (raw, message) = (hex(text(&group["publicKey"]["pk"])), hex(text(&case["msg"])));
        let wanted = text(&case["result"]) == "valid";
        let outcome = signature(case).and_then(|signature| {
            PublicKey::decode(Algorithm::Ed25519, &raw)?.verify(&message, &signature)
        });
        assert_eq!(outcome.is_ok(), wanted, "strict, case {}: {outcome:?}", case["tcId"]);
        let node = signature(case).and_then(|signature| {
            verify_ed25519_zip215(raw[..].try_into().expect("32 bytes"), &message, &signature)
        });
        match node.is_ok() && !wanted {
            true => nodes_only.push(case["tcId"].as_u64().expect("case number")),
            false => assert_eq!(node.is_ok(), wanted, "ZIP-215, case {}: {node:?}", case["tcId"]),
        }
        (count, valid) = (count + 1, valid + usize::from(wanted));
    }
    println!(
        "wycheproof ed25519: {count} cases, {valid} valid; by ZIP-215 also {nodes_only:?}, a negative zero"
    );
    // R is the point (0, 1) with the sign bit of x set. RFC 8032 has no such encoding; ZIP-215
    // takes every encoding that names a point of the curve.
    assert_eq!(nodes_only, [151]);
    assert!(count >= 151);
}

#[test]
fn p256_cases_come_out_as_their_authors_say_but_for_a_high_s() {
    let Some(folder) = vectors("wycheproof") else { return };
    let (mut count, mut valid, mut high) = (0, 0, 0);
    for (group, case) in cases(&json(&folder.join("ecdsa_secp256r1_sha256_p1363_test.json"))) {
        let (key, message) = (p256_key(group), hex(text(&case["msg"])));
        let wanted = text(&case["result"]) == "valid";
        let outcome = signature(case).and_then(|signature| key.verify(&message, &signature));
        let s_is_high = signature(case).is_ok_and(|s| s.0[32..] > hex(HALF_ORDER)[..]);
        match wanted && s_is_high {
            true => assert_eq!(outcome, Err(SignatureError::BadForm), "case {}", case["tcId"]),
            false => assert_eq!(outcome.is_ok(), wanted, "case {}: {outcome:?}", case["tcId"]),
        }
        count += 1;
        valid += usize::from(wanted);
        high += usize::from(wanted && s_is_high);
    }
    println!(
        "wycheproof p256: {count} cases, {valid} valid, {high} of them refused for a high s alone"
    );
    assert!(count >= 262 && high > 0 && high < valid);
}

/// Every test case with its group.
fn cases(file: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    let groups = file["testGroups"].as_array().expect("groups");
    groups.iter().flat_map(|group| {
        group["tests"].as_array().expect("tests").iter().map(move |case| (group, case))
    })
}

/// Only 64 bytes are a signature of ours.
fn signature(case: &Value) -> Result<Signature, SignatureError> {
    let bytes = hex(text(&case["sig"]));
    bytes.try_into().map(Signature).map_err(|_| SignatureError::BadForm)
}

/// The uncompressed key in the one encoding that we accept.
fn p256_key(group: &Value) -> PublicKey {
    let point = hex(text(&group["publicKey"]["uncompressed"]));
    let compressed = [&[0x02 | (point[64] & 1)], &point[1..33]].concat();
    PublicKey::decode(Algorithm::P256, &compressed).expect("a point of the curve")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}
