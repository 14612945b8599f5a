//! Every version and level, beside rqrr.

use super::*;
use proptest::prelude::*;
use qrcode::{Color, EcLevel, QrCode, Version};

fn modules(code: &QrCode) -> Modules {
    let mut modules = Modules::new();
    let values = modules.resize(code.width());
    for (value, color) in values.iter_mut().zip(code.to_colors()) {
        *value = if color == Color::Dark { 300 } else { -300 };
    }
    modules
}

const LEVELS: [EcLevel; 4] = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];

#[test]
fn every_version_and_level_is_read_as_rqrr_reads_it() {
    let mut decoder = Decoder::new();
    for version in 1..=40 {
        for level in LEVELS {
            let text = format!("Version {version}").into_bytes();
            let code = QrCode::with_version(&text[..7], Version::Normal(version), level).unwrap();
            let modules = modules(&code);
            let decoded = decoder.decode(&modules).unwrap();
            assert_eq!(decoded.content.bytes, text[..7], "version {version} {level:?}");
            assert_eq!((decoded.margin, decoded.view), (1.0, View::Straight));
            assert!(decoded.content.padded);
            let side = modules.side();
            let peer = rqrr::SimpleGrid::from_func(side, |x, y| modules.values()[y * side + x] > 0);
            let mut bytes = Vec::new();
            rqrr::Grid::new(peer).decode_to(&mut bytes).unwrap();
            assert_eq!(bytes, text[..7]);
        }
    }
}

#[test]
fn a_mirrored_code_is_read_as_one() {
    let code = QrCode::new("mirrored").unwrap();
    let (straight, mut modules) = (modules(&code), Modules::new());
    let side = straight.side();
    for (i, value) in modules.resize(side).iter_mut().enumerate() {
        *value = straight.values()[i % side * side + i / side];
    }
    let decoded = Decoder::new().decode(&modules).unwrap();
    assert_eq!((decoded.view, &decoded.content.bytes[..]), (View::Mirrored, &b"mirrored"[..]));
}

#[test]
fn erasures_read_what_errors_alone_do_not() {
    let code = QrCode::with_error_correction_level("erased by glare, not by chance", EcLevel::H);
    let mut modules = modules(&code.unwrap());
    let side = modules.side();
    // A stripe that is known to be unsure, and turned over.
    for i in 10 * side..side * 17 {
        modules.values[i] = -modules.values[i].signum();
    }
    let decoded = Decoder::new().decode(&modules).unwrap();
    assert_eq!(decoded.content.bytes, b"erased by glare, not by chance");
    assert_eq!(decoded.margin, 0.0);
    for value in &mut modules.values {
        *value = value.signum() * 300;
    }
    assert_eq!(Decoder::new().decode(&modules), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn noise_is_no_code(version in 1usize..8, seed in prop::collection::vec(any::<i16>(), 45 * 45)) {
        let mut modules = Modules::new();
        let side = version * 4 + 17;
        modules.resize(side).copy_from_slice(&seed[..side * side]);
        prop_assert_eq!(Decoder::new().decode(&modules), None);
    }
}
