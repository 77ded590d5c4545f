//! What the user typed, exactly: no look at the disk, no defaults that depend on the place.

mod cli;
mod forms;
mod graph;
mod parse;
mod setup;

pub use cli::{
    AttachArgs, BaselineArgs, BaselineCommand, CheckArgs, Cli, Color, Command, ExecArgs,
    ExplainArgs, Global, Hyperlinks, JudgeArgs, PrintArgs, ReportArgs, RunArgs, RuntimeArgs,
};
pub use forms::{Format, Output};
pub use graph::{DiffArgs, DiffFormat, MergeArgs, OrderArgs};
pub use parse::parse;
pub use setup::{CompletionsArgs, InitArgs, ManArgs};
