//! From the words of the command line to [`Cli`]: ours and cargo's options may stand in any order.

use super::cli::{Cli, Command};
use clap::{CommandFactory, Parser};
use std::ffi::{OsStr, OsString};

/// The commands whose arguments are cargo's but for ours.
const LIKE_CARGO: [&str; 7] = ["run", "test", "nextest", "bench", "build", "explore", "confirm"];

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
    let end = cargo_args.iter().position(|arg| arg == "--").unwrap_or(cargo_args.len());
    let word = Some(&cargo_args[..end]).filter(|_| args[at] == "run").and_then(first_word);
    let program_args = match word {
        // All that follows is the program's, a `--` too.
        Some(start) => cargo_args.split_off(start),
        None => cargo_args.split_off(end).into_iter().skip(1).collect(),
    };
    let command = args[at].to_string_lossy().into_owned();
    args.extend(ours_first(&command, cargo_args));
    let mut cli = Cli::try_parse_from(args)?;
    if let Command::Run(run) | Command::Test(run) | Command::Nextest(run) | Command::Bench(run) =
        &mut cli.command
    {
        run.program_args = program_args;
    } else if let Command::Explore(explore) = &mut cli.command {
        explore.program_args = program_args;
    } else if let Command::Confirm(confirm) = &mut cli.command {
        confirm.command = program_args;
    } else if let Command::Build(build) = &mut cli.command
        && !program_args.is_empty()
    {
        // cargo says that it does not take them.
        build.cargo_args.push("--".into());
        build.cargo_args.extend(program_args);
    }
    Ok(cli)
}

/// Where the words of `cargo run` begin that are no options of cargo's or ours: all of them from there on are the program's.
fn first_word(args: &[OsString]) -> Option<usize> {
    let ours = Ours::of("run");
    let has_value = |arg: &OsString| {
        ours.takes_value(arg).unwrap_or_else(|| RUN_WITH.iter().any(|option| arg == option))
    };
    let is_option = |arg: &OsString| arg.as_encoded_bytes().starts_with(b"-");
    let mut at = 0;
    while let Some(arg) = args.get(at).filter(|arg| is_option(arg)) {
        // Some of cargo's values may be left out.
        let value = args.get(at + 1).filter(|value| has_value(arg) && !is_option(value));
        at += 1 + usize::from(value.is_some());
    }
    Some(at).filter(|&at| at < args.len())
}

/// The options of `cargo run` that have a value.
const RUN_WITH: [&str; 16] = [
    "-p",
    "--package",
    "--bin",
    "--example",
    "-F",
    "--features",
    "-j",
    "--jobs",
    "--profile",
    "--target",
    "--target-dir",
    "--manifest-path",
    "--lockfile-path",
    "--message-format",
    "--config",
    "-Z",
];

/// cargo takes its options in any order, so ours may stand between them.
fn ours_first(command: &str, args: Vec<OsString>) -> Vec<OsString> {
    let ours = Ours::of(command);
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
    fn of(name: &str) -> Self {
        let mut command = Cli::command();
        // Only then are the options of all commands known to each.
        command.build();
        let run = command.find_subcommand(name).map(clap::Command::get_arguments);
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
    use super::super::Output;
    use super::*;
    use crate::output::Format;

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
    fn build_takes_what_cargo_build_takes() {
        let Command::Build(build) = parsed("x build --release -q -p a --mode order").command else {
            panic!("not build")
        };
        assert_eq!(build.cargo_args, ["--release", "-p", "a", "--mode", "order"]);
    }

    #[test]
    fn run_without_cargo_arguments_keeps_the_programs() {
        let Command::Run(run) = parsed("x run -- a --b").command else { panic!("not run") };
        assert!(run.cargo_args.is_empty());
        assert_eq!(run.program_args, ["a", "--b"]);
    }

    #[test]
    fn words_of_run_are_the_programs() {
        for (line, cargo, program) in [
            ("a -r --mode x", "", "a -r --mode x"),
            ("-r -F x --mode ring a -b -- -c", "-r -F x", "a -b -- -c"),
            ("-p app --bin=b a", "-p app --bin=b", "a"),
            ("-p --release", "-p --release", ""),
        ] {
            let Command::Run(run) = parsed(&format!("x run {line}")).command else {
                panic!("not run")
            };
            let words = |words: &[OsString]| words.join(OsStr::new(" ")).into_string().unwrap();
            assert_eq!(
                (words(&run.cargo_args), words(&run.program_args)),
                (cargo.into(), program.into())
            );
        }
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
