//! `bench`: `cargo bench` against the recorded `std`, then checked.

use super::Context;
use super::swapped::{Build, Task};
use crate::args::RunArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::settings::OnDeadlock;

/// A deadlock becomes a panic, as under `test`.
pub(super) fn bench(context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
    Task {
        name: "bench",
        subcommand: &["bench"],
        build: Build::Option("--no-run"),
        on_deadlock: OnDeadlock::Panic,
        args,
    }
    .perform(context)
}
