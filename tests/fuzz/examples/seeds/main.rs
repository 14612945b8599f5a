//! Writes real encodings to start from: `seeds DIR` makes `DIR/TARGET/N`.

mod founding;
mod ledger;
mod operator;
mod pack;
mod report;
mod signer;

use minicbor::{Decode, Encode};
use sealight_tag::wedge::CALIBRATION;
use sealight_verify::codec::{Blob, Versioned, decode, encode};
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::governance::{Members, ValidatorSeat, Validators};
use sealight_verify::format::ids::{LedgerId, LotId, PartyId, ShortLedgerId};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::format::record::{Carrier, Field, ItemRecord};
use sealight_verify::format::seal::{SealCode, Secret, TypedNumber};
use sealight_verify::hash::Hash32;
use sealight_verify::sign::{Algorithm, PublicKey};
use std::path::Path;
use std::{env, fs, io};

/// Keys of a scanner with a layout of its own, as a calibration code shows them.
fn scanner_keys() -> String {
    let mut known: Vec<char> = Vec::new();
    let key = |c: char| {
        let at = known.iter().position(|known| *known == c).unwrap_or(known.len());
        if at == known.len() {
            known.push(c);
        }
        let held = ["", "+Shift", "+Alt", "+Shift+Alt"][at / 26];
        format!("Key{}{held}", char::from(b'A' + (at % 26) as u8))
    };
    CALIBRATION.chars().map(key).collect::<Vec<_>>().join(" ")
}

fn main() -> io::Result<()> {
    let dir = env::args().nth(1).ok_or(io::ErrorKind::InvalidInput)?;
    let link = format!("https://seal.example/s#{}", seal().fragment());
    let mut seeds = vec![
        ("qr", drawn(&link)),
        ("picture", png(&drawn(&link))),
        ("ndef", ndef(&link)),
        ("type2", type2(&ndef(&link))),
        ("wedge", b"\x07\x02\x01\x02\x05\x02\x03\x02\x04\x02\x04\x02\x0c\x02".to_vec()),
        ("scanner_layout", scanner_keys().into_bytes()),
        ("epc", b"\x30\x74\x25\x7b\xf7\x19\x4e\x40\x00\x00\x1a\x85".to_vec()),
        ("epc", b"urn:epc:id:sgtin:0614141.812345.6789".to_vec()),
        ("epc", b"urn:epc:tag:sgtin-96:3.0614141.812345.6789".to_vec()),
        ("gs1", b"0106141418123459\x0017270101\x1d10AB-123\x1d21x1".to_vec()),
        ("gs1", b"(01)06141418123459(10)AB-123(21)x1".to_vec()),
        (
            "digital_link",
            b"https://id.example/01/06141418123459/10/AB/21/x%2F1?17=270101&a=b".to_vec(),
        ),
        ("uri", link.clone().into_bytes()),
        (
            "token_uri",
            b"pkcs11:token=Blue%20Reverie;object=issuer;id=%01?module-path=/a.so&pin-source=file:/p"
                .to_vec(),
        ),
        ("uri", b"http://a.example:8080/b%20c?d=e#f".to_vec()),
        ("shown", "Blue Reverie \u{84dd} \u{202e}gnirts\u{0}".into()),
        ("seal", seal().fragment().into_bytes()),
        ("typed_number", TypedNumber { lot: LotId([7; 8]), index: 41 }.text().into_bytes()),
    ];
    seeds.extend(structures());
    seeds.extend(ledger::seeds());
    seeds.extend(signer::seeds());
    seeds.extend(founding::seeds());
    seeds.extend(pack::seeds());
    seeds.extend(operator::seeds());
    seeds.extend(report::seeds());
    for (place, (target, bytes)) in seeds.into_iter().enumerate() {
        let folder = Path::new(&dir).join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("seed-{place}")), bytes)?;
    }
    Ok(())
}

fn seal() -> SealCode {
    let (ledger, secret) = (ShortLedgerId([1; 8]), Secret([9; 16]));
    SealCode { ledger, lot: LotId([7; 8]), index: 41, secret }
}

