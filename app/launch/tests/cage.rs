//! Cage, as the kiosk's unit starts it, without a screen: it shows a program, which ends with it.
//!
//! What stands before the launcher in the unit is taken from there; a short program stands for the
//! launcher.
#![cfg(target_os = "linux")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// Says that there is a screen's socket to draw through.
const PROGRAM: &str = "test -S \"$XDG_RUNTIME_DIR/$WAYLAND_DISPLAY\" && echo drawn";
/// Whom cage runs as where the test is root's, which cage refuses to be.
const NOBODY: u32 = 65534;

/// A runtime folder that the login made: its user's alone.
struct Runtime(PathBuf);

impl Runtime {
    fn new(name: &str, mode: u32) -> Self {
        let name = format!("sealight-cage-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        if is_root() {
            chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        Self(path)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let _ = fs::set_permissions(&self.0, Permissions::from_mode(0o700));
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The words of the unit's start up to its launcher, with what `kiosk.env` may say in their place.
fn words(turned: &str, before: &str) -> Vec<String> {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kiosk/units/sealight-kiosk.service");
    let unit = fs::read_to_string(unit).unwrap();
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let words = start.split_whitespace().take_while(|word| !word.ends_with("/sealight-launch"));
    // As systemd.service(5) has it: such a word is split at blanks, into none where it is unset.
    let meant = |word: &str| -> Vec<String> {
        let text = match word {
            "$SEALIGHT_CAGE_ARGS" => turned,
            "$SEALIGHT_KIOSK_BEFORE" => before,
            word => word,
        };
        text.split_whitespace().map(str::to_owned).collect()
    };
    words.flat_map(meant).collect()
}

/// Runs the program in cage; a minute is more than it needs.
fn shows(runtime: &Runtime, turned: &str, before: &str) -> Output {
    let mut command = in_session("timeout", runtime);
    command.arg("60").args(words(turned, before)).args(["/bin/sh", "-c", PROGRAM]);
    command.output().unwrap()
}

/// A command of the session's user, with what the session's programs find in their environment.
fn in_session(program: &str, runtime: &Runtime) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", &runtime.0);
    command.env("XDG_RUNTIME_DIR", &runtime.0).env("WLR_LIBINPUT_NO_DEVICES", "1");
    // A screen that is none, drawn without a graphics card.
    command.env("WLR_BACKENDS", "headless").env("WLR_RENDERER", "pixman");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir("/");
    command
}

fn drawn(output: &Output) -> bool {
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("drawn")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What cage says of its options; none where it is not on this machine, or could not run.
fn cage() -> Option<String> {
    let [cage, xwayland] = [words("", "")[0].as_str(), "/usr/bin/Xwayland"].map(PathBuf::from);
    if !cage.exists() || !xwayland.exists() {
        println!("skipped: no cage, or no Xwayland, which it does not start without");
        return None;
    }
    let help = Command::new(cage).arg("-h").output().unwrap();
    Some(String::from_utf8_lossy(&[help.stdout, help.stderr].concat()).into_owned())
}

#[test]
fn cage_shows_a_program_where_the_session_has_its_folder_and_nowhere_else() {
    if cage().is_none() {
        return;
    }
    let output = shows(&Runtime::new("open", 0o700), "", "");
    assert!(drawn(&output), "{}", said(&output));
    // As ProtectHome leaves it.
    let output = shows(&Runtime::new("hidden", 0o000), "", "");
    assert!(!drawn(&output), "{}", said(&output));
}

#[test]
fn cage_takes_what_turns_an_upright_panel() {
    let Some(help) = cage() else { return };
    let runtime = Runtime::new("turned", 0o700);
    // Cage up to 0.1.4 turns by itself; later ones leave that to a program of the session.
    for turned in ["-r", "-r -r -r"] {
        let output = shows(&runtime, turned, "");
        assert_eq!(drawn(&output), help.contains(" -r"), "{turned}: {}", said(&output));
    }
    let output = shows(&runtime, "", "/usr/bin/env");
    assert!(drawn(&output), "{}", said(&output));
}

/// Else it would hold the launcher's folder, without a screen, and no other one could start.
#[test]
fn a_program_ends_with_cage_and_its_console() {
    if cage().is_none() {
        return;
    }
    let runtime = Runtime::new("ends", 0o700);
    // It gives cage a console that it leads, as systemd does (StandardInput=tty-fail).
    let waits = "'echo $$ > $XDG_RUNTIME_DIR/pid; exec sleep 600'";
    let line = format!("exec {} /bin/sh -c {waits}", words("", "").join(" "));
    let mut script = in_session("script", &runtime);
    script.args(["--quiet", "--command", &line, "/dev/null"]);
    let Ok(mut script) = script.stdin(Stdio::null()).stdout(Stdio::null()).spawn() else {
        println!("skipped: no script(1) to make a console");
        return;
    };
    let pid = soon(|| {
        let text = fs::read_to_string(runtime.0.join("pid")).ok()?;
        text.strip_suffix('\n').map(str::to_owned)
    });
    let pid = pid.expect("cage starts its program");
    let cage = process(&pid).expect("it runs").1;
    assert!(Command::new("kill").args(["-KILL", &cage]).status().unwrap().success());
    let ended = soon(|| process(&pid).is_none_or(|(state, _)| state == "Z").then_some(()));
    script.kill().unwrap();
    script.wait().unwrap();
    assert!(ended.is_some(), "process {pid} goes on without cage {cage}");
}

/// What comes within twenty seconds.
fn soon<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        look()
    })
}

/// The state of a process and its parent's id: proc(5), `/proc/pid/stat`.
fn process(pid: &str) -> Option<(String, String)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = text.rsplit_once(") ")?.1.split(' ').map(str::to_owned);
    words.next().zip(words.next())
}
