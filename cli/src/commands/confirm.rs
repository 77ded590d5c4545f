//! `confirm`: makes what a finding warns of happen, if a schedule can.

use super::Context;
use super::check::Checked;
use super::inspect::{Examined, Inspection, Refuted};
use super::of_cargo;
use super::schedule::{Found, Kept};
use crate::args::{CheckArgs, ConfirmArgs, RunArgs};
use crate::error::CliError;
use crate::escape;
use crate::exit::Exit;
use crate::explore::{
    Bench, ConfirmError, Confirmation, Failure, How, Mix, Reached, Shown, Subject, mix,
};
use crate::files::FileError;
use crate::output::{Format, test_of};
use crate::recordings::Keep;
use crate::swap::Noted;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use syncscope_detector::finding::StepKind;
use syncscope_detector::{Finding, Grade, Level};
use syncscope_recording::Recording;
use syncscope_recording::model::Process;
use syncscope_recording::schedule::{Options, Plan};

/// Steps of a try at most.
const STEPS: u64 = 1_000_000;

pub(super) fn confirm(context: &Context, args: &ConfirmArgs) -> Result<Exit, CliError> {
    let check = CheckArgs { paths: args.recordings.clone(), ..CheckArgs::default() };
    let Checked { files, orders } = Checked::of(context, &check)?;
    let policy = context.policy(&args.print.judge)?;
    let examined = Examined::new(
        context,
        (&files, Keep::Findings),
        (orders.clone(), Refuted::asked(args.print.refuted)),
        &[],
        &policy,
    );
    if examined.nothing_checked {
        context.progress(
            "there is no recording to confirm findings of: run, test or exec comes first",
        );
        return Ok(Exit::NothingChecked);
    }
    let recordings = &examined.recordings.readable;
    let findings = chosen(&examined.analysis.findings, args)?;
    // What is for programs is a report, at the end.
    let is_for_people = args.print.format == Format::Human;
    let say = |text: &str| match is_for_people {
        true => context.print(text),
        false => context.progress(text.trim_end()),
    };
    let (mut confirmed, mut schedules) = (0, Vec::new());
    for finding in &findings {
        let title = format!(
            "{} {}: {}",
            finding.rule.name(),
            finding.fingerprint,
            escape::text(&finding.message)
        );
        let result = match subject(context, args, finding, recordings)? {
            Ok(subject) => try_out(context, args, finding, &subject)?,
            Err(exit) => return Ok(exit),
        };
        let (result, tries, text) = match result {
            Outcome::Confirmed(tries, shown) => {
                confirmed += 1;
                schedules.extend(shown);
                (Reached::Confirmed, tries, format!("confirmed, in try {tries}"))
            }
            Outcome::NotReached(times) => (
                Reached::NotReached,
                args.tries,
                format!(
                    "not reached in {} tries: threads came to these places {times} times, and never all at once",
                    args.tries
                ),
            ),
            Outcome::Diverged(places) => (
                Reached::Diverged,
                args.tries,
                format!(
                    "diverged: no try came to {} while it held a lock",
                    places.iter().map(|place| escape::text(place)).collect::<Vec<_>>().join(" or ")
                ),
            ),
        };
        keep(context, finding, &Confirmation::today(result, tries))?;
        say(&format!("{title}\n  {text}\n\n"));
    }
    say(&match findings.len() {
        0 => "no finding that a schedule could make happen\n".to_owned(),
        all => format!("{confirmed} of {all} confirmed\n"),
    });
    let exit = if confirmed > 0 { Exit::Findings } else { Exit::Clean };
    if !is_for_people || !args.print.output.is_empty() {
        let judged = (files, orders);
        let report = Inspection::of_files("confirm", judged, policy.clone(), args.print.clone());
        Inspection { schedules, decided: Some(exit), ..report }.perform(context)?;
    }
    Ok(exit)
}

/// Keeps what came of it, for later reports.
fn keep(context: &Context, finding: &Finding, result: &Confirmation) -> Result<(), FileError> {
    let runs = context.runs();
    let folder = match result.result {
        // The schedule is there already.
        Reached::Confirmed => runs.confirmation(&finding.fingerprint),
        Reached::NotReached | Reached::Diverged => runs.confirmed(&finding.fingerprint)?,
    };
    let failed = |error| FileError { action: "write", path: folder.clone(), error };
    result.write(&folder).map_err(failed)
}

