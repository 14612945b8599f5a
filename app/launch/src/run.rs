//! Starts the current version again and again, if it is whole, and goes back from one that is not or
//! that does not come up.
//!
//! Blocks until the version ends by itself with code 0. Killing the launcher leaves the version
//! running on most systems: whatever starts the launcher ends both, as systemd does.

use crate::alive::{ALIVE, Ear, Life, Silence};
use crate::error::UpdateError;
use crate::install::{install, needs_the_other, way_back};
use crate::manifest::{MANIFEST, Manifest};
use crate::mark::Mark;
use crate::root::{Locked, Slot, Trial, remove_folder};
use crate::{FOLDER, HEALTH, KEY, RESTART};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often a running version is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Starts of a version on trial without a health mark, over restarts of the machine too.
const MAX_STARTS: u32 = 3;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a new version to write its health mark.
    pub health: Duration,
    /// A version that ran for so long has not crashed at its start.
    pub steady: Duration,
    /// Crashes in a row, none after a steady time, before an earlier version is gone back to.
    pub crashes: u32,
    /// Between two starts, times the crashes in a row, at most ten times.
    pub rest: Duration,
    /// Between the first sign of life, as the program begins, and the second, once it has come up:
    /// a version that needs longer hangs.
    pub start: Duration,
    /// Without a sign of life, after the second one, before a version is taken for one that hangs.
    pub silence: Duration,
}

impl Patience {
    /// On a machine where a new version needs this long to come up: what hangs there gets three
    /// times as long, and four times as long at its start; nowhere less than without this.
    #[must_use]
    pub fn with_health(self, health: Duration) -> Self {
        let usual = Self::default();
        let (start, silence) = (health * 4, health * 3);
        Self { health, start: start.max(usual.start), silence: silence.max(usual.silence), ..self }
    }

    /// Whether a version has been silent for longer than one that is well.
    fn is_over(&self, life: Life) -> bool {
        match life {
            Life::Unheard => false,
            Life::Starting(silent) => silent >= self.start,
            Life::Running(silent) => silent >= self.silence,
        }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            health: Duration::from_secs(60),
            steady: Duration::from_secs(600),
            crashes: 5,
            rest: Duration::from_secs(2),
            // A large store takes minutes to be read through on worn flash, and the kiosk itself
            // gives up a page that does not come after six.
            start: Duration::from_secs(600),
            silence: Duration::from_secs(180),
        }
    }
}

/// What happens, for a line in the service's log each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An update was installed; it is on trial.
    Installed {
        /// Its release.
        release: u64,
    },
    /// An update was refused; the version before goes on.
    NotInstalled(UpdateError),
    /// The current version is not as it was signed; it is not started.
    Damaged(UpdateError),
    /// A version on trial came up.
    Healthy,
    /// A version says no longer that it is alive; it is killed.
    Silent,
    /// Signs of life cannot be heard: a version that hangs is not seen. Told once.
    Deaf {
        /// What the system says.
        why: String,
    },
    /// A version ended.
    Ended {
        /// Its exit code; none where a signal ended it or it did not start.
        code: Option<i32>,
    },
    /// An earlier version is current again.
    WentBack {
        /// The release that was current; none where its manifest was lost.
        from: Option<u64>,
        /// The one that is.
        to: u64,
        /// Whether the former is refused from now on: it failed its trial.
        refused: bool,
    },
    /// Something that the launcher notes for itself is not on the disk.
    NotNoted(UpdateError),
    /// There is no earlier version that could be gone back to.
    NoWayBack(UpdateError),
}

impl core::fmt::Display for Told {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Installed { release } => write!(f, "release {release} is installed, on trial"),
            Self::NotInstalled(error) => write!(f, "update not installed: {error}"),
            Self::Damaged(error) => write!(f, "not started, the version is damaged: {error}"),
            Self::Healthy => f.write_str("the new version came up"),
            Self::Silent => f.write_str("no sign of life any more, it is ended"),
            Self::Deaf { why } => write!(f, "signs of life cannot be heard: {why}"),
            Self::Ended { code: Some(code) } => write!(f, "ended with code {code}"),
            Self::Ended { code: None } => f.write_str("ended by a signal, or did not start"),
            Self::WentBack { from: Some(from), to, refused } => {
                let now = if *refused { "is refused from now on" } else { "may come again" };
                write!(f, "went back from release {from} to {to}; {from} {now}")
            }
            Self::WentBack { from: None, to, .. } => write!(f, "went back to release {to}"),
            Self::NotNoted(error) => write!(f, "not noted: {error}"),
            Self::NoWayBack(error) => write!(f, "nothing to go back to: {error}"),
        }
    }
}

