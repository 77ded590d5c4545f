//! Who called a type of the workspace that only wraps a lock.

use super::wait::wait_beside;
use crate::source::{Question, Sources};
use crate::symbols::{Frame, Symbols, Trace};
use syncscope_detector::finding::{Finding, Place, StepKind};
use syncscope_recording::Recording;

/// The caller of the wrapper in which a step lies.
pub(super) fn of_step(
    finding: &Finding,
    step: usize,
    recordings: &[Recording],
    symbols: &Symbols,
    sources: &Sources,
) -> Option<Place> {
    let step = &finding.steps[step];
    let Place { file, line, column, .. } = &step.place;
    if *line == 0 || !sources.is_in_wrapper(file, *line, *column) {
        return None;
    }
    let recording = recordings.get(finding.threads.get(step.thread)?.process)?;
    let wraps = |frame: &Frame| {
        let file = frame.file.as_deref();
        file.is_some_and(|file| sources.is_in_wrapper(file, frame.line, frame.column.max(1)))
    };
    if step.kind != StepKind::Holds {
        let trace = symbols.trace(recording, &step.stack);
        return trace.caller_of(wraps).map(Frame::place);
    }
    // The call has returned, but the function that made it still runs: one call in it takes the lock of that name.
    let lock = finding.locks.get(step.lock)?.name.as_deref()?;
    let methods = sources.wrapping_functions(file, *line, *column);
    let trace = symbols.trace(recording, &wait_beside(finding, step)?.stack);
    if let Some(inside) = around(&step.place, lock, &trace, wraps, sources) {
        return Some(inside.place());
    }
    let mut callers = trace.user_frames().filter(|frame| !wraps(frame));
    callers.find_map(|frame| {
        let file = frame.file.as_deref()?;
        let at = (file.to_owned(), frame.line, frame.column.max(1));
        let mut calls = sources.calls_before(&at, &methods, lock).into_iter();
        let (line, column) = calls.next().filter(|_| calls.next().is_none())?;
        Some(Place { file: file.to_owned(), line, column, stack: Vec::new() })
    })
}

/// The caller of the wrapper that holds the lock while it runs a closure, in which the thread waits: the one that calls it so.
fn around<'a>(
    place: &Place,
    lock: &str,
    trace: &'a Trace,
    wraps: impl Fn(&Frame) -> bool,
    sources: &Sources,
) -> Option<&'a Frame> {
    let source = sources.file(&place.file, place.line, place.column)?;
    let frames: Vec<&Frame> = trace.user_frames().collect();
    // The innermost wrapper is the one that waits.
    let waits = frames.iter().position(|frame| !wraps(frame))?;
    let holds = |pair: &&[&Frame]| {
        let wrapper = pair[0];
        let is_here = wrapper.file.as_deref() == Some(place.file.as_str())
            && wrapper.line >= place.line
            && source.is_one_function(place.line, wrapper.line);
        wraps(wrapper) && !wraps(pair[1]) && is_here
    };
    let callers: Vec<&Frame> =
        frames[waits..].windows(2).filter(holds).map(|pair| pair[1]).collect();
    if let [only] = callers[..] {
        return Some(only);
    }
    let name = lock.rsplit("::").next().unwrap_or(lock);
    let calls_it_so = |frame: &&Frame| {
        let at = frame.file.clone().map(|file| (file, frame.line, frame.column.max(1)));
        let asked = at.map(|at| (at, Question::Taken));
        let answers = sources.answers(asked.into_iter().collect());
        answers.values().any(|called| called.name == name)
    };
    let mut so = callers.into_iter().filter(calls_it_so);
    so.next().filter(|_| so.next().is_none())
}
