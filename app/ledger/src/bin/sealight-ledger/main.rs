//! `sealight-ledger`: one member's node. See [`sealight_ledger::node`].

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let own = arguments.next();
    let program = match std::env::current_exe() {
        Ok(program) => program.into_os_string(),
        Err(_) => own.unwrap_or_else(|| "sealight-ledger".into()),
    };
    sealight_ledger::node::command(vec![program], arguments)
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("sealight-ledger: nodes run on Unix systems");
    ExitCode::FAILURE
}
