//! The commands, one a file, but for those that call cargo's of the same name; what they share is in `context` and `inspect`.

mod attach;
mod baseline;
mod check;
mod clean;
mod completions;
mod confirm;
mod context;
mod diff;
mod doctor;
mod exec;
mod explain;
mod explore;
mod init;
mod inspect;
mod man;
mod merge;
mod of_cargo;
mod order;
mod raced;
mod replay;
mod report;
mod rules;
mod schedule;
mod swapped;
#[cfg(unix)]
mod top;

pub use context::Context;

use crate::args::{Cli, Command};
use crate::error::CliError;
use crate::exit::Exit;

/// Does what was asked for.
///
/// # Errors
///
/// When it cannot be done: the user has to change something.
pub fn dispatch(cli: Cli) -> Result<Exit, CliError> {
    let context = Context::new(cli.global);
    match cli.command {
        Command::Run(args) => of_cargo::RUN.perform(&context, &args),
        Command::Test(args) => of_cargo::TEST.perform(&context, &args),
        Command::Nextest(args) => of_cargo::nextest(&context, args),
        Command::Bench(args) => of_cargo::BENCH.perform(&context, &args),
        Command::Build(args) => of_cargo::build(&context, args),
        Command::Clean => clean::clean(&context),
        Command::Doctor => doctor::doctor(&context),
        Command::Explore(args) => explore::explore(&context, &args),
        Command::Confirm(args) => confirm::confirm(&context, &args),
        Command::Replay(args) => replay::replay(&context, &args),
        Command::Exec(args) => exec::exec(&context, &args),
        Command::Check(args) => check::check(&context, &args),
        Command::Report(args) => report::report(&context, &args),
        Command::Attach(args) => attach::attach(&context, &args),
        #[cfg(unix)]
        Command::Top(args) => top::top(&context, &args),
        #[cfg(not(unix))]
        Command::Top(_) => Err(CliError::NothingRuns),
        Command::Baseline(command) => baseline::baseline(&context, &command),
        Command::Diff(args) => diff::diff(&context, &args),
        Command::Merge(args) => merge::merge(&context, &args),
        Command::Order(args) => order::order(&context, &args),
        Command::Init(args) => init::init(&context, &args),
        Command::Explain(args) => explain::explain(&context, &args),
        Command::Rules => Ok(rules::rules(&context)),
        Command::Completions(args) => Ok(completions::completions(&context, &args)),
        Command::Man(args) => man::man(&context, &args),
    }
}
