//! From a view to the frozen structs.

use super::advice::suggested_order;
use super::contention::contention;
use super::end::end;
use super::place::{frames, place};
use super::shape::{
    Coverage, JsonConfirmation, JsonFinding, JsonRemark, JsonSite, JsonSuppressed, Lock, Lost,
    Program, RecordingInfo, Report, Schedule, ScheduleLine, Summary, Thread, Tool, Unreadable,
};
use crate::explore::{Confirmation, Line, Shown};
use crate::output::View;
use crate::output::{test_of, tests_of};
use crate::policy::{Remark, Suppressed};
use crate::postmortem::Look;
use crate::words;
use syncscope_detector::finding::{self, Finding, Level};
use syncscope_recording::Recording;
use syncscope_recording::model::ExitState;

/// The report of a view.
#[must_use]
pub fn report(view: &View<'_>) -> Report {
    let coverage = &view.analysis.coverage;
    Report {
        version: 1,
        tool: Tool { name: "cargo-syncscope", version: env!("CARGO_PKG_VERSION") },
        command: view.command,
        exit_code: view.exit.code(),
        program: view.program.map(|program| Program {
            command: program.command.clone(),
            code: program.ended.code,
            signal: program.ended.signal,
            run: program.run.id.clone(),
            dir: program.run.dir.display().to_string(),
        }),
        summary: Summary {
            findings: view.analysis.findings.len(),
            deny: view.count(Level::Deny),
            warn: view.count(Level::Warn),
            allow: view.count(Level::Allow),
            suppressed: view.judged.suppressed.len(),
            unseen: view.judged.unseen,
            checked: !view.nothing_checked,
        },
        findings: view.analysis.findings.iter().map(|finding| one(finding, view)).collect(),
        schedules: view.schedules.iter().map(schedule).collect(),
        contention: view.contention.map(contention),
        suppressed: view.judged.suppressed.iter().map(suppressed).collect(),
        remarks: view.judged.remarks.iter().map(remark).collect(),
        coverage: Coverage {
            processes: coverage.processes,
            threads: coverage.threads,
            locks: coverage.locks,
            classes: coverage.classes,
            edges: coverage.edges,
            pairs: view.extent.pairs,
            met_once: view.extent.met_once.clone(),
            foreign_threads: view.extent.foreign_threads,
            not_recorded: view.extent.not_seen.clone(),
            notes: view.extent.notes.clone(),
            repeated: view.recordings.repeated as u64,
            events: coverage.events,
            lost: coverage.lost,
            losses: coverage.losses.clone(),
        },
        recordings: (view.recordings.readable.iter().enumerate())
            .map(|(index, r)| recording(r, index, view))
            .collect(),
        unreadable: (view.recordings.unreadable.iter())
            .map(|file| Unreadable {
                path: file.path.clone(),
                reason: file.reason,
                message: file.message.clone(),
            })
            .collect(),
    }
}

fn one(finding: &Finding, view: &View<'_>) -> JsonFinding {
    let labels = view.labels(finding);
    JsonFinding {
        rule: finding.rule.name(),
        level: finding.level.name(),
        grade: finding.grade.name(),
        fingerprint: finding.fingerprint.clone(),
        count: finding.count,
        confirmation: view.confirmations.get(&finding.fingerprint).map(confirmation),
        message: words::headline(finding),
        help: words::help(finding),
        suggested_order: suggested_order(finding, &labels),
        test: test_of(finding, &view.recordings.readable),
        tests: tests_of(finding, &view.recordings.readable),
        refutation: words::refutation(finding, &labels),
        notes: finding.causes.iter().chain(&finding.notes).cloned().collect(),
        locks: finding.locks.iter().zip(&labels).map(|(info, name)| lock(info, name)).collect(),
        threads: finding.threads.iter().map(thread).collect(),
        sites: finding.steps.iter().map(|step| site(step, finding, view)).collect(),
        processes: finding.processes.clone(),
    }
}