/// One byte for the width, then the pixels: a QR code with its margin, three pixels a module.
fn drawn(text: &str) -> Vec<u8> {
    const SCALE: usize = 3;
    const MARGIN: usize = 4;
    let code = qrcode::QrCode::new(text).expect("a short text");
    let (modules, colors) = (code.width(), code.to_colors());
    let side = (modules + 2 * MARGIN) * SCALE;
    let mut bytes = vec![u8::try_from(side).expect("a small code")];
    for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
        let place = |at: usize| (at / SCALE).checked_sub(MARGIN).filter(|at| *at < modules);
        let dark = place(y).zip(place(x)).map(|(y, x)| colors[y * modules + x]);
        bytes.push(if dark == Some(qrcode::Color::Dark) { 0 } else { 255 });
    }
    bytes
}

fn png(drawn: &[u8]) -> Vec<u8> {
    let (side, pixels) = drawn.split_first().expect("a width");
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, u32::from(*side), u32::from(*side));
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("in memory");
    writer.write_image_data(pixels).expect("as many pixels as the header says");
    writer.finish().expect("in memory");
    file
}

/// One short URI record (NFC Forum URI RTD 1.0), prefix 4 for `https://`.
fn ndef(link: &str) -> Vec<u8> {
    let rest = link.trim_start_matches("https://").as_bytes();
    let length = u8::try_from(rest.len() + 1).expect("a short link");
    [&[0xd1, 1, length, b'U', 4], rest].concat()
}

/// A message in the memory of a Type 2 tag: capability container, message, end.
fn type2(message: &[u8]) -> Vec<u8> {
    let length = u8::try_from(message.len()).expect("a short message");
    let head = [4, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0xe1, 0x10, 0x12, 0, 3, length];
    [&head, message, &[0xfe]].concat()
}

/// A structure's encoding, if the decoder takes it: a refused seed would be no start.
fn of<T>(target: &'static str, value: T) -> (&'static str, Vec<u8>)
where
    T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
{
    let bytes = encode(&value);
    decode::<T>(&bytes).expect(target);
    (target, bytes)
}

fn structures() -> Vec<(&'static str, Vec<u8>)> {
    let parties = vec![PartyId([2; 16]), PartyId([3; 16])];
    let body = Body::Register(registration());
    let entry = Entry {
        version: 1,
        ledger: LedgerId([1; 32]),
        party: parties[0],
        sequence: 0,
        body,
        signatures: Vec::new(),
    };
    let seat = ValidatorSeat { key: Blob(vec![5; 32]), power: 10, operator: "North".into() };
    vec![
        of("registration", registration()),
        of("entry", entry),
        of("item_record", record()),
        of("members", Members { version: 1, parties, threshold: 2 }),
        of("validators", Validators { version: 1, seats: vec![seat] }),
    ]
}

fn registration() -> Registration {
    let namespaces = ["061414", "seal.example/shop", "AB######"].map(String::from);
    let [gtin, host, pattern] = namespaces;
    Registration {
        version: 1,
        legal_name: "North Distillery".into(),
        roles: Roles::ISSUER.with(Roles::LINE),
        namespaces: vec![Namespace::Gtin(gtin), Namespace::Host(host), Namespace::Pattern(pattern)],
        key: PublicKey { algorithm: Algorithm::Ed25519, bytes: Blob(vec![5; 32]) },
        report_key: Some(Blob(vec![6; 32])),
        nonce: 1,
    }
}

fn record() -> ItemRecord {
    ItemRecord {
        version: 1,
        commitment: Hash32([8; 32]),
        product: "Blue Reverie".into(),
        brand: Some("Blue Reverie".into()),
        gtin: Some("06141418123459".into()),
        serial: Some("x1".into()),
        batch: None,
        category: "spirits".into(),
        expires: None,
        carriers: vec![Carrier::Qr, Carrier::Nfc],
        fields: vec![Field { key: "origin".into(), value: "North".into() }],
        private: None,
        taps: None,
    }
}
