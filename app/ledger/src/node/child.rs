//! A child process of the supervisor: what it says goes into a log file, and is looked through.

use super::NodeError;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// A log is begun anew at this size; one former is kept.
const MAX_LOG: u64 = 16 * 1024 * 1024;
/// Longest line that is looked through.
const MAX_LINE: u64 = 64 * 1024;

/// A running child.
pub(super) struct Process {
    child: Child,
    /// Held so that a child that reads it ends with the supervisor, however that ends.
    stdin: Option<std::process::ChildStdin>,
}

impl Process {
    /// Starts a command whose lines go to `log` and, where `told` picks them, to the supervisor.
    pub(super) fn start(
        mut command: Command,
        log: &Path,
        told: Sender<String>,
        picks: fn(&str) -> bool,
    ) -> Result<Self, NodeError> {
        let what = command.get_program().to_string_lossy().into_owned();
        let io = NodeError::io(&what);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C reaches the supervisor alone, which stops its children in their order.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(&io)?;
        let stdin = child.stdin.take();
        let ends: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|out| Box::new(out) as Box<dyn Read + Send>),
            child.stderr.take().map(|out| Box::new(out) as Box<dyn Read + Send>),
        ];
        for end in ends.into_iter().flatten() {
            let mut log = Log::open(log)?;
            let told = told.clone();
            std::thread::Builder::new()
                .name("sealight-log".into())
                .spawn(move || copy(end, &mut log, &told, picks))
                .map_err(&io)?;
        }
        Ok(Self { child, stdin })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, once it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to end and waits; ends it hard after `patience`.
    pub(super) fn stop(mut self, patience: Duration) {
        self.stdin = None;
        if let Some(id) =
            i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw)
        {
            // It may have ended by itself.
            _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if self.ended().is_some() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Lines of a child until it ends.
fn copy(end: impl Read, log: &mut Log, told: &Sender<String>, picks: fn(&str) -> bool) {
    let mut reader = BufReader::new(end);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader).take(MAX_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        log.write(&line);
        let text = String::from_utf8_lossy(&line);
        if picks(&text) {
            // A supervisor that is gone needs no telling.
            _ = told.send(text.trim_end().to_owned());
        }
    }
}

/// A log file of bounded size.
struct Log {
    path: PathBuf,
    file: File,
    written: u64,
}

impl Log {
    fn open(path: &Path) -> Result<Self, NodeError> {
        let io = NodeError::io(path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(&io)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(&io)?;
        let written = file.metadata().map_err(&io)?.len();
        Ok(Self { path: path.to_owned(), file, written })
    }

    /// A log that cannot be written stops nothing.
    fn write(&mut self, line: &[u8]) {
        if self.written > MAX_LOG {
            _ = fs::rename(&self.path, self.path.with_extension("log.1"));
            if let Ok(fresh) = Self::open(&self.path) {
                *self = fresh;
            }
        }
        if self.file.write_all(line).is_ok() {
            self.written += line.len() as u64;
        }
    }
}
