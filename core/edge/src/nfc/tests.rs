//! Tags read through libnfc as the system has it, by a PN532 that is emulated at a terminal. What the
//! emulator says is judged by libnfc's own programs, where they are installed.

mod pn532;
mod tag;

use super::*;
use crate::tags::{Seen, Tags};
use pn532::Pn532;
use sealight_tag::payload::Payload;
use sealight_tag::reading::TagReading;
use sealight_verify::format::record::Carrier;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tag::Tag;

/// Nothing here takes so long.
const MINUTE: Duration = Duration::from_secs(60);
/// Long enough for a tag to be told once more, if it were.
const WHILE: Duration = Duration::from_millis(800);

const URI: &str = "https://s.example/s#AQID";

fn message() -> Vec<u8> {
    sealight_issue::label::ndef_message(URI).unwrap()
}

fn open(connection: &str) -> Result<Reader, ReaderError> {
    Reader::open_with(|context| context.open_with_connstring(connection))
}

/// A reader with a tag before it.
fn reader_with(tag: Option<Tag>) -> (Pn532, Reader) {
    let chip = Pn532::plugged_in();
    hold(&chip, tag);
    let reader = open(&chip.connection()).unwrap();
    (chip, reader)
}

fn hold(chip: &Pn532, tag: Option<Tag>) {
    chip.field.lock().unwrap().hold(tag);
}

fn the_uid(tag: &Tag) -> Option<Uid> {
    Uid::new(&tag.uid)
}

#[test]
fn a_seal_on_a_tag_is_read() {
    let tag = Tag::with(&message());
    let (_chip, mut reader) = reader_with(Some(tag.clone()));
    assert_eq!(reader.look(), Ok(the_uid(&tag)));
    let read = reader.read().unwrap();
    assert_eq!(read, message());
    let seal = TagReading::nfc(read, Some(tag.uid.to_vec())).decode();
    assert!(matches!(seal, Payload::Seal { host, .. } if host == "s.example"));
}

#[test]
fn an_empty_field_is_no_tag() {
    let (_chip, mut reader) = reader_with(None);
    assert_eq!(reader.look(), Ok(None));
    assert_eq!(reader.look(), Ok(None));
    assert_eq!(reader.read(), Err(TagError::Refused { page: 0 }));
}

#[test]
fn a_resting_tag_stays_powered() {
    let tag = Tag::with(&message());
    let (chip, mut reader) = reader_with(Some(tag.clone()));
    for _ in 0..10 {
        assert_eq!(reader.look(), Ok(the_uid(&tag)));
    }
    assert_eq!(chip.field.lock().unwrap().selections, 1);
}

#[test]
fn a_tag_that_is_taken_away_while_it_is_read_refuses_and_is_gone() {
    let tag = Tag { leaves_after: Some(2), ..Tag::with(&message()) };
    let (_chip, mut reader) = reader_with(Some(tag.clone()));
    assert_eq!(reader.look(), Ok(the_uid(&tag)));
    assert_eq!(reader.read(), Err(TagError::Refused { page: 8 }));
    assert_eq!(reader.look(), Ok(None));
}

#[test]
fn a_container_that_claims_more_than_there_is_ends_in_a_refusal() {
    let mut tag = Tag::with(&message());
    (tag.memory[14], tag.memory[17]) = (0xff, 0xfe);
    let (_chip, mut reader) = reader_with(Some(tag.clone()));
    assert_eq!(reader.look(), Ok(the_uid(&tag)));
    // Page 44 is the last: the READ from there still answers.
    assert_eq!(reader.read(), Err(TagError::Refused { page: 48 }));
    assert_eq!(reader.look(), Ok(the_uid(&tag)), "and can be selected again");
}

#[test]
fn a_tag_that_refuses_a_page_refuses() {
    let tag = Tag { refuses_from: Some(4), ..Tag::with(&message()) };
    let (_chip, mut reader) = reader_with(Some(tag.clone()));
    assert_eq!(reader.look(), Ok(the_uid(&tag)));
    assert_eq!(reader.read(), Err(TagError::Refused { page: 4 }));
}

#[test]
fn a_bank_card_is_not_read() {
    let tag = Tag { sak: 0x20, ..Tag::with(&message()) };
    let (_chip, mut reader) = reader_with(Some(tag.clone()));
    assert_eq!(reader.look(), Ok(the_uid(&tag)));
    assert_eq!(reader.read(), Err(TagError::NotType2 { sak: 0x20 }));
}

