//! What the commands that call cargo share: build against the recorded `std`, run, check.
//!
//! The build comes first and alone. If it fails, what the compiler says tells whose fault that is: most projects that do
//! not compile do so without us, too. Where the swap may be the cause, the plain build tells.

use super::Context;
use super::exec::Supervised;
use crate::args::RunArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::policy::Policy;
use crate::project::{Project, by_hand, cargo};
use crate::runs::Runs;
use crate::settings::OnDeadlock;
use crate::swap::{
    Accesses, Diagnostics, Noted, Plan, Runner, Runtime, SwapError, Toolchain, check_target,
    may_be_the_swap, run_cargo, without,
};
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::panic::resume_unwind;
use std::process::{Command, Stdio};
use std::thread;

/// A call of cargo.
#[derive(Debug)]
pub(super) struct Task<'a> {
    /// Our command.
    pub(super) name: &'static str,
    /// cargo's.
    pub(super) subcommand: &'static [&'static str],
    /// How to make it build only.
    pub(super) build: Build,
    /// What happens on a deadlock where no setting says so.
    pub(super) on_deadlock: OnDeadlock,
    /// The user's arguments.
    pub(super) args: &'a RunArgs,
}

/// How to make cargo's command build and do nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// It does nothing else anyway.
    Only,
    /// With an option.
    Option(&'static str),
    /// With a runner that does not run the program.
    RunNothing,
}

