//! `explore`: schedules of a program, or of each of its tests, until one fails.

use super::Context;
use super::inspect::Inspection;
use super::of_cargo;
use super::raced::Raced;
use super::schedule::{Found, Kept};
use crate::args::{ExploreArgs, Races, RunArgs, RuntimeArgs};
use crate::error::CliError;
use crate::escape;
use crate::exit::Exit;
use crate::explore::{Bench, Choice, Failure, How, Seen, Subject, mix};
use crate::output::Format;
use crate::words;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use syncscope_recording::schedule::layout::op;
use syncscope_recording::schedule::{Options, Plan};

/// Runs without a new schedule after which there is none.
const STALE: u64 = 200;
/// Recordings that are kept for the report.
const KEPT: usize = 64;
/// So many times the steps of the first run are too many, and so many are always allowed.
const MANY: u64 = 50;
const FEW: u64 = 50_000;
/// Between two lines of progress.
const PROGRESS: Duration = Duration::from_millis(200);

pub(super) fn explore(context: &Context, args: &ExploreArgs) -> Result<Exit, CliError> {
    let (command, cargo_args) = split(&args.cargo_args);
    let run_args = RunArgs {
        cargo_args,
        program_args: args.program_args.clone(),
        races: args.races.then_some(Races::All),
        atomics: args.atomics,
        ..RunArgs::default()
    };
    // Mistakes in them are told before anything is built.
    let policy = context.policy(&args.print.judge)?;
    let settings = context.settings(&RuntimeArgs::default())?;
    let of_cargo = if command == "run" { of_cargo::RUN } else { of_cargo::TEST };
    let programs = match of_cargo.programs(context, &run_args)? {
        Ok(programs) => programs,
        Err(exit) => return Ok(exit),
    };
    let is_run = command == "run";
    let subjects = programs.into_iter().flat_map(|program| match is_run {
        true => vec![Subject::of_program(program)],
        false => Subject::of_tests(program),
    });
    let subjects: Vec<_> = subjects.collect();
    if subjects.is_empty() {
        context.progress("there is nothing to run: no program and no test");
        return Ok(Exit::NothingChecked);
    }
    let run = context.runs().create()?;
    let raced = Raced { context, policy: &policy, orders: &settings.orders };
    let explorer = Explorer {
        context,
        args,
        began: Instant::now(),
        folder: run.dir.clone(),
        raced: args.races.then_some(&raced),
    };
    let mut failed = 0;
    let mut schedules = Vec::new();
    for (number, subject) in subjects.iter().enumerate() {
        if explorer.is_over() {
            let left = subjects.len() - number;
            context.progress(&format!(
                "the budget is over: {left} of {} not explored",
                subjects.len()
            ));
            break;
        }
        let Some((found, number)) = explorer.explore(subject)? else { continue };
        failed += 1;
        let name = format!("schedule-{number}");
        schedules.extend(found.tell(context, (&run.dir, &name), args.print.format)?);
        if !args.keep_going {
            break;
        }
    }
    let files = crate::recordings::find(std::slice::from_ref(&run.dir))?;
    let judged = (files, settings.orders.clone());
    let inspection = Inspection::of_files("explore", judged, policy.clone(), args.print.clone());
    let exit = Inspection { schedules, ..inspection }.perform(context)?;
    // Whatever the recordings say: it is what is read last.
    if failed > 0 && args.print.format == Format::Human {
        let of = words::count(subjects.len() as u64, "was", "were");
        context.print(&format!("failed: {failed} in a schedule; {of} to be explored\n"));
    }
    Ok(if failed > 0 { Exit::Findings } else { exit })
}

/// cargo's command and its arguments.
fn split(words: &[OsString]) -> (&'static str, Vec<OsString>) {
    let first = words.first().and_then(|word| word.to_str());
    let rest = || words[1..].to_vec();
    match first {
        Some("run" | "r") => ("run", rest()),
        Some("test" | "t") => ("test", rest()),
        // Each test is a process of its own here, too.
        Some("nextest") if words.get(1).is_some_and(|word| word == "run") => {
            ("test", words[2..].to_vec())
        }
        Some("nextest") => ("test", rest()),
        _ => ("test", words.to_vec()),
    }
}

/// Explores one subject after the other.
struct Explorer<'a> {
    context: &'a Context,
    args: &'a ExploreArgs,
    began: Instant,
    folder: PathBuf,
    raced: Option<&'a Raced<'a>>,
}

/// What the first run of a subject says of all.
#[derive(Clone, Copy)]
struct First {
    /// Its steps.
    length: u64,
    /// Nanoseconds since 1970, at which the program's clock begins.
    beginning: u64,
    /// Whether a lock was tried: then others have to be seen while they hold one.
    tries: bool,
}

