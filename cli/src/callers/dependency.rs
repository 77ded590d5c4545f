//! Who called the function of a dependency that holds a lock.

use super::wait::wait_beside;
use crate::source::{SourceFile, Sources};
use crate::symbols::{Frame, Symbols, Trace};
use crate::whose::{Whose, whose};
use syncscope_detector::finding::{Finding, Place, StepKind};
use syncscope_recording::Recording;

/// The stack of what the thread waits for shows the function that took the lock, if the lock is held by that function still.
pub(super) fn of_hold(
    finding: &Finding,
    step: usize,
    recordings: &[Recording],
    symbols: &Symbols,
    sources: &Sources,
) -> Option<Place> {
    let step = &finding.steps[step];
    let place = &step.place;
    if step.kind != StepKind::Holds || place.line == 0 || whose(&place.file) != Whose::Dependency {
        return None;
    }
    let recording = recordings.get(finding.threads.get(step.thread)?.process)?;
    let source = sources.file(&place.file, place.line, place.column)?;
    let wait = wait_beside(finding, step)?;
    let trace = symbols.trace(recording, &wait.stack);
    match takers(place, &trace, &source)[..] {
        [] => keeper(place, &trace, sources),
        [taker] => caller(&trace, taker).map(Frame::place),
        // One of several calls of that function.
        _ => None,
    }
}

/// The frames of the function which took a lock at `place`.
fn takers(place: &Place, trace: &Trace, source: &SourceFile) -> Vec<usize> {
    let took = |frame: &Frame| {
        frame.file.as_deref() == Some(place.file.as_str())
            && frame.line >= place.line
            && source.is_one_function(place.line, frame.line)
    };
    let frames = trace.user_frames().enumerate();
    // The innermost one asks for the next lock: it may be in the same function by another call.
    frames.skip(1).filter(|(_, frame)| took(frame)).map(|(at, _)| at).collect()
}

/// The workspace's own code that called the function of a frame.
fn caller(trace: &Trace, frame: usize) -> Option<&Frame> {
    trace.user_frames().skip(frame).find(|frame| frame.is_own())
}

/// Where the workspace's own code called the function that took a lock at `place` and has returned the guard: the one place where a function
/// that still runs keeps a result of it.
fn keeper(place: &Place, trace: &Trace, sources: &Sources) -> Option<Place> {
    let function = sources.function_around(&place.file, place.line, place.column)?;
    let kept = |frame: &Frame| {
        let file = frame.file.clone()?;
        let at = (file, frame.line, frame.column.max(1));
        let (line, column) = sources.kept_result(&at, &function)?;
        Some(Place { file: at.0, line, column, stack: Vec::new() })
    };
    let mut kept = trace.user_frames().filter(|frame| frame.is_own()).filter_map(kept);
    kept.next().filter(|_| kept.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::Origin;
    use std::rc::Rc;

    const POOL: &str = "/cargo/registry/src/index/pool/src/lib.rs";
    const TEXT: &str = "\
pub fn with(f: impl FnOnce()) {
    let _guard = LOCK.lock();
    // fn of nothing
    f();
}
pub fn other(f: impl FnOnce()) {
    f();
}
";

    fn called(frames: &[(&str, u32)]) -> Option<u32> {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("lib.rs"), TEXT).unwrap();
        let sources = Sources::new(vec![temp.path().to_owned()]);
        let source: Rc<SourceFile> = sources.file("lib.rs", 2, 24).unwrap();
        let frame = |&(file, line): &(&str, u32)| Frame {
            file: Some(file.to_owned()),
            line,
            origin: if file.starts_with("/rustc") { Origin::Std } else { Origin::User },
            ..Frame::default()
        };
        let trace = Trace { frames: frames.iter().map(frame).collect() };
        let place = Place { file: POOL.to_owned(), line: 2, column: 24, stack: Vec::new() };
        match takers(&place, &trace, &source)[..] {
            [taker] => super::caller(&trace, taker).map(|frame| frame.line),
            _ => None,
        }
    }

    #[test]
    fn the_function_that_took_it_is_on_the_stack() {
        let own = "src/main.rs";
        let std = ("/rustc/0/library/core/src/x.rs", 1);
        assert_eq!(called(&[(own, 7), (POOL, 4), std, (own, 8)]), Some(8));
        assert_eq!(called(&[(POOL, 2), (own, 7), (POOL, 4), (own, 8)]), Some(8), "by itself");
        assert_eq!(called(&[(own, 7), (POOL, 4), (POOL, 20), (own, 8)]), Some(8), "deeper");
    }

    #[test]
    fn nothing_is_said_where_it_is_not_sure() {
        let own = "src/main.rs";
        assert_eq!(called(&[(own, 7), (POOL, 7), (own, 8)]), None, "another function");
        assert_eq!(called(&[(own, 7), (POOL, 4), (own, 8), (POOL, 4), (own, 9)]), None, "twice");
        assert_eq!(called(&[(POOL, 2), (own, 8)]), None, "it waits there");
        assert_eq!(called(&[]), None);
    }
}
