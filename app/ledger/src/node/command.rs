//! The command of a node, the same in the program of its own and inside others.

use super::supervisor::{RunOptions, run};
use super::{NodeError, application, find_engine, own_validator_key};
use crate::abci::App;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const USAGE: &str = "\
Runs one member's node of a Sealight ledger: CometBFT with the ledger beside it.

usage: sealight-ledger run --home DIR
           starts both, starts them again whichever ends, and stops at Ctrl-C
       sealight-ledger rollback --home DIR --height N
           forgets the application's blocks above N, for an engine that has lost them
       sealight-ledger validator --home DIR
           prints the key with which the node signs blocks once it has a seat
       sealight-ledger app --home DIR
           the application alone; `run` starts it
       sealight-ledger signer --help
           a signer that holds the validator's key in the node's stead";

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
enum Verb {
    Run,
    App,
    RollBack(u64),
    Validator,
    Help,
}

/// Does what the arguments say; `program` is the command that comes to this function again.
pub fn command(program: Vec<OsString>, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.peekable();
    if arguments.next_if(|word| word == "signer").is_some() {
        return crate::signer::command(arguments);
    }
    let Some((verb, home)) = read(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = match verb {
        Verb::Help => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Verb::App => application::run(&home),
        Verb::Run => supervise(program, home),
        Verb::RollBack(height) => App::roll_back(&home.join("app"), height)
            .map(|height| println!("the newest block is now {height}"))
            .map_err(NodeError::from),
        Verb::Validator => own_validator_key(&home).map(|key| println!("{}", hex(&key))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sealight-ledger: {error}");
            ExitCode::FAILURE
        }
    }
}

fn supervise(program: Vec<OsString>, home: PathBuf) -> Result<(), NodeError> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = stop.clone();
    // Where the system gives no handler, a signal ends the process, and the children follow.
    _ = ctrlc::set_handler(move || told.store(true, Ordering::Relaxed));
    let options = RunOptions { home, engine: find_engine()?, program };
    run(&options, &stop, &mut |line| eprintln!("sealight-ledger: {line}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(mut arguments: impl Iterator<Item = OsString>) -> Option<(Verb, PathBuf)> {
    let verb = arguments.next()?;
    let (mut home, mut height) = (None, None);
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        match name.to_str()? {
            "--home" => home = Some(PathBuf::from(value)),
            "--height" => height = Some(value.to_str()?.parse().ok()?),
            _ => return None,
        }
    }
    let verb = match (verb.to_str()?, height) {
        ("run", None) => Verb::Run,
        ("app", None) => Verb::App,
        ("validator", None) => Verb::Validator,
        ("rollback", Some(height)) => Verb::RollBack(height),
        ("help" | "--help" | "-h", None) => return Some((Verb::Help, PathBuf::new())),
        _ => return None,
    };
    Some((verb, home?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<(Verb, PathBuf)> {
        read(text.split(' ').map(OsString::from))
    }

    #[test]
    fn arguments_are_read_or_refused() {
        assert_eq!(words("run --home x"), Some((Verb::Run, "x".into())));
        assert_eq!(words("app --home x"), Some((Verb::App, "x".into())));
        assert_eq!(words("validator --home x"), Some((Verb::Validator, "x".into())));
        let back = words("rollback --height 7 --home x");
        assert_eq!(back, Some((Verb::RollBack(7), "x".into())));
        assert_eq!(words("--help").map(|(verb, _)| verb), Some(Verb::Help));
        for wrong in ["", "run", "run --home", "run --hom x", "rollback --home x", "stop --home x"]
        {
            assert_eq!(words(wrong), None, "{wrong}");
        }
    }
}
