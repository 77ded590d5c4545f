//! Races that well-known crates have on purpose.

use crate::symbols::Trace;

/// Where they are, by a part of the function's path, and why they do no harm.
const KNOWN: [(&str, &str); 2] = [
    (
        "crossbeam_utils::atomic::atomic_cell",
        "a read that is thrown away if the stamp beside it has changed",
    ),
    (
        "crossbeam_deque::deque",
        "a task that a thief has read is thrown away if its place was taken by another",
    ),
];

/// Whether an access is one of them.
pub(super) fn is_deliberate(trace: &Trace) -> bool {
    let function = trace.user().and_then(|frame| frame.function.as_deref());
    function.is_some_and(|function| KNOWN.iter().any(|(path, _)| function.contains(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::Frame;

    #[test]
    fn by_the_function_that_makes_the_access() {
        let trace = |function: &str| Trace {
            frames: vec![Frame {
                function: Some(function.to_owned()),
                line: 1,
                ..Frame::default()
            }],
        };
        let known = "<crossbeam_utils::atomic::atomic_cell::AtomicCell<T>>::load";
        assert!(is_deliberate(&trace(known)));
        assert!(!is_deliberate(&trace("app::atomic_cell::load")));
        assert!(!is_deliberate(&Trace::default()));
    }
}
