//! `attach`: the state of a process that runs, or is stuck, from its mapped recording. The process is not touched. Each look is drawn over the one
//! before, with a mark on what has changed.

use super::Context;
use super::inspect::Inspection;
use crate::args::{AttachArgs, RuntimeArgs};
use crate::debugger::{self, Stacks};
use crate::error::CliError;
use crate::escape;
use crate::exit::Exit;
use crate::output::Format;
use crate::{live, recordings};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use syncscope_recording::Events;
use syncscope_recording::layout::EXTENSION;

pub(super) fn attach(context: &Context, args: &AttachArgs) -> Result<Exit, CliError> {
    let runtime = RuntimeArgs { dir: args.dir.clone(), ..RuntimeArgs::default() };
    let settings = context.settings(&runtime)?;
    let files = find(context, &args.target, settings.dir)?;
    let looks = (!args.once && args.print.format == Format::Human).then(RefCell::default);
    loop {
        // Asked before the look: the last look is at what has ended.
        let is_last = args.once || !files.iter().any(|file| is_running(file));
        let inspection = Inspection {
            command: "attach",
            files: files.clone(),
            orders: settings.orders.clone(),
            policy: context.policy(&args.print.judge)?,
            print: args.print.clone(),
            program: None,
            schedules: Vec::new(),
            decided: None,
            last_events: Some(args.events),
            answered: if args.no_stacks { BTreeMap::new() } else { ask(&files) },
            stacks: if args.ptrace { stop(context, &files) } else { BTreeMap::new() },
            locks: false,
            profiles: Vec::new(),
            looks: looks.as_ref(),
        };
        let exit = inspection.perform(context)?;
        if is_last {
            return Ok(exit);
        }
        thread::sleep(args.every.unwrap_or(EVERY));
    }
}

/// Between two looks: often enough for an eye, rare enough for a processor.
const EVERY: Duration = Duration::from_secs(2);

/// The recordings of what was named: a process by its id, a file, or the name of one.
pub(super) fn find(
    context: &Context,
    target: &OsStr,
    dir: Option<PathBuf>,
) -> Result<Vec<PathBuf>, CliError> {
    let path = Path::new(target);
    let target = target.to_string_lossy();
    if let Some(pid) = target.parse().ok().filter(|_| !path.exists()) {
        return of_process(pid);
    }
    if path.exists() {
        return Ok(recordings::find(&[path.to_owned()])?);
    }
    let folder = dir.or_else(|| context.latest_run().map(|run| run.dir));
    let all = folder.map_or_else(|| Ok(Vec::new()), |folder| recordings::find(&[folder]))?;
    let is_meant = |file: &PathBuf| {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name == target || name == format!("{target}.{EXTENSION}"))
    };
    match all.into_iter().find(is_meant) {
        Some(file) => Ok(vec![file]),
        None => Err(CliError::Attach {
            target: escape::name(&target),
            why: "there is no such process, file or recording",
        }),
    }
}

fn of_process(pid: u32) -> Result<Vec<PathBuf>, CliError> {
    let files = live::recordings_of(pid);
    if !files.is_empty() {
        return Ok(files);
    }
    let why = match live::exists(pid) {
        _ if !cfg!(target_os = "linux") => {
            "processes are found on Linux only; name the recording instead"
        }
        true => {
            "the process records nothing that can be seen: it uses no instrumented lock, or it is another user's; \
             name the recording instead"
        }
        false => "there is no such process; `report` reads the recording that it left",
    };
    Err(CliError::Attach { target: pid.to_string(), why })
}

/// Asks the processes for the stacks of their waits: by their ids, whether they have answered.
fn ask(files: &[PathBuf]) -> BTreeMap<u32, bool> {
    #[cfg(unix)]
    let answers = files.iter().filter_map(|file| {
        let recording = syncscope_recording::read_file_with(file, Events::None).ok()?;
        let process = recording.process;
        Some((process.pid, crate::asking::ask(&process, file)?))
    });
    #[cfg(not(unix))]
    let answers = files.iter().filter_map(|_| None);
    answers.collect()
}

/// The stacks of the processes by a debugger, by their ids. Of what it does not give it is told why.
fn stop(context: &Context, files: &[PathBuf]) -> BTreeMap<u32, Stacks> {
    let pids = files.iter().filter_map(|file| {
        let recording = syncscope_recording::read_file_with(file, Events::None).ok()?;
        let pid = recording.process.pid;
        live::of(pid, file).map(|_| pid)
    });
    let pids: BTreeSet<u32> = pids.collect();
    let stacks = pids.into_iter().filter_map(|pid| match debugger::stacks(pid) {
        Ok(stacks) => Some((pid, stacks)),
        Err(why) => {
            let why = escape::text(&why);
            context.progress(&format!("no stacks of process {pid} by a debugger: {why}"));
            None
        }
    });
    stacks.collect()
}

fn is_running(file: &Path) -> bool {
    let recording = syncscope_recording::read_file_with(file, Events::None);
    recording.is_ok_and(|recording| live::of(recording.process.pid, file).is_some())
}
