//! Runs the real binary: in a folder of its own, in English unless told, and never for ever.

#![allow(dead_code, reason = "each test file uses its part")]

use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest that one run may take before it is ended and the test fails.
const LONGEST: Duration = Duration::from_secs(240);

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sealight-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Runs the command in this folder.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        run_in(&self.0, args, &[])
    }

    /// Runs the command in this folder with the device's home in it.
    pub(crate) fn at_home(&self, args: &[&str]) -> Run {
        let home = self.text("device");
        run_in(&self.0, &[args, &["--home", &home]].concat(), &[])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How a run came out.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The document that was printed.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The same run, which must have ended so.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }
}

fn command(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealight"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    for name in ["SEALIGHT_HOME", "LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.env("LANG", "en_GB.UTF-8").env("TZ", "UTC").envs(env.iter().copied());
    command
}

/// Runs the command to its end; output goes through files, so that no pipe can fill up.
pub(crate) fn run_in(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Run {
    run_with(command(folder, args, env), folder)
}

/// The same with a file as standard input.
pub(crate) fn run_fed(folder: &Path, args: &[&str], input: &Path) -> Run {
    let mut command = command(folder, args, &[]);
    command.stdin(File::open(input).expect("the input"));
    run_with(command, folder)
}

fn run_with(mut command: Command, folder: &Path) -> Run {
    let place = |end: &str| {
        let thread = format!("{:?}", std::thread::current().id());
        folder.join(format!(".run-{}.{end}", thread.replace(|c: char| !c.is_alphanumeric(), "")))
    };
    let [out, err] = ["out", "err"].map(place);
    command.stdout(File::create(&out).expect("a file for the output"));
    command.stderr(File::create(&err).expect("a file for the errors"));
    let mut child = command.spawn().expect("the command starts");
    let code = wait(&mut child);
    let text = |path: &Path| std::fs::read_to_string(path).expect("output is UTF-8");
    Run { code, out: text(&out), err: text(&err) }
}

fn wait(child: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return status.code();
        }
        if begun.elapsed() > LONGEST {
            let _ = child.kill();
            let _ = child.wait();
            panic!("still running after {LONGEST:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// An embedded ledger in a process of its own, ended with the test.
pub(crate) struct Ledger {
    child: Child,
    pub(crate) document: Value,
}

impl Ledger {
    /// Starts one; its home is `ledger` in the folder.
    pub(crate) fn start(folder: &Folder) -> Self {
        Self::start_at(folder, "127.0.0.1:0")
    }

    /// Starts one at this address.
    pub(crate) fn start_at(folder: &Folder, listen: &str) -> Self {
        let home = folder.text("ledger");
        let args = ["ledger", "--home", &home, "--listen", listen, "--json"];
        let mut child = command(&folder.0, &args, &[])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the ledger starts");
        let out = child.stdout.take().expect("its output");
        let mut documents = serde_json::Deserializer::from_reader(out).into_iter::<Value>();
        let document = documents.next().expect("a document").expect("a whole one");
        Self { child, document }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        self.document["url"].as_str().expect("its address").to_owned()
    }

    /// Ends it as Ctrl-C does, and waits until it is gone.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.end();
        }
    }
}
