//! What the user typed, exactly: no look at the disk, no defaults that depend on the place.

mod cli;
mod forms;
mod parse;

pub use cli::{
    AttachArgs, BaselineArgs, BaselineCommand, CheckArgs, Cli, Color, Command, ExecArgs,
    ExplainArgs, Global, JudgeArgs, PrintArgs, ReportArgs, RunArgs, RuntimeArgs,
};
pub use forms::{Format, Output};
pub use parse::parse;
