//! The load tool `wrk`: paths in turn over kept connections, and what it says of them.

use super::nginx::program;
use crate::bench::folder::Folder;
use std::path::PathBuf;
use std::process::Command;

/// How long each load lasts, and over how many connections.
const LOAD: [&str; 4] = ["-t1", "-c16", "-d4s", "--latency"];

/// What is said where it is missing.
pub const MISSING: &str = "no wrk on this machine (Debian package wrk)";

/// The tool of this machine.
pub struct Wrk {
    program: PathBuf,
    folder: Folder,
}

/// What one load came to.
pub struct Load {
    /// Requests a second, every answer of 200 or 204.
    pub rate: f64,
    /// The command and wrk's own words.
    pub told: Vec<String>,
}

impl Wrk {
    /// None where there is none on this machine.
    ///
    /// # Panics
    /// Where its script has no folder.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let folder = Folder::new(&format!("wrk-{name}")).expect("a folder");
        Some(Self { program: program("wrk")?, folder })
    }

    /// Asks one address for these paths in turn.
    ///
    /// # Errors
    /// What went wrong: any answer but 200 and 204, a broken connection, or a tool that fails.
    pub fn load(&self, url: &str, paths: &[String]) -> Result<Load, String> {
        let list: Vec<String> = paths.iter().map(|path| format!("{path:?}")).collect();
        let script = format!(
            "local paths = {{ {} }}\nlocal at = 0\n\
             request = function() at = at % #paths + 1; return wrk.format(\"GET\", paths[at]) end\n",
            list.join(", ")
        );
        let file = self.folder.place("paths.lua");
        std::fs::write(&file, script).map_err(|error| error.to_string())?;
        let out = Command::new(&self.program).args(LOAD).arg("-s").arg(&file).arg(url).output();
        let out = out.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let what = format!("wrk {} {url}{}", LOAD.join(" "), paths[0]);
        if !out.status.success() || text.contains("Non-2xx") || text.contains("Socket errors") {
            return Err(format!("{what}: {text}"));
        }
        let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
        let rate = rate.and_then(|rate| rate.trim().parse().ok());
        let rate = rate.ok_or_else(|| format!("{what} says no rate: {text}"))?;
        let told = text.lines().map(|line| format!("  {line}"));
        Ok(Load { rate, told: std::iter::once(what).chain(told).collect() })
    }
}
