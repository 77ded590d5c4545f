//! Steps in a row of one thread.

use super::Step;
use super::layout::op;

/// A thread goes on for so many steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its number, in the order in which threads were started.
    pub thread: u16,
    /// How many steps; `None`: it is the one that is woken, of those who wait.
    pub steps: Option<u32>,
}

/// The steps of a trace, with those of one thread in a row taken together.
#[must_use]
pub fn segments(steps: &[Step]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for step in steps {
        if step.op == op::CHOSEN {
            segments.push(Segment { thread: step.thread, steps: None });
            continue;
        }
        // A choice of who is woken is made in the middle of a run.
        let last = segments.iter_mut().rev().find(|segment| segment.steps.is_some());
        match last {
            Some(Segment { thread, steps: Some(count) }) if *thread == step.thread => *count += 1,
            _ => segments.push(Segment { thread: step.thread, steps: Some(1) }),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_taken_together() {
        let step = |thread, op| Step { thread, op, is_choice: false, site: 0 };
        let steps = [
            step(0, op::LOCK),
            step(0, op::NOTIFY),
            step(2, op::CHOSEN),
            step(0, op::LOCK),
            step(1, op::LOCK),
        ];
        let run = |thread, count| Segment { thread, steps: Some(count) };
        let chosen = Segment { thread: 2, steps: None };
        assert_eq!(segments(&steps), [run(0, 3), chosen, run(1, 1)]);
        assert_eq!(segments(&[]), []);
    }
}
