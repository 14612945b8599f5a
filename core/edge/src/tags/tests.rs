//! The thread, with readers that do what a script says.

use super::lying::{AWAY, TRIES};
use super::*;
use sealight_tag::ndef::Type2Error;
use sealight_verify::format::record::Carrier;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};

/// What a look finds.
#[derive(Clone, Debug)]
enum Look {
    Nothing,
    Tag(u8, Result<Vec<u8>, TagError>),
    Fails,
}

/// What a scripted reader reads.
const READS: Chips = Chips::of(&[Carrier::Nfc, Carrier::NfcTap]);

/// A reader that finds one thing after another, then nothing for ever.
struct Scripted {
    script: std::vec::IntoIter<Look>,
    tag: Result<Vec<u8>, TagError>,
    read: Arc<Mutex<u32>>,
}

fn fails() -> ReaderError {
    ReaderError::Fails { reader: "scripted".into(), why: "unplugged".into() }
}

fn uid(number: u8) -> Uid {
    Uid::new(&[number; 7]).unwrap()
}

impl TagReader for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn reads(&self) -> Chips {
        READS
    }

    fn look(&mut self) -> Result<Option<Uid>, ReaderError> {
        match self.script.next().unwrap_or(Look::Nothing) {
            Look::Nothing => Ok(None),
            Look::Fails => Err(fails()),
            Look::Tag(number, tag) => {
                self.tag = tag;
                Ok(Some(uid(number)))
            }
        }
    }

    fn read(&mut self) -> Result<Vec<u8>, TagError> {
        *self.read.lock().unwrap() += 1;
        self.tag.clone()
    }
}

/// What is told of readers that come one after another; none where there is none at that try.
fn told(scripts: Vec<Option<Vec<Look>>>) -> (Tags, Receiver<Seen>, Arc<Mutex<u32>>) {
    let (tell, seen) = channel();
    let read = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&read);
    let mut scripts = scripts.into_iter();
    let open = move || {
        let script = scripts.next().flatten().ok_or(ReaderError::None)?.into_iter();
        let tag = Err(TagError::Refused { page: 0 });
        Ok(Box::new(Scripted { script, tag, read: Arc::clone(&counted) }) as Box<dyn TagReader>)
    };
    let quick = Duration::from_micros(200);
    let tags = Tags::start_at(Pace { again: quick, look: quick }, open, move |seen| {
        let _ = tell.send(seen);
    });
    (tags.unwrap(), seen, read)
}

fn here() -> Seen {
    Seen::Here { reader: "scripted".into(), reads: READS }
}

fn says(number: u8, message: &[u8]) -> Seen {
    Seen::Read(TagReading::nfc(message.to_vec(), Some(vec![number; 7])))
}

/// As much as is told, up to a reader's end, which ends each script.
fn all(looks: &[Look]) -> (Vec<Seen>, u32) {
    let script = [looks, &[Look::Fails]].concat();
    let (_tags, seen, read) = told(vec![Some(script)]);
    let end = Seen::Gone(fails());
    let told = seen.iter().take_while(|seen| *seen != end).collect();
    let read = *read.lock().unwrap();
    (told, read)
}

fn tag(number: u8, says: &[u8]) -> Look {
    Look::Tag(number, Ok(says.to_vec()))
}

fn refused() -> Look {
    Look::Tag(1, Err(TagError::Refused { page: 4 }))
}

#[test]
fn a_resting_tag_is_read_and_told_once() {
    let (told, read) = all(&vec![tag(1, b"a"); 50]);
    assert_eq!(told, [here(), says(1, b"a")]);
    assert_eq!(read, 1, "it counts how often it is read");
}

#[test]
fn a_tag_that_slips_for_a_moment_still_rests() {
    let (told, _) = all(&[tag(1, b"a"), Look::Nothing, tag(1, b"a"), Look::Nothing, tag(1, b"a")]);
    assert_eq!(AWAY, 2);
    assert_eq!(told, [here(), says(1, b"a")]);
}

#[test]
fn a_second_tap_is_told_again() {
    let away = vec![Look::Nothing; AWAY as usize];
    let looks = [vec![tag(1, b"a")], away, vec![tag(1, b"b")]].concat();
    assert_eq!(all(&looks).0, [here(), says(1, b"a"), says(1, b"b")]);
}

#[test]
fn another_tag_is_told_at_once() {
    let told = all(&[tag(1, b"a"), tag(2, b"b"), tag(1, b"a")]).0;
    assert_eq!(told, [here(), says(1, b"a"), says(2, b"b"), says(1, b"a")]);
}

#[test]
fn a_tag_that_refuses_on_its_way_in_is_tried_again() {
    let told = all(&[refused(), refused(), tag(1, b"a"), tag(1, b"a")]).0;
    assert_eq!(told, [here(), says(1, b"a")]);
}

#[test]
fn a_tag_that_refuses_for_ever_is_told_and_given_up_until_it_leaves() {
    let mut looks = vec![refused(); 100];
    let (told, read) = all(&looks);
    assert_eq!((told, read), (vec![here(), Seen::Unread], TRIES));
    looks.extend(vec![Look::Nothing; AWAY as usize]);
    looks.push(tag(1, b"a"));
    assert_eq!(all(&looks).0, [here(), Seen::Unread, says(1, b"a")]);
}

#[test]
fn a_tag_that_is_taken_away_before_it_was_read_is_not_told() {
    let mut looks = vec![refused(); TRIES as usize - 1];
    looks.extend(vec![Look::Nothing; AWAY as usize]);
    assert_eq!(all(&looks).0, [here()]);
}

#[test]
fn a_tag_without_a_message_says_nothing_and_a_card_of_another_kind_is_not_told() {
    let blank = Look::Tag(1, Err(TagError::Memory(Type2Error::NoContainer)));
    let card = Look::Tag(2, Err(TagError::NotType2 { sak: 0x20 }));
    let (told, read) = all(&[blank.clone(), blank, card.clone(), card]);
    assert_eq!((told, read), (vec![here(), says(1, b"")], 2));
}

#[test]
fn a_reader_that_is_unplugged_is_told_once_and_read_again_when_it_is_back() {
    let first = vec![tag(1, b"a"), Look::Fails];
    let scripts = vec![None, None, Some(first), None, None, Some(vec![tag(1, b"a")])];
    let (_tags, seen, _) = told(scripts);
    let told: Vec<Seen> = seen.iter().take(7).collect();
    let none = || Seen::Gone(ReaderError::None);
    let gone = Seen::Gone(fails());
    assert_eq!(told, [none(), here(), says(1, b"a"), gone, none(), here(), says(1, b"a")]);
}

#[test]
fn a_reader_that_opens_and_never_answers_is_not_there() {
    let dead = || Some(vec![Look::Fails]);
    let (_tags, seen, _) = told(vec![dead(), dead(), dead(), Some(vec![tag(1, b"a")])]);
    let told: Vec<Seen> = seen.iter().take(3).collect();
    assert_eq!(told, [Seen::Gone(fails()), here(), says(1, b"a")]);
}

#[test]
fn dropping_the_handle_ends_the_thread_and_with_it_the_reader() {
    let (tags, seen, _) = told(vec![Some(Vec::new())]);
    assert_eq!(seen.recv(), Ok(here()));
    drop(tags);
    // The thread's end drops the sender.
    let minute = Duration::from_secs(60);
    assert_eq!(seen.recv_timeout(minute), Err(RecvTimeoutError::Disconnected));
}
