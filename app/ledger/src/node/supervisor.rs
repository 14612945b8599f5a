//! What a member runs: the engine and the application, both started again whichever of them ends.
//!
//! The engine ends with success when its application dies, and lives on with its height standing
//! still when the two disagree; so any end is an end, and the height is watched. The application
//! starts first and says when it listens, since the engine would wait 3 s before it dials again.
//!
//! Blocks until it is told to stop: by a signal, or over its socket (see [`super::control`]).

use super::NodeError;
use super::child::Process;
use super::comet::engine;
use super::control::{Control, Order, clear_socket, reply};
use super::http::{Ask, ask};
use super::layout::NodeConfig;
use super::metrics::RESTARTS;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// What the application says once it listens, on a line of its standard output.
pub const READY: &str = "sealight-ledger: listening";
/// What it says before it stops for good reason.
pub(super) const HALTED: &str = "sealight-ledger: halted: ";
/// What the engine says when it goes on living without agreeing any more.
const FAILURE: &str = "CONSENSUS FAILURE!!!";
/// What the engine says before it ends because the application has blocks that it lacks.
const AHEAD: &str = "is higher than core";

const TICK: Duration = Duration::from_millis(20);
/// How often the height is looked at.
const LOOK: Duration = Duration::from_secs(2);
/// Time for an application to read its blocks again.
const START: Duration = Duration::from_secs(600);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Time for a child to end when it is asked to.
const FAREWELL: Duration = Duration::from_secs(10);

/// How a node is run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The node's folder.
    pub home: PathBuf,
    /// CometBFT.
    pub engine: PathBuf,
    /// Command that runs the application, to which `app --home .` is added: this program itself.
    pub program: Vec<OsString>,
}

/// Runs a node until `stop` is set or its socket says so. `tell` hears what a person should know.
///
/// # Errors
/// Nothing to run here, another supervisor at work here, or a program that cannot be started.
pub fn run(
    options: &RunOptions,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(&str),
) -> Result<(), NodeError> {
    let home = &options.home;
    let config = NodeConfig::read(home)?;
    let _lock = lock(home)?;
    let control = Control::listen(home).map_err(NodeError::io(home.display()))?;
    let (told, tidings) = channel();
    let mut node = Node {
        options,
        config,
        told,
        tidings,
        pair: None,
        pause: FIRST_PAUSE,
        health: Health::new(Instant::now()),
    };
    loop {
        let asked = control.next();
        match asked {
            Some((Order::Status, stream)) => reply(stream, &node.status().to_string()),
            Some((Order::Stop, stream)) => {
                node.stop();
                reply(stream, "stopped");
                return Ok(());
            }
            None => {}
        }
        if stop.load(Ordering::Relaxed) {
            node.stop();
            return Ok(());
        }
        node.step(tell)?;
        std::thread::sleep(TICK);
    }
}

/// Both children.
struct Pair {
    app: Process,
    engine: Option<Process>,
    since: Instant,
}

struct Node<'a> {
    options: &'a RunOptions,
    config: NodeConfig,
    told: Sender<String>,
    tidings: Receiver<String>,
    pair: Option<Pair>,
    /// How long to wait before the next start; short again once the height has moved.
    pause: Duration,
    health: Health,
}

impl Node<'_> {
    fn step(&mut self, tell: &mut dyn FnMut(&str)) -> Result<(), NodeError> {
        let mut failed = false;
        let mut ready = false;
        while let Ok(line) = self.tidings.try_recv() {
            if line.contains(READY) {
                ready = true;
            } else {
                failed |= line.contains(FAILURE);
                if line.contains(AHEAD) {
                    tell(
                        "the application is ahead of the engine, whose data are an older copy: \
                         `sealight-ledger rollback` takes it back to the engine's height",
                    );
                }
                self.health.failure = Some(line.chars().take(1000).collect());
                tell(&line);
            }
        }
        let Some(pair) = &mut self.pair else {
            self.pair = Some(self.start()?);
            return Ok(());
        };
        if ready && pair.engine.is_none() {
            pair.engine = Some(start_engine(self.options, &self.told)?);
        }
        let late = pair.engine.is_none() && pair.since.elapsed() > START;
        let ended = match (pair.app.ended(), pair.engine.as_mut().and_then(Process::ended)) {
            (Some(status), _) => Some(format!("the application ended: {status}")),
            // With success too: it ends so when its application dies.
            (None, Some(status)) => Some(format!("CometBFT ended: {status}")),
            (None, None) if failed => Some("CometBFT no longer agrees with its peers".into()),
            (None, None) if late => Some("the application does not start".into()),
            (None, None) => None,
        };
        match ended {
            Some(why) => self.again(&why, tell),
            None => self.look(tell),
        }
        Ok(())
    }

    fn start(&self) -> Result<Pair, NodeError> {
        let home = &self.options.home;
        let no_program = NodeError::Option { name: "program" };
        let (program, arguments) = self.options.program.split_first().ok_or(no_program)?;
        let mut command = Command::new(program);
        command.args(arguments).args(["app", "--home", "."]).current_dir(home);
        command.env(RESTARTS, self.health.restarts.to_string());
        let picks = |line: &str| line.contains(READY) || line.contains(HALTED);
        let app = Process::start(command, &home.join("logs/app.log"), self.told.clone(), picks)?;
        Ok(Pair { app, engine: None, since: Instant::now() })
    }

    /// Stops what is left of the pair and waits before the next start.
    fn again(&mut self, why: &str, tell: &mut dyn FnMut(&str)) {
        self.health.restarts += 1;
        let pause = self.pause;
        tell(&format!("{why}; both start again in {} ms", pause.as_millis()));
        self.stop();
        std::thread::sleep(pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        // What the former pair said last is of no use to the next.
        while self.tidings.try_recv().is_ok() {}
    }

    fn stop(&mut self) {
        if let Some(pair) = self.pair.take() {
            // The engine first: it writes what it has decided.
            if let Some(engine) = pair.engine {
                engine.stop(FAREWELL);
            }
            pair.app.stop(FAREWELL);
        }
    }

    fn look(&mut self, tell: &mut dyn FnMut(&str)) {
        let now = Instant::now();
        if !self.health.look_due(now) {
            return;
        }
        match self.watch(now) {
            Seen::StandsStill { height, seconds } => tell(&format!(
                "the height stands still at {height} for {seconds} s: too few validators are \
                 there, or they do not agree"
            )),
            Seen::Moved | Seen::Quiet => {}
        }
    }

    /// Looks at the height; one that moved ends the patience with what failed before.
    fn watch(&mut self, now: Instant) -> Seen {
        let height = engine_height(&self.config);
        let seen = self.health.seen(height, now, limit(self.config.interval));
        if seen == Seen::Moved {
            self.pause = FIRST_PAUSE;
        }
        seen
    }

    fn status(&mut self) -> Value {
        self.watch(Instant::now());
        let pair = self.pair.as_ref();
        json!({
            "version": 1,
            "height": self.health.height,
            "seconds_at_height": self.health.since.elapsed().as_secs(),
            "stands_still": self.health.since.elapsed() > limit(self.config.interval),
            "restarts": self.health.restarts,
            "failure": self.health.failure,
            "gateway": self.config.gateway.to_string(),
            "rpc": self.config.rpc.to_string(),
            "app_process": pair.map(|pair| pair.app.id()),
            "engine_process": pair.and_then(|pair| pair.engine.as_ref()).map(Process::id),
            "supervisor_process": std::process::id(),
        })
    }
}

