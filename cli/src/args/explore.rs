//! Arguments of the commands that choose schedules.

use super::duration::time;
use super::print::PrintArgs;
use crate::explore::Mix;
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Arguments of `explore`.
#[derive(Clone, Debug, Args)]
pub struct ExploreArgs {
    /// How to print.
    #[command(flatten)]
    pub print: PrintArgs,
    /// Who goes on: auto (all of the others in turn), random, pct or pos
    #[arg(long, value_enum, default_value_t, value_name = "STRATEGY", hide_possible_values = true)]
    pub strategy: Mix,
    /// Schedules of each test or program at most
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub runs: u64,
    /// Where chance begins
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// How long all of it may take, such as 5m
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub budget: Option<Duration>,
    /// Schedules at the same time [default: one for each processor]
    #[arg(long, value_name = "J")]
    pub jobs: Option<usize>,
    /// Go on with the next test after one that fails
    #[arg(long)]
    pub keep_going: bool,
    /// How long one schedule may go without a step
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "20s")]
    pub timeout: Duration,
    /// Steps of one schedule at most: what takes more does not end
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub steps: u64,
    /// Sleeps of any length may end before other threads go on, in all schedules: nothing but the time orders them
    #[arg(long)]
    pub early_sleeps: bool,
    /// Run each schedule twice, and tell how many were the same both times
    #[arg(long)]
    pub twice: bool,
    /// Waits may end without a reason, as std allows those of condition variables and of `park`
    #[arg(long)]
    pub spurious: bool,
    /// Check every load and store for data races, too
    #[arg(long)]
    pub races: bool,
    /// Another thread may go on before each atomic operation, too
    #[arg(long)]
    pub atomics: bool,
    /// `test` (if nothing is said), `run` or `nextest`, then arguments of cargo's command of that name
    #[arg(num_args = 0.., allow_hyphen_values = true, value_name = "COMMAND AND CARGO ARGS")]
    pub cargo_args: Vec<OsString>,
    /// Arguments of the program or the tests
    #[arg(last = true, value_name = "PROGRAM ARGS")]
    pub program_args: Vec<OsString>,
}

/// Arguments of `confirm`.
#[derive(Clone, Debug, Args)]
pub struct ConfirmArgs {
    /// How to print.
    #[command(flatten)]
    pub print: PrintArgs,
    /// The ids of findings, or how they begin [default: all that fail]
    #[arg(value_name = "FINDING")]
    pub findings: Vec<String>,
    /// Those that do not fail, too
    #[arg(long)]
    pub all: bool,
    /// Recordings, or folders to search for them [default: the latest run]; may be given several times
    #[arg(long = "recording", value_name = "PATH")]
    pub recordings: Vec<PathBuf>,
    /// Tries for each finding at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub tries: u64,
    /// Where chance begins
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// How long one try may go without a step
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "20s")]
    pub timeout: Duration,
    /// What to run in place of what was recorded: `run` or `test`, with cargo's arguments
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// Arguments of `replay`.
#[derive(Clone, Debug, Args)]
pub struct ReplayArgs {
    /// How to print.
    #[command(flatten)]
    pub print: PrintArgs,
    /// The schedule, as `explore` has kept it
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How long it may go without a step
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "60s")]
    pub timeout: Duration,
    /// Wait before the last step until a debugger is attached
    #[arg(long)]
    pub gdb: bool,
}