/// How a start of a version went.
enum End {
    /// It ended by itself, after its health mark or not.
    Exit { status: ExitStatus, healthy: bool },
    /// It did not start.
    NoStart,
    /// It was killed: on trial it wrote no health mark in time, or it fell silent.
    Killed { healthy: bool },
}

impl End {
    /// Whether it came up, at this start.
    fn is_healthy(&self) -> bool {
        matches!(self, Self::Exit { healthy: true, .. } | Self::Killed { healthy: true })
    }
}

/// Runs what is current until it ends with code 0.
///
/// # Errors
/// Only where nothing is installed.
pub fn run(
    root: &Locked,
    args: &[OsString],
    patience: &Patience,
    tell: &mut dyn FnMut(Told),
) -> Result<(), UpdateError> {
    run_hearing(root, args, patience, &Ear::open, tell)
}

/// [`run`], hearing signs of life as `open` says.
pub(crate) fn run_hearing(
    root: &Locked,
    args: &[OsString],
    patience: &Patience,
    open: &dyn Fn() -> std::io::Result<Ear>,
    tell: &mut dyn FnMut(Told),
) -> Result<(), UpdateError> {
    let mut deaf = false;
    let mut crashes = 0u32;
    // Beside the note of the trial, which a full disk does not take.
    let mut starts = 0u32;
    loop {
        let current = root.current().map(|slot| (slot, root.whole(slot)));
        // Before what waits is put over the version that would be gone back to.
        if leaves_damaged(root, current.as_ref(), tell) || take_incoming(root, tell) {
            (crashes, starts) = (0, 0);
            continue;
        }
        let current = current.ok_or_else(|| UpdateError::Missing { path: "current".into() })?;
        let Some((slot, program)) = program(root, current) else {
            // What is not as it was signed might say anything of a bottle: a dark screen says less.
            crashes += 1;
            std::thread::sleep(patience.rest * crashes.min(10));
            continue;
        };
        let trial_of = |slot: Slot| root.trial().filter(|trial| trial.slot == slot);
        let trial = trial_of(slot);
        if let Some(trial) = trial {
            starts = starts.max(trial.starts);
            if starts >= MAX_STARTS && go_back(root, slot, true, tell) {
                (crashes, starts) = (0, 0);
                continue;
            }
            // One that there is no way back from is started for ever.
            starts = starts.saturating_add(1);
            if let Err(error) = root.put_trial(Trial { starts, ..trial }) {
                tell(Told::NotNoted(error));
            }
        }
        // Another one each time: what is left of a version from before is no sign of this one's life.
        let ear = open();
        if let Err(error) = &ear
            && !std::mem::replace(&mut deaf, true)
        {
            tell(Told::Deaf { why: error.to_string() });
        }
        let begun = Instant::now();
        let end = start(root, &program, args, trial.is_some(), patience, ear.ok(), tell);
        // A disk that takes nothing keeps the note of a trial that is over.
        let on_trial = trial_of(slot).is_some() && !end.is_healthy();
        if !on_trial {
            starts = 0;
        }
        let code = match &end {
            End::Exit { status, .. } => status.code(),
            End::NoStart | End::Killed { .. } => None,
        };
        tell(Told::Ended { code });
        match end {
            End::Exit { healthy: true, .. } if code == Some(RESTART) => {
                crashes = 0;
                continue;
            }
            End::Exit { healthy, .. } if code == Some(0) && (healthy || trial.is_none()) => {
                return Ok(());
            }
            End::Exit { healthy: true, .. } | End::Killed { healthy: true }
                if begun.elapsed() >= patience.steady =>
            {
                crashes = 1;
            }
            _ => crashes += 1,
        }
        // Still on trial: it did not come up. Else it may crash a few times.
        let gives_up = on_trial || crashes >= patience.crashes;
        if gives_up && go_back(root, slot, on_trial, tell) {
            (crashes, starts) = (0, 0);
            continue;
        }
        std::thread::sleep(patience.rest * crashes.min(10));
    }
}

/// Goes back from a version that is not whole any more; false where it is, or where there is no way
/// back. Its release is not at fault, and may come again.
fn leaves_damaged(
    root: &Locked,
    current: Option<&(Slot, Result<Manifest, UpdateError>)>,
    tell: &mut dyn FnMut(Told),
) -> bool {
    let Some((slot, Err(error))) = current else { return false };
    tell(Told::Damaged(error.clone()));
    go_back(root, *slot, false, tell)
}

