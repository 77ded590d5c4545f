//! What the user typed, exactly: no look at the disk, no defaults that depend on the place.

use crate::settings::{Time, did_you_mean};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

/// `cargo syncscope`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-syncscope",
    bin_name = "cargo syncscope",
    version,
    about = "Finds deadlocks and lock order inversions in Rust programs",
    after_help = EXIT_CODES,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    checked, no finding at `deny` level
  1    at least one `deny` finding, whatever the program returned
  2    usage or configuration error
  3    check, report: nothing was checked
  4    a recording is unreadable, foreign or of a newer format
  101  a bug in this tool, or what cargo returned
  Without a `deny` finding, the code of the program or of cargo is passed through.";

/// Options of all commands.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// When to colour the output
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
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
    Build(RunArgs),
    /// Tell what would be recorded here, and what would not
    Doctor,
    /// Run any program that uses instrumented-sync, then check what was recorded
    Exec(ExecArgs),
    /// Check recordings; fails on a `deny` finding
    Check(CheckArgs),
    /// Check recordings and show the state of each process at its end
    Report(ReportArgs),
    /// Show the state of a process that runs or is stuck, without touching it
    Attach(AttachArgs),
    /// Show the page of a rule
    Explain(ExplainArgs),
    /// List the rules
    Rules,
}

/// Arguments of the commands that call cargo.
#[derive(Clone, Debug, Args)]
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
    /// Arguments of cargo's command of the same name
    #[arg(num_args = 0.., allow_hyphen_values = true, value_name = "CARGO ARGS")]
    pub cargo_args: Vec<OsString>,
    /// Arguments of the program, the tests or the benchmarks
    #[arg(last = true, value_name = "PROGRAM ARGS")]
    pub program_args: Vec<OsString>,
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
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Recordings, or folders to search for them [default: the latest run]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
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

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule, such as `lock-order-inversion`
    #[arg(value_name = "RULE")]
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
}

/// How to print.
#[derive(Clone, Debug, Default, Args)]
pub struct PrintArgs {
    /// The form of the report on stdout; with a form for machines, the output of a supervised program goes to stderr
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write the report to a file, too, such as `sarif=out.sarif`; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = Output::parse)]
    pub output: Vec<Output>,
    /// Show refuted findings too
    #[arg(long)]
    pub refuted: bool,
}

/// A time as the settings have it, but never `off`.
fn time(text: &str) -> Result<Duration, String> {
    let time = Time::parse(text).and_then(Time::duration);
    time.ok_or_else(|| "it is a number with ms, s, m or h, such as 500ms".to_owned())
}

/// Forms of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: source frames, schedules
    #[default]
    Human,
    /// One line for each finding
    Short,
    /// The newest version of the JSON report
    Json,
    /// Version 1 of the JSON report
    JsonV1,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit's XML, for dashboards of tests
    Junit,
    /// Markdown, for a job summary
    Markdown,
    /// The order graph for Graphviz
    Dot,
}

/// A file that the report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// In which form.
    pub format: Format,
    /// Where.
    pub file: PathBuf,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// When the output is a terminal that can, and the environment does not object
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Format {
    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Short => "short",
            Self::Json => "json",
            Self::JsonV1 => "json-v1",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Dot => "dot",
        }
    }

    /// Whether a program reads it, so that nothing else may come to stdout.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        !matches!(self, Self::Human | Self::Short | Self::Github)
    }
}

impl Output {
    /// Reads `FORMAT=FILE`.
    fn parse(text: &str) -> Result<Self, String> {
        let form = "it is FORMAT=FILE, such as sarif=out.sarif";
        let (format, file) = text.split_once('=').ok_or(form)?;
        let format = Format::from_str(format, false).map_err(|_| {
            let names: Vec<_> =
                Format::value_variants().iter().map(|format| format.name()).collect();
            let suggestion = did_you_mean(format, names.iter().copied());
            let format = crate::escape::name(format);
            format!("unknown format `{format}`{suggestion}; it is one of: {}", names.join(", "))
        })?;
        if file.is_empty() {
            return Err(form.to_owned());
        }
        Ok(Self { format, file: file.into() })
    }
}

/// The commands whose arguments are cargo's but for ours.
const LIKE_CARGO: [&str; 5] = ["run", "test", "nextest", "bench", "build"];

/// Parses the command line, as cargo passes it (`cargo-syncscope syncscope …`) or called directly.
///
/// # Errors
///
/// clap's; among them the requests for help and version.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|arg| arg == "syncscope") {
        args.remove(1);
    }
    let run = args.iter().skip(1).position(|arg| !arg.to_string_lossy().starts_with('-'));
    let Some(at) =
        run.map(|at| at + 1).filter(|&at| LIKE_CARGO.iter().any(|like| args[at] == *like))
    else {
        return Cli::try_parse_from(args);
    };
    let mut cargo_args = args.split_off(at + 1);
    // Behind an argument that may be any option, clap would take `--` for one of cargo's.
    let program_args = match cargo_args.iter().position(|arg| arg == "--") {
        Some(end) => cargo_args.split_off(end).split_off(1),
        None => Vec::new(),
    };
    args.extend(ours_first(cargo_args));
    let mut cli = Cli::try_parse_from(args)?;
    if let Command::Run(run)
    | Command::Test(run)
    | Command::Nextest(run)
    | Command::Bench(run)
    | Command::Build(run) = &mut cli.command
    {
        run.program_args = program_args;
    }
    Ok(cli)
}

