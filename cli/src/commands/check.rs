//! `check`: findings and one line.

use super::Context;
use super::inspect::Inspection;
use crate::args::{CheckArgs, RuntimeArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::recordings;
use std::path::PathBuf;

pub(super) fn check(context: &Context, args: &CheckArgs) -> Result<Exit, CliError> {
    let files = files(context, args)?;
    let inspection =
        Inspection { command: "check", files, print: args.print, program: None, last_events: None };
    Ok(inspection.perform(context))
}

/// The recordings of the paths, else of the folder that is set, else of the latest run.
pub(super) fn files(context: &Context, args: &CheckArgs) -> Result<Vec<PathBuf>, CliError> {
    let runtime = RuntimeArgs { dir: args.dir.clone(), ..RuntimeArgs::default() };
    let settings = context.settings(&runtime)?;
    if !args.paths.is_empty() {
        return recordings::find(&args.paths);
    }
    match settings.dir.or_else(|| context.runs().latest().map(|run| run.dir)) {
        Some(dir) => recordings::find(&[dir]),
        None => Ok(Vec::new()),
    }
}
