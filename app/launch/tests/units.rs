//! The kiosk's units, as systemd itself reads them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const UNITS: [&str; 2] = ["sealight-kiosk.service", "sealight-kiosk-x.service"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../kiosk/units")
}

fn unit(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

#[test]
fn each_unit_starts_the_launcher_again_for_ever_and_as_nobody_in_particular() {
    for name in UNITS {
        let unit = unit(name);
        let has = |line: &str| unit.lines().any(|own| own == line);
        for line in [
            "User=kiosk",
            "Restart=always",
            "StartLimitIntervalSec=0",
            "NoNewPrivileges=yes",
            "CapabilityBoundingSet=",
            "ProtectSystem=strict",
            "InaccessiblePaths=-/home -/root",
            "StateDirectory=sealight-kiosk",
            // What the session started ends with its console; shown for cage in `cage.rs`.
            "StandardInput=tty-fail",
        ] {
            assert!(has(line), "{name}: {line}");
        }
        let starts = |line: &str| {
            line.starts_with("ExecStart=") && line.contains("/sealight-launch --root /var/lib/")
        };
        assert!(unit.lines().any(starts), "{name}");
    }
}

/// What runs as the kiosk could sign what it likes, if it could change the key.
#[test]
fn each_unit_names_a_key_of_updates_that_is_not_in_the_kiosks_own_folders() {
    for name in UNITS {
        let unit = unit(name);
        let start = unit.lines().find(|line| line.starts_with("ExecStart=")).unwrap();
        let mut words = start.split_whitespace().skip_while(|word| *word != "--key").skip(1);
        assert_eq!(words.next(), Some("/etc/sealight/update.pub"), "{name}");
        // The launcher's own option: what follows is the kiosk's.
        assert_eq!(words.next(), Some("run"), "{name}");
        assert!(unit.lines().any(|line| line == "ProtectSystem=strict"), "{name}");
    }
    let readme = unit("README.md");
    assert!(readme.contains("install -D -m 644 update.pub /etc/sealight/update.pub"));
    assert!(readme.contains("--key /etc/sealight/update.pub install"), "the first one too");
}

#[test]
fn no_keys_lead_out_of_the_session() {
    let files: [(&str, &[&str]); 4] = [
        ("sealight-sysctl.conf", &["kernel.sysrq = 0"]),
        ("sealight-system.conf", &["[Manager]", "CtrlAltDelBurstAction=none"]),
        ("sealight-login.conf", &["[Login]", "NAutoVTs=0", "ReserveVT=0"]),
        ("sealight-xorg.conf", &["Section \"ServerFlags\"", "Option \"DontVTSwitch\" \"true\""]),
    ];
    for (name, lines) in files {
        let file = unit(name);
        for line in lines {
            assert!(file.lines().any(|own| own.trim() == *line), "{name}: {line}");
        }
    }
    assert!(unit("README.md").contains("systemctl mask ctrl-alt-del.target"));
}

#[test]
fn the_readme_says_of_each_file_where_it_goes() {
    let readme = unit("README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    for file in fs::read_dir(folder()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let named = format!("`{name}`");
        let said = rows.iter().any(|row| row.contains(&named) && row.contains("| `/etc/"));
        assert!(said || name == "README.md", "{name}");
    }
}

#[test]
fn no_unit_with_a_session_waits_for_what_it_cannot_hear() {
    // systemd.exec(5), PAMName=: what the kiosk says would be the session's, not the unit's.
    for name in UNITS {
        let unit = unit(name);
        let has = |start: &str| unit.lines().any(|line| line.starts_with(start));
        assert!(has("PAMName="), "{name}");
        for waits in ["NotifyAccess=", "WatchdogSec=", "Type=notify"] {
            assert!(!has(waits), "{name}: {waits}");
        }
    }
}

/// The lines by which a unit takes from its programs what a session with a screen needs: the folder
/// of its sockets, devices, memory that is written and run (systemd.exec(5)).
fn takes_too_much(unit: &str) -> Vec<&str> {
    unit.lines().filter(|line| takes(line)).collect()
}

fn takes(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else { return false };
    let is_off = ["", "no", "false", "off", "0"].contains(&value);
    match name {
        // Whatever else they are set to: some values hide it, others let nothing be written there.
        "ProtectHome"
        | "DynamicUser"
        | "PrivateDevices"
        | "ProtectClock"
        | "PrivateTmp"
        | "MemoryDenyWriteExecute"
        | "RestrictNamespaces"
        | "PrivateNetwork"
        | "PrivateUsers" => !is_off,
        "DeviceAllow" | "DevicePolicy" => true,
        "InaccessiblePaths" | "ReadOnlyPaths" | "TemporaryFileSystem" | "NoExecPaths" => {
            value.split_whitespace().any(holds_the_sockets)
        }
        _ => false,
    }
}

/// Whether this path, with its marks and options, is `/run/user`, above it or below it.
fn holds_the_sockets(path: &str) -> bool {
    let path = path.trim_start_matches(['-', '+']).split(':').next().unwrap_or_default();
    let (path, sockets) = (Path::new(path), Path::new("/run/user"));
    sockets.starts_with(path) || path.starts_with(sockets)
}

#[test]
fn no_unit_with_a_session_hides_what_the_session_needs() {
    for name in UNITS {
        let unit = unit(name);
        assert!(unit.lines().any(|line| line.starts_with("PAMName=")), "{name}");
        assert_eq!(takes_too_much(&unit), [""; 0], "{name}");
    }
    for bad in [
        "ProtectHome=yes",
        "ProtectHome=tmpfs",
        "PrivateTmp=yes",
        "PrivateDevices=true",
        "DevicePolicy=closed",
        "MemoryDenyWriteExecute=yes",
        "InaccessiblePaths=-/home -/run/user",
        "InaccessiblePaths=/run",
        "ReadOnlyPaths=-+/run/user/1000",
        "TemporaryFileSystem=/run:ro",
    ] {
        assert_eq!(takes_too_much(bad), [bad]);
    }
    let good = ["ProtectHome=no", "InaccessiblePaths=-/home", "TemporaryFileSystem=/tmp:mode=1777"];
    assert_eq!(good.map(takes), [false; 3]);
}

#[test]
fn systemd_takes_each_unit() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        println!("skipped: no systemd-analyze");
        return;
    }
    let folder: PathBuf =
        std::env::temp_dir().join(format!("sealight-units-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for name in UNITS {
        // The programs need not be on this machine.
        let text = unit(name).replace("/usr/bin/cage", "/bin/true");
        let text = text.replace("/usr/bin/xinit", "/bin/true");
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        let verify = Command::new("systemd-analyze")
            .args(["verify", "--man=no", "--recursive-errors=no"])
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&verify.stderr);
        let about: Vec<&str> = said.lines().filter(|line| line.contains("sealight")).collect();
        assert!(verify.status.success() && about.is_empty(), "{name}: {said}");
    }
    fs::remove_dir_all(&folder).unwrap();
}
