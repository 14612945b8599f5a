//! Arguments of those who run a ledger together: networks, members, monitors.

use super::{AlgorithmName, Signing};
use clap::{Args, Subcommand};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Network {
    Up(NetworkUp),
    Down,
    Status,
    Add,
    Card(NetworkCard),
    Found(NetworkFound),
    Join(NetworkJoin),
}

#[derive(Debug, Args)]
pub(crate) struct NetworkCard {
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    #[arg(long, value_name = "IP")]
    pub(crate) address: IpAddr,
    #[arg(long, value_name = "URL")]
    pub(crate) gateway: Option<String>,
    #[arg(long, value_enum, default_value = "sm2", value_name = "NAME")]
    pub(crate) algorithm: AlgorithmName,
}

#[derive(Debug, Args)]
pub(crate) struct NetworkFound {
    #[arg(value_name = "CARD", required = true)]
    pub(crate) cards: Vec<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    #[arg(long = "root", value_name = "FILE", required = true)]
    pub(crate) roots: Vec<PathBuf>,
    #[arg(long = "checkpoint", value_name = "FILE", required = true)]
    pub(crate) checkpoints: Vec<PathBuf>,
    #[arg(long, value_name = "N")]
    pub(crate) threshold: Option<u16>,
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) interval: u64,
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct NetworkJoin {
    #[arg(value_name = "FILE")]
    pub(crate) network: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    #[arg(long, value_name = "IP")]
    pub(crate) listen: Option<IpAddr>,
    #[arg(long, default_value = "127.0.0.1:26657", value_name = "ADDR")]
    pub(crate) rpc: SocketAddr,
    #[arg(long, default_value = "127.0.0.1:26690", value_name = "ADDR")]
    pub(crate) metrics: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct NetworkUp {
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(crate) validators: Option<u8>,
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) interval: u64,
    #[arg(long, default_value = "Sealight network", value_name = "NAME")]
    pub(crate) name: String,
}

/// Arguments of `sealight-ledger`, as they are.
#[derive(Debug, Args)]
pub(crate) struct Node {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    pub(crate) words: Vec<OsString>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Members {
    Show,
    Change(MembersChange),
    Validators(ValidatorsChange),
    Endorse(Endorse),
    Send(Send),
}

#[derive(Debug, Args)]
pub(crate) struct MembersChange {
    #[arg(long = "add", value_name = "ID")]
    pub(crate) add: Vec<String>,
    #[arg(long = "remove", value_name = "ID")]
    pub(crate) remove: Vec<String>,
    #[arg(long, value_name = "N")]
    pub(crate) threshold: Option<u16>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct ValidatorsChange {
    #[arg(long = "seat", value_name = "KEY=POWER[:OPERATOR]")]
    pub(crate) seats: Vec<String>,
    #[arg(long = "remove", value_name = "KEY")]
    pub(crate) remove: Vec<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Endorse {
    #[arg(value_name = "FILE")]
    pub(crate) draft: PathBuf,
    #[arg(long = "key", value_name = "FILE|URI", required = true)]
    pub(crate) keys: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    #[arg(value_name = "FILE")]
    pub(crate) draft: PathBuf,
    #[arg(long, value_name = "URL")]
    pub(crate) gateway: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Monitor {
    #[arg(long = "watch", value_name = "ID")]
    pub(crate) parties: Vec<String>,
    #[arg(long = "brand", value_name = "NAME")]
    pub(crate) brands: Vec<String>,
    #[arg(long = "gtin", value_name = "DIGITS")]
    pub(crate) gtins: Vec<String>,
    #[arg(long = "host", value_name = "HOST")]
    pub(crate) hosts: Vec<String>,
    #[arg(long)]
    pub(crate) everybody: bool,
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(crate) factor: u32,
    #[arg(long)]
    pub(crate) once: bool,
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub(crate) every: u64,
    #[arg(long)]
    pub(crate) again: bool,
    #[arg(long = "gateway", value_name = "URL")]
    pub(crate) gateways: Vec<String>,
}
