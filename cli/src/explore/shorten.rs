//! A failing schedule with fewer switches.
//!
//! Runs of steps are left out, then moved together, as long as it still fails in the same way (after delta debugging: Zeller and Hildebrandt, TSE 2002). A
//! thread whose run is left out goes on later, when the others cannot.

use syncscope_recording::schedule::Segment;

/// Tries at most.
const TRIES: usize = 400;

/// The shortest that was found. `fails` runs a schedule, and gives the steps that were then made if it fails in the same way.
pub fn shorten(
    found: Vec<Segment>,
    fails: impl FnMut(&[Segment]) -> Option<Vec<Segment>>,
) -> Vec<Segment> {
    let mut search = Search { best: found, tries: 0, fails };
    search.leave_out();
    search.move_together();
    search.best
}

/// The search, as far as it is.
struct Search<F> {
    best: Vec<Segment>,
    tries: usize,
    fails: F,
}

impl<F: FnMut(&[Segment]) -> Option<Vec<Segment>>> Search<F> {
    /// Whether a schedule fails with fewer switches: then it is the best.
    fn is_better(&mut self, tried: &[Segment]) -> bool {
        let tried = joined(tried);
        if self.tries >= TRIES || switches(&tried) >= switches(&self.best) {
            return false;
        }
        self.tries += 1;
        match (self.fails)(&tried) {
            Some(made) if switches(&made) < switches(&self.best) => {
                self.best = made;
                true
            }
            _ => false,
        }
    }

    /// Without some runs, the smaller the longer it takes.
    fn leave_out(&mut self) {
        let mut chunk = (self.best.len() / 2).max(1);
        loop {
            let mut at = 0;
            let mut is_any = false;
            while at < self.best.len() && self.tries < TRIES {
                let end = (at + chunk).min(self.best.len());
                let tried = [&self.best[..at], &self.best[end..]].concat();
                if self.is_better(&tried) {
                    is_any = true;
                } else {
                    at = end;
                }
            }
            if !is_any && chunk == 1 || self.tries >= TRIES {
                return;
            }
            if !is_any {
                chunk = (chunk / 2).max(1);
            }
        }
    }

    /// With a run put to the next, or the last, one of its thread: all steps are made, only later or earlier.
    fn move_together(&mut self) {
        let mut at = 0;
        while at < self.best.len() && self.tries < TRIES {
            let is_better = [true, false].into_iter().any(|later| {
                let moved = moved(&self.best, at, later);
                moved.is_some_and(|moved| self.is_better(&moved))
            });
            // What was no help before may be one now.
            at = if is_better { 0 } else { at + 1 };
        }
    }
}

/// The run at this place becomes part of the next one of its thread, or of the one before.
fn moved(segments: &[Segment], at: usize, later: bool) -> Option<Vec<Segment>> {
    let Segment { thread, steps: Some(steps) } = segments[at] else { return None };
    let is_its =
        |other: &usize| segments[*other].thread == thread && segments[*other].steps.is_some();
    let to =
        if later { (at + 1..segments.len()).find(is_its) } else { (0..at).rev().find(is_its) }?;
    let mut moved = segments.to_vec();
    moved[to].steps = moved[to].steps.map(|there| there.saturating_add(steps));
    moved.remove(at);
    Some(moved)
}

/// Runs of one thread that have become neighbours are one.
fn joined(segments: &[Segment]) -> Vec<Segment> {
    let mut joined: Vec<Segment> = Vec::new();
    for segment in segments {
        match (joined.last_mut(), segment.steps) {
            (Some(Segment { thread, steps: Some(before) }), Some(steps))
                if *thread == segment.thread =>
            {
                *before = before.saturating_add(steps);
            }
            _ => joined.push(*segment),
        }
    }
    joined
}

/// How often another thread goes on.
fn switches(segments: &[Segment]) -> usize {
    segments.iter().filter(|segment| segment.steps.is_some()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(thread: u16, steps: u32) -> Segment {
        Segment { thread, steps: Some(steps) }
    }

    /// It fails when thread 1 makes a step after thread 0 has made its third and before it makes its fourth.
    fn fails(segments: &[Segment]) -> Option<Vec<Segment>> {
        let mut made = [0, 0];
        for segment in segments {
            let steps = segment.steps?;
            if segment.thread == 1 && made[0] == 3 && steps > 0 {
                return Some(segments.to_vec());
            }
            made[segment.thread as usize] += steps;
        }
        None
    }

    #[test]
    fn what_does_not_matter_goes() {
        let long = [run(1, 2), run(0, 1), run(1, 1), run(0, 2), run(1, 4), run(0, 9), run(1, 1)];
        let short = shorten(long.to_vec(), fails);
        assert!(switches(&short) <= 2, "{short:?}");
        assert!(fails(&short).is_some());
    }

    #[test]
    fn what_does_not_fail_again_stays() {
        let long = vec![run(0, 1), run(1, 1), run(0, 1)];
        assert_eq!(shorten(long.clone(), |_| None), long);
    }
}
