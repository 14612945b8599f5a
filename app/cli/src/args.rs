//! The command line, as clap reads it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Scan a seal, verify it yourself.
///
/// Sealight checks what a product's seal says against a consortium ledger whose headers it synced
/// and verified itself. It asks nobody, works offline, and says what was proven, by whom, as of
/// when, and what was not looked at.
#[derive(Debug, Parser)]
#[command(name = "sealight", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Options that stand before or after the verb.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Folder of this device's store, trust files and keys
    #[arg(long, global = true, value_name = "DIR", env = "SEALIGHT_HOME")]
    pub home: Option<PathBuf>,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of the words: en or zh-CN (default: from LANG)
    #[arg(long, global = true, value_name = "TAG")]
    pub lang: Option<String>,
    /// Print no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show it all on an embedded ledger: register, mint, anchor, scan, verify, and refuse attacks
    Demo(Demo),
    /// Run the embedded ledger
    Ledger(Ledger),
    /// Show, add or rotate the trust file
    #[command(subcommand)]
    Trust(Trust),
    /// Make a signing key
    #[command(subcommand)]
    Key(Key),
    /// Register parties, rotate and revoke their keys
    #[command(subcommand)]
    Issuer(Issuer),
    /// Make a lot from CSV or JSON: records, labels, upload, anchor
    Issue(Issue),
    /// Append a trace event to a lot
    Event(Event),
    /// Change the life of items: applied, sold, opened, void, recalled
    Life(Life),
    /// Scan pictures, text or a stored reading, and verify
    Scan(Scan),
    /// Sync and verify headers, checkpoints and recalls
    Sync(Sync),
    /// Verify a bundle from a file, without network
    Verify(Verify),
    /// Past scans, judged again
    History(History),
    /// Ledgers, sync age and store
    Status,
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

/// `sealight demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Keep ledger, labels, bundles and store in this folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// `sealight ledger`
#[derive(Debug, Args)]
pub struct Ledger {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:26657", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Seconds between empty blocks
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub interval: u64,
    /// Name of the operator in the trust file of a new ledger
    #[arg(long, default_value = "Embedded ledger", value_name = "NAME")]
    pub operator: String,
}

/// `sealight trust`
#[derive(Debug, Subcommand)]
pub enum Trust {
    /// Show the trust file in force
    Show,
    /// Add a first trust file, or a newer one; from a file or a gateway's address
    Add {
        /// Path or http(s) address
        source: String,
    },
    /// Make and sign the next trust file
    Rotate {
        /// The new trust file's content as JSON
        content: PathBuf,
        /// Root key that signs; old and new threshold are needed; repeat it
        #[arg(long = "key", value_name = "FILE", required = true)]
        keys: Vec<PathBuf>,
        /// Where to write the signed file
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
}

/// Signature algorithms by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AlgorithmName {
    /// SM2 with SM3
    Sm2,
    /// ECDSA P-256
    P256,
    /// Ed25519
    Ed25519,
}

/// `sealight key`
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a new key and write it to a file only you can read
    New {
        /// Where to write it
        output: PathBuf,
        /// Algorithm
        #[arg(long, value_enum, default_value = "sm2")]
        algorithm: AlgorithmName,
    },
}

/// Who signs, and where to.
#[derive(Debug, Clone, Args)]
pub struct Signing {
    /// The party's key file
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Party id, where the key belongs to several
    #[arg(long, value_name = "ID")]
    pub party: Option<String>,
    /// Key of a member or authority who agrees; repeat it
    #[arg(long = "endorse", value_name = "FILE")]
    pub endorse: Vec<PathBuf>,
    /// Gateway to send to (default: from the trust file)
    #[arg(long, value_name = "URL")]
    pub gateway: Option<String>,
}

/// `sealight issuer`
#[derive(Debug, Subcommand)]
pub enum Issuer {
    /// Register a party with its namespaces; signed by members (--key and --endorse)
    Register(Register),
    /// Replace a party's key; signed by the old key and an authority
    Rotate {
        /// Who signs
        #[command(flatten)]
        signing: Signing,
        /// The new key's file
        #[arg(long, value_name = "FILE")]
        new_key: PathBuf,
    },
    /// Withdraw a party's key; signed by members
    Revoke {
        /// Who signs
        #[command(flatten)]
        signing: Signing,
        /// Whose key
        #[arg(long, value_name = "ID")]
        of: String,
        /// Place of the key among the party's keys
        #[arg(long, default_value_t = 0, value_name = "N")]
        place: u16,
        /// Why
        #[arg(long, value_enum)]
        reason: RevokeReason,
        /// First height it covers (default: now); may lie in the past for a compromised key
        #[arg(long, value_name = "HEIGHT")]
        from: Option<u64>,
    },
}

/// Why a key is withdrawn.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RevokeReason {
    /// No longer used
    Retired,
    /// In other hands
    Compromised,
}

