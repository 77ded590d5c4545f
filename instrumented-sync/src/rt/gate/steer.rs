//! Threads are kept before the places that a finding names, so that they meet there.
//!
//! Each is kept when it is about to take a lock there, and goes on when nobody else can, also after those that wait for a time: by then the others have come to
//! their places, if they can (after DeadlockFuzzer: Joshi et al., PLDI 2009). Of those who are kept, the ones that hold nothing yet go first.

use super::state::Gate;
use super::thread::State;
use std::panic::Location;
use syncscope_recording::schedule::layout::{header, op};

/// Of so many arrivals one is let through: a place may be used by many instances, of which not all are meant.
const LET_THROUGH: u64 = 8;
/// Steps of others after which a thread is kept no longer: they may wait for it without saying so.
const BUDGET: u64 = 4_000;

impl Gate {
    /// Keeps a thread that is about to make a step here, if that is asked for; `holds`: it holds a lock.
    pub(super) fn keep_back(&mut self, me: usize, site: &Location<'_>, holds: bool) {
        let takes = matches!(self.threads[me].op, op::LOCK | op::ONCE);
        let Some(inner) = find(self.shared.steered(), site).filter(|_| takes) else { return };
        if inner && !holds {
            return;
        }
        self.threads[me].is_inner = inner;
        if inner {
            self.shared.count(header::HELD_BACK);
        }
        if !self.chance().is_multiple_of(LET_THROUGH) {
            self.threads[me].is_held_back = true;
            self.threads[me].since = self.shared.steps;
        }
    }

    /// Keeps those no longer who were kept for long.
    pub(super) fn let_go(&mut self) {
        let steps = self.shared.steps;
        for thread in &mut self.threads[..self.count] {
            thread.is_held_back &= steps - thread.since < BUDGET;
        }
    }

    /// One of those who were kept back.
    pub(super) fn least_held_back(&mut self) -> Option<usize> {
        let is_kept = |gate: &Self, one: &usize| gate.threads[*one].state == State::Ready;
        let is_any_outer =
            (0..self.count).any(|one| is_kept(self, &one) && !self.threads[one].is_inner);
        let is_next = |gate: &Self, one: &usize| {
            is_kept(gate, one) && (gate.threads[*one].is_inner != is_any_outer)
        };
        let count = (0..self.count).filter(|one| is_next(self, one)).count();
        let pick = self.chance().checked_rem(count as u64)? as usize;
        let one = (0..self.count).filter(|one| is_next(self, one)).nth(pick)?;
        self.threads[one].is_held_back = false;
        Some(one)
    }
}

/// Which of these lines a place is: `+file:line:column` for one that counts where the thread holds a lock, `-file:line:column` for one that always does.
fn find(places: &[u8], site: &Location<'_>) -> Option<bool> {
    let number = |text: Option<&[u8]>| std::str::from_utf8(text?).ok()?.parse::<u32>().ok();
    places.split(|byte| *byte == b'\n').find_map(|place| {
        let (kind, place) = place.split_first()?;
        let mut parts = place.rsplitn(3, |byte| *byte == b':');
        let (column, line) = (number(parts.next()), number(parts.next()));
        let is_it = column == Some(site.column())
            && line == Some(site.line())
            && parts.next() == Some(site.file().as_bytes());
        is_it.then_some(*kind == b'+')
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_place_is_all_of_its_line() {
        let here = std::panic::Location::caller();
        let line = format!("-other.rs:1:1\n+{}:{}:{}", here.file(), here.line(), here.column());
        assert_eq!(find(line.as_bytes(), here), Some(true));
        assert_eq!(find(line.replace('+', "-").as_bytes(), here), Some(false));
        assert_eq!(find(&line.as_bytes()[..line.len() - 1], here), None);
        assert_eq!(find(b"", here), None);
    }
}
