//! `replay`: a schedule that was found, once more.

use super::Context;
use super::inspect::Inspection;
use super::schedule::show;
use crate::args::{ReplayArgs, RuntimeArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::explore::{Bench, Failure, How, ReplayFile};
use crate::output::Format;
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
    let bench = Bench::new(args.timeout).map_err(cannot)?;
    let segments = file.segments();
    let plan = Plan {
        strategy: Strategy::Follow,
        seed: 0,
        length: 1,
        limit: file.trace.len() as u64 + MORE,
        options: Options { atomics: file.atomics, releases: file.releases, ..Options::default() },
        beginning: file.beginning,
        followed: &segments,
        steered: &[],
        processor: Some(0),
    };
    let run = context.runs().create()?;
    let how = How { recordings: Some(&run.dir), with_trace: true, keeps_output: true };
    let ran = bench.run(&subject, &plan, how).map_err(cannot)?;
    let failure = Failure::of(&ran, 0);
    if let Some(outcome) = &ran.outcome {
        match file.parting(outcome) {
            Some((at, made, expected)) => context.print(&format!(
                "The program went another way at step {}: {made}; it was: {expected}.\n\n",
                at + 1
            )),
            None => context.print(&format!("The same {} steps were made.\n\n", outcome.steps)),
        }
        match failure {
            Some(failure) => show(context, &subject, failure, &ran, outcome),
            None => context.print("It did not fail.\n\n"),
        }
    }
    let judged = (crate::recordings::find(&[run.dir])?, settings.orders);
    let inspection = Inspection::of_files("replay", judged, policy, args.print.clone());
    let exit = inspection.perform(context)?;
    if let Some(failure) = failure
        && args.print.format == Format::Human
    {
        context.print(&format!("failed: {}\n", failure.words()));
    }
    Ok(if failure.is_some() { Exit::Findings } else { exit })
}