/// NTAG 424 DNA says SAK 0x20, as a bank card does.
#[test]
fn no_chip_of_a_kind_that_is_not_read_is_promised_to_be() {
    let (_chip, reader) = reader_with(None);
    let chips = [Carrier::Nfc, Carrier::NfcTap, Carrier::NfcChallenge];
    assert_eq!(chips.map(|chip| reader.reads().reads(chip)), [true, false, false]);
}

#[test]
fn where_nothing_answers_there_is_no_reader() {
    assert_eq!(open("pn532_uart:/dev/null").err(), Some(ReaderError::None));
}

/// What the thread tells of the reader that is plugged in at a time.
fn told(chip: &Arc<Mutex<Option<Pn532>>>) -> (Tags, Receiver<Seen>) {
    let (tell, seen) = channel();
    let chip = Arc::clone(chip);
    let open = move || {
        let connection = chip.lock().unwrap().as_ref().map(Pn532::connection);
        Ok(Box::new(open(&connection.ok_or(ReaderError::None)?)?) as Box<dyn TagReader>)
    };
    let tags = Tags::start(open, move |seen| {
        let _ = tell.send(seen);
    });
    (tags.unwrap(), seen)
}

#[test]
fn a_resting_tag_is_told_once_and_a_second_tap_again() {
    let chip = Arc::new(Mutex::new(Some(Pn532::plugged_in())));
    let (_tags, seen) = told(&chip);
    let next = || seen.recv_timeout(MINUTE).unwrap();
    let tag = Tag::with(&message());
    let says = Seen::Read(TagReading::nfc(message(), Some(tag.uid.to_vec())));
    let holds = |tag: Option<&Tag>| hold(chip.lock().unwrap().as_ref().unwrap(), tag.cloned());
    assert!(matches!(next(), Seen::Here { .. }));
    for _ in 0..2 {
        holds(Some(&tag));
        assert_eq!(next(), says);
        assert!(seen.recv_timeout(WHILE).is_err(), "it rests");
        holds(None);
        assert!(seen.recv_timeout(WHILE).is_err(), "it is away");
    }
}

#[test]
fn a_reader_that_is_unplugged_is_found_again_at_another_port() {
    let chip = Arc::new(Mutex::new(Some(Pn532::plugged_in())));
    let (_tags, seen) = told(&chip);
    let next = || seen.recv_timeout(MINUTE).unwrap();
    assert!(matches!(next(), Seen::Here { .. }));
    drop(chip.lock().unwrap().take());
    assert!(matches!(next(), Seen::Gone(ReaderError::Fails { .. })));
    assert_eq!(next(), Seen::Gone(ReaderError::None));
    let again = Pn532::plugged_in();
    hold(&again, Some(Tag::with(&message())));
    *chip.lock().unwrap() = Some(again);
    assert!(matches!(next(), Seen::Here { .. }));
    assert!(matches!(next(), Seen::Read(_)));
}

/// Runs a program of libnfc's on the emulated reader; none where it is not installed.
fn judged(chip: &Pn532, program: &str, args: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    let ran = command.args(args).env("LIBNFC_DEFAULT_DEVICE", chip.connection()).output();
    if ran.is_err() {
        println!("skipped: {program} is not installed");
    }
    Some(String::from_utf8_lossy(&ran.ok()?.stdout).into_owned())
}

#[test]
fn nfc_list_sees_the_same_tag() {
    let chip = Pn532::plugged_in();
    hold(&chip, Some(Tag::with(&message())));
    let Some(said) = judged(&chip, "nfc-list", &[]) else { return };
    assert!(said.contains("1 ISO14443A passive target"), "{said}");
    assert!(said.contains("04  51  52  53  54  55  56"), "{said}");
}

#[test]
fn nfc_mfultralight_reads_the_same_memory() {
    let (chip, folder) = (Pn532::plugged_in(), crate::testfolder::Folder::new());
    let tag = Tag::with(&message());
    hold(&chip, Some(tag.clone()));
    let dump = folder.path("dump");
    let Some(said) = judged(&chip, "nfc-mfultralight", &["r", dump.to_str().unwrap()]) else {
        return;
    };
    let read = std::fs::read(&dump).unwrap_or_default();
    assert!(read.len() >= 64 && tag.memory.starts_with(&read[..64]), "{said}");
}
