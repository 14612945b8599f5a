//! The PIN of the staff's page: its hash in the home folder, and how often it may be tried.
//!
//! Blocks for the disk, and for the hash some fifty milliseconds. The hash is Argon2id (RFC 9106)
//! with the parameters that OWASP's password storage cheat sheet names: 19 MiB, two passes, one
//! lane. Five wrong tries lock the pad for ten minutes. Each try is written down before it is
//! looked at, so that neither a restart nor a lost power supply gives another one; where the disk
//! takes nothing the count goes on in memory. The monotonic clock alone says when the lock ends: the
//! wall clock says what somebody on the network wants it to, and anything at all after the plug was
//! pulled on a board that has no clock of its own. So the ten minutes of a lock that a start finds
//! begin with that start.

use crate::home::{self, Home, HomeError};
use argon2::{Algorithm, Argon2, Params, Version};
use sealight_flow::staff::{LONGEST_PIN, PinTold, SHORTEST_PIN};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Wrong tries until the pad is locked.
pub const MOST_TRIES: u32 = 5;
/// How long it stays so.
pub const LOCKED: Duration = Duration::from_secs(600);
/// Bytes of a salt.
pub const SALT: usize = 16;

/// Memory in KiB, passes, lanes.
const COST: (u32, u32, u32) = (19_456, 2, 1);
const HASH: usize = 32;
/// Most bytes of either file.
const MAX_FILE: usize = 1024;

/// Why a PIN is not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinError {
    /// Not 6 to 12 digits.
    NotDigits,
    /// The system gives no memory for the hash.
    NoMemory,
    /// It cannot be kept.
    Home(HomeError),
}

impl core::fmt::Display for PinError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotDigits => write!(f, "a PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits"),
            Self::NoMemory => f.write_str("no memory for the hash of the PIN"),
            Self::Home(error) => write!(f, "{error}"),
        }
    }
}

impl core::error::Error for PinError {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    salt: [u8; SALT],
    hash: [u8; HASH],
}

/// What is written down. Earlier programs wrote a time of the wall clock beside it, which counts for
/// nothing.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Tries {
    wrong: u32,
}

/// The pad's keeper.
#[derive(Debug)]
pub struct Pin {
    home: Home,
    tries: Tries,
    /// Since when the pad is locked, where it is; never moved while it stands.
    locked_since: Option<Instant>,
    /// Of the PIN that the tries were for.
    salt: Option<[u8; SALT]>,
}

/// Sets the PIN of a device; `salt` is random. Wrong tries before it are forgotten, by a keeper that
/// runs as well.
///
/// # Errors
/// [`PinError`]
pub fn set(home: &Home, pin: &str, salt: [u8; SALT]) -> Result<(), PinError> {
    if !is_pin(pin) {
        return Err(PinError::NotDigits);
    }
    let hash = hash(pin, &salt).ok_or(PinError::NoMemory)?;
    let kept = Kept { version: 1, salt, hash };
    // Numbers only: writing them as JSON cannot fail.
    let bytes = serde_json::to_vec(&kept).unwrap_or_default();
    home::write(&file(home), &bytes).map_err(PinError::Home)?;
    keep_private(&file(home));
    write_tries(home, Tries::default()).map_err(PinError::Home)
}

/// Whether a PIN was set.
pub fn is_set(home: &Home) -> bool {
    kept(home).is_some()
}

impl Pin {
    /// The keeper of this device's PIN, with the tries that were wrong before; `now`, here and below,
    /// is a reading of the monotonic clock. The whole time of a lock that it finds begins now.
    pub fn of(home: Home, now: Instant) -> Self {
        // What does not read was written by somebody else: the last try is left.
        let doubtful = Tries { wrong: MOST_TRIES - 1 };
        let tries = match home::read(&tries_file(&home), MAX_FILE) {
            Ok(None) => Tries::default(),
            Ok(Some(bytes)) => serde_json::from_slice(&bytes).unwrap_or(doubtful),
            Err(_) => doubtful,
        };
        let locked_since = (tries.wrong >= MOST_TRIES).then_some(now);
        let salt = kept(&home).map(|kept| kept.salt);
        Self { home, tries, locked_since, salt }
    }

    /// What stands before a try: none set, locked, or nothing.
    pub fn standing(&mut self, now: Instant) -> PinTold {
        if self.kept().is_none() {
            return PinTold::NoneSet;
        }
        match self.locked(now) {
            Some(minutes) => PinTold::Locked { minutes },
            None => PinTold::Asked,
        }
    }