/// What all workers share.
#[derive(Default)]
struct Shared {
    seen: Seen,
    kept: usize,
    done: u64,
    steps: u64,
    left: u64,
    /// Runs that were cut off, since they needed more steps than allowed.
    cut: u64,
    /// Runs that were ended since threads that had left the gate took too long.
    slow: u64,
    /// Runs that were the same a second time, and that were not.
    same: u64,
    other: u64,
    failed: Option<(u64, Failure)>,
    /// The races that this is.
    races: BTreeSet<String>,
    told: Option<Instant>,
}

impl<'a> Explorer<'a> {
    fn is_over(&self) -> bool {
        self.args.budget.is_some_and(|budget| self.began.elapsed() > budget)
    }

    fn options(&self, choice: Choice, tries: bool) -> Options {
        Options {
            atomics: self.args.atomics,
            releases: choice.releases,
            held: choice.releases && tries,
            briefly: true,
            spurious: self.args.spurious,
            early: self.args.early_sleeps || choice.early,
            short: !self.args.early_sleeps,
        }
    }

    /// Steps that a run may have: many times as many as the first one had. In the second half all threads have their turn.
    fn limit(&self, run: u64, length: u64) -> u64 {
        if run == 0 {
            self.args.steps
        } else {
            length.saturating_mul(MANY).max(FEW).min(self.args.steps)
        }
    }

    /// A schedule that fails, if there is one, and the number of its run.
    fn explore(&self, subject: &Subject) -> Result<Option<(Found<'a>, u64)>, CliError> {
        let began = Instant::now();
        let beginning =
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as u64;
        let cannot =
            |error| CliError::Start { program: subject.name.clone(), error, suggestion: "" };
        let jobs = self
            .args
            .jobs
            .unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
            .max(1);
        let shared = Mutex::new(Shared::default());
        let next = AtomicU64::new(1);
        let ends = AtomicBool::new(false);
        let bench = Bench::new(self.args.timeout).map_err(cannot)?;
        let first = First { length: 1, beginning, tries: false };
        // The first run alone: it says how long they are.
        let Some(first) = self.once(subject, &bench, (0, 0), first, &shared).map_err(cannot)?
        else {
            self.context.progress(&format!(
                "{}: was not built to be explored",
                escape::text(&subject.name)
            ));
            return Ok(None);
        };
        let failed = lock(&shared).failed;
        let why_not = match failed {
            Some((_, Failure::Endless)) => {
                Some(format!("needs more than {} steps, which `--steps` allows", self.args.steps))
            }
            Some((_, Failure::TooLong)) => {
                Some("goes on without a step for longer than `--timeout` allows".to_owned())
            }
            _ => None,
        };
        if let Some(why_not) = why_not {
            let name = escape::text(&subject.name);
            self.context.progress(&format!("{name}: {why_not}; not explored"));
            return Ok(None);
        }
        ends.store(failed.is_some(), Ordering::Relaxed);
        let worker = |number: usize, bench: &Bench| -> io::Result<()> {
            loop {
                let run = next.fetch_add(1, Ordering::Relaxed);
                let is_over =
                    run >= self.args.runs || self.is_over() || ends.load(Ordering::Relaxed);
                if is_over || lock(&shared).seen.stale() > STALE {
                    return Ok(());
                }
                self.once(subject, bench, (run, number), first, &shared)?;
                if lock(&shared).failed.is_some() {
                    ends.store(true, Ordering::Relaxed);
                }
            }
        };
        thread::scope(|scope| -> io::Result<()> {
            let worker = &worker;
            let mut others = Vec::new();
            for number in 1..jobs {
                let bench = Bench::new(self.args.timeout)?;
                others.push(scope.spawn(move || worker(number, &bench)));
            }
            worker(0, &bench)?;
            for other in others {
                other.join().unwrap_or(Ok(()))?;
            }
            Ok(())
        })
        .map_err(cannot)?;
        let shared = shared.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.tell(subject, &shared, began, true);
        let Some((run, failure)) = shared.failed else { return Ok(None) };
        let plan = self.plan(run, first, 0);
        let failure = (failure, shared.races);
        let found = Found::new(subject, &bench, &plan, failure, self.raced).map_err(cannot)?;
        Ok(Some((found, run)))
    }

