//! The application's own process: ABCI on one side, the gateway on the other.
//!
//! It ends with its supervisor, whose end of the standard input closes when it is gone, and at once
//! when anything panics: a thread that died alone would leave its locks behind and every later
//! block in doubt.

use super::control::clear_socket;
use super::layout::{self, NodeConfig};
use super::ledger::NodeLedger;
use super::supervisor::{HALTED, READY};
use super::{NodeError, copier, metrics};
use crate::abci::{AbciError, App, AppOptions, Halt, Socket, serve};
use crate::files::Files;
use crate::gateway::{Gateway, Uploads};
use crate::state::Genesis;
use sealight_issue::key::SigningKey;
use std::io::Read;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;

/// Most bytes of all files of lots and indexes.
const STORE_BYTES: u64 = 1 << 40;

/// Runs the application of a node until its standard input ends.
///
/// # Errors
/// What of the folder is missing, damaged or in use.
pub(super) fn run(home: &Path) -> Result<(), NodeError> {
    abort_on_panic();
    let config = NodeConfig::read(home)?;
    let genesis = genesis(home)?;
    let files = Files::open(home, STORE_BYTES).map_err(NodeError::Files)?;
    let options = AppOptions { snapshots: config.snapshots, ..AppOptions::default() };
    let app = App::open(&home.join("app"), genesis, files.clone(), options)?;
    let path = home.join("app.sock");
    // The folder's lock is held, so a socket that stands here is a former process's.
    clear_socket(&path).map_err(NodeError::io(path.display()))?;
    let listener = UnixListener::bind(&path).map_err(NodeError::io(path.display()))?;
    let ledger = NodeLedger {
        home: home.to_owned(),
        config: config.clone(),
        app: app.clone(),
        files,
        key: member_key(home)?,
    };
    let at = NodeError::io(config.gateway);
    let ledger = Arc::new(ledger);
    let gateway = Gateway::of(config.gateway, ledger.clone(), Uploads::default()).map_err(at)?;
    if let Some(address) = config.metrics {
        metrics::serve(address, ledger.clone())?;
    }
    let copier = std::thread::Builder::new().name("sealight-copier".into());
    copier.spawn(move || copier::run(&ledger)).map_err(NodeError::io("thread"))?;
    let halt: Halt = Arc::new(|error| {
        eprintln!("{HALTED}{error}");
        std::process::abort();
    });
    let server = std::thread::Builder::new().name("sealight-abci".into());
    let served = server.spawn(move || {
        if let Err(error) = serve(&Socket::Unix(listener), &app, &halt) {
            halt(&AbciError::Io { path, error });
        }
    });
    served.map_err(NodeError::io("thread"))?;
    println!("{READY}");
    // Nothing is ever sent: the end is the message.
    _ = std::io::stdin().read_to_end(&mut Vec::new());
    gateway.stop();
    Ok(())
}

fn abort_on_panic() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        told(panic);
        eprintln!("{HALTED}{panic}");
        std::process::abort();
    }));
}

pub(super) fn genesis(home: &Path) -> Result<Genesis, NodeError> {
    let path = home.join("genesis");
    let none = || NodeError::NoNetwork { home: home.to_owned() };
    let bytes = layout::read(&path)?.ok_or_else(none)?;
    Genesis::decode(&bytes).map_err(|_| NodeError::File { path })
}

fn member_key(home: &Path) -> Result<Option<SigningKey>, NodeError> {
    let path = home.join("keys/member.key");
    let Some(bytes) = layout::read(&path)? else { return Ok(None) };
    let key = SigningKey::decode_file(&String::from_utf8_lossy(&bytes));
    key.map(Some).map_err(|error| NodeError::Key { path, error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    #[test]
    #[ignore = "run by the test below, in a process of its own"]
    fn panics_in_a_thread() {
        abort_on_panic();
        _ = std::thread::spawn(|| panic!("a handler's mistake")).join();
        println!("lived on");
    }

    #[test]
    fn a_panic_in_any_thread_ends_the_process() {
        let own = std::env::current_exe().unwrap();
        let name = "node::application::tests::panics_in_a_thread";
        let ran = Command::new(own).args(["--exact", name, "--ignored", "--nocapture"]).output();
        let ran = ran.unwrap();
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.signal(), Some(6), "{told}");
        assert!(told.contains(HALTED) && told.contains("a handler's mistake"), "{told}");
    }
}
