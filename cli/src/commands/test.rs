//! `test`: `cargo test`, doc tests included, against the recorded `std`, then checked.

use super::Context;
use super::swapped::{Build, Task};
use crate::args::RunArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::settings::OnDeadlock;

/// A deadlock becomes a panic, so that only its test fails and the others still run.
pub(super) fn test(context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
    Task {
        name: "test",
        subcommand: &["test"],
        build: Build::Option("--no-run"),
        on_deadlock: OnDeadlock::Panic,
        args,
    }
    .perform(context)
}
