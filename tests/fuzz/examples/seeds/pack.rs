//! Seeds of packs.

use super::of;
use sealight_verify::codec::{Blob, encode};
use sealight_verify::format::bundle::LifePart;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::pack::{LifeFile, LotList, PackHead, PackStart, PackWriter, Place};
use sealight_verify::hash::Hash32;
use sealight_verify::sign::{Algorithm, PublicKey, Signature};
use sealight_verify::tree::Siblings;

pub(super) fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let bucket = Place::Bucket(Hash32([3; 32]), 7);
    let life = LifePart { leaf: Blob(vec![1; 64]), path: Siblings(vec![Hash32([4; 32])]) };
    let mut seeds = vec![
        ("pack", pack()),
        of("pack_files", start()),
        of("pack_files", head()),
        of("pack_files", LotList { version: 1, lots: vec![LotId([7; 8])] }),
        of("pack_files", LifeFile { version: 1, life }),
    ];
    for place in [Place::Head, Place::Lot(9, LotId([7; 8])), bucket, Place::Words("en".into())] {
        seeds.push(("place", place.to_string().into_bytes()));
    }
    seeds
}

fn start() -> PackStart {
    let bases = vec![Hash32([1; 32]), Hash32([2; 32])];
    PackStart { version: 1, ledger: LedgerId([1; 32]), height: 9, bases }
}

fn head() -> PackHead {
    let (changes, indexes) = (vec![3, 8], vec![Namespace::Pattern("AB######".into())]);
    PackHead { version: 1, ledger: LedgerId([1; 32]), height: 9, trust: 1, changes, indexes }
}

fn pack() -> Vec<u8> {
    let (mut writer, mut pack) = PackWriter::begin(&start());
    for (place, body) in [(Place::Head, encode(&head())), (Place::Block(9), vec![5; 200])] {
        pack.extend(writer.chunk(&place, &body).expect("a short chunk"));
    }
    let maker = PublicKey { algorithm: Algorithm::Ed25519, bytes: Blob(vec![5; 32]) };
    pack.extend(writer.end(maker, None, |_| Signature([6; 64])));
    pack
}
