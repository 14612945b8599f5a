//! SM3 and SM2: the standards' own examples, signatures by other implementations, and the three
//! signatures over a recorded FISCO BCOS header.

mod vectors_support;

use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::sign::{PublicKey, Signature, SignatureError};
use serde_json::Value;
use vectors_support::{hex, json, vectors};

/// Message (text), SM3 digest, source.
const DIGESTS: [(&str, &str, &str); 3] = [
    (
        "abc",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "GB/T 32905-2016, A.1",
    ),
    (
        "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        "GB/T 32905-2016, A.2",
    ),
    (
        "imuge",
        "92e59f1594b9f9c36bbb775d836926b2b89bb5bbc7e0893b7dbe6199b95f14ff",
        "JD Chain, framework-go crypto/crypto_test.go",
    ),
];

/// An SM2 signature with the default user id, made by somebody else.
struct Sm2Vector {
    source: &'static str,
    /// X || Y
    point: &'static str,
    message: &'static str,
    /// r || s
    signature: &'static str,
}

const SM2: [Sm2Vector; 3] = [
    Sm2Vector {
        source: "GB/T 32918.5-2017, A.2",
        point: "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
        // "message digest"
        message: "6d65737361676520646967657374",
        signature: "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                    b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    },
    Sm2Vector {
        source: "OpenSSL 3.5.5, key SM2_key1 of its evppkey_sm2.txt",
        point: "393a2ad9e27e43acaaab85a19d3b85591e14406157175addd37bf77ff0caf9ed\
                37fcf3a8b4f55c038523261fca6636afe6a7afa2a1482a606f5cb3a18b2e2a1e",
        message: "d7ad397f6ffa5d4f7f11e7217f241607dc30618c236d2c09c1b9ea8fdadee2e8",
        signature: "3312972adf0191c31a27d3da1e1138defbd1ecf2d8088bd8018987dbb4bcd8c8\
                    0b64748a0135c9e24c8eed396617f197a6b87bfa63d8155a8f4b43e23b8b6235",
    },
    Sm2Vector {
        source: "JD Chain, framework-go crypto/crypto_test.go",
        point: "e93e1f783f4dbbbd70d19471032c3d39b7887c95662d7441f6b25361d0377017\
                e6bb7894f1c2c0a64f2dc4ad5216d519eda25afc308c391228aeb97d0541dbd8",
        // "imuge"
        message: "696d756765",
        signature: "9dad0f92ad70dbbe4129e5fc60564f931e29d0a744b8d747e93cd35d1d6771b6\
                    31a0978254c363eccd254dddb08622530cb2fbc706d83dc8955f88876a661957",
    },
];

#[test]
fn sm3_gives_the_known_digests() {
    for (message, digest, source) in DIGESTS {
        assert_eq!(Sm3::hash(&[message.as_bytes()]).to_string(), digest, "{source}");
    }
    println!("sm3: {} digests", DIGESTS.len());
}

#[test]
fn sm3_under_hmac_gives_the_wycheproof_tags() {
    let Some(folder) = vectors("wycheproof") else { return };
    let file = json(&folder.join("hmac_sm3_test.json"));
    let (mut count, mut valid) = (0, 0);
    for group in list(&file["testGroups"]) {
        let length = group["tagSize"].as_u64().expect("tag size") as usize / 8;
        for case in list(&group["tests"]) {
            let [key, message, tag] = ["key", "msg", "tag"].map(|name| hex(text(&case[name])));
            let fits = hmac_sm3(&key, &message)[..length] == tag[..];
            assert_eq!(fits, text(&case["result"]) == "valid", "case {}", case["tcId"]);
            (count, valid) = (count + 1, valid + usize::from(fits));
        }
    }
    println!("wycheproof hmac-sm3: {count} cases, {valid} valid");
    assert!(count >= 174 && valid > 0);
}

#[test]
fn sm2_signatures_of_other_implementations_verify() {
    for vector in &SM2 {
        let (key, message) = (point(&hex(vector.point)), hex(vector.message));
        let signature = Signature(array(&hex(vector.signature)));
        assert_eq!(key.verify(&message, &signature), Ok(()), "{}", vector.source);
        for bit in 0..512 {
            let mut bad = signature;
            bad.0[bit / 8] ^= 1 << (bit % 8);
            assert!(key.verify(&message, &bad).is_err(), "{} bit {bit}", vector.source);
        }
    }
    println!("sm2: {} signatures, each refused with any bit flipped", SM2.len());
}

#[test]
fn fisco_header_hash_and_signatures_verify() {
    let Some(folder) = vectors("fisco") else { return };
    let header = json(&folder.join("bcos3-sm-block2.header.json"));
    let hash = fisco_header_hash(&header);
    assert_eq!(hash.to_vec(), hex(text(&header["hash"])));
    let sealers: Vec<PublicKey> =
        list(&header["sealerList"]).iter().map(|sealer| point(&hex(text(sealer)))).collect();
    let signatures = list(&header["signatureList"]);
    for entry in signatures {
        let at = entry["sealerIndex"].as_u64().expect("sealer index") as usize;
        let signature = Signature(array(&hex(text(&entry["signature"]))));
        assert_eq!(sealers[at].verify(&hash, &signature), Ok(()), "sealer {at}");
        for (other, key) in sealers.iter().enumerate().filter(|(other, _)| *other != at) {
            let refused = key.verify(&hash, &signature);
            assert_eq!(refused, Err(SignatureError::Mismatch), "sealer {other} for {at}");
        }
    }
    println!("fisco: 1 header hash, {} of {} signatures", signatures.len(), sealers.len());
    assert_eq!(signatures.len(), 3);
}

/// FISCO BCOS 3: the header's fields in order, integers big-endian, no length prefixes
/// (bcos-tars-protocol impl/TarsHashable.h).
fn fisco_header_hash(header: &Value) -> [u8; 32] {
    let int = |value: &Value| value.as_i64().expect("a whole number").to_be_bytes();
    let version = header["version"].as_i64().expect("version") as i32;
    let mut content = version.to_be_bytes().to_vec();
    for parent in list(&header["parentInfo"]) {
        content.extend(int(&parent["blockNumber"]));
        content.extend(hex(text(&parent["blockHash"])));
    }
    for root in ["txsRoot", "receiptsRoot", "stateRoot"] {
        content.extend(hex(text(&header[root])));
    }
    content.extend(int(&header["number"]));
    content.extend(text(&header["gasUsed"]).as_bytes());
    content.extend(int(&header["timestamp"]));
    content.extend(int(&header["sealer"]));
    list(&header["sealerList"]).iter().for_each(|sealer| content.extend(hex(text(sealer))));
    content.extend(hex(text(&header["extraData"])));
    list(&header["consensusWeights"]).iter().for_each(|weight| content.extend(int(weight)));
    Sm3::hash(&[&content]).0
}

/// RFC 2104 over our SM3, whose block has 64 bytes.
fn hmac_sm3(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    match key.len() > block.len() {
        true => block[..32].copy_from_slice(&Sm3::hash(&[key]).0),
        false => block[..key.len()].copy_from_slice(key),
    }
    let inner = Sm3::hash(&[&block.map(|byte| byte ^ 0x36), message]);
    Sm3::hash(&[&block.map(|byte| byte ^ 0x5c), &inner.0]).0
}

fn point(bytes: &[u8]) -> PublicKey {
    PublicKey::sm2_from_uncompressed(&array(bytes)).expect("a point of the curve")
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("as many bytes as the form has")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}
