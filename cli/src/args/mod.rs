//! What the user typed, exactly: no look at the disk, no defaults that depend on the place.

mod cli;
mod duration;
mod explore;
mod forms;
mod graph;
mod parse;
mod print;
mod rule_name;
mod setup;

pub use cli::{
    AttachArgs, BaselineArgs, BaselineCommand, BuildArgs, CheckArgs, Cli, Command, ExecArgs,
    ExplainArgs, Global, Races, ReportArgs, RunArgs, RuntimeArgs, TopArgs,
};
pub use explore::{ConfirmArgs, ExploreArgs, ReplayArgs};
pub use forms::{Output, Profile};
pub use graph::{DiffArgs, MergeArgs, OrderArgs};
pub use parse::parse;
pub use print::{Frames, JudgeArgs, PrintArgs};
pub use setup::{CompletionsArgs, InitArgs, ManArgs};
