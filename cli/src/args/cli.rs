//! The commands and their options.

use super::duration::time;
use super::forms::Profile;
use super::print::PrintArgs;
use super::rule_name::RuleName;
use super::{
    CompletionsArgs, ConfirmArgs, DiffArgs, ExploreArgs, InitArgs, ManArgs, MergeArgs, OrderArgs,
    ReplayArgs,
};
use crate::terminal::{Color, Hyperlinks};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// `cargo syncscope`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-syncscope",
    bin_name = "cargo syncscope",
    version,
    about = "Finds deadlocks and lock order inversions in Rust programs",
    after_help = Cli::EXIT_CODES
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
}

impl Cli {
    /// The exit codes, for the help and the manual.
    pub const EXIT_CODES: &str = "\
Exit codes:
  0    checked, no finding at `deny` level
  1    at least one `deny` finding, whatever the program returned
  2    usage or configuration error
  3    check, report, diff, merge, order: nothing was checked
  4    a recording is unreadable, foreign or of a newer format
  5    cargo refused its arguments or the manifest, or the build failed
  101  a bug in this tool, or what cargo returned for tests that failed
  Without a `deny` finding, the code of the program or of cargo is passed through.";
}

/// Options of all commands.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// When to colour the output: auto, always or never [default: auto]
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub color: Color,
    /// When to make links of places and rules: auto, always or never [default: auto]
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub hyperlinks: Hyperlinks,
    /// Print findings only
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a package against the recorded std, then check what was recorded
    Run(RunArgs),
    /// Run the tests of packages against the recorded std, then check what was recorded
    Test(RunArgs),
    /// Run the tests of packages with nextest against the recorded std, then check what was recorded
    Nextest(RunArgs),
    /// Run the benchmarks of packages against the recorded std, then check what was recorded
    Bench(RunArgs),
    /// Build packages against the recorded std, for `exec`
    Build(BuildArgs),
    /// Tell what would be recorded here, and what would not
    Doctor,
    /// Remove what builds of other compilers and older versions have left, here and in the cache
    Clean,
    /// Try many schedules of a program, or of each of its tests, until one fails
    Explore(ExploreArgs),
    /// Make happen what findings warn of, if a schedule can
    Confirm(ConfirmArgs),
    /// Run a schedule again that `explore` has found
    Replay(ReplayArgs),
    /// Run any program that uses instrumented-sync, then check what was recorded
    Exec(ExecArgs),
    /// Check recordings; fails on a `deny` finding
    Check(CheckArgs),
    /// Accept what is found today, so that `check` fails on what is new
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Check recordings and show the state of each process at its end
    Report(ReportArgs),
    /// Show the state of a process that runs or is stuck, without touching it
    Attach(AttachArgs),
    /// Watch a running process on a screen: threads, locks, findings, who waits for whom
    Top(TopArgs),
    /// Compare two runs: orders, findings and waits that are new, gone or changed
    Diff(DiffArgs),
    /// Put recordings into one file, which is read as if they lay beside each other
    Merge(MergeArgs),
    /// Print the lock order that the program obeys, as a table for syncscope.toml
    Order(OrderArgs),
    /// Write a syncscope.toml that has every setting, with its default, in a comment
    Init(InitArgs),
    /// Show the page of a rule
    Explain(ExplainArgs),
    /// List the rules
    Rules,
    /// Print what a shell needs to complete our arguments
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

/// Arguments of the commands that call cargo.
#[derive(Clone, Debug, Default, Args)]
pub struct RunArgs {
    /// Settings of the runtime.
    #[command(flatten)]
    pub runtime: RuntimeArgs,
    /// How to print.
    #[command(flatten)]
    pub print: PrintArgs,
    /// Build against the real std: for code that uses instrumented-sync by itself
    #[arg(long)]
    pub no_swap: bool,
    /// Check every load and store of the program and its dependencies for data races; slower, in a build of its own.
    /// `--races=sampled` checks them in a part of the time only [env, for a program that is built so: SYNCSCOPE_RACES]
    #[arg(long, conflicts_with = "no_swap", value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub races: Option<Races>,
    /// Look at what atomics order, so that locks which only an atomic keeps apart do not count; in a build of its own. Part of --races
    #[arg(long, conflicts_with = "no_swap")]
    pub atomics: bool,
    /// Arguments of cargo's command of the same name
    #[arg(num_args = 0.., allow_hyphen_values = true, value_name = "CARGO ARGS")]
    pub cargo_args: Vec<OsString>,
    /// Arguments of the program, the tests or the benchmarks
    #[arg(last = true, value_name = "PROGRAM ARGS")]
    pub program_args: Vec<OsString>,
}

/// Which loads and stores are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Races {
    /// All of them.
    All,
    /// Those in a part of the time.
    Sampled,
}

impl Races {
    /// What the environment tells the runtime.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Sampled => "sampled",
        }
    }
}

/// Arguments of `build`: nothing runs, so there is nothing to set or to print.
#[derive(Clone, Debug, Args)]
pub struct BuildArgs {
    /// For a check of every load and store
    #[arg(long)]
    pub races: bool,
    /// For a look at what atomics order
    #[arg(long)]
    pub atomics: bool,
    /// Arguments of `cargo build`
    #[arg(num_args = 0.., allow_hyphen_values = true, value_name = "CARGO ARGS")]
    pub cargo_args: Vec<OsString>,
}