    /// Tries a PIN; `Ok` where it is the right one.
    ///
    /// # Errors
    /// [`PinTold::NoneSet`]; [`PinTold::Wrong`]; [`PinTold::Locked`] for the last of too many wrong
    /// ones, and for any that follows too soon.
    pub fn try_it(&mut self, pin: &str, now: Instant) -> Result<(), PinTold> {
        let kept = self.kept().ok_or(PinTold::NoneSet)?;
        if let Some(minutes) = self.locked(now) {
            return Err(PinTold::Locked { minutes });
        }
        let wrong = self.tries.wrong + 1;
        self.put(Tries { wrong });
        let right =
            is_pin(pin) && hash(pin, &kept.salt).is_some_and(|hash| same(&hash, &kept.hash));
        if right {
            self.put(Tries::default());
            return Ok(());
        }
        Err(match self.locked(now) {
            Some(minutes) => PinTold::Locked { minutes },
            None => PinTold::Wrong { left: MOST_TRIES - wrong },
        })
    }

    /// The PIN that is set; tries for another one count no longer. Whoever may set it anew may open
    /// the device's folder, and so may forget them.
    fn kept(&mut self) -> Option<Kept> {
        let kept = kept(&self.home)?;
        if self.salt != Some(kept.salt) {
            self.salt = Some(kept.salt);
            self.put(Tries::default());
        }
        Some(kept)
    }

    /// Minutes until the next try, rounded up; a lock that is over gives all tries again.
    fn locked(&mut self, now: Instant) -> Option<u32> {
        if self.tries.wrong < MOST_TRIES {
            return None;
        }
        let since = *self.locked_since.get_or_insert(now);
        let left = LOCKED.saturating_sub(now.saturating_duration_since(since));
        if left.is_zero() {
            self.put(Tries::default());
            return None;
        }
        u32::try_from(left.as_millis().div_ceil(60_000)).ok()
    }

    fn put(&mut self, tries: Tries) {
        self.tries = tries;
        if tries.wrong < MOST_TRIES {
            self.locked_since = None;
        }
        // On a full disk the count goes on in memory.
        let _ = write_tries(&self.home, tries);
    }
}

fn is_pin(pin: &str) -> bool {
    let lengths = SHORTEST_PIN as usize..=LONGEST_PIN as usize;
    lengths.contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit())
}

