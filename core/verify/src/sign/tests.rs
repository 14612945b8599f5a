use super::*;
use ::p256::ecdsa::signature::Signer;
use alloc::vec;
use alloc::vec::Vec;
use proptest::prelude::*;

const SEED: [u8; 32] = [0x31; 32];
const MESSAGE: &[u8] = b"a bottle of Blue Reverie";

/// Order of the SM2 group, GB/T 32918.5.
const SM2_ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
/// Order of the P-256 group, SP 800-186.
const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

fn number(hex: &str) -> [u8; 32] {
    crate::hash::Hash32::from_hex(hex).unwrap().0
}

fn sm2_pair(user: &str, message: &[u8]) -> (PublicKey, Signature) {
    let secret = ::sm2::SecretKey::from_slice(&SEED).unwrap();
    let key = ::sm2::CompressedPoint::from(secret.public_key());
    let signer = ::sm2::dsa::SigningKey::new(user, &secret).unwrap();
    let signature: ::sm2::dsa::Signature = signer.sign(message);
    (PublicKey::decode(Algorithm::Sm2, &key).unwrap(), Signature(signature.to_bytes().into()))
}

fn p256_pair(message: &[u8]) -> (PublicKey, Signature) {
    let signer = ::p256::ecdsa::SigningKey::from_slice(&SEED).unwrap();
    let signature: ::p256::ecdsa::Signature = signer.sign(message);
    let key = ::p256::CompressedPoint::from(signer.verifying_key());
    (
        PublicKey::decode(Algorithm::P256, &key).unwrap(),
        Signature(signature.normalize_s().to_bytes().into()),
    )
}

fn ed25519_pair(message: &[u8]) -> (PublicKey, Signature) {
    let signer = ed25519_dalek::SigningKey::from_bytes(&SEED);
    let key = signer.verifying_key().to_bytes();
    (
        PublicKey::decode(Algorithm::Ed25519, &key).unwrap(),
        Signature(ed25519_dalek::Signer::sign(&signer, message).to_bytes()),
    )
}

fn pairs(message: &[u8]) -> [(PublicKey, Signature); 3] {
    [sm2_pair("1234567812345678", message), p256_pair(message), ed25519_pair(message)]
}

#[test]
fn a_signature_counts_for_its_key_and_message_alone() {
    let all = pairs(MESSAGE);
    for (key, signature) in &all {
        assert_eq!(key.verify(MESSAGE, signature), Ok(()), "{}", key.algorithm);
        assert_eq!(key.verify(b"another", signature), Err(SignatureError::Mismatch));
        assert_eq!(key.verify(b"", signature), Err(SignatureError::Mismatch));
    }
    for (key, _) in &all {
        for (other, signature) in &all {
            assert_eq!(key.verify(MESSAGE, signature).is_ok(), key == other);
        }
    }
}

#[test]
fn every_flipped_bit_of_a_signature_is_refused() {
    for (key, signature) in pairs(MESSAGE) {
        for bit in 0..512 {
            let mut bad = signature;
            bad.0[bit / 8] ^= 1 << (bit % 8);
            assert!(key.verify(MESSAGE, &bad).is_err(), "{} bit {bit}", key.algorithm);
        }
    }
}

#[test]
fn every_flipped_bit_of_a_key_is_refused() {
    for (key, signature) in pairs(MESSAGE) {
        for bit in 0..key.bytes.len() * 8 {
            let mut bad = key.clone();
            bad.bytes.0[bit / 8] ^= 1 << (bit % 8);
            assert!(bad.verify(MESSAGE, &signature).is_err(), "{} bit {bit}", key.algorithm);
        }
    }
}

proptest! {
    #[test]
    fn any_message_is_bound(message in any::<Vec<u8>>(), at in any::<usize>(), bit in 0u8..8) {
        prop_assume!(!message.is_empty());
        let mut other = message.clone();
        let at = at % other.len();
        other[at] ^= 1 << bit;
        for (key, signature) in pairs(&message) {
            prop_assert_eq!(key.verify(&message, &signature), Ok(()));
            prop_assert_eq!(key.verify(&other, &signature), Err(SignatureError::Mismatch));
        }
    }
}

#[test]
fn numbers_out_of_range_are_not_in_form() {
    for ((key, honest), order) in
        [(sm2_pair("1234567812345678", MESSAGE), SM2_ORDER), (p256_pair(MESSAGE), P256_ORDER)]
    {
        for bad in [[0; 32], number(order), [0xff; 32]] {
            let (mut r, mut s) = (honest, honest);
            r.0[..32].copy_from_slice(&bad);
            s.0[32..].copy_from_slice(&bad);
            assert_eq!(key.verify(MESSAGE, &r), Err(SignatureError::BadForm), "{}", key.algorithm);
            assert_eq!(key.verify(MESSAGE, &s), Err(SignatureError::BadForm), "{}", key.algorithm);
        }
    }
}