fn suppressed(one: &Suppressed) -> JsonSuppressed {
    let finding = &one.finding;
    JsonSuppressed {
        rule: finding.rule.name(),
        grade: finding.grade.name(),
        fingerprint: finding.fingerprint.clone(),
        message: words::headline(finding),
        by: one.by.name(),
        reason: one.by.words(),
    }
}

fn remark(remark: &Remark) -> JsonRemark {
    JsonRemark {
        rule: remark.rule.name,
        level: remark.level.name(),
        message: remark.message.clone(),
        file: remark.file.display().to_string(),
        line: remark.line,
    }
}

fn lock(lock: &finding::LockInfo, name: &str) -> Lock {
    Lock {
        name: name.to_owned(),
        kind: lock.kind,
        type_name: lock.type_name.clone(),
        created: place(&lock.created),
        instance: (lock.instance != 0).then_some(lock.instance),
        instances_of_class: lock.instances_of_class,
    }
}

fn confirmation(kept: &Confirmation) -> JsonConfirmation {
    let Confirmation { result, tries, date, schedule } = kept;
    let schedule = schedule.as_ref().map(|path| path.display().to_string());
    JsonConfirmation { result: *result, tries: *tries, date: date.clone(), schedule }
}

fn schedule(shown: &Shown) -> Schedule {
    let line = |line: &Line| ScheduleLine {
        thread: line.thread,
        what: (!line.is_left_out()).then_some(line.what),
        place: line.place.clone(),
        source: line.source.clone(),
        count: line.count,
    };
    Schedule {
        subject: shown.subject.clone(),
        is_test: shown.is_test,
        failure: shown.failure.words(),
        steps: shown.steps,
        switches: shown.switches,
        threads: shown.threads,
        names: shown.names.clone(),
        lines: shown.lines.iter().map(line).collect(),
        printed: shown.printed.clone(),
        file: shown.file.as_ref().map(|file| file.display().to_string()),
    }
}

fn thread(thread: &finding::ThreadInfo) -> Thread {
    Thread {
        name: thread.name.clone(),
        number: thread.number,
        os_tid: thread.os_tid,
        main: thread.is_main,
        task: thread.is_task,
        part_of: thread.part_of,
        spawned: place(&thread.spawned),
        process: thread.process,
    }
}

fn site(step: &finding::Step, finding: &Finding, view: &View<'_>) -> JsonSite {
    let process = finding.threads.get(step.thread).map_or(0, |thread| thread.process);
    let recording = view.recordings.readable.get(process);
    let trace = recording.map(|recording| view.symbols.trace(recording, &step.stack));
    JsonSite {
        file: step.place.file.clone(),
        line: step.place.line,
        column: step.place.column,
        role: step.kind.name(),
        thread: step.thread,
        lock: step.lock,
        call: step.call,
        count: step.count,
        caller: step.caller.as_ref().and_then(place),
        stack: frames(trace.unwrap_or_default(), view.all_frames),
    }
}

fn recording(recording: &Recording, index: usize, view: &View<'_>) -> RecordingInfo {
    let process = &recording.process;
    let lost = &recording.lost;
    RecordingInfo {
        path: recording.source.clone(),
        pid: process.pid,
        exe: process.exe.clone(),
        args: process.args.clone(),
        exit: match process.exit {
            ExitState::Running => "unknown",
            ExitState::Exited => "exited",
            ExitState::Deadlock => "deadlock",
            ExitState::Stall => "stall",
        },
        mode: process.mode.clone(),
        run: process.run.clone(),
        binary: process.binary.clone(),
        test: process.test.clone(),
        lost: Lost {
            events: lost.events,
            // What does not look at events does not know.
            overwritten: view.last_events.map(|_| lost.overwritten),
            nodes: lost.nodes,
            threads: lost.threads,
            chunks: lost.chunks,
            records: lost.records,
            damage: lost.all_damage().map(str::to_owned).collect(),
        },
        end: view.last_events.map(|events| {
            end(
                recording,
                Look { events, symbols: view.symbols, live: view.live(index) },
                view.all_frames,
            )
        }),
    }
}
