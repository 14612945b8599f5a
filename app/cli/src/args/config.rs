//! Arguments of configurations: this device's own, and those that an operator signs for kiosks.

use super::shop::StaffKey;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    Show(ConfigShow),
    Set(ConfigSet),
    Sign(ConfigSign),
    Pin,
    StaffKey(StaffKey),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigShow {
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "file")]
    pub(crate) operator_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigSet {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigSign {
    #[arg(value_name = "FILE")]
    pub(crate) document: PathBuf,
    #[arg(long, value_name = "FILE|URI")]
    pub(crate) key: PathBuf,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}