/// `sealight issuer register`
#[derive(Debug, Args)]
pub struct Register {
    /// Who signs: members
    #[command(flatten)]
    pub signing: Signing,
    /// Registered legal name
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// The new party's key file
    #[arg(long, value_name = "FILE")]
    pub party_key: PathBuf,
    /// Role: issuer, lab, carrier, retailer, line, authority; repeat it
    #[arg(long = "role", required = true, value_name = "ROLE")]
    pub roles: Vec<String>,
    /// GTIN-14 prefix of the party; repeat it
    #[arg(long = "gtin", value_name = "DIGITS")]
    pub gtins: Vec<String>,
    /// Brand name of the party; repeat it
    #[arg(long = "brand", value_name = "NAME")]
    pub brands: Vec<String>,
    /// Host, with path prefix, of the party; repeat it
    #[arg(long = "host", value_name = "HOST")]
    pub hosts: Vec<String>,
    /// Pattern of the party's old codes (# a digit, ? a letter or digit); repeat it
    #[arg(long = "pattern", value_name = "PATTERN")]
    pub patterns: Vec<String>,
}

/// `sealight issue`
#[derive(Debug, Args)]
pub struct Issue {
    /// Items as CSV or JSON
    pub items: PathBuf,
    /// Who signs: the issuer
    #[command(flatten)]
    pub signing: Signing,
    /// Lot number (default: the next free one)
    #[arg(long, value_name = "N")]
    pub number: Option<u64>,
    /// What the lot is
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// Folder for lot files, seals and labels
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
    /// Host in the labels; carries no trust
    #[arg(long, default_value = "sealight.example", value_name = "HOST")]
    pub host: String,
    /// Which labels to draw: none, all, or the first N
    #[arg(long, default_value = "all", value_name = "none|all|N")]
    pub labels: String,
    /// Items start as not applied instead of in trade
    #[arg(long)]
    pub not_applied: bool,
    /// Column whose values are the brand's old codes; makes a code index
    #[arg(long, value_name = "COLUMN")]
    pub code_column: Option<String>,
}

/// `sealight event`
#[derive(Debug, Args)]
pub struct Event {
    /// Lot id
    pub lot: String,
    /// Step: brewing, inspecting, shipping, ...
    pub step: String,
    /// Who signs
    #[command(flatten)]
    pub signing: Signing,
    /// Items, as FIRST-LAST or one index (default: all)
    #[arg(long, value_name = "RANGE")]
    pub items: Option<String>,
    /// When, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Where
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// Fact as KEY=VALUE; repeat it
    #[arg(long = "fact", value_name = "KEY=VALUE")]
    pub facts: Vec<String>,
    /// The facts come from a sensor
    #[arg(long)]
    pub sensor: bool,
}

/// What a life change does.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LifeStep {
    /// Label put on a product: in trade
    Applied,
    /// Sold
    Sold,
    /// Opened
    Opened,
    /// Withdrawn
    Void,
    /// Recall
    Recalled,
    /// Lift a recall
    RecallLifted,
}

/// `sealight life`
#[derive(Debug, Args)]
pub struct Life {
    /// Lot id, or a party id with --issuer
    pub lot: String,
    /// What happens
    #[arg(value_enum)]
    pub step: LifeStep,
    /// Who signs
    #[command(flatten)]
    pub signing: Signing,
    /// Items, as FIRST-LAST or one index, comma between (default: the whole lot)
    #[arg(long, value_name = "RANGES")]
    pub items: Option<String>,
    /// The recall covers everything of this issuer
    #[arg(long)]
    pub issuer: bool,
    /// Take items back to the step, with this reason; issuer and authority sign
    #[arg(long, value_name = "REASON")]
    pub restore: Option<String>,
    /// Notice of a recall
    #[arg(long, value_name = "TEXT")]
    pub notice: Option<String>,
}

/// `sealight scan`
#[derive(Debug, Args)]
pub struct Scan {
    /// Pictures (PNG, JPEG); `-` reads one from standard input
    pub pictures: Vec<PathBuf>,
    /// A code's text, or a typed number, instead of a picture; repeat it
    #[arg(long, value_name = "TEXT")]
    pub text: Vec<String>,
    /// A stored reading from the history, by its number
    #[arg(long, value_name = "N")]
    pub reading: Option<u64>,
    /// Ask no gateway
    #[arg(long)]
    pub offline: bool,
    /// Whose limits: shopper, kiosk or inspector
    #[arg(long, default_value = "shopper", value_name = "PROFILE")]
    pub profile: String,
    /// Write the bundle that the verdict rests on
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Leave no trace in the history
    #[arg(long)]
    pub forget: bool,
}

/// `sealight sync`
#[derive(Debug, Args)]
pub struct Sync {
    /// Gateway to ask (default: those of the trust file); repeat it
    #[arg(long = "gateway", value_name = "URL")]
    pub gateways: Vec<String>,
}

/// `sealight verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// Bundle file
    pub bundle: PathBuf,
    /// The seal: its text, a typed number, or a picture of it
    #[arg(long, value_name = "TEXT|PICTURE")]
    pub seal: String,
    /// Whose limits: shopper, kiosk or inspector
    #[arg(long, default_value = "shopper", value_name = "PROFILE")]
    pub profile: String,
}

/// `sealight history`
#[derive(Debug, Args)]
pub struct History {
    /// Most entries
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// Delete it all
    #[arg(long)]
    pub clear: bool,
}
