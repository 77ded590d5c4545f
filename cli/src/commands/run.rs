//! `run`: `cargo run` against the recorded `std`, then checked.

use super::Context;
use super::swapped::{Build, Task};
use crate::args::RunArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::settings::OnDeadlock;

pub(super) fn run(context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
    Task {
        name: "run",
        subcommand: &["run"],
        build: Build::RunNothing,
        on_deadlock: OnDeadlock::Exit,
        args,
    }
    .perform(context)
}
