//! `check`: findings and one line.

use super::Context;
use super::inspect::Inspection;
use crate::args::{CheckArgs, RuntimeArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::v1;
use crate::recordings;
use std::path::PathBuf;
use syncscope_detector::DeclaredOrder;

pub(super) fn check(context: &Context, args: &CheckArgs) -> Result<Exit, CliError> {
    if args.print_schema {
        context.print(v1::SCHEMA);
        return Ok(Exit::Clean);
    }
    let Checked { files, orders } = Checked::of(context, args)?;
    let policy = context.policy(&args.print.judge)?;
    let inspection = Inspection::of_files("check", (files, orders), policy, args.print.clone());
    inspection.perform(context)
}

/// What is to be checked, and against what.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) files: Vec<PathBuf>,
    pub(super) orders: Vec<DeclaredOrder>,
}

impl Checked {
    /// The recordings of the paths, else of the folder that is set, else of the latest run.
    pub(super) fn of(context: &Context, args: &CheckArgs) -> Result<Self, CliError> {
        let runtime = RuntimeArgs { dir: args.dir.clone(), ..RuntimeArgs::default() };
        let settings = context.settings(&runtime)?;
        let files = if !args.paths.is_empty() {
            recordings::find(&args.paths)?
        } else {
            match settings.dir.or_else(|| context.latest_run().map(|run| run.dir)) {
                Some(dir) => recordings::find(&[dir])?,
                None => Vec::new(),
            }
        };
        Ok(Self { files, orders: settings.orders })
    }
}