#[test]
fn a_high_s_is_not_in_form() {
    let (key, low) = p256_pair(MESSAGE);
    let parsed = ::p256::ecdsa::Signature::from_slice(&low.0).unwrap();
    let (r, s) = parsed.split_scalars();
    let high = ::p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-s).to_bytes()).unwrap();
    let high = Signature(high.to_bytes().into());
    // The primitive takes it: both forms are good mathematics.
    let primitive = ::p256::ecdsa::VerifyingKey::from_sec1_bytes(&key.bytes).unwrap();
    let as_primitive = ::p256::ecdsa::Signature::from_slice(&high.0).unwrap();
    assert!(::p256::ecdsa::signature::Verifier::verify(&primitive, MESSAGE, &as_primitive).is_ok());
    assert_eq!(key.verify(MESSAGE, &high), Err(SignatureError::BadForm));
}

#[test]
fn another_user_id_is_a_mismatch() {
    let (key, signature) = sm2_pair("ALICE123@YAHOO.COM", MESSAGE);
    assert_eq!(key.verify(MESSAGE, &signature), Err(SignatureError::Mismatch));
}

#[test]
fn one_encoding_of_a_point_is_accepted() {
    for (key, _) in &pairs(MESSAGE)[..2] {
        let algorithm = key.algorithm;
        let refused = |bytes: &[u8]| {
            assert_eq!(PublicKey::decode(algorithm, bytes), Err(SignatureError::BadKey));
        };
        let mut bytes = key.bytes.to_vec();
        // Infinity, SEC 1 compact and hybrid tags, too short, too long.
        refused(&[]);
        refused(&[0x00]);
        for tag in [0x00, 0x04, 0x05, 0x06, 0x07, 0xff] {
            bytes[0] = tag;
            refused(&bytes);
        }
        refused(&key.bytes[..32]);
        refused(&[&key.bytes[..], &[0]].concat());
        // x past the field, and an x that no point has.
        refused(&[&[0x02][..], &[0xff; 32]].concat());
        let lone = (1..=255).map(|x| [&[0x02][..], &[0; 31], &[x]].concat());
        let on_curve = lone.filter(|bytes| PublicKey::decode(algorithm, bytes).is_ok()).count();
        assert!((64..192).contains(&on_curve), "about half of all x have a point: {on_curve}");
    }
}

#[test]
fn an_uncompressed_sm2_point_is_taken_if_it_is_on_the_curve() {
    let secret = ::sm2::SecretKey::from_slice(&SEED).unwrap();
    let sec1 = ::sm2::Sec1Point::from(secret.public_key());
    let mut point: [u8; 64] = sec1.as_bytes()[1..].try_into().unwrap();
    let (key, _) = sm2_pair("1234567812345678", MESSAGE);
    assert_eq!(PublicKey::sm2_from_uncompressed(&point), Ok(key));
    point[63] ^= 1;
    assert_eq!(PublicKey::sm2_from_uncompressed(&point), Err(SignatureError::BadKey));
    assert_eq!(PublicKey::sm2_from_uncompressed(&[0; 64]), Err(SignatureError::BadKey));
}

/// y = 1 with x = 0, the neutral point.
const NEUTRAL: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

/// The neutral point with y = p + 1.
const NEUTRAL_UNREDUCED: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xee;
    bytes[31] = 0x7f;
    bytes
};

#[test]
fn an_ed25519_key_past_the_prime_is_refused_though_the_point_is_good() {
    let mut twice_named = 0;
    for low in 0..19 {
        let (mut reduced, mut unreduced) = ([0; 32], NEUTRAL_UNREDUCED);
        (reduced[0], unreduced[0]) = (low, 0xed + low);
        let refused = PublicKey::decode(Algorithm::Ed25519, &unreduced);
        assert_eq!(refused, Err(SignatureError::BadKey), "y = p + {low}");
        twice_named += usize::from(PublicKey::decode(Algorithm::Ed25519, &reduced).is_ok());
    }
    assert!(twice_named > 0);
}

#[test]
fn a_small_order_ed25519_key_signs_everything_for_nodes_and_nothing_for_us() {
    for point in [NEUTRAL, NEUTRAL_UNREDUCED] {
        let mut signature = Signature([0; 64]);
        signature.0[..32].copy_from_slice(&point);
        assert_eq!(verify_ed25519_zip215(&point, b"anything", &signature), Ok(()));
        assert_eq!(PublicKey::decode(Algorithm::Ed25519, &point), Err(SignatureError::BadKey));
        let key = PublicKey { algorithm: Algorithm::Ed25519, bytes: Blob(point.to_vec()) };
        assert_eq!(key.verify(b"anything", &signature), Err(SignatureError::BadKey));
    }
}