fn hash(pin: &str, salt: &[u8; SALT]) -> Option<[u8; HASH]> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, Some(HASH)).ok()?;
    let mut hash = [0; HASH];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(pin.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

/// Compares in a time that does not depend on where two hashes differ.
fn same(a: &[u8; HASH], b: &[u8; HASH]) -> bool {
    a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn kept(home: &Home) -> Option<Kept> {
    let bytes = home::read(&file(home), MAX_FILE).ok()??;
    serde_json::from_slice(&bytes).ok().filter(|kept: &Kept| kept.version == 1)
}

fn write_tries(home: &Home, tries: Tries) -> Result<(), HomeError> {
    home::write(&tries_file(home), &serde_json::to_vec(&tries).unwrap_or_default())
}

fn file(home: &Home) -> PathBuf {
    home.path().join("pin")
}

fn tries_file(home: &Home) -> PathBuf {
    home.path().join("pin-tries")
}

/// The folder is its owner's alone already; a copy of the file is, too.
fn keep_private(path: &std::path::Path) {
    #[cfg(unix)]
    {
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        let _ = std::fs::set_permissions(path, private);
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::testfolder::Folder;

    const PIN: &str = "271828";

    /// Seconds since a moment, as the monotonic clock counts them.
    fn timer() -> impl Fn(u64) -> Instant {
        let start = clock::monotonic();
        move |secs| start + Duration::from_secs(secs)
    }

    fn device(folder: &Folder) -> Home {
        let home = Home::open(&folder.path("device")).unwrap();
        set(&home, PIN, [7; SALT]).unwrap();
        home
    }

    #[test]
    fn the_right_pin_opens_and_forgets_wrong_ones() {
        let (folder, at) = (Folder::new(), timer());
        let mut pin = Pin::of(device(&folder), at(0));
        assert_eq!(pin.try_it("000000", at(0)), Err(PinTold::Wrong { left: 4 }));
        assert_eq!(pin.try_it(PIN, at(1)), Ok(()));
        assert_eq!(pin.try_it("000000", at(2)), Err(PinTold::Wrong { left: 4 }));
    }

    #[test]
    fn five_wrong_tries_lock_for_ten_minutes_and_a_restart_does_not_unlock() {
        let (folder, at) = (Folder::new(), timer());
        let home = device(&folder);
        for left in (1..MOST_TRIES).rev() {
            // Each try on a program that was just started.
            let told = Pin::of(home.clone(), at(0)).try_it("123456", at(0));
            assert_eq!(told, Err(PinTold::Wrong { left }));
        }
        let mut pin = Pin::of(home.clone(), at(0));
        assert_eq!(pin.try_it("123456", at(0)), Err(PinTold::Locked { minutes: 10 }));
        assert_eq!(pin.try_it(PIN, at(61)), Err(PinTold::Locked { minutes: 9 }));
        let restarted = Pin::of(home, at(61)).try_it(PIN, at(61));
        assert_eq!(restarted, Err(PinTold::Locked { minutes: 10 }));
        assert_eq!(pin.standing(at(599)), PinTold::Locked { minutes: 1 });
        assert_eq!(pin.try_it(PIN, at(600)), Ok(()));
    }

    #[test]
    fn a_start_that_finds_a_lock_begins_ten_whole_minutes() {
        let (folder, at) = (Folder::new(), timer());
        let home = device(&folder);
        // As an earlier program wrote it: by the wall clock the lock ended long ago.
        std::fs::write(tries_file(&home), br#"{"wrong":5,"until":60}"#).unwrap();
        let mut pin = Pin::of(home.clone(), at(0));
        assert_eq!(pin.standing(at(0)), PinTold::Locked { minutes: 10 });
        assert_eq!(pin.standing(at(599)), PinTold::Locked { minutes: 1 });
        let mut pin = Pin::of(home, at(599));
        assert_eq!(pin.standing(at(599 + 599)), PinTold::Locked { minutes: 1 });
        assert_eq!(pin.try_it(PIN, at(599 + 600)), Ok(()));
    }

    #[test]
    fn a_lock_that_was_seen_to_be_over_is_none_for_the_next_start() {
        let (folder, at) = (Folder::new(), timer());
        let home = device(&folder);
        let mut pin = Pin::of(home.clone(), at(0));
        for _ in 0..MOST_TRIES {
            let _ = pin.try_it("123456", at(0));
        }
        assert_eq!(pin.standing(at(600)), PinTold::Asked);
        assert_eq!(Pin::of(home, at(601)).standing(at(601)), PinTold::Asked);
    }

    #[test]
    fn a_pin_that_is_set_anew_unlocks_the_keeper_that_runs() {
        let (folder, at) = (Folder::new(), timer());
        let home = device(&folder);
        let mut pin = Pin::of(home.clone(), at(0));
        for _ in 0..MOST_TRIES {
            let _ = pin.try_it("123456", at(0));
        }
        assert_eq!(pin.standing(at(1)), PinTold::Locked { minutes: 10 });
        set(&home, "314159", [8; SALT]).unwrap();
        assert_eq!(pin.standing(at(2)), PinTold::Asked);
        assert_eq!(pin.try_it(PIN, at(3)), Err(PinTold::Wrong { left: 4 }));
        assert_eq!(pin.try_it("314159", at(4)), Ok(()));
    }

    #[test]
    fn a_count_that_cannot_be_written_goes_on_in_memory() {
        let (folder, at) = (Folder::new(), timer());
        let home = device(&folder);
        let mut pin = Pin::of(home.clone(), at(0));
        std::fs::remove_file(tries_file(&home)).unwrap();
        std::fs::create_dir(tries_file(&home)).unwrap();
        for _ in 0..MOST_TRIES {
            let _ = pin.try_it("123456", at(0));
        }
        assert_eq!(pin.try_it(PIN, at(1)), Err(PinTold::Locked { minutes: 10 }));
    }

    #[test]
    fn a_count_that_does_not_read_leaves_one_try() {
        let (folder, at) = (Folder::new(), timer());
        let home = device(&folder);
        std::fs::write(tries_file(&home), b"{\"wrong\": -1}").unwrap();
        let told = Pin::of(home, at(0)).try_it("123456", at(0));
        assert_eq!(told, Err(PinTold::Locked { minutes: 10 }));
    }

    #[test]
    fn only_six_to_twelve_digits_are_a_pin_and_none_stands_in_a_file() {
        let folder = Folder::new();
        let home = device(&folder);
        for bad in ["", "12345", "1234567890123", "12345a", "１２３４５６"] {
            assert_eq!(set(&home, bad, [1; SALT]), Err(PinError::NotDigits), "{bad}");
        }
        for path in [file(&home), tries_file(&home)] {
            assert!(!std::fs::read_to_string(path).unwrap().contains(PIN));
        }
        let empty = Home::open(&folder.path("empty")).unwrap();
        let now = clock::monotonic();
        assert_eq!(Pin::of(empty, now).try_it(PIN, now), Err(PinTold::NoneSet));
    }
}