    /// What this run does.
    fn plan(&self, run: u64, first: First, processor: usize) -> Plan<'static> {
        let choice = mix(self.args.strategy, run);
        Plan {
            strategy: choice.strategy,
            seed: self.args.seed.wrapping_mul(1_000_003).wrapping_add(run),
            length: first.length.max(1),
            limit: self.limit(run, first.length),
            options: self.options(choice, first.tries),
            beginning: first.beginning,
            followed: &[],
            steered: &[],
            processor: Some(processor as u32),
            debugged: None,
        }
    }

    /// One run; what it says as a first one. `None`: nobody has followed the schedule.
    fn once(
        &self,
        subject: &Subject,
        bench: &Bench,
        (run, worker): (u64, usize),
        first: First,
        shared: &Mutex<Shared>,
    ) -> io::Result<Option<First>> {
        let plan = self.plan(run, first, worker);
        let kept = Kept::new(bench.recordings());
        let how = How { recordings: Some(&kept.folder), with_trace: run == 0, ..How::default() };
        let ran = bench.run(subject, &plan, how)?;
        let Some(outcome) = &ran.outcome else { return Ok(None) };
        let followed = outcome.steps > 0;
        let mut failure = Failure::of(&ran, 0);
        // Without many times the steps of the first run it says nothing.
        let is_cut = run > 0
            && failure == Some(Failure::Endless)
            && plan.limit < first.length.saturating_mul(MANY);
        // What threads do outside of the gate is theirs, and may be slow.
        let is_slow = run > 0 && failure == Some(Failure::TooLong) && outcome.left > 0;
        if is_cut || is_slow {
            failure = None;
        }
        let again = match self.args.twice {
            true => bench.run(subject, &plan, How::default())?.outcome.map(|again| again.hash),
            false => None,
        };
        let recordings = kept.read();
        let mut races = BTreeSet::new();
        if let Some(raced) = self.raced.filter(|_| failure.is_none()) {
            races = raced.of(&kept.folder, &recordings);
            failure = (!races.is_empty()).then_some(Failure::Race);
        }
        let mut shared = lock(shared);
        shared.seen.add_schedule(outcome.hash);
        shared.done += 1;
        shared.cut += u64::from(is_cut);
        shared.slow += u64::from(is_slow);
        if let Some(again) = again {
            *if again == outcome.hash { &mut shared.same } else { &mut shared.other } += 1;
        }
        shared.steps += outcome.steps;
        shared.left += u64::from(outcome.left);
        let mut is_new = false;
        for recording in &recordings {
            is_new |= shared.seen.add_nestings(recording);
            // What was seen of races is judged at the end, with what is allowed.
            is_new |= !recording.memory_races.is_empty() || !recording.races.is_empty();
        }
        // One at least, so that there is something to judge.
        let is_first = shared.kept == 0 && !recordings.is_empty();
        if (is_new || is_first) && shared.kept < KEPT && failure.is_none() {
            shared.kept += 1;
            kept.keep(&self.folder)?;
        }
        if let Some(failure) = failure
            && shared.failed.is_none_or(|(first, _)| run < first)
        {
            shared.failed = Some((run, failure));
            shared.races = races;
        }
        if shared.told.is_none_or(|told| told.elapsed() > PROGRESS) {
            shared.told = Some(Instant::now());
            self.tell(subject, &shared, self.began, false);
        }
        // A program without any synchronisation has no steps, and nothing that could be another.
        Ok((followed
            || failure.is_some()
            || outcome.state != syncscope_recording::schedule::State::Fresh)
            .then_some(First {
                length: outcome.steps,
                tries: outcome.trace.iter().any(|step| step.op == op::TRY),
                ..first
            }))
    }

    /// How far it is.
    fn tell(&self, subject: &Subject, shared: &Shared, began: Instant, is_last: bool) {
        let is_terminal = io::stderr().is_terminal();
        if self.context.global.quiet || !is_terminal && !is_last {
            return;
        }
        let each = began.elapsed().as_secs_f64() * 1000.0 / shared.done.max(1) as f64;
        let left = match shared.left {
            0 => String::new(),
            left => format!(", left the gate {}", words::times(left)),
        };
        let twice = match (shared.same, shared.other) {
            (0, 0) => String::new(),
            (same, other) => format!(", {same} of {} the same twice", same + other),
        };
        let cut = match shared.cut {
            0 => String::new(),
            cut => format!(", {cut} cut off at {} steps", self.args.steps),
        };
        let slow = match shared.slow {
            0 => String::new(),
            slow => format!(", {slow} ended since it took too long outside of the gate"),
        };
        let failed = match shared.failed {
            Some((run, failure)) => format!("; schedule {run}: {}", failure.words()),
            None => String::new(),
        };
        let text = format!(
            "{}: {}, {} of them different, {} on average, {}, {each:.1} ms each{left}{cut}{slow}{twice}{failed}",
            escape::text(&subject.name),
            words::count(shared.done, "schedule", "schedules"),
            shared.seen.schedules(),
            words::count(shared.steps / shared.done.max(1), "step", "steps"),
            words::count(shared.seen.nestings() as u64, "nesting of locks", "nestings of locks"),
        );
        let (begin, end) =
            if is_terminal { ("\r\x1b[K", if is_last { "\n" } else { "" }) } else { ("", "\n") };
        _ = write!(io::stderr(), "{begin}{text}{end}");
    }
}

fn lock(shared: &Mutex<Shared>) -> std::sync::MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
