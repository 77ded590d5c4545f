//! `replay`: a schedule that was found, once more.

use super::Context;
use super::inspect::Inspection;
use super::raced::Raced;
use super::schedule::{read, show};
use crate::args::{ReplayArgs, RuntimeArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::explore::{Bench, Failure, How, ReplayFile, Shown};
use crate::output::Format;
use std::time::Duration;
use syncscope_recording::schedule::{Options, Plan, Strategy};

/// Steps beyond those that were made.
const MORE: u64 = 1_000_000;

pub(super) fn replay(context: &Context, args: &ReplayArgs) -> Result<Exit, CliError> {
    let policy = context.policy(&args.print.judge)?;
    let settings = context.settings(&RuntimeArgs::default())?;
    let file = ReplayFile::read(&args.file)?;
    file.check()?;
    let subject = file.subject();
    let cannot = |error| CliError::Start { program: subject.name.clone(), error, suggestion: "" };
    // Nobody is to be hurried who looks around in a debugger.
    let timeout = if args.gdb { Duration::MAX } else { args.timeout };
    let bench = Bench::new(timeout).map_err(cannot)?;
    let segments = file.segments();
    let plan = Plan {
        strategy: Strategy::Follow,
        seed: 0,
        length: 1,
        limit: file.trace.len() as u64 + MORE,
        options: Options {
            atomics: file.atomics,
            releases: file.releases,
            held: file.held,
            ..Options::default()
        },
        beginning: file.beginning,
        followed: &segments,
        steered: &[],
        processor: Some(0),
        debugged: args.gdb.then_some(file.trace.len() as u64),
    };
    let run = context.runs().create()?;
    let how = How { recordings: Some(&run.dir), with_trace: true, keeps_output: true };
    let mut tell = |pid: u32| {
        context.progress(&format!(
            "process {pid} waits before the last of {} steps: attach with `gdb -p {pid}`, set breakpoints, and `continue`",
            file.trace.len()
        ));
    };
    let ran = bench.run_debugged(&subject, &plan, how, &mut tell).map_err(cannot)?;
    let files = crate::recordings::find(std::slice::from_ref(&run.dir))?;
    let recordings = read(&run.dir);
    let raced = || {
        let raced = Raced { context, policy: &policy, orders: &settings.orders };
        (!raced.of(&run.dir, &recordings).is_empty()).then_some(Failure::Race)
    };
    let failure = Failure::of(&ran, 0).or_else(raced);
    let mut schedules = Vec::new();
    if let Some(outcome) = &ran.outcome {
        let tell = |text: &str| match args.print.format {
            Format::Human => context.print(&format!("{text}\n\n")),
            _ => context.progress(text),
        };
        match file.parting(outcome) {
            Some((at, made, expected)) => tell(&format!(
                "The program went another way at step {}: {made}; it was: {expected}.",
                at + 1
            )),
            None => tell(&format!("The same {} steps were made.", outcome.steps)),
        }
        match failure {
            Some(failure) => {
                let sources = context.sources(&[]);
                let known = (&sources, recordings.as_slice());
                let shown = Shown::new(&subject, failure, (&ran, outcome), known);
                show(context, &shown, args.print.format);
                schedules.push(Shown { file: Some(args.file.clone()), ..shown });
            }
            None => tell("It did not fail."),
        }
    }
    let judged = (files, settings.orders.clone());
    let inspection = Inspection::of_files("replay", judged, policy.clone(), args.print.clone());
    let exit = Inspection { schedules, ..inspection }.perform(context)?;
    if let Some(failure) = failure
        && args.print.format == Format::Human
    {
        context.print(&format!("failed: {}\n", failure.words()));
    }
    Ok(if failure.is_some() { Exit::Findings } else { exit })
}
