//! Who called a type of the workspace that only wraps a lock.

use super::wait::wait_beside;
use crate::source::Sources;
use crate::symbols::{Frame, Symbols};
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
    let mut callers = trace.user_frames().filter(|frame| !wraps(frame));
    callers.find_map(|frame| {
        let file = frame.file.as_deref()?;
        let at = (file.to_owned(), frame.line, frame.column.max(1));
        let mut calls = sources.calls_before(&at, &methods, lock).into_iter();
        let (line, column) = calls.next().filter(|_| calls.next().is_none())?;
        Some(Place { file: file.to_owned(), line, column, stack: Vec::new() })
    })
}
