//! How to judge and print: what many commands share.

use super::Output;
use super::rule_name::RuleName;
use crate::output::Format;
use clap::Args;
use std::path::PathBuf;

/// Which findings count.
#[derive(Clone, Debug, Default, Args)]
pub struct JudgeArgs {
    /// Do not count findings of RULE: a rule, deadlocks, races, times or all; RULE:GRADE for one grade
    #[arg(short = 'A', long, value_name = "RULE", value_parser = RuleName { or_group: true }, hide_possible_values = true)]
    pub allow: Vec<String>,
    /// Show findings of RULE, and do not fail on them
    #[arg(short = 'W', long, value_name = "RULE", value_parser = RuleName { or_group: true }, hide_possible_values = true)]
    pub warn: Vec<String>,
    /// Fail on findings of RULE
    #[arg(short = 'D', long, value_name = "RULE", value_parser = RuleName { or_group: true }, hide_possible_values = true)]
    pub deny: Vec<String>,
    /// Whose findings may fail: workspace, or all with dependencies [env: SYNCSCOPE_SCOPE] [default: workspace]
    #[arg(long)]
    pub scope: Option<String>,
    /// What it means that something was lost that verdicts rest on: warn, or deny to fail [env: SYNCSCOPE_INCOMPLETE]
    /// [default: warn]
    #[arg(long, value_name = "LEVEL")]
    pub incomplete: Option<String>,
    /// Fail only on findings that FILE does not accept [env: SYNCSCOPE_BASELINE]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,
    /// Use no baseline, even if one is set
    #[arg(long)]
    pub no_baseline: bool,
    /// Show allowed and accepted findings too
    #[arg(long)]
    pub allowed: bool,
}

/// How to judge and print.
#[derive(Clone, Debug, Default, Args)]
pub struct PrintArgs {
    /// Which findings count.
    #[command(flatten)]
    pub judge: JudgeArgs,
    /// The form of the report on stdout; with a form for machines, the output of a supervised program goes to stderr
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write the report to a file, too, such as `sarif=out.sarif`; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = Output::parse)]
    pub output: Vec<Output>,
    /// Show stacks in full, with the frames of std and the runtime, and cut no line to the width of the terminal
    #[arg(long)]
    pub full: bool,
    /// Which frames the stacks of the JSON report have: program (without those of the runtime) or all
    #[arg(long, value_enum, default_value_t, value_name = "WHICH", hide_possible_values = true)]
    pub frames: Frames,
    /// A file with the symbols of a recorded program, or a folder to look for it by build id and name; may be repeated
    #[arg(long, value_name = "PATH")]
    pub symbols: Vec<PathBuf>,
    /// Show refuted findings too
    #[arg(long)]
    pub refuted: bool,
}

impl PrintArgs {
    /// The forms of all reports that are wanted.
    pub fn formats(&self) -> impl Iterator<Item = Format> {
        std::iter::once(self.format).chain(self.output.iter().map(|output| output.format))
    }
}

/// Frames of stacks for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Frames {
    /// Those of the program, its dependencies and std.
    #[default]
    Program,
    /// Those of the runtime, too.
    All,
}
