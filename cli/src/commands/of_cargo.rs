//! `run`, `test`, `bench`, `build` and `nextest`: cargo's commands of the same names against the recorded `std`, then checked.

use super::Context;
use super::swapped::{Build, Task};
use crate::args::{BuildArgs, Races, RunArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::cargo;
use crate::settings::OnDeadlock;
use crate::swap::{Noted, SwapError};
use std::process::{Command, Stdio};

/// A command that calls cargo's of the same name.
#[derive(Debug)]
pub(super) struct OfCargo {
    name: &'static str,
    /// cargo's.
    subcommand: &'static [&'static str],
    /// How to make it build only.
    build: Build,
    /// What happens on a deadlock where no setting says so.
    on_deadlock: OnDeadlock,
}

/// `run`.
pub(super) const RUN: OfCargo = OfCargo {
    name: "run",
    subcommand: &["run"],
    build: Build::RunNothing,
    on_deadlock: OnDeadlock::Exit,
};

/// `build`: the programs can be run with `exec`.
const BUILD: OfCargo = OfCargo {
    name: "build",
    subcommand: &["build"],
    build: Build::Only,
    on_deadlock: OnDeadlock::Exit,
};

/// `test`, doc tests included. A deadlock becomes a panic, so that only its test fails and the others still run.
pub(super) const TEST: OfCargo = OfCargo {
    name: "test",
    subcommand: &["test"],
    build: Build::Option("--no-run"),
    on_deadlock: OnDeadlock::Panic,
};

/// `bench`: a deadlock becomes a panic, as under `test`.
pub(super) const BENCH: OfCargo = OfCargo {
    name: "bench",
    subcommand: &["bench"],
    build: Build::Option("--no-run"),
    on_deadlock: OnDeadlock::Panic,
};

/// `nextest`: each test is a process, and all are checked together. A deadlock ends its process: nextest goes on with the others.
const NEXTEST: OfCargo = OfCargo {
    name: "nextest",
    subcommand: &["nextest", "run"],
    build: Build::Option("--no-run"),
    on_deadlock: OnDeadlock::Exit,
};

impl OfCargo {
    /// Builds for schedules to be explored; the programs that cargo would run. `Err`: it is over before, with this code.
    pub(super) fn programs(
        &self,
        context: &Context,
        args: &RunArgs,
    ) -> Result<Result<Vec<Noted>, Exit>, CliError> {
        let Self { name, subcommand, build, on_deadlock } = *self;
        Task { name, subcommand, build, on_deadlock, args }.programs(context)
    }

    /// Does it.
    pub(super) fn perform(&self, context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
        let Self { name, subcommand, build, on_deadlock } = *self;
        Task { name, subcommand, build, on_deadlock, args }.perform(context)
    }
}

/// `build`: nothing is run, so only cargo's arguments say anything.
pub(super) fn build(context: &Context, args: BuildArgs) -> Result<Exit, CliError> {
    let BuildArgs { cargo_args, races, atomics } = args;
    let races = races.then_some(Races::All);
    BUILD.perform(context, &RunArgs { cargo_args, races, atomics, ..RunArgs::default() })
}

/// What cargo-nextest does beside `run`: as a filter of tests they are hardly ever meant.
const OTHERS_OF_NEXTEST: [&str; 7] =
    ["list", "l", "archive", "bench", "show-config", "self", "replay"];

/// `nextest`, where it is installed.
pub(super) fn nextest(context: &Context, mut args: RunArgs) -> Result<Exit, CliError> {
    let first = args.cargo_args.first().and_then(|arg| arg.to_str()).unwrap_or_default();
    // `cargo syncscope nextest run …` is what the fingers know.
    if matches!(first, "run" | "r") {
        args.cargo_args.remove(0);
    } else if OTHERS_OF_NEXTEST.contains(&first) {
        return Err(SwapError::OtherOfNextest(first.to_owned()).into());
    }
    if !is_installed() {
        return Err(SwapError::NoNextest.into());
    }
    NEXTEST.perform(context, &args)
}

fn is_installed() -> bool {
    let mut command = Command::new(cargo());
    command.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
