//! The `sealight` command as it ships: built for release, run as a process of its own.

use serde_json::Value;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Why the command could not be measured.
#[derive(Debug)]
pub struct ProgramError(String);

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProgramError {}

/// The command, working in one folder.
#[derive(Debug)]
pub struct Program {
    file: PathBuf,
    folder: PathBuf,
}

/// A ledger in a process of its own; ends with this value.
#[derive(Debug)]
pub struct LedgerProcess {
    child: Child,
    /// What it printed of itself.
    pub document: Value,
}

impl Program {
    /// Builds it beside this program.
    ///
    /// # Errors
    /// Where it does not build.
    pub fn build(folder: &Path) -> Result<Self, ProgramError> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--release", "--package", "sealight", "--bin", "sealight"]);
        let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().map_err(failed)?;
        if !built.success() {
            return Err(ProgramError("the command does not build".into()));
        }
        let own = std::env::current_exe().map_err(failed)?;
        let file = own.with_file_name(format!("sealight{}", std::env::consts::EXE_SUFFIX));
        Ok(Self { file, folder: folder.to_path_buf() })
    }

    /// Runs it to its end, which must be an exit code of 0; milliseconds from start to end.
    ///
    /// # Errors
    /// Where it ends otherwise: with what it printed.
    pub fn run(&self, args: &[&str]) -> Result<f64, ProgramError> {
        let begun = Instant::now();
        let done = self.command(args).output().map_err(failed)?;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        if done.status.success() {
            return Ok(took);
        }
        let [out, err] = [&done.stdout, &done.stderr].map(|text| String::from_utf8_lossy(text));
        Err(ProgramError(format!("sealight {}: {}\n{out}{err}", args.join(" "), done.status)))
    }

    /// Most memory that a run has resident, in MB; none where the system does not tell.
    ///
    /// The high-water mark is asked again and again while the program runs, since it goes with it.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn peak_memory(&self, args: &[&str]) -> Result<Option<f64>, ProgramError> {
        let mut command = self.command(args);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let mut peak = None;
        while child.try_wait().map_err(failed)?.is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            peak = high_water(&text).into_iter().chain(peak).reduce(f64::max);
        }
        Ok(peak)
    }

    /// Starts a ledger with its home in the folder.
    ///
    /// # Errors
    /// Where it says nothing of itself.
    pub fn ledger(&self) -> Result<LedgerProcess, ProgramError> {
        let args =
            ["ledger", "--home", "ledger", "--listen", "127.0.0.1:0", "--until-eof", "--json"];
        let mut command = self.command(&args);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().map_err(failed)?;
        let out = child.stdout.take().into_iter().flat_map(Read::bytes).map_while(Result::ok);
        let mut text = Vec::new();
        for byte in out {
            text.push(byte);
            if let Ok(document) = serde_json::from_slice(&text) {
                return Ok(LedgerProcess { child, document });
            }
        }
        _ = child.wait();
        Err(ProgramError("the ledger said nothing".into()))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.file);
        command.args(args).current_dir(&self.folder).stdin(Stdio::null());
        for name in ["SEALIGHT_HOME", "LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.env("LANG", "en_GB.UTF-8").env("TZ", "UTC");
        command
    }
}

impl Drop for LedgerProcess {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        _ = self.child.wait();
    }
}

/// `VmHWM:     1234 kB` in MB; a new program starts its mark anew, unlike what a parent is told.
fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

fn failed(error: std::io::Error) -> ProgramError {
    ProgramError(error.to_string())
}