#[test]
fn an_ed25519_scalar_past_the_order_is_not_in_form_for_either_rule() {
    // s + order, the malleable twin of the honest signature.
    let order: [u8; 32] = {
        let mut order = number("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
        order.reverse();
        order
    };
    let (key, honest) = ed25519_pair(MESSAGE);
    let mut twin = honest;
    let mut carry = 0u16;
    for (byte, add) in twin.0[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert_eq!(carry, 0);
    let raw: [u8; 32] = key.bytes[..].try_into().unwrap();
    assert_eq!(verify_ed25519_zip215(&raw, MESSAGE, &honest), Ok(()));
    assert_eq!(verify_ed25519_zip215(&raw, MESSAGE, &twin), Err(SignatureError::BadForm));
    assert_eq!(key.verify(MESSAGE, &twin), Err(SignatureError::BadForm));
}

#[test]
fn an_ed25519_r_past_the_prime_is_not_in_form() {
    let (key, mut signature) = ed25519_pair(MESSAGE);
    signature.0[..32].copy_from_slice(&NEUTRAL_UNREDUCED);
    assert_eq!(key.verify(MESSAGE, &signature), Err(SignatureError::BadForm));
}

#[test]
fn a_small_order_r_is_refused() {
    let (key, mut signature) = ed25519_pair(MESSAGE);
    signature.0[..32].copy_from_slice(&NEUTRAL);
    assert_eq!(key.verify(MESSAGE, &signature), Err(SignatureError::Mismatch));
}

#[test]
fn algorithms_are_read_by_the_names_they_show() {
    for algorithm in Algorithm::ALL {
        assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
    }
    for bad in ["", "SM2", "secp256k1", "ed25519 "] {
        assert_eq!(bad.parse::<Algorithm>(), Err(UnknownAlgorithm));
    }
}

#[test]
fn a_key_comes_back_the_same_from_its_bytes() {
    for (key, _) in pairs(MESSAGE) {
        let bytes = crate::codec::encode(&key);
        assert_eq!(minicbor::decode::<PublicKey>(&bytes).unwrap(), key);
    }
}

/// Asked often enough that a table answers.
fn known(keys: &mut KnownKeys, pair: &(PublicKey, Signature), message: &[u8]) {
    for _ in 0..3 {
        let (plain, tabled) =
            (pair.0.verify(message, &pair.1), keys.verify(&pair.0, message, &pair.1));
        assert_eq!(plain, tabled);
    }
}

#[test]
fn a_table_says_what_a_key_says() {
    let mut keys = KnownKeys::default();
    for (key, signature) in pairs(MESSAGE) {
        known(&mut keys, &(key.clone(), signature), MESSAGE);
        known(&mut keys, &(key.clone(), signature), b"another");
        for place in 0..64 {
            let mut altered = signature;
            altered.0[place] ^= 1 << (place % 8);
            known(&mut keys, &(key.clone(), altered), MESSAGE);
        }
        for number in [[0; 32], [0xff; 32], number(SM2_ORDER)] {
            for half in [0..32, 32..64] {
                let mut altered = signature;
                altered.0[half].copy_from_slice(&number);
                known(&mut keys, &(key.clone(), altered), MESSAGE);
            }
        }
        // s = n - r, so that t is zero.
        let r = ::sm2::dsa::Signature::from_slice(&signature.0).map(|pair| *pair.r());
        if let (Algorithm::Sm2, Ok(r)) = (key.algorithm, r) {
            use ::sm2::elliptic_curve::PrimeField;
            let mut altered = signature;
            altered.0[32..].copy_from_slice(&(-r).to_repr());
            known(&mut keys, &(key.clone(), altered), MESSAGE);
        }
    }
    let wrong = PublicKey { algorithm: Algorithm::Sm2, bytes: Blob(vec![2; 33]) };
    known(&mut keys, &(wrong, Signature([1; 64])), MESSAGE);
}

#[test]
fn tables_of_keys_met_long_ago_go_and_come_back() {
    let mut keys = KnownKeys::default();
    let pair = sm2_pair("1234567812345678", MESSAGE);
    known(&mut keys, &pair, MESSAGE);
    for number in 0..300u32 {
        let mut bytes = vec![2; 33];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        let other = PublicKey { algorithm: Algorithm::Sm2, bytes: Blob(bytes) };
        assert_eq!(keys.verify(&other, MESSAGE, &pair.1), Err(SignatureError::BadKey));
    }
    known(&mut keys, &pair, MESSAGE);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_table_says_what_a_key_says_of_any_message(message: Vec<u8>, flip in 0..128usize) {
        let mut keys = KnownKeys::default();
        let pair = sm2_pair("1234567812345678", &message);
        known(&mut keys, &pair, &message);
        let (key, mut altered) = pair;
        altered.0[flip / 2] ^= 1;
        known(&mut keys, &(key, altered), &message);
    }
}
