//! The commands, one a file; what they share is in `context` and `inspect`.

mod attach;
mod baseline;
mod bench;
mod build;
mod check;
mod completions;
mod context;
mod diff;
mod doctor;
mod exec;
mod explain;
mod init;
mod inspect;
mod man;
mod merge;
mod nextest;
mod order;
mod report;
mod rules;
mod run;
mod swapped;
mod test;

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
        Command::Run(args) => run::run(&context, &args),
        Command::Test(args) => test::test(&context, &args),
        Command::Nextest(args) => nextest::nextest(&context, &args),
        Command::Bench(args) => bench::bench(&context, &args),
        Command::Build(args) => build::build(&context, &args),
        Command::Doctor => doctor::doctor(&context),
        Command::Exec(args) => exec::exec(&context, &args),
        Command::Check(args) => check::check(&context, &args),
        Command::Report(args) => report::report(&context, &args),
        Command::Attach(args) => attach::attach(&context, &args),
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
