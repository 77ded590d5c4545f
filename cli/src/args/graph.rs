//! Arguments of the commands about several runs, and about the order of locks.

use crate::output::diff::DiffFormat;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The run to compare with: a recording, a merged one, or a folder
    pub old: PathBuf,
    /// The run that is compared [default: the latest run]
    pub new: Option<PathBuf>,
    /// The folder of recordings, where NEW is not given [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Where the sources of OLD are, if they have changed since, such as a worktree of the commit
    #[arg(long, value_name = "FOLDER")]
    pub old_sources: Option<PathBuf>,
    /// The form of the comparison
    #[arg(long, value_enum, default_value_t)]
    pub format: DiffFormat,
}

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// Recordings, merged ones, or folders to search for them [default: the latest run]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder of recordings, where no PATH is given [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// The file to write; a merged file that is there is replaced
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
    /// Keep the events, from which `report` tells what happened last; the file is much larger
    #[arg(long)]
    pub events: bool,
}

/// Arguments of `order`.
#[derive(Debug, Args)]
pub struct OrderArgs {
    /// Recordings, merged ones, or folders to search for them [default: the latest run]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder of recordings, where no PATH is given [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Add the table to the project's syncscope.toml
    #[arg(long)]
    pub write: bool,
}
