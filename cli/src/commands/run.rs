//! `run`: `cargo run`, supervised, then checked.

use super::Context;
use super::exec::Supervised;
use crate::args::RunArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::{Project, cargo};
use crate::runs::Runs;
use std::ffi::OsString;

pub(super) fn run(context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
    let settings = context.settings(&args.runtime)?;
    let runs = match Project::of_cargo_args(&context.folder, &args.cargo_args) {
        Some(project) => Runs::under(&project.target_directory),
        None => context.runs(),
    };
    let mut words = vec![cargo(), OsString::from("run")];
    if context.global.quiet {
        words.push("--quiet".into());
    }
    words.extend(args.cargo_args.iter().cloned());
    if !args.program_args.is_empty() {
        words.push("--".into());
        words.extend(args.program_args.iter().cloned());
    }
    Supervised { name: "run", words, print: args.print }.perform(context, &settings, &runs)
}
