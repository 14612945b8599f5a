//! Arguments of what a shop does with a kiosk.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Days {
    #[arg(long)]
    pub(crate) csv: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[arg(long)]
    pub(crate) scanner: bool,
    #[arg(long)]
    pub(crate) kiosk: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StaffKey {
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