/// cargo takes its options in any order, so ours may stand between them.
fn ours_first(args: Vec<OsString>) -> Vec<OsString> {
    let ours = Ours::of_run();
    let (mut first, mut others) = (Vec::new(), Vec::new());
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        match ours.takes_value(&arg) {
            Some(true) => {
                first.push(arg);
                first.extend(args.next());
            }
            Some(false) => first.push(arg),
            None => others.push(arg),
        }
    }
    first.append(&mut others);
    first
}

/// Options of `run` and its like that are ours wherever they stand before `--`. Everything else is cargo's.
struct Ours {
    /// Spelt with their dashes, and whether they take a value.
    options: Vec<(String, bool)>,
}

impl Ours {
    fn of_run() -> Self {
        let mut command = Cli::command();
        // Only then are the options of all commands known to each.
        command.build();
        let run = command.find_subcommand("run").map(clap::Command::get_arguments);
        let mut options = Vec::new();
        for arg in run.into_iter().flatten().filter(|arg| !arg.is_positional()) {
            let takes = arg.get_action().takes_values();
            options.extend(arg.get_long().map(|long| (format!("--{long}"), takes)));
            options.extend(arg.get_short().map(|short| (format!("-{short}"), takes)));
        }
        Self { options }
    }

    /// For an option of ours: whether its value is the next argument.
    fn takes_value(&self, arg: &OsStr) -> Option<bool> {
        let arg = arg.to_str()?;
        let (name, inline) = arg.split_once('=').map_or((arg, false), |(name, _)| (name, true));
        let exact = self.options.iter().find(|(ours, _)| *ours == name);
        exact.map(|&(_, value)| value && !inline).or_else(|| {
            // `-Drule`: one dash, and the value right behind the letter.
            let glued = |(ours, value): &&(String, bool)| {
                *value && !ours.starts_with("--") && arg.starts_with(ours.as_str())
            };
            self.options.iter().find(glued).map(|_| false)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Cli {
        parse(line.split(' ').map(OsString::from)).expect(line)
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn cargo_calls_it_with_its_name() {
        for line in ["cargo-syncscope syncscope rules", "cargo-syncscope rules"] {
            assert!(matches!(parsed(line).command, Command::Rules));
        }
    }

    #[test]
    fn options_of_run_may_stand_between_cargos() {
        let line = "x run --release --format=json -p bank --mode order -F a -- --mode x -- y";
        let Command::Run(run) = parsed(line).command else { panic!("not run") };
        assert_eq!(run.cargo_args, ["--release", "-p", "bank", "-F", "a"]);
        assert_eq!(run.program_args, ["--mode", "x", "--", "y"]);
        assert_eq!(run.runtime.mode.as_deref(), Some("order"));
        assert_eq!(run.print.format, Format::Json);
    }

    #[test]
    fn every_option_of_ours_may_stand_anywhere() {
        let line =
            "x test --workspace --long-hold 2s -F a --output sarif=a.sarif --on-stall=exit --all";
        let Command::Test(test) = parsed(line).command else { panic!("not test") };
        assert_eq!(test.cargo_args, ["--workspace", "-F", "a", "--all"]);
        assert_eq!(test.runtime.long_hold.as_deref(), Some("2s"));
        assert_eq!(test.runtime.on_stall.as_deref(), Some("exit"));
        assert_eq!(test.print.output, [Output { format: Format::Sarif, file: "a.sarif".into() }]);
    }

    #[test]
    fn outputs_are_forms_with_files() {
        for (format, text) in Format::value_variants().iter().map(|format| (format, format.name()))
        {
            let output = Output::parse(&format!("{text}=a=b")).unwrap();
            assert_eq!((output.format, output.file), (*format, PathBuf::from("a=b")));
        }
        for (wrong, expected) in [
            ("sarif", "FORMAT=FILE"),
            ("sarif=", "FORMAT=FILE"),
            ("saref=x", "did you mean `sarif`"),
        ] {
            let error = Output::parse(wrong).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn run_without_cargo_arguments_keeps_the_programs() {
        let Command::Run(run) = parsed("x run -- a --b").command else { panic!("not run") };
        assert!(run.cargo_args.is_empty());
        assert_eq!(run.program_args, ["a", "--b"]);
    }

    #[test]
    fn exec_leaves_the_programs_options_alone() {
        let line = "x -q exec --dir d -- prog --dir e -q";
        let cli = parsed(line);
        let Command::Exec(exec) = cli.command else { panic!("not exec") };
        assert!(cli.global.quiet);
        assert_eq!(exec.runtime.dir, Some("d".into()));
        assert_eq!(exec.command, ["prog", "--dir", "e", "-q"]);
    }
}
