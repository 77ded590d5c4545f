//! `nextest`: `cargo nextest run` against the recorded `std`. Each test is a process; all are checked together.

use super::Context;
use super::swapped::{Build, Task};
use crate::args::RunArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::cargo;
use crate::settings::OnDeadlock;
use crate::swap::SwapError;
use std::process::{Command, Stdio};

/// A deadlock ends its process: nextest goes on with the others.
pub(super) fn nextest(context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
    let mut args = args.clone();
    // `cargo syncscope nextest run …` is what the fingers know.
    if args.cargo_args.first().is_some_and(|arg| arg == "run" || arg == "r") {
        args.cargo_args.remove(0);
    }
    if !is_installed() {
        return Err(SwapError::NoNextest.into());
    }
    Task {
        name: "nextest",
        subcommand: &["nextest", "run"],
        build: Build::Option("--no-run"),
        on_deadlock: OnDeadlock::Exit,
        args: &args,
    }
    .perform(context)
}

fn is_installed() -> bool {
    let mut command = Command::new(cargo());
    command.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