/// The slot and the program that are started: of the current version if it is whole; else of the
/// other one, on a disk that does not take that it is current now. None where neither is whole.
fn program(
    root: &Locked,
    (slot, whole): (Slot, Result<Manifest, UpdateError>),
) -> Option<(Slot, PathBuf)> {
    let other = |_| way_back(root, slot).map(|other| (slot.other(), other));
    let (slot, manifest) = whole.map(|own| (slot, own)).or_else(other).ok()?;
    Some((slot, root.slot(slot).join(manifest.program)))
}

/// Installs what waits, once nothing is on trial that could be gone back from; whatever comes of it,
/// it waits no longer. Whether another version is current by that.
fn take_incoming(root: &Locked, tell: &mut dyn FnMut(Told)) -> bool {
    let incoming = root.incoming();
    if needs_the_other(root) || !incoming.join(MANIFEST).exists() {
        return false;
    }
    let installed = install(root, &incoming, &mut |_| true);
    let is_another = installed.is_ok();
    tell(match installed {
        Ok(manifest) => Told::Installed { release: manifest.release },
        Err(error) => Told::NotInstalled(error),
    });
    // What cannot be emptied stops no start: its release is refused as no newer one next time.
    if let Err(error) = remove_folder(&incoming) {
        tell(Told::NotNoted(error));
    }
    is_another
}

/// Starts a version's program and follows it to its end.
fn start(
    root: &Locked,
    program: &Path,
    args: &[OsString],
    on_trial: bool,
    patience: &Patience,
    ear: Option<Ear>,
    tell: &mut dyn FnMut(Told),
) -> End {
    let (mark, trouble) = Mark::fresh(root.health());
    if let Some(error) = trouble {
        tell(Told::NotNoted(error));
    }
    let mut command = Command::new(program);
    command.args(args).env(HEALTH, mark.path()).stdin(Stdio::null());
    command.env(FOLDER, root.path()).env(KEY, root.key_file());
    match &ear {
        Some(ear) => command.env(ALIVE, ear.name()),
        None => command.env_remove(ALIVE),
    };
    let Ok(child) = command.spawn() else { return End::NoStart };
    let mut child = Running(child);
    let begun = Instant::now();
    let mut silence = Silence::new(begun);
    let mut healthy = false;
    loop {
        let ended = child.0.try_wait().ok().flatten();
        if !healthy && mark.is_made() {
            healthy = true;
            if on_trial {
                came_up(root, tell);
            }
        }
        if let Some(status) = ended {
            return End::Exit { status, healthy };
        }
        if on_trial && !healthy && begun.elapsed() >= patience.health {
            return End::Killed { healthy };
        }
        let heard = ear.as_ref().is_some_and(Ear::heard);
        if patience.is_over(silence.look(Instant::now(), heard)) {
            tell(Told::Silent);
            return End::Killed { healthy };
        }
        std::thread::sleep(LOOK);
    }
}

/// A version on trial has come up. Where the disk does not take that, it is on trial again at its
/// next start, and runs all the same.
fn came_up(root: &Locked, tell: &mut dyn FnMut(Told)) {
    if let Err(error) = root.end_trial() {
        tell(Told::NotNoted(error));
    }
    tell(Told::Healthy);
}

/// Makes the other version current again, and refuses this one's release where it failed its trial:
/// one that came up once is not known to be at fault. False where there is no other version, or the
/// disk does not take it.
fn go_back(root: &Locked, from: Slot, failed: bool, tell: &mut dyn FnMut(Told)) -> bool {
    let to = match way_back(root, from) {
        Ok(other) => other.release,
        Err(error) => {
            tell(Told::NoWayBack(error));
            return false;
        }
    };
    let release = root.installed(from).ok().map(|manifest| manifest.release);
    let refused = release.filter(|_| failed);
    if let Some(Err(error)) = refused.map(|release| root.refuse(release)) {
        tell(Told::NotNoted(error));
    }
    if let Err(error) = root.switch(from.other(), to).and_then(|()| root.end_trial()) {
        tell(Told::NoWayBack(error));
        return false;
    }
    tell(Told::WentBack { from: release, to, refused: refused.is_some() });
    true
}

/// A version that runs; never left behind: what it holds is free once this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