impl Task<'_> {
    /// Does it.
    pub(super) fn perform(&self, context: &Context) -> Result<Exit, CliError> {
        let args = &self.args.cargo_args;
        // Both ask another program, so they do it at the same time.
        let (project, toolchain) = thread::scope(|scope| {
            let folder = &context.folder;
            let toolchain = scope.spawn(move || Toolchain::of_folder(folder, args));
            let project = Project::of_cargo_args(folder, args, context.project());
            (project, toolchain.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        let settings = context.settings(&self.args.runtime)?;
        // Mistakes in it are told before anything is built.
        let policy = context.policy(&self.args.print.judge)?;
        let Some(project) = project else {
            return self.without_project(context);
        };
        let runs = Runs::under(&project.target_directory);
        let accesses = Accesses::asked(self.args.races.is_some(), self.args.atomics);
        if self.args.no_swap || self.has_programs() || by_hand(&project, &context.folder, args) {
            if let Some(option) = accesses.option() {
                let why = "they are looked for in what is built against the recorded std only";
                return Err(SwapError::NoAccesses(option, why.to_owned()).into());
            }
            let words = self.plain_words(context);
            return self.supervised(words, policy, false).perform(context, &settings, &runs);
        }
        let toolchain = toolchain?;
        check_target(args, &toolchain.host)?;
        let offline = ["--offline", "--frozen"].iter().any(|option| self.has(option));
        let runtime = Runtime::prepare(&toolchain, accesses, offline, &mut *progress(context))?;
        let target = &project.target_directory;
        let plan = Plan::new(&context.folder, args, target, (&toolchain, &runtime), accesses)?;
        let said = match self.build(context, &plan)? {
            Ok(said) => said,
            // cargo refuses our option beside the user's: the call that runs the programs builds them, too.
            Err(said) if self.is_refused(&said) => Diagnostics::default(),
            Err(said) => return self.whose_fault(context, &plan, &said, &toolchain),
        };
        if self.only_builds() {
            said.show();
            let folder = plan.target_directory.join(&toolchain.host).display().to_string();
            let folder = crate::escape::text(&folder);
            context.progress(&format!(
                "built under {folder}; `cargo syncscope exec <program>` runs and checks"
            ));
            return Ok(Exit::Clean);
        }
        let mut words = plan.words(self.subcommand, &self.cargo_args(context));
        self.add_program_args(&mut words);
        self.supervised(words, policy, true).perform(context, &settings, &runs)
    }

    /// Builds for schedules to be explored; the programs that cargo would run. `Err`: it is over before, with this code.
    pub(super) fn programs(&self, context: &Context) -> Result<Result<Vec<Noted>, Exit>, CliError> {
        let args = &self.args.cargo_args;
        let project = Project::of_cargo_args(&context.folder, args, context.project());
        let Some(project) = project else {
            return self.without_project(context).map(Err);
        };
        let toolchain = Toolchain::of_folder(&context.folder, args)?;
        check_target(args, &toolchain.host)?;
        let accesses = Accesses::asked(self.args.races.is_some(), self.args.atomics).explored();
        let offline = ["--offline", "--frozen"].iter().any(|option| self.has(option));
        let runtime = Runtime::prepare(&toolchain, accesses, offline, &mut *progress(context))?;
        let target = &project.target_directory;
        let plan = Plan::new(&context.folder, args, target, (&toolchain, &runtime), accesses)?;
        if let Err(said) = self.build(context, &plan)? {
            return self.whose_fault(context, &plan, &said, &toolchain).map(Err);
        }
        let file = plan.target_directory.join(format!("programs.{}", std::process::id()));
        std::fs::write(&file, "")
            .map_err(|error| SwapError::Write { path: file.clone(), error })?;
        let mut args = self.cargo_args(context);
        let mut variable = None;
        match plan.note_programs() {
            Runner::Variable(name, value) => variable = Some((name, value)),
            Runner::Options(options) => args.extend(options),
        }
        let mut words = plan.words(self.subcommand, &args);
        words.extend(plan.no_doc_tests());
        self.add_program_args(&mut words);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).envs(variable).stdout(Stdio::null()).stderr(Stdio::null());
        Plan::clean(&mut command);
        Noted::note_to(&mut command, &file);
        command.status().map_err(SwapError::Cargo)?;
        let programs = Noted::read(&file);
        _ = std::fs::remove_file(&file);
        Ok(Ok(programs.map_err(|error| SwapError::Write { path: file, error })?))
    }

    /// Whether that is all there is to do: the command does nothing else, or was asked not to.
    fn only_builds(&self) -> bool {
        match self.build {
            Build::Only => true,
            Build::Option(option) => self.has(option),
            Build::RunNothing => false,
        }
    }

    fn supervised(&self, words: Vec<OsString>, policy: Policy, swapped: bool) -> Supervised {
        Supervised {
            name: self.name,
            words,
            policy,
            print: self.args.print.clone(),
            on_deadlock: self.on_deadlock,
            races: self.args.races,
            swapped,
            refusal: match self.build {
                // What was run may end with any code.
                Build::RunNothing | Build::Only => None,
                Build::Option(_) => Some(if self.is_nextest() { 2 } else { 1 }),
            },
        }
    }

    /// Whether nextest is given programs that are built already.
    fn has_programs(&self) -> bool {
        self.is_nextest()
            && ["--archive-file", "--binaries-metadata"].iter().any(|option| self.has(option))
    }

    fn is_nextest(&self) -> bool {
        self.subcommand.first() == Some(&"nextest")
    }

    /// Whether it is about doc tests alone. cargo has no option that only builds what they need.
    fn has_only_doc_tests(&self) -> bool {
        matches!(self.build, Build::Option(option) if self.has("--doc") && !self.has(option))
    }

    /// The user's arguments, so that cargo builds only.
    fn build_args(&self, context: &Context) -> Vec<OsString> {
        let args = self.cargo_args(context);
        let Build::Option(option) = self.build else { return args };
        if self.has(option) || self.has_only_doc_tests() {
            return args;
        }
        let mut args = match self.is_nextest() {
            true => without(&args, &NEXTEST_RUNS_WITH, &NEXTEST_RUNS),
            false => args,
        };
        args.push(option.into());
        args
    }

    /// Whether cargo refuses the option by which we make it build only.
    fn is_refused(&self, said: &Diagnostics) -> bool {
        let Build::Option(option) = self.build else { return false };
        let is_ours = |line: &str| line.contains("cannot be used with") && line.contains(option);
        !self.has(option) && said.text().lines().any(is_ours)
    }

    /// The swapped build: what cargo said besides its progress, in either case.
    fn build(
        &self,
        context: &Context,
        plan: &Plan,
    ) -> Result<Result<Diagnostics, Diagnostics>, CliError> {
        let mut args = self.build_args(context);
        let mut variable = None;
        if self.build == Build::RunNothing {
            match plan.run_nothing() {
                Runner::Variable(name, value) => variable = Some((name, value)),
                Runner::Options(options) => args.extend(options),
            }
        }
        let mut words = plan.words(self.subcommand, &args);
        if self.has_only_doc_tests() {
            words.extend(plan.no_doc_tests());
        }
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).envs(variable);
        Plan::clean(&mut command);
        if !self.only_builds() {
            command.stdout(Stdio::null());
        }
        if io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        let (status, said) =
            run_cargo(command, &mut *progress(context)).map_err(SwapError::Cargo)?;
        Ok(if status.success() { Ok(said) } else { Err(said) })
    }

    /// The swapped build has failed.
    fn whose_fault(
        &self,
        context: &Context,
        plan: &Plan,
        said: &Diagnostics,
        toolchain: &Toolchain,
    ) -> Result<Exit, CliError> {
        if !may_be_the_swap(said) {
            said.show();
            return Ok(Exit::Cargo);
        }
        context.progress("the build against the recorded std has failed; building without it");
        let mut args = self.build_args(context);
        if self.has_only_doc_tests() {
            args.extend(plan.no_doc_tests());
        }
        let subcommand =
            if self.build == Build::RunNothing { &["build"][..] } else { self.subcommand };
        let status =
            Command::new(cargo()).args(subcommand).args(args).status().map_err(SwapError::Cargo)?;
        if !status.success() {
            return Ok(Exit::Cargo);
        }
        said.show();
        crate::terminal::complain(&format!(
            "this compiles without the recorded std and not with it (the messages are above): that is a bug of \
             cargo-syncscope {}, with rustc {}; please report it at {}/issues",
            env!("CARGO_PKG_VERSION"),
            crate::escape::text(&toolchain.release),
            env!("CARGO_PKG_REPOSITORY"),
        ));
        Ok(Exit::Program(TOOL_BUG))
    }

    /// cargo cannot read the project. It says best what is wrong, if there is one.
    fn without_project(&self, context: &Context) -> Result<Exit, CliError> {
        let folder = &context.folder;
        let has_manifest = folder.ancestors().any(|folder| folder.join("Cargo.toml").is_file());
        if !has_manifest && !self.has("--manifest-path") {
            let folder = folder.display().to_string();
            let folder = crate::escape::text(&folder);
            return Err(SwapError::NoProject(folder.into_owned()).into());
        }
        let words = self.plain_words(context);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).status().map_err(SwapError::Cargo)?;
        Ok(Exit::Cargo)
    }

    fn plain_words(&self, context: &Context) -> Vec<OsString> {
        let mut words = vec![cargo()];
        words.extend(self.subcommand.iter().map(OsString::from));
        words.extend(self.cargo_args(context));
        self.add_program_args(&mut words);
        words
    }

    /// The user's arguments of cargo, and ours that are cargo's, too.
    fn cargo_args(&self, context: &Context) -> Vec<OsString> {
        let mut args = self.args.cargo_args.clone();
        if context.global.quiet {
            args.insert(0, if self.is_nextest() { "--cargo-quiet" } else { "--quiet" }.into());
        }
        if let Some(when) = context.global.color.chosen() {
            args.insert(0, format!("--color={when}").into());
        }
        args
    }

    fn add_program_args(&self, words: &mut Vec<OsString>) {
        if !self.args.program_args.is_empty() {
            words.push("--".into());
            words.extend(self.args.program_args.iter().cloned());
        }
    }

    fn has(&self, option: &str) -> bool {
        self.args
            .cargo_args
            .iter()
            .any(|arg| arg.to_str().is_some_and(|arg| arg.split('=').next() == Some(option)))
    }
}

/// Options of nextest that are about running and that it refuses beside `--no-run`: those with a value, and those without.
const NEXTEST_RUNS_WITH: [&str; 3] = ["--max-fail", "--debugger", "--tracer"];
const NEXTEST_RUNS: [&str; 4] = ["--fail-fast", "--ff", "--no-fail-fast", "--nff"];

/// The code of a bug in this tool.
const TOOL_BUG: u8 = 101;

fn progress(context: &Context) -> Box<dyn Write> {
    if context.global.quiet { Box::new(io::sink()) } else { Box::new(io::stderr()) }
}
