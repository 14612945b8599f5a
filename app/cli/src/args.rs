//! The command line, as clap reads it. What each command and option is for stands in the text
//! files, under `cli.help`, in each language; [`crate::help`] puts it in.

mod config;
mod consortium;
mod inbox;
mod shop;

pub(crate) use config::{Config, ConfigSet, ConfigShow, ConfigSign};
pub(crate) use consortium::{
    Endorse, Members, MembersChange, Monitor, Network, NetworkCard, NetworkFound, NetworkJoin,
    NetworkUp, Node, Send, ValidatorsChange,
};

pub(crate) use inbox::Inbox;
pub(crate) use shop::{Days, Doctor, StaffKey};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(name = "sealight", arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Options that stand before or after the verb.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    #[arg(long, global = true, value_name = "DIR", env = "SEALIGHT_HOME")]
    pub(crate) home: Option<PathBuf>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Demo(Demo),
    Scan(Scan),
    Verify(Verify),
    History(History),
    Sync(Sync),
    Status,
    Doctor(Doctor),
    Days(Days),
    #[command(subcommand)]
    Config(Config),
    #[command(subcommand)]
    Trust(Trust),
    #[command(subcommand)]
    Key(Key),
    #[command(subcommand)]
    Issuer(Issuer),
    Issue(Issue),
    Codes(Codes),
    Event(Event),
    Life(Life),
    Inbox(Inbox),
    Ledger(Ledger),
    Export(Export),
    #[command(subcommand)]
    Pack(Pack),
    #[command(subcommand)]
    Network(Network),
    #[command(subcommand)]
    Members(Members),
    Monitor(Monitor),
    #[command(hide = true)]
    Node(Node),
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Ledger {
    #[arg(long, default_value = "127.0.0.1:26657", value_name = "ADDR")]
    pub(crate) listen: SocketAddr,
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) interval: u64,
    #[arg(long, default_value = "Embedded ledger", value_name = "NAME")]
    pub(crate) operator: String,
    #[arg(long)]
    pub(crate) until_eof: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[arg(long = "lot", value_name = "ID")]
    pub(crate) lots: Vec<String>,
    #[arg(long, value_name = "PACK")]
    pub(crate) since: Vec<PathBuf>,
    #[arg(long, short, value_name = "FILE", requires = "key", required_unless_present = "site")]
    pub(crate) output: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub(crate) gateway: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    Import(PackFile),
    Show(PackFile),
    Verify(PackVerify),
}