/// Those that were named; else all that fail, or all.
fn chosen<'a>(all: &'a [Finding], args: &ConfirmArgs) -> Result<Vec<&'a Finding>, ConfirmError> {
    let wants = |finding: &Finding| {
        finding.steps.iter().filter(|step| step.kind == StepKind::Wants).count()
    };
    let is_possible = |finding: &&Finding| finding.grade != Grade::Observed && wants(finding) >= 2;
    if args.findings.is_empty() {
        let counts = |finding: &&Finding| args.all || finding.level == Level::Deny;
        return Ok(all.iter().filter(is_possible).filter(counts).collect());
    }
    let one = |name: &String| {
        let is_meant = |finding: &&Finding| finding.fingerprint.starts_with(name.as_str());
        let Some(finding) = all.iter().find(is_meant) else {
            return Err(ConfirmError::Unknown { finding: escape::name(name) });
        };
        if is_possible(&finding) {
            Ok(finding)
        } else {
            Err(ConfirmError::NoSchedule { finding: escape::name(name) })
        }
    };
    args.findings.iter().map(one).collect()
}

/// What came of the tries.
enum Outcome {
    /// It happened, in this one, by this schedule.
    Confirmed(u64, Option<Shown>),
    /// It did not; threads were kept so often.
    NotReached(u64),
    /// Nobody came to these places.
    Diverged(BTreeSet<String>),
}

fn try_out(
    context: &Context,
    args: &ConfirmArgs,
    finding: &Finding,
    subject: &Subject,
) -> Result<Outcome, CliError> {
    let cannot = |error| CliError::Start { program: subject.name.clone(), error, suggestion: "" };
    let at = |kind: StepKind| -> BTreeSet<String> {
        let steps = finding.steps.iter().filter(|step| step.kind == kind);
        steps
            .map(|step| format!("{}:{}:{}", step.place.file, step.place.line, step.place.column))
            .collect()
    };
    let (places, outer) = (at(StepKind::Wants), at(StepKind::Holds));
    let inner: Vec<_> = places.iter().map(|place| format!("+{place}")).collect();
    // Who holds nothing yet stands in nobody's way.
    let before = outer.difference(&places).map(|place| format!("-{place}"));
    let both: Vec<_> = inner.iter().cloned().chain(before).collect();
    let bench = Bench::new(args.timeout).map_err(cannot)?;
    let beginning =
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as u64;
    let mut length = 1000;
    let mut kept_back = 0;
    for number_of_try in 1..=args.tries {
        let choice = mix(Mix::Auto, number_of_try);
        let plan = Plan {
            strategy: choice.strategy,
            seed: args.seed.wrapping_mul(1_000_003).wrapping_add(number_of_try),
            length,
            limit: STEPS,
            options: Options { releases: choice.releases, ..Options::default() },
            beginning,
            followed: &[],
            steered: if number_of_try % 2 == 1 { &both } else { &inner },
            processor: Some(0),
            debugged: None,
        };
        let kept = Kept::new(bench.recordings());
        let how = How { recordings: Some(&kept.folder), ..How::default() };
        let ran = bench.run(subject, &plan, how).map_err(cannot)?;
        let Some(outcome) = &ran.outcome else { continue };
        length = outcome.steps.max(1);
        kept_back += u64::from(outcome.held_back);
        let is_it = |recording: &Recording| has_happened(recording, &places);
        if let Some(failure) = Failure::of(&ran, 0)
            && kept.read().iter().any(is_it)
        {
            let plan = Plan { options: Options { briefly: true, ..plan.options }, ..plan };
            let failure = (failure, BTreeSet::new());
            let found = Found::new(subject, &bench, &plan, failure, None).map_err(cannot)?;
            let folder = context.runs().confirmed(&finding.fingerprint)?;
            let shown = found.tell(context, (&folder, "schedule"), args.print.format)?;
            return Ok(Outcome::Confirmed(number_of_try, shown));
        }
    }
    Ok(if kept_back == 0 { Outcome::Diverged(places) } else { Outcome::NotReached(kept_back) })
}

/// Whether a deadlock was seen whose threads wait at all of these places.
fn has_happened(recording: &Recording, places: &BTreeSet<String>) -> bool {
    let place = |site: syncscope_recording::model::SiteId| {
        let site = recording.sites.get(site.0 as usize)?;
        Some(format!("{}:{}:{}", site.file, site.line, site.column))
    };
    recording.deadlocks.iter().any(|deadlock| {
        let waits: BTreeSet<_> =
            deadlock.participants.iter().filter_map(|one| place(one.wait.site)).collect();
        places.is_subset(&waits)
    })
}

