//! Signs of life: a version says as its program begins that it is alive, and each second once it
//! has come up; the launcher hears it.
//!
//! The launcher listens on loopback and names its place in the variable [`ALIVE`], with a word that
//! nobody else knows: `127.0.0.1:40123/9f8e…`. A sign of life is one datagram with that word. Nothing
//! blocks on either side, and it is the same on every system.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Variable with the place and the word of signs of life.
pub const ALIVE: &str = "SEALIGHT_ALIVE";
/// Most bytes of a word.
const MAX_WORD: usize = 64;
/// Most datagrams of one look: whoever sends without an end holds nobody up.
const MAX_HEARD: usize = 256;
/// Most silence that one look counts: a machine that slept, or had no time for the launcher, had
/// none for the version either.
const MAX_LOOK: Duration = Duration::from_secs(1);

/// Says that this program is alive, to the launcher that started it.
#[derive(Debug)]
pub struct SignOfLife(Option<(UdpSocket, SocketAddr, String)>);

impl SignOfLife {
    /// To whoever the environment names; without the variable nothing is ever said.
    pub fn of_environment() -> Self {
        Self::to(&std::env::var(ALIVE).unwrap_or_default())
    }

    fn to(named: &str) -> Self {
        let (place, word) = named.split_once('/').unwrap_or_default();
        let place = place.parse().ok().filter(|place: &SocketAddr| place.ip().is_loopback());
        let fits = (1..=MAX_WORD).contains(&word.len());
        Self(place.filter(|_| fits).and_then(|place| Some((socket().ok()?, place, word.into()))))
    }

    /// This program is alive. Does not block; a launcher that is gone hears nothing.
    pub fn say(&self) {
        if let Some((socket, place, word)) = &self.0 {
            // One that is lost is followed by the next.
            let _ = socket.send_to(word.as_bytes(), place);
        }
    }
}

/// Hears the signs of life of one started version, and of nobody else.
#[derive(Debug)]
pub(crate) struct Ear {
    socket: UdpSocket,
    word: String,
    name: String,
}

impl Ear {
    /// # Errors
    /// The system's, where it gives no socket.
    pub(crate) fn open() -> io::Result<Self> {
        let (socket, word) = (socket()?, word());
        let name = format!("{}/{word}", socket.local_addr()?);
        Ok(Self { socket, word, name })
    }

    /// What the version finds in its variable.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether there was a sign of life since the last look. Does not block.
    pub(crate) fn heard(&self) -> bool {
        let mut heard = false;
        for _ in 0..MAX_HEARD {
            // One more than a word has: what is longer is none.
            let mut bytes = [0; MAX_WORD + 1];
            match self.socket.recv(&mut bytes) {
                Ok(length) => heard |= &bytes[..length] == self.word.as_bytes(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // Some systems tell of a datagram that was too long in this way.
                Err(_) => {}
            }
        }
        heard
    }
}

/// What is known of a version's life, and how long it has been silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// Never heard: one from before there were signs of life never says any, and is left alone.
    Unheard,
    /// Heard once, as its program began: what comes now may take long, and says nothing meanwhile.
    Starting(Duration),
    /// Heard again: it has come up, and says so each second.
    Running(Duration),
}

/// Follows the life of one started version.
#[derive(Debug)]
pub(crate) struct Silence {
    looked: Instant,
    life: Life,
}

impl Silence {
    pub(crate) fn new(now: Instant) -> Self {
        Self { looked: now, life: Life::Unheard }
    }

    /// One look, at which something was heard or not.
    pub(crate) fn look(&mut self, now: Instant, heard: bool) -> Life {
        let passed = now.saturating_duration_since(self.looked).min(MAX_LOOK);
        self.looked = now;
        self.life = match (self.life, heard) {
            (Life::Unheard, false) => Life::Unheard,
            (Life::Unheard, true) => Life::Starting(Duration::ZERO),
            (Life::Starting(silent), false) => Life::Starting(silent + passed),
            (Life::Running(silent), false) => Life::Running(silent + passed),
            (Life::Starting(_) | Life::Running(_), true) => Life::Running(Duration::ZERO),
        };
        self.life
    }
}

fn socket() -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Another one each time, from what the standard library draws its keys from.
pub(crate) fn word() -> String {
    let half = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", half(), half())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loopback delivers at once, or nearly so.
    fn hears(ear: &Ear) -> bool {
        (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(5));
            ear.heard()
        })
    }

    #[test]
    fn a_version_is_heard_by_its_launcher_and_by_no_other() {
        let (ear, other) = (Ear::open().unwrap(), Ear::open().unwrap());
        assert!(!ear.heard());
        let sign = SignOfLife::to(ear.name());
        sign.say();
        assert!(hears(&ear));
        assert!(!ear.heard(), "once");
        assert!(!other.heard());
        drop(ear);
        sign.say();
    }

    #[test]
    fn what_strangers_send_is_no_sign_of_life() {
        let ear = Ear::open().unwrap();
        let (place, word) = ear.name().split_once('/').unwrap();
        assert!(word.len() <= MAX_WORD && word != self::word());
        let stranger = socket().unwrap();
        let longer = format!("{word}{}", "0".repeat(MAX_WORD));
        for bad in ["", "READY=1", &word[1..], &format!("{word}0"), &longer] {
            stranger.send_to(bad.as_bytes(), place).unwrap();
            assert!(!ear.heard(), "{bad}");
        }
        // They came before this one, and went.
        SignOfLife::to(ear.name()).say();
        assert!(hears(&ear));
    }

    #[test]
    fn nothing_is_said_where_nobody_on_this_machine_is_named() {
        let endless = format!("127.0.0.1:9/{}", "0".repeat(MAX_WORD + 1));
        for bad in ["", "127.0.0.1:9", "127.0.0.1:9/", "192.0.2.1:9/a", "/a", "x/a", &endless] {
            let sign = SignOfLife::to(bad);
            assert!(sign.0.is_none(), "{bad}");
            sign.say();
        }
    }

    #[test]
    fn silence_counts_from_the_last_sign_of_life_and_never_before_the_first() {
        let start = Instant::now();
        let mut silence = Silence::new(start);
        let mut at = start;
        let mut look = |heard| {
            at += Duration::from_millis(500);
            silence.look(at, heard)
        };
        let ms = Duration::from_millis;
        assert_eq!([false, false].map(&mut look), [Life::Unheard; 2]);
        // The first one is of a program that begins.
        let starting = [0, 500, 1000].map(|silent| Life::Starting(ms(silent)));
        assert_eq!([true, false, false].map(&mut look), starting);
        let running = [0, 500, 0, 0, 500].map(|silent| Life::Running(ms(silent)));
        assert_eq!([true, false, true, true, false].map(&mut look), running);
    }

    #[test]
    fn the_sleep_of_a_machine_is_no_silence() {
        let start = Instant::now();
        let mut silence = Silence::new(start);
        silence.look(start, true);
        let woken = start + Duration::from_secs(9 * 3600);
        assert_eq!(silence.look(woken, false), Life::Starting(MAX_LOOK));
        let back = silence.look(start, false);
        assert_eq!(back, Life::Starting(MAX_LOOK), "a clock that goes back counts nothing");
    }
}
