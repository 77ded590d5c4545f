//! `exec`: any program, supervised, then checked.

use super::Context;
use super::inspect::Inspection;
use crate::args::{ExecArgs, PrintArgs, Races};
use crate::error::CliError;
use crate::escape;
use crate::exit::Exit;
use crate::output::{Format, Program};
use crate::policy::Policy;
use crate::recordings;
use crate::runs::{Run, Runs};
use crate::settings::{OnDeadlock, OnStall, Settings};
use crate::supervise;
use crate::swap::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::process::{Command, Stdio};

pub(super) fn exec(context: &Context, args: &ExecArgs) -> Result<Exit, CliError> {
    let settings = context.settings(&args.runtime)?;
    let supervised = Supervised {
        name: "exec",
        words: args.command.clone(),
        policy: context.policy(&args.print.judge)?,
        print: args.print.clone(),
        on_deadlock: OnDeadlock::Exit,
        races: None,
        swapped: false,
        refusal: None,
    };
    supervised.perform(context, &settings, &context.runs())
}

/// A program to be run and checked.
#[derive(Debug)]
pub(super) struct Supervised {
    /// Our command.
    pub(super) name: &'static str,
    /// The program and its arguments.
    pub(super) words: Vec<OsString>,
    /// Which findings count.
    pub(super) policy: Policy,
    /// How to print.
    pub(super) print: PrintArgs,
    /// What happens on a deadlock where no setting says so.
    pub(super) on_deadlock: OnDeadlock,
    /// Which accesses are checked; `None`: as the environment says.
    pub(super) races: Option<Races>,
    /// Whether it is cargo, building against the recorded `std`.
    pub(super) swapped: bool,
    /// The code with which the program refuses its arguments, where it has no other meaning.
    pub(super) refusal: Option<i32>,
}

/// A word that the program cannot guess.
fn random_word() -> String {
    // The standard library seeds its hashers at random.
    let [a, b] = [0, 1].map(|_| RandomState::new().hash_one(std::process::id()));
    format!("syncscope-{a:016x}{b:016x}")
}

impl Supervised {
    /// Runs it into a folder of its own (or the one that is set), then checks what this run added there.
    pub(super) fn perform(
        self,
        context: &Context,
        settings: &Settings,
        runs: &Runs,
    ) -> Result<Exit, CliError> {
        let run = match &settings.dir {
            Some(dir) => Run::into_folder(&context.folder.join(dir))?,
            None => runs.create()?,
        };
        let folder = [run.dir.clone()];
        let before: BTreeSet<_> = recordings::find(&folder)?.into_iter().collect();
        let token = (self.print.format == Format::Github).then(random_word);
        // What the program prints is no command for the runner.
        if let Some(token) = &token {
            context.print(&format!("::stop-commands::{token}\n"));
        }
        let ended = supervise::run(self.command(&run, settings)?);
        if let Some(token) = &token {
            context.print(&format!("\n::{token}::\n"));
        }
        let ended = ended.map_err(|error| self.cannot_start(error))?;
        let mut files = recordings::find(&folder)?;
        files.retain(|file| !before.contains(file));
        if files.is_empty() && ended.code.is_some() && ended.code == self.refusal {
            return Ok(Exit::Cargo);
        }
        context.progress(&format!("recorded in {}", escape::text(&run.dir.display().to_string())));
        let command = self.words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let program = Program { command, run, ended, swapped: self.swapped };
        let inspection = Inspection {
            command: self.name,
            files,
            orders: settings.orders.clone(),
            policy: self.policy,
            print: self.print,
            program: Some(&program),
            schedules: Vec::new(),
            decided: None,
            answered: BTreeMap::new(),
            stacks: BTreeMap::new(),
            last_events: None,
            locks: false,
            profiles: Vec::new(),
            looks: None,
        };
        inspection.perform(context)
    }

    fn command(&self, run: &Run, settings: &Settings) -> Result<Command, CliError> {
        let (program, args) = match self.words.split_first() {
            Some(words) => words,
            None => return Err(self.cannot_start(io::Error::from(io::ErrorKind::InvalidInput))),
        };
        let mut command = Command::new(program);
        command
            .args(args)
            .env("SYNCSCOPE_DIR", &run.dir)
            .env("SYNCSCOPE_RUN", &run.id)
            .env("SYNCSCOPE_MODE", settings.mode.word())
            .env("SYNCSCOPE_REDACT", settings.redact.word())
            .env("SYNCSCOPE_ON_DEADLOCK", settings.on_deadlock.unwrap_or(self.on_deadlock).word())
            .env("SYNCSCOPE_ON_STALL", settings.on_stall.unwrap_or(self.on_stall()).word())
            .envs(settings.times.variables())
            .envs(self.races.map(|races| ("SYNCSCOPE_RACES", races.word())));
        if self.swapped {
            Plan::clean(&mut command);
        }
        if self.print.format.is_machine() {
            // Stdout is one document then.
            command.stdout(Stdio::from(io::stderr()));
        }
        Ok(command)
    }

    /// A test that hangs is to fail; another program may be woken yet.
    fn on_stall(&self) -> OnStall {
        if matches!(self.name, "test" | "nextest") { OnStall::Exit } else { OnStall::Report }
    }

    fn cannot_start(&self, error: io::Error) -> CliError {
        let program = self.words.first().map(|word| word.to_string_lossy().into_owned());
        let missing = error.kind() == io::ErrorKind::NotFound;
        CliError::Start {
            program: escape::name(&program.unwrap_or_default()),
            error,
            suggestion: if missing && self.name == "exec" {
                "; a program in this folder is called `./name`"
            } else {
                ""
            },
        }
    }
}
