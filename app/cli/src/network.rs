//! `sealight network`: a consortium's network on this computer, each node a process of its own; and
//! what members need whose nodes are on machines apart.
//!
//! The nodes are run by this program itself (`sealight node run`), which is what `sealight-ledger`
//! is, and outlive the command that starts them.

#[cfg(unix)]
mod apart;
#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub(crate) use apart::{card, found, join};
#[cfg(unix)]
pub(crate) use unix::{add, down, node, status, up};

#[cfg(not(unix))]
pub(crate) use elsewhere::{add, card, down, found, join, node, status, up};

#[cfg(not(unix))]
mod elsewhere {
    use crate::args::{Common, NetworkCard, NetworkFound, NetworkJoin, NetworkUp};
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

    pub(crate) fn card(_: &Console, _: &Common, _: &NetworkCard) -> Result<(), Failure> {
        Err(nowhere())
    }

    pub(crate) fn found(_: &Console, _: &Common, _: &NetworkFound) -> Result<(), Failure> {
        Err(nowhere())
    }

    pub(crate) fn join(_: &Console, _: &Common, _: &NetworkJoin) -> Result<(), Failure> {
        Err(nowhere())
    }

    pub(crate) fn node(_: Vec<OsString>) -> ExitCode {
        ExitCode::FAILURE
    }
}
