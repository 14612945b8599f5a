//! Arguments of `sealight inbox`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Inbox {
    #[arg(long, value_name = "FILE|URI")]
    pub(crate) key: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) report_key: PathBuf,
    #[arg(long, value_name = "ID")]
    pub(crate) party: Option<String>,
    #[arg(long, value_name = "URL")]
    pub(crate) gateway: Option<String>,
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    // A letter that is taken off is nowhere else.
    #[arg(long, requires = "keep")]
    pub(crate) take: bool,
}