/// Arguments of `exec`.
#[derive(Debug, Args)]
pub struct ExecArgs {
    /// Settings of the runtime.
    #[command(flatten)]
    pub runtime: RuntimeArgs,
    /// How to print.
    #[command(flatten)]
    pub print: PrintArgs,
    /// The program and its arguments
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "PROGRAM"
    )]
    pub command: Vec<OsString>,
}

/// Arguments of `check`.
#[derive(Debug, Default, Args)]
pub struct CheckArgs {
    /// Recordings, or folders to search for them [default: the latest run]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Print the schema of the JSON report and nothing else
    #[arg(long)]
    pub print_schema: bool,
    /// The folder of recordings, where no PATH is given [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// How to print.
    #[command(flatten)]
    pub print: PrintArgs,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// As for `check`.
    #[command(flatten)]
    pub check: CheckArgs,
    /// How many of the last events to show for each process
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub events: usize,
    /// Show locks by how long threads waited for them, in place of the state of each process: who was in the way, and for how long locks
    /// were held
    #[arg(long)]
    pub locks: bool,
    /// Write a profile of the waits for locks to a file, such as `pprof=locks.pb.gz`: pprof, collapsed or flamegraph; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = Profile::parse)]
    pub profile: Vec<Profile>,
}

/// What becomes of the file of accepted findings.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Write it: all findings of the recordings are accepted
    Write(BaselineArgs),
    /// Add what is new; keep the rest, also what was not seen
    Update(BaselineArgs),
    /// Drop what was not seen; add nothing
    Prune(BaselineArgs),
}

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// Recordings, or folders to search for them [default: the latest run]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder of recordings, where no PATH is given [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// The file [default: the one that is set, else syncscope-baseline.json]
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// Why the new ones are accepted
    #[arg(long, default_value = "")]
    pub reason: String,
    /// Who looks after the new ones
    #[arg(long, default_value = "")]
    pub owner: String,
    /// The last day on which the new ones are accepted, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
}

/// Arguments of `attach`.
#[derive(Debug, Args)]
pub struct AttachArgs {
    /// The id of a process, or its recording: the path, or the name of one in the folder of recordings
    #[arg(value_name = "PID|RECORDING")]
    pub target: OsString,
    /// Look once; without it again and again, until the process has ended
    #[arg(long)]
    pub once: bool,
    /// Do not ask the process for the stacks of its waits: those of long waits are there in any case
    #[arg(long)]
    pub no_stacks: bool,
    /// Let a debugger, `gdb`, read where all threads are, also those that cannot be asked; it stops the process meanwhile
    #[arg(long)]
    pub ptrace: bool,
    /// How long to wait between two looks, such as 500ms [default: 2s]
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with = "once")]
    pub every: Option<Duration>,
    /// The folder of recordings to look for a name in [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// How to print.
    #[command(flatten)]
    pub print: PrintArgs,
    /// How many of the last events to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub events: usize,
}

/// Arguments of `top`.
#[derive(Debug, Args)]
pub struct TopArgs {
    /// The id of a process, or its recording, as for `attach` [default: the only recorded process that runs, or one to choose from a list]
    #[arg(value_name = "PID|RECORDING")]
    pub target: Option<OsString>,
    /// Print one look and end
    #[arg(long)]
    pub once: bool,
    /// How long to wait between two looks at least, such as 500ms [default: 1s]
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with = "once")]
    pub every: Option<Duration>,
    /// The folder of recordings to look for a name in [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule, such as `lock-order-inversion`
    #[arg(value_name = "RULE", value_parser = RuleName { or_group: false }, hide_possible_values = true)]
    pub rule: String,
}

/// Settings of the runtime. Values are checked with those of the environment and the file.
#[derive(Clone, Debug, Default, Args)]
pub struct RuntimeArgs {
    /// The folder that recordings go to [env: SYNCSCOPE_DIR]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// What to record: off, order, ring or full [env: SYNCSCOPE_MODE] [default: ring]
    #[arg(long)]
    pub mode: Option<String>,
    /// What to do on a deadlock: exit, panic or report [env: SYNCSCOPE_ON_DEADLOCK]
    /// [default: exit; for test and bench: panic]
    #[arg(long, value_name = "ACTION")]
    pub on_deadlock: Option<String>,
    /// After how long it is a stall that nothing moves, such as 5s, or off [env: SYNCSCOPE_STALL] [default: 5s]
    #[arg(long, value_name = "TIME")]
    pub stall: Option<String>,
    /// What to do on a stall: exit or report [env: SYNCSCOPE_ON_STALL] [default: report; for test and nextest: exit]
    #[arg(long, value_name = "ACTION")]
    pub on_stall: Option<String>,
    /// How long a wait for a lock is long [env: SYNCSCOPE_LONG_WAIT] [default: 10s]
    #[arg(long, value_name = "TIME")]
    pub long_wait: Option<String>,
    /// How long a lock may be held [env: SYNCSCOPE_LONG_HOLD] [default: 5s]
    #[arg(long, value_name = "TIME")]
    pub long_hold: Option<String>,
    /// How long a call inside of a task may block a worker of an async runtime [env: SYNCSCOPE_BLOCKING] [default: 1s]
    #[arg(long, value_name = "TIME")]
    pub blocking: Option<String>,
    /// What of the program's arguments is not recorded: secrets (what looks like one), all or none [env: SYNCSCOPE_REDACT]
    /// [default: secrets]
    #[arg(long, value_name = "WHAT")]
    pub redact: Option<String>,
}