#[derive(Debug, Args)]
pub(crate) struct PackFile {
    #[arg(value_name = "PACK")]
    pub(crate) pack: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PackVerify {
    #[arg(value_name = "PACK")]
    pub(crate) pack: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Trust {
    Show,
    Add(TrustAdd),
    Rotate(TrustRotate),
    Checkpoint(TrustCheckpoint),
}

#[derive(Debug, Args)]
pub(crate) struct TrustCheckpoint {
    #[arg(long = "gateway", value_name = "URL")]
    pub(crate) gateways: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    #[arg(long = "key", value_name = "FILE|URI", required = true)]
    pub(crate) keys: Vec<PathBuf>,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TrustAdd {
    #[arg(value_name = "FILE|URL")]
    pub(crate) source: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) fingerprint: Option<String>,
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TrustRotate {
    #[arg(value_name = "FILE")]
    pub(crate) content: PathBuf,
    #[arg(long = "key", value_name = "FILE|URI", required = true)]
    pub(crate) keys: Vec<PathBuf>,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Signature algorithms by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum AlgorithmName {
    Sm2,
    P256,
    Ed25519,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    New(KeyNew),
    Show(KeyShow),
}

#[derive(Debug, Args)]
pub(crate) struct KeyNew {
    #[arg(value_name = "FILE|URI")]
    pub(crate) output: PathBuf,
    #[arg(long, value_enum, default_value = "sm2", value_name = "NAME")]
    pub(crate) algorithm: AlgorithmName,
    #[arg(long, conflicts_with = "algorithm")]
    pub(crate) report: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KeyShow {
    #[arg(value_name = "FILE|URI")]
    pub(crate) file: PathBuf,
}

/// Who signs, and where to.
#[derive(Debug, Clone, Args)]
pub(crate) struct Signing {
    #[arg(long, value_name = "FILE|URI")]
    pub(crate) key: PathBuf,
    #[arg(long, value_name = "ID")]
    pub(crate) party: Option<String>,
    #[arg(long = "endorse", value_name = "FILE|URI")]
    pub(crate) endorse: Vec<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub(crate) gateway: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) draft: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Issuer {
    Register(Register),
    Rotate(Rotate),
    Revoke(Revoke),
    Suspend(Suspend),
}

#[derive(Debug, Args)]
pub(crate) struct Register {
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    #[arg(long, value_name = "FILE|URI")]
    pub(crate) party_key: PathBuf,
    #[arg(long = "role", required = true, value_name = "ROLE")]
    pub(crate) roles: Vec<String>,
    #[arg(long = "gtin", value_name = "DIGITS")]
    pub(crate) gtins: Vec<String>,
    #[arg(long = "brand", value_name = "NAME")]
    pub(crate) brands: Vec<String>,
    #[arg(long = "host", value_name = "HOST")]
    pub(crate) hosts: Vec<String>,
    #[arg(long = "pattern", value_name = "PATTERN")]
    pub(crate) patterns: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) report_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    #[arg(long, value_name = "FILE|URI")]
    pub(crate) new_key: PathBuf,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[arg(long, value_name = "ID")]
    pub(crate) of: String,
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) place: u16,
    #[arg(long, value_enum, value_name = "REASON")]
    pub(crate) reason: RevokeReason,
    #[arg(long, value_name = "HEIGHT")]
    pub(crate) from: Option<u64>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Suspend {
    #[arg(long, value_name = "ID")]
    pub(crate) of: String,
    #[arg(long)]
    pub(crate) lift: bool,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Why a key is withdrawn.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RevokeReason {
    Retired,
    Compromised,
}

#[derive(Debug, Args)]
pub(crate) struct Issue {
    #[arg(value_name = "FILE")]
    pub(crate) items: PathBuf,
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: String,
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: PathBuf,
    #[arg(long, value_name = "N")]
    pub(crate) number: Option<u64>,
    #[arg(long, default_value = "sealight.example", value_name = "HOST")]
    pub(crate) host: String,
    #[arg(long, default_value = "all", value_name = "none|all|N")]
    pub(crate) labels: String,
    #[arg(long)]
    pub(crate) not_applied: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Codes {
    #[arg(value_name = "DIR", required = true)]
    pub(crate) lots: Vec<PathBuf>,
    #[arg(long, value_name = "COLUMN")]
    pub(crate) column: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Event {
    #[arg(value_name = "LOT")]
    pub(crate) lot: String,
    #[arg(value_name = "STEP")]
    pub(crate) step: String,
    #[arg(long, value_name = "RANGE")]
    pub(crate) items: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[arg(long, value_name = "PLACE")]
    pub(crate) place: Option<String>,
    #[arg(long = "fact", value_name = "KEY=VALUE")]
    pub(crate) facts: Vec<String>,
    #[arg(long)]
    pub(crate) sensor: bool,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// What a life change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LifeStep {
    Applied,
    Sold,
    Opened,
    Void,
    Recalled,
    RecallLifted,
}

#[derive(Debug, Args)]
pub(crate) struct Life {
    #[arg(value_name = "LOT")]
    pub(crate) lot: String,
    #[arg(value_enum, value_name = "STEP")]
    pub(crate) step: LifeStep,
    #[arg(long, value_name = "RANGES")]
    pub(crate) items: Option<String>,
    #[arg(long)]
    pub(crate) issuer: bool,
    #[arg(long, value_name = "REASON")]
    pub(crate) restore: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) notice: Option<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Whose limits a verdict is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileName {
    Shopper,
    Kiosk,
    Inspector,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    #[arg(value_name = "PICTURE")]
    pub(crate) pictures: Vec<PathBuf>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
    #[arg(long, value_name = "N")]
    pub(crate) reading: Option<u64>,
    #[arg(long)]
    pub(crate) offline: bool,
    #[arg(long = "pack", value_name = "FILE")]
    pub(crate) packs: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "shopper", value_name = "NAME")]
    pub(crate) profile: ProfileName,
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: Option<PathBuf>,
    #[arg(long)]
    pub(crate) forget: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[arg(long = "gateway", value_name = "URL")]
    pub(crate) gateways: Vec<String>,
    #[arg(long = "checkpoint", value_name = "FILE")]
    pub(crate) checkpoints: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) save_checkpoint: Option<PathBuf>,
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    #[arg(long, value_name = "TEXT|PICTURE")]
    pub(crate) seal: String,
    #[arg(long, value_enum, default_value = "shopper", value_name = "NAME")]
    pub(crate) profile: ProfileName,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    #[arg(long)]
    pub(crate) clear: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}
