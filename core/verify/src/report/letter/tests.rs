use super::*;
use crate::report::content::tests::report;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

fn key() -> ReportKey {
    ReportKey::from_seed(&[5; 32])
}

fn recipient() -> Recipient {
    Recipient {
        ledger: LedgerId([1; 32]),
        party: PartyId([2; 16]),
        legal_name: "Distillery".into(),
        key: key().public(),
    }
}

fn drawn() -> Drawn {
    Drawn { ticket: [3; 32], key: [4; 32] }
}

fn letter() -> Letter {
    seal(&report(), &recipient(), &drawn()).unwrap()
}

/// RFC 9180, appendix A.2.1: base setup and the first encryption.
#[test]
fn the_vector_of_rfc_9180_comes_out() {
    let info = hex("4f6465206f6e2061204772656369616e2055726e");
    let ikm_e = hex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b");
    let ikm_r = hex("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df");
    let pk_r = hex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
    let enc = hex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
    let aad = hex("436f756e742d30");
    let plain = hex("4265617574792069732074727574682c20747275746820626561757479");
    let sealed = hex(
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
    );
    let key = ReportKey::from_seed(&ikm_r.try_into().unwrap());
    assert_eq!(key.public()[..], pk_r);
    let drawn = ikm_e.try_into().unwrap();
    let closed = close(&key.public(), &info, &aad, &plain, drawn).unwrap();
    assert_eq!(closed, (enc.clone(), sealed.clone()));
    assert_eq!(key.open_bytes(&enc, &info, &aad, &sealed), Some(plain));
}

#[test]
fn the_party_and_nobody_else_opens_a_letter() {
    let opened = key().open(&letter()).unwrap();
    assert_eq!((opened.report, opened.ticket), (report(), Ticket([3; 32])));
    let other = ReportKey::from_seed(&[6; 32]);
    assert_eq!(other.open(&letter()), Err(LetterError::NotOpened));
}

#[test]
fn every_flipped_bit_is_refused() {
    let bytes = codec::encode(&letter());
    let key = key();
    let opens = |bytes: &[u8]| Letter::decode(bytes).and_then(|letter| key.open(&letter));
    assert!(opens(&bytes).is_ok());
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(opens(&changed).is_err(), "bit {bit}");
    }
    println!("figure: bits flipped, each refused: {} bits", bytes.len() * 8);
}

#[test]
fn every_cut_is_refused() {
    let bytes = codec::encode(&letter());
    for length in 0..bytes.len() {
        assert!(Letter::decode(&bytes[..length]).is_err(), "cut at {length}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(Letter::decode(&longer).is_err());
    println!("figure: cuts, each refused: {} cuts", bytes.len());
}

#[test]
fn every_letter_is_as_long_as_any_other() {
    let long = Report { words: Some("x".repeat(512)), ..report() };
    let short = Report { phrases: Vec::new(), inner: None, ..report() };
    let length = |report| codec::encode(&seal(&report, &recipient(), &drawn()).unwrap()).len();
    assert_eq!(length(long), length(short));
    assert!(codec::encode(&letter()).len() <= Letter::MAX_LEN);
}

#[test]
fn a_letter_is_for_one_party_of_one_ledger() {
    let ledger = Letter { ledger: LedgerId([9; 32]), ..letter() };
    let party = Letter { party: PartyId([9; 16]), ..letter() };
    let lock = Letter { lock: Ticket([9; 32]).lock(), ..letter() };
    for turned in [ledger, party, lock] {
        assert_eq!(key().open(&turned), Err(LetterError::NotOpened));
    }
}

fn sealed_by_hand(lock: Hash32, inside: &[u8]) -> Letter {
    let to = recipient();
    let info = info(&to.ledger, &to.party);
    let (enc, sealed) = close(&to.key, &info, &lock.0, inside, [4; 32]).unwrap();
    Letter { lock, encapsulated: Blob(enc), sealed: Blob(sealed), ..letter() }
}

#[test]
fn a_letter_that_another_ticket_would_take_off_is_refused() {
    let lock = Ticket([8; 32]).lock();
    let letter = sealed_by_hand(lock, &filled(&Ticket([3; 32]), &report()));
    assert_eq!(key().open(&letter), Err(LetterError::WrongLock));
}

#[test]
fn nothing_hides_behind_a_report() {
    let ticket = Ticket([3; 32]);
    let mut hiding = filled(&ticket, &report());
    hiding[INSIDE - 1] = 1;
    assert_eq!(key().open(&sealed_by_hand(ticket.lock(), &hiding)), Err(LetterError::Padding));
    let mut endless = filled(&ticket, &report());
    endless[32..34].copy_from_slice(&[0xff; 2]);
    assert_eq!(key().open(&sealed_by_hand(ticket.lock(), &endless)), Err(LetterError::Padding));
}

#[test]
fn nothing_is_sealed_to_a_key_of_small_order() {
    let to = Recipient { key: [0; 32], ..recipient() };
    assert_eq!(seal(&report(), &to, &drawn()), Err(LetterError::BadKey));
}
