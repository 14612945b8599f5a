use super::*;
use crate::codec::{CodecError, decode, encode};
use crate::hash::Hash32;
use crate::sign::Algorithm;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

fn start() -> PackStart {
    PackStart { version: 1, ledger: LedgerId([7; 32]), height: 9, bases: vec![] }
}

fn chunks() -> Vec<(Place, Vec<u8>)> {
    let root = Hash32([3; 32]);
    vec![
        (Place::Head, b"head".to_vec()),
        (Place::Block(9), vec![1; 300]),
        (Place::Bucket(root, 0), vec![2; 500]),
        // A body that looks like frames in part.
        (Place::Bucket(root, 1), [0xf5, b'S', b'L', b'P'].repeat(20)),
        (Place::Bucket(root, 2), Vec::new()),
    ]
}

/// No key signs here: what a signature is worth is shown where there are keys.
fn pack_of(chunks: &[(Place, Vec<u8>)]) -> Vec<u8> {
    let (mut writer, mut bytes) = PackWriter::begin(&start());
    for (place, body) in chunks {
        bytes.extend(writer.chunk(place, body).unwrap());
    }
    let maker = PublicKey { algorithm: Algorithm::Ed25519, bytes: crate::codec::Blob(vec![5; 32]) };
    bytes.extend(writer.end(maker, None, |_| Signature([1; 64])));
    bytes
}

fn read(bytes: &[u8], portion: usize) -> Vec<Piece> {
    let (mut reader, mut pieces) = (PackReader::new(), Vec::new());
    for part in bytes.chunks(portion) {
        reader.feed(part);
        pieces.extend(core::iter::from_fn(|| reader.piece()));
        assert!(reader.held() <= PackReader::most_held(portion));
    }
    reader.finish();
    pieces.extend(core::iter::from_fn(|| reader.piece()));
    pieces
}

fn came(pieces: &[Piece]) -> Vec<(Place, Vec<u8>)> {
    let chunk = |piece: &Piece| match piece {
        Piece::Chunk(chunk) => Some((chunk.place.clone(), chunk.bytes.clone())),
        _ => None,
    };
    pieces.iter().filter_map(chunk).collect()
}

fn damages(pieces: &[Piece]) -> Vec<Damage> {
    let damage = |piece: &Piece| match piece {
        Piece::Damage(damage) => Some(damage.clone()),
        _ => None,
    };
    pieces.iter().filter_map(damage).collect()
}

#[test]
fn a_pack_comes_back_the_same_in_portions_of_any_size() {
    let pack = pack_of(&chunks());
    assert_eq!(pack, pack_of(&chunks()), "the same chunks are the same bytes");
    for portion in [1, 7, 64, pack.len()] {
        let pieces = read(&pack, portion);
        assert_eq!(pieces.first(), Some(&Piece::Start(start())));
        assert_eq!(came(&pieces), chunks());
        assert_eq!(damages(&pieces), []);
        let Some(Piece::End(end)) = pieces.last() else { panic!("no end") };
        assert_eq!(end.frames, 6);
        // All holds but the signature, which nobody made.
        assert!(matches!(end.signed, Err(PackError::Signature(_))), "{:?}", end.signed);
    }
}

#[test]
fn every_flipped_bit_is_damage_with_its_place_and_the_rest_is_still_read() {
    let (pack, all) = (pack_of(&chunks()), chunks());
    for at in 0..pack.len() {
        for bit in 0..8 {
            let mut pack = pack.clone();
            pack[at] ^= 1 << bit;
            let pieces = read(&pack, 4096);
            let came = came(&pieces);
            assert!(came.iter().all(|chunk| all.contains(chunk)), "byte {at}");
            let damages = damages(&pieces);
            let intact = matches!(pieces.last(), Some(Piece::End(Sealed { signed: Ok(()), .. })));
            assert!(!damages.is_empty() && !intact, "byte {at} bit {bit}");
            // What follows it is that frames are missing.
            assert!(damages[0].at <= at as u64, "byte {at} {damages:?}");
            // One frame is hurt; that of the start is what makes it a pack at all.
            let start = matches!(damages[0].error, PackError::NotAPack | PackError::Codec(_));
            assert!(start || came.len() + 1 >= all.len(), "byte {at}: {damages:?}");
        }
    }
}

#[test]
fn every_truncation_is_told() {
    let pack = pack_of(&chunks());
    for length in 0..pack.len() {
        let pieces = read(&pack[..length], 4096);
        let last = damages(&pieces).pop().map(|damage| damage.error);
        let told = matches!(last, Some(PackError::Truncated | PackError::NotAPack));
        assert!(told, "{length}: {last:?}");
    }
}

