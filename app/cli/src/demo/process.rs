//! The ledger in a process of its own: this program again, as `sealight ledger`.

use crate::fail::Failure;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A ledger that ends with this process.
pub(super) struct Process {
    child: Child,
    /// Where it listens.
    pub(super) url: String,
    /// Its signed trust file.
    pub(super) trust_file: PathBuf,
    /// Key files of as many members as make a quorum.
    pub(super) quorum: Vec<PathBuf>,
}

impl Process {
    /// Starts a new ledger in a folder and waits until it listens.
    pub(super) fn start(home: &Path, operator: &str) -> Result<Self, Failure> {
        let failed =
            |why: &dyn ToString| Failure::new("ledger", &[("home", &home.display()), ("why", why)]);
        let program = std::env::current_exe().map_err(|error| failed(&error))?;
        let mut command = Command::new(program);
        command.arg("ledger").arg("--home").arg(home).args(["--operator", operator]);
        command.args(["--listen", "127.0.0.1:0", "--until-eof", "--json"]);
        // Its standard input stays open as long as this process lives, however that ends.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| failed(&error))?;
        let told = child
            .stdout
            .take()
            .map(|out| serde_json::Deserializer::from_reader(out).into_iter::<Value>().next());
        let document = match told {
            Some(Some(Ok(document))) => document,
            _ => {
                end(&mut child);
                return Err(failed(&"it ended at once"));
            }
        };
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        if let Some(why) = document["error"]["message"].as_str() {
            end(&mut child);
            return Err(failed(&why));
        }
        let quorum = document["quorum_keys"].as_array().into_iter().flatten();
        let quorum = quorum.filter_map(|path| path.as_str().map(PathBuf::from)).collect();
        Ok(Self { child, url: text("url"), trust_file: text("trust_file").into(), quorum })
    }

    /// Ends it, and waits until it is gone.
    pub(super) fn stop(&mut self) {
        end(&mut self.child);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The end of its standard input is its order to stop.
fn end(child: &mut Child) {
    drop(child.stdin.take());
    // A child that cannot be waited for is none.
    _ = child.wait();
}