/// What was recorded, built to be explored. `Err`: it does not build.
fn subject(
    context: &Context,
    args: &ConfirmArgs,
    finding: &Finding,
    recordings: &[Recording],
) -> Result<Result<Subject, Exit>, CliError> {
    let process = finding.processes.first().and_then(|process| recordings.get(*process));
    let process = process.map(|recording| &recording.process).ok_or(ConfirmError::NoProgram)?;
    let built = Built::of(process).filter(|_| args.command.is_empty());
    let (is_test, cargo_args) = match (&built, args.command.split_first()) {
        (Some(built), _) => (built.is_test, built.cargo_args.clone()),
        (None, Some((first, rest))) if first == "run" || first == "test" => {
            (first == "test", rest.to_vec())
        }
        (None, _) => {
            return Err(ConfirmError::NotBuilt { program: escape::name(&process.exe) }.into());
        }
    };
    let of_cargo = if is_test { of_cargo::TEST } else { of_cargo::RUN };
    let (cargo_args, program_args) = match cargo_args.iter().position(|arg| arg == "--") {
        Some(at) => (cargo_args[..at].to_vec(), cargo_args[at + 1..].to_vec()),
        None => (cargo_args, process.args.iter().skip(1).map(OsString::from).collect()),
    };
    let program_args = if is_test { Vec::new() } else { program_args };
    if built.is_some() && program_args.iter().any(|arg| arg.to_string_lossy().contains(REDACTED)) {
        return Err(ConfirmError::Redacted.into());
    }
    let run_args = RunArgs { cargo_args, program_args, ..RunArgs::default() };
    let programs = match of_cargo.programs(context, &run_args)? {
        Ok(programs) => programs,
        Err(exit) => return Ok(Err(exit)),
    };
    let name = stem(Path::new(&process.exe));
    let is_it = |program: &&Noted| stem(&program.program) == name;
    let Some(program) = programs.iter().find(is_it).or_else(|| programs.first()).cloned() else {
        return Err(ConfirmError::NoProgram.into());
    };
    if !is_test {
        return Ok(Ok(Subject::of_program(program)));
    }
    let test = test_of(finding, recordings);
    let whole = Subject::of_program(program.clone());
    let subjects = Subject::of_tests(program);
    let of_test = subjects
        .into_iter()
        .find(|subject| test.as_ref().is_some_and(|test| *test == subject.name));
    Ok(Ok(of_test.unwrap_or(whole)))
}

/// What stands for an argument that is not recorded.
const REDACTED: &str = "***";

/// A program that cargo has built for us, by its path.
struct Built {
    is_test: bool,
    cargo_args: Vec<OsString>,
}

impl Built {
    fn of(process: &Process) -> Option<Self> {
        let exe = Path::new(&process.exe);
        let parts: Vec<_> = exe.iter().filter_map(|part| part.to_str()).collect();
        // …/syncscope/build/KEY/TARGET/PROFILE/…
        let at = parts.windows(2).position(|two| two == ["syncscope", "build"])?;
        let (profile, rest) = (parts.get(at + 4)?, parts.get(at + 5..)?);
        let mut cargo_args: Vec<OsString> = match *profile {
            "debug" => Vec::new(),
            "release" => vec!["--release".into()],
            other => vec!["--profile".into(), other.into()],
        };
        let is_test = match rest {
            ["deps", _] => true,
            ["examples", name] => {
                cargo_args.extend(["--example".into(), name.into()]);
                false
            }
            [name] => {
                cargo_args.extend(["--bin".into(), name.into()]);
                false
            }
            _ => return None,
        };
        let manifest = Path::new(&process.cwd).join("Cargo.toml");
        if is_test && manifest.is_file() {
            cargo_args.extend(["--manifest-path".into(), manifest.into_os_string()]);
        }
        Some(Self { is_test, cargo_args })
    }
}

/// The name of a program without the hash that cargo gives to those of tests.
fn stem(program: &Path) -> String {
    let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    match name.rsplit_once('-') {
        Some((stem, hash)) if hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit()) => {
            stem.to_owned()
        }
        _ => name,
    }
}
