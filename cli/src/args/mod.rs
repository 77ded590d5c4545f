//! What the user typed, exactly: no look at the disk, no defaults that depend on the place.

mod cli;
mod forms;
mod graph;
mod parse;
mod rule_name;
mod setup;

pub use cli::{
    AttachArgs, BaselineArgs, BaselineCommand, BuildArgs, CheckArgs, Cli, Command, ExecArgs,
    ExplainArgs, Frames, Global, JudgeArgs, PrintArgs, Races, ReportArgs, RunArgs, RuntimeArgs,
};
pub use forms::Output;
pub use graph::{DiffArgs, MergeArgs, OrderArgs};
pub use parse::parse;
pub use setup::{CompletionsArgs, InitArgs, ManArgs};
