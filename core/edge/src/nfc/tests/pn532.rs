//! A PN532 at a serial port: its frames and commands (NXP UM0701-02, sections 6 and 7), as far as
//! libnfc uses them. The port is a terminal, so libnfc runs as it is.

use super::tag::{Answer, Field};
use crate::cancel::Cancel;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// Errors of the chip (section 7.1).
const TIMEOUT: u8 = 0x01;
const INVALID_FRAME: u8 = 0x13;

/// A reader that is plugged in until this is dropped.
pub(super) struct Pn532 {
    port: String,
    /// What is before it.
    pub(super) field: Arc<Mutex<Field>>,
    unplug: Cancel,
    chip: Option<JoinHandle<()>>,
}

impl Pn532 {
    pub(super) fn plugged_in() -> Self {
        let port = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&port).unwrap();
        unlockpt(&port).unwrap();
        let path = ptsname(&port, Vec::new()).unwrap().into_string().unwrap();
        // Held open, so that the port stays when a program closes it; raw, so that nothing echoes.
        let other = File::options().read(true).write(true).open(&path).unwrap();
        let mut raw = tcgetattr(&other).unwrap();
        raw.make_raw();
        tcsetattr(&other, OptionalActions::Now, &raw).unwrap();
        let (field, unplug) = (Arc::<Mutex<Field>>::default(), Cancel::default());
        let (before, told) = (Arc::clone(&field), unplug.clone());
        let chip = std::thread::spawn(move || {
            let mut port = File::from(port);
            let mut heard = Vec::new();
            while !told.is_cancelled() {
                if !readable(&port) {
                    continue;
                }
                let mut bytes = [0; 512];
                let Ok(count) = port.read(&mut bytes) else { break };
                heard.extend(&bytes[..count]);
                while let Some(command) = command(&mut heard) {
                    port.write_all(&ACK).unwrap();
                    port.write_all(&answer(&command, &mut before.lock().unwrap())).unwrap();
                }
            }
            drop(other);
        });
        Self { port: path, field, unplug, chip: Some(chip) }
    }

    /// What libnfc calls it.
    pub(super) fn connection(&self) -> String {
        format!("pn532_uart:{}:115200", self.port)
    }
}

impl Drop for Pn532 {
    fn drop(&mut self) {
        self.unplug.cancel();
        let _ = self.chip.take().map(JoinHandle::join);
    }
}

fn readable(port: &File) -> bool {
    let mut ports = [PollFd::new(port, PollFlags::IN)];
    let soon = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
    poll(&mut ports, Some(&soon)).is_ok_and(|ready| ready > 0)
}

const ACK: [u8; 6] = [0, 0, 0xff, 0, 0xff, 0];
/// Application level error (section 6.2.1.5).
const ERROR: [u8; 8] = [0, 0, 0xff, 0x01, 0xff, 0x7f, 0x81, 0];

/// The next whole frame's command; what wakes the chip and its own acknowledgements are passed over.
fn command(heard: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        let start = heard.windows(2).position(|pair| pair == [0, 0xff])?;
        let [len, check] = *heard.get(start + 2..start + 4)? else { return None };
        let data = start + 4..start + 4 + usize::from(len);
        if len == 0 || len.wrapping_add(check) != 0 {
            heard.drain(..start + 2);
            continue;
        }
        // Behind the data: its check sum, and the postamble.
        let whole = heard.get(data.start..data.end + 2)?.to_vec();
        heard.drain(..data.end + 2);
        let (data, tail) = whole.split_at(usize::from(len));
        let sum = data.iter().chain(&tail[..1]).fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        assert_eq!(sum, 0, "check sum");
        if let [0xd4, command @ ..] = data {
            return Some(command.to_vec());
        }
    }
}

fn answer(command: &[u8], field: &mut Field) -> Vec<u8> {
    let said = match command {
        // Diagnose, communication line test: what was said comes back.
        [0x00, 0x00, text @ ..] => [&[0x00], text].concat(),
        // GetFirmwareVersion: PN532, 1.6, all protocols.
        [0x02] => vec![0x32, 0x01, 0x06, 0x07],
        // ReadRegister: a byte for each address.
        [0x06, addresses @ ..] => vec![0; addresses.len() / 2],
        // WriteRegister, SetParameters, SAMConfiguration, RFConfiguration.
        [0x08 | 0x12 | 0x14 | 0x32, ..] => Vec::new(),
        // PowerDown, InDeselect, InRelease.
        [0x16 | 0x44 | 0x52, ..] => vec![0],
        // InListPassiveTarget at 106 kbit/s, type A.
        [0x4a, _, 0x00, ..] => match field.select() {
            None => vec![0],
            Some(tag) => {
                let about = [1, 1, 0x00, 0x44, tag.sak, tag.uid.len() as u8];
                [&about[..], &tag.uid].concat()
            }
        },
        // The same for other kinds of tags, none of which is here.
        [0x4a, ..] => vec![0],
        // InDataExchange, InCommunicateThru.
        [0x40, _, sent @ ..] | [0x42, sent @ ..] => match field.exchange(sent) {
            Answer::Bytes(bytes) => [&[0][..], &bytes].concat(),
            Answer::Nak => vec![INVALID_FRAME],
            Answer::Silence => vec![TIMEOUT],
        },
        _ => return ERROR.to_vec(),
    };
    frame(&[&[0xd5, command[0] + 1], &said[..]].concat())
}

fn frame(data: &[u8]) -> Vec<u8> {
    let len = u8::try_from(data.len()).unwrap();
    let sum = data.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let head = [0, 0, 0xff, len, len.wrapping_neg()];
    [&head[..], data, &[sum.wrapping_neg(), 0]].concat()
}
