//! The commands, one a file; what they share is in `context` and `inspect`.

mod check;
mod context;
mod exec;
mod explain;
mod inspect;
mod report;
mod rules;
mod run;

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
        Command::Exec(args) => exec::exec(&context, &args),
        Command::Check(args) => check::check(&context, &args),
        Command::Report(args) => report::report(&context, &args),
        Command::Explain(args) => explain::explain(&context, &args),
        Command::Rules => Ok(rules::rules(&context)),
    }
}