#[test]
fn bytes_behind_the_end_are_told() {
    let mut pack = pack_of(&chunks());
    pack.extend(pack_of(&[]));
    let last = damages(&read(&pack, 4096)).pop().unwrap();
    assert_eq!(last.error, PackError::Surplus);
}

#[test]
fn a_frame_that_is_left_out_put_in_twice_or_moved_is_told() {
    let frames = |order: &[usize]| {
        let (mut writer, first) = PackWriter::begin(&start());
        let made: Vec<Vec<u8>> =
            chunks().iter().map(|(place, body)| writer.chunk(place, body).unwrap()).collect();
        let rest = order.iter().flat_map(|at| made[*at].clone());
        first.into_iter().chain(rest).collect::<Vec<u8>>()
    };
    for order in [&[0, 2, 3, 4][..], &[0, 1, 1, 2, 3, 4], &[0, 2, 1, 3, 4]] {
        let told = damages(&read(&frames(order), 4096));
        assert!(matches!(told[0].error, PackError::Order { .. }), "{order:?}: {told:?}");
    }
}

#[test]
fn a_huge_declared_size_is_refused_before_anything_is_held() {
    let (mut writer, mut pack) = PackWriter::begin(&start());
    pack.extend(writer.chunk(&Place::Head, b"head").unwrap());
    let huge = FrameHead {
        number: 2,
        name: Place::Block(1).to_string(),
        length: u32::MAX as usize,
        content: Hash32([0; 32]),
    };
    pack.extend(huge.encode());
    let told = damages(&read(&pack, 64));
    assert_eq!(told[0].error, PackError::TooLong { got: u32::MAX as usize, max: MAX_BODY });
    let too_long = vec![0; MAX_BODY + 1];
    assert!(writer.chunk(&Place::Head, &too_long).is_err());
}

#[test]
fn what_looks_like_frames_everywhere_is_passed_over_in_one_go() {
    let (mut writer, mut pack) = PackWriter::begin(&start());
    // Moving what is left at each of a million places would take hours.
    let markers = [0xf5, b'S', b'L', b'P'].repeat(1024 * 1024);
    pack.extend(&markers);
    pack.extend(writer.chunk(&Place::Head, b"head").unwrap());
    let pieces = read(&pack, pack.len());
    assert_eq!(came(&pieces), [(Place::Head, b"head".to_vec())]);
    let bytes = markers.len() as u64;
    assert_eq!(damages(&pieces)[0].error, PackError::NoFrame { bytes });
}

#[test]
fn a_height_that_no_header_has_is_out_of_bounds() {
    for (height, fits) in [(1, true), (0, false), (u64::MAX, false)] {
        assert_eq!(PackStart { height, ..start() }.bounds().is_ok(), fits, "{height}");
        let head = PackHead {
            version: 1,
            ledger: LedgerId([7; 32]),
            height,
            trust: 1,
            changes: vec![1],
            indexes: vec![],
        };
        assert_eq!(head.bounds().is_ok(), fits, "{height}");
    }
}

#[test]
fn another_version_is_too_new_and_another_kind_of_chunk_is_told() {
    let newer = PackStart { version: 2, ..start() };
    let (mut writer, mut pack) = PackWriter::begin(&newer);
    pack.extend(writer.chunk(&Place::Head, b"head").unwrap());
    let told = damages(&read(&pack, 64));
    let version = CodecError::UnknownVersion { what: "pack", got: 2 };
    assert_eq!(told[0].error, PackError::Codec(version));

    let (_, mut pack) = PackWriter::begin(&start());
    let unknown = FrameHead::of(1, "/pack/1/later", b"x");
    pack.extend(unknown.encode());
    pack.extend(b"x");
    assert_eq!(damages(&read(&pack, 64))[0].error, PackError::UnknownPlace);
}

#[test]
fn bases_are_bounded_and_in_order() {
    let base = |bytes: &[u8]| bytes.iter().map(|byte| Hash32([*byte; 32])).collect::<Vec<_>>();
    for (bases, fits) in [
        (base(&[1, 2]), true),
        (base(&[2, 1]), false),
        (base(&[1, 1]), false),
        ((0..65).map(|n| Hash32([n; 32])).collect(), false),
    ] {
        let start = PackStart { bases, ..start() };
        assert_eq!(start.bounds().is_ok(), fits);
    }
    assert_eq!(decode::<PackStart>(&encode(&start())), Ok(start()));
}

#[test]
fn what_is_no_pack_is_said_to_be_none() {
    for bytes in [&b""[..], b"x", b"SQLite format 3\0", &[0xf5], &[0xf5, b'S', b'L', b'P']] {
        let told = damages(&read(bytes, 3));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].error, PackError::NotAPack, "{}", String::from_utf8_lossy(bytes));
    }
}
