//! `sealight network`: a consortium's network on this computer, each node a process of its own.
//!
//! The nodes are run by this program itself (`sealight node run`), which is what `sealight-ledger`
//! is, and outlive the command that starts them.

#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub(crate) use unix::{add, down, node, status, up};

#[cfg(not(unix))]
pub(crate) use elsewhere::{add, down, node, status, up};

#[cfg(not(unix))]
mod elsewhere {
    use crate::args::{Common, NetworkUp};
    use crate::console::Console;
    use crate::fail::Failure;
    use std::ffi::OsString;
    use std::process::ExitCode;

    fn nowhere() -> Failure {
        Failure::new("network-system", &[])
    }

    pub(crate) fn up(_: &Console, _: &Common, _: &NetworkUp) -> Result<(), Failure> {
        Err(nowhere())
    }

    pub(crate) fn down(_: &Console, _: &Common) -> Result<(), Failure> {
        Err(nowhere())
    }

    pub(crate) fn status(_: &Console, _: &Common) -> Result<u8, Failure> {
        Err(nowhere())
    }

    pub(crate) fn add(_: &Console, _: &Common) -> Result<(), Failure> {
        Err(nowhere())
    }

    pub(crate) fn node(_: Vec<OsString>) -> ExitCode {
        ExitCode::FAILURE
    }
}
