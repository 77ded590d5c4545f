//! `build`: `cargo build` against the recorded `std`. The programs can be run with `exec`.

use super::Context;
use super::swapped::{Build, Task};
use crate::args::RunArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::settings::OnDeadlock;

pub(super) fn build(context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
    Task {
        name: "build",
        subcommand: &["build"],
        build: Build::Only,
        on_deadlock: OnDeadlock::Exit,
        args,
    }
    .perform(context)
}