/// A quiet chain has a block an interval; three missed and some slack are no accident.
fn limit(interval: Duration) -> Duration {
    interval * 3 + Duration::from_secs(10)
}

/// What is known of the height.
#[derive(Debug)]
struct Health {
    height: u64,
    since: Instant,
    looked: Option<Instant>,
    told: bool,
    restarts: u64,
    failure: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Moved,
    Quiet,
    /// Told once for each time that it happens.
    StandsStill {
        height: u64,
        seconds: u64,
    },
}

impl Health {
    fn new(now: Instant) -> Self {
        Self { height: 0, since: now, looked: None, told: false, restarts: 0, failure: None }
    }

    fn look_due(&mut self, now: Instant) -> bool {
        let due = self.looked.is_none_or(|looked| now.duration_since(looked) >= LOOK);
        if due {
            self.looked = Some(now);
        }
        due
    }

    fn seen(&mut self, height: Option<u64>, now: Instant, limit: Duration) -> Seen {
        if height.is_some_and(|height| height > self.height) {
            (self.height, self.since, self.told) = (height.unwrap_or(0), now, false);
            // Blocks again: what failed is over. An engine calls its application's death so too.
            self.failure = None;
            return Seen::Moved;
        }
        let stood = now.duration_since(self.since);
        if stood <= limit || self.told {
            return Seen::Quiet;
        }
        self.told = true;
        Seen::StandsStill { height: self.height, seconds: stood.as_secs() }
    }
}

fn start_engine(options: &RunOptions, told: &Sender<String>) -> Result<Process, NodeError> {
    let mut command = engine(&options.engine);
    // Relative, so that the socket's path is short whatever the folder's.
    command.args(["start", "--home", "comet"]).current_dir(&options.home);
    if let Some(socket) = NodeConfig::read(&options.home)?.signer {
        // The engine does not listen where a killed one left its socket.
        let path = options.home.join(&socket);
        clear_socket(&path).map_err(NodeError::io(path.display()))?;
        let address = format!("unix://{}", socket.display());
        command.args(["--priv_validator_laddr", &address]);
    }
    let log = options.home.join("logs/comet.log");
    Process::start(command, &log, told.clone(), |line| {
        line.contains(FAILURE) || line.contains(AHEAD)
    })
}

/// The engine's height, as it says itself.
pub(super) fn engine_height(config: &NodeConfig) -> Option<u64> {
    let patience = Duration::from_millis(1000);
    let reply = ask(config.rpc, Ask { patience, ..Ask::get("/status", 1 << 20) }).ok()?;
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    value["result"]["sync_info"]["latest_block_height"].as_str()?.parse().ok()
}

fn lock(home: &Path) -> Result<File, NodeError> {
    let path = home.join("lock");
    let io = NodeError::io(path.display());
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(&path).map_err(&io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(NodeError::Running { home: home.to_owned() }),
        Err(TryLockError::Error(error)) => Err(io(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_height_that_stands_still_is_told_once_until_it_moves() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let limit = limit(Duration::from_secs(60));
        let mut health = Health::new(start);
        assert_eq!(health.seen(Some(5), at(1), limit), Seen::Moved);
        assert_eq!(health.seen(Some(5), at(191), limit), Seen::Quiet);
        let still = Seen::StandsStill { height: 5, seconds: 191 };
        assert_eq!(health.seen(Some(5), at(192), limit), still);
        // An engine that does not even answer is no news.
        assert_eq!(health.seen(None, at(400), limit), Seen::Quiet);
        assert_eq!(health.seen(Some(6), at(401), limit), Seen::Moved);
        let still = Seen::StandsStill { height: 6, seconds: 200 };
        assert_eq!(health.seen(None, at(601), limit), still);
    }
}
