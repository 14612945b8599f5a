use super::*;
use proptest::prelude::*;

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
}

fn key(algorithm: Algorithm, seed: &str) -> SigningKey {
    SigningKey::from_seed(algorithm, &unhex(seed)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn every_signature_verifies_with_its_public_key(
        seed in any::<[u8; 32]>(),
        message in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        for algorithm in Algorithm::ALL {
            let Ok(key) = SigningKey::from_seed(algorithm, &seed) else { continue };
            let public = key.public();
            prop_assert_eq!(PublicKey::decode(algorithm, &public.bytes), Ok(public.clone()));
            let signature = key.sign(&message);
            prop_assert_eq!(public.verify(&message, &signature), Ok(()));
            prop_assert_eq!(key.sign(&message), signature);
            let mut other = message.clone();
            other.push(1);
            prop_assert!(public.verify(&other, &signature).is_err());
        }
    }
}

#[test]
fn sm2_has_the_public_key_of_its_standard() {
    // GB/T 32918.5-2017, annex A.2: d_A and the x coordinate of P_A, whose y is odd.
    let key =
        key(Algorithm::Sm2, "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let public: [u8; 33] =
        unhex("0309F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020");
    assert_eq!(key.public().bytes.0, public);
    assert_eq!(key.public().verify(b"message digest", &key.sign(b"message digest")), Ok(()));
}

#[test]
fn p256_signs_as_rfc_6979_says_with_low_s() {
    // RFC 6979, A.2.5, SHA-256, "sample"; the s printed there is high, so n - s is the low one.
    let key =
        key(Algorithm::P256, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
    let signature = key.sign(b"sample");
    let r: [u8; 32] = unhex("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716");
    let high: [u8; 32] = unhex("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
    let order: [u8; 32] = unhex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    assert_eq!(signature.0[..32], r);
    let mut carry = 0u16;
    for at in (0..32).rev() {
        let sum = u16::from(signature.0[32 + at]) + u16::from(high[at]) + carry;
        assert_eq!(sum as u8, order[at], "byte {at} of s + (n - s)");
        carry = sum >> 8;
    }
}

#[test]
fn ed25519_signs_as_rfc_8032_says() {
    // RFC 8032, 7.1, test 1.
    let key =
        key(Algorithm::Ed25519, "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let public: [u8; 32] =
        unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let signature = unhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701\
         cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
    assert_eq!(key.public().bytes.0, public);
    assert_eq!(key.sign(b""), Signature(signature));
}

#[test]
fn a_seed_out_of_range_is_no_key() {
    for algorithm in Algorithm::ALL {
        let error = SigningKey::from_seed(algorithm, &[0; 32]).unwrap_err();
        assert_eq!(error, KeyError::Seed { algorithm });
    }
    for algorithm in [Algorithm::Sm2, Algorithm::P256] {
        let error = SigningKey::from_seed(algorithm, &[0xff; 32]).unwrap_err();
        assert_eq!(error, KeyError::Seed { algorithm });
    }
    let algorithm = Algorithm::Sm2;
    let error = SigningKey::from_seed(algorithm, &SM2_ORDER_LESS_ONE).unwrap_err();
    assert_eq!(error, KeyError::Seed { algorithm });
    let mut below = SM2_ORDER_LESS_ONE;
    below[31] -= 1;
    assert!(SigningKey::from_seed(algorithm, &below).is_ok());
}

#[test]
fn a_signing_key_never_prints() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::from_seed(algorithm, &[0xab; 32]).unwrap();
        assert_eq!(format!("{key:?}"), format!("SigningKey({algorithm}, ..)"));
    }
}
