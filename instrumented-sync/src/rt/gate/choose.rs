//! Who is next.

use super::state::Gate;
use super::thread::{NEVER, On, State};
use syncscope_recording::schedule::layout::{op, option, strategy};

/// Steps that a thread makes in a row at most while others could go on: it may wait for one of them without saying so.
const IN_A_ROW: u32 = 2_000;
/// What is a short sleep, in nanoseconds.
const SHORT: u64 = 20_000_000;
/// Of so many steps one looks whether a sleep is over already.
const SLEEPS: u64 = 24;
/// Priorities at the beginning lie above this.
const HIGH: u64 = 1 << 32;

impl Gate {
    /// Before the first step.
    pub(super) fn prepare(&mut self) {
        // Small seeds are alike at first.
        for _ in 0..4 {
            self.chance();
        }
        self.lowest = HIGH;
        self.draw(0);
    }

    /// A number by chance (xorshift*).
    pub(super) fn chance(&mut self) -> u64 {
        let mut state = self.random | u64::from(self.random == 0);
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.random = state;
        state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    /// Gives a thread a priority by chance.
    pub(super) fn draw(&mut self, thread: usize) {
        let chance = self.chance();
        self.threads[thread].priority = HIGH + (chance & 0xFFFF_FFFF);
    }

    fn lower(&mut self, thread: usize) {
        self.lowest -= 1;
        self.threads[thread].priority = self.lowest;
    }

    /// What a step of this thread means for priorities.
    pub(super) fn steps(&mut self, me: usize) {
        match self.strategy() {
            strategy::PRIORITIES => {
                // Each step is one of the `depth - 1` out of `length` by the same chance: as many on average as PCT draws before.
                let changes = self.shared.depth.saturating_sub(1);
                if changes > 0 && self.chance() % self.shared.length < changes {
                    self.lower(me);
                }
            }
            strategy::PARTIAL_ORDER => {
                let object = self.threads[me].object;
                self.draw(me);
                // Those who are about to do something with the same object race with this step.
                for other in 0..self.count {
                    let is_rival =
                        other != me && object != 0 && self.threads[other].object == object;
                    if is_rival && self.threads[other].state == State::Ready {
                        self.draw(other);
                    }
                }
            }
            _ => {}
        }
        if matches!(self.threads[me].op, op::YIELD | op::CLOCK) || self.in_a_row >= IN_A_ROW {
            self.lower(me);
        }
    }

    /// A fair one in the second half of the allowed steps: what is never chosen cannot end.
    fn strategy(&self) -> u32 {
        match self.shared.strategy {
            strategy::FOLLOW => strategy::FOLLOW,
            _ if self.shared.steps > self.shared.limit / 2 => strategy::RANDOM,
            chosen => chosen,
        }
    }

    /// Whose turn it is now, and whether there was a choice. `None`: nobody can go on before something comes from outside.
    ///
    /// `me` is the thread whose turn it was.
    pub(super) fn choose(&mut self, me: usize) -> Option<(usize, bool)> {
        if let Some(told) = self.followed() {
            return Some((told, true));
        }
        self.end_a_sleep_early();
        self.let_go();
        loop {
            let ready = self.ready().count();
            if ready > 0 {
                return Some((self.among_ready(me, ready), ready > 1));
            }
            if self.ask_for_input() {
                continue;
            }
            let next = (0..self.count).min_by_key(|&one| self.threads[one].deadline());
            let Some(next) = next.filter(|&one| self.threads[one].deadline() != NEVER) else {
                return self
                    .least_held_back()
                    .or_else(|| self.wait_for_input())
                    .map(|one| (one, false));
            };
            self.pass_to(self.threads[next].deadline());
        }
    }

    fn ready(&self) -> impl Iterator<Item = usize> {
        let threads = &self.threads[..self.count];
        let is_ready = |one: &super::thread::Thread| one.state == State::Ready && !one.is_held_back;
        threads.iter().enumerate().filter(move |(_, one)| is_ready(one)).map(|(index, _)| index)
    }

    /// One of those who can go on, of which there are some.
    fn among_ready(&mut self, me: usize, ready: usize) -> usize {
        let last = self.threads.get(me).map_or(op::OTHER, |thread| thread.op);
        let steps_aside =
            ready > 1 && (matches!(last, op::YIELD | op::CLOCK) || self.in_a_row >= IN_A_ROW);
        match self.strategy() {
            strategy::FOLLOW => {
                let mut ready = self.ready();
                let is_me = |one: &usize| *one == me;
                match ready.find(is_me) {
                    Some(me) if !steps_aside => me,
                    // The next one in their order, so that all have their turn.
                    _ => {
                        let after = self.ready().find(|one| *one > me);
                        after.or_else(|| self.ready().next()).unwrap_or(me)
                    }
                }
            }
            strategy::RANDOM => {
                let without = usize::from(steps_aside);
                let pick = (self.chance() % (ready - without) as u64) as usize;
                self.ready().filter(|one| !steps_aside || *one != me).nth(pick).unwrap_or(me)
            }
            _ => self.ready().max_by_key(|one| self.threads[*one].priority).unwrap_or(me),
        }
    }

    /// Who is told, as long as what is followed says so and that thread can.
    fn followed(&mut self) -> Option<usize> {
        while let Some((thread, steps)) = self.shared.segment(self.segment) {
            let Some(steps) = steps.filter(|steps| self.made < *steps && thread < self.count)
            else {
                (self.segment, self.made) = (self.segment + 1, 0);
                continue;
            };
            let (state, deadline) = (self.threads[thread].state, self.threads[thread].deadline());
            if matches!(state, State::Blocked(wait) if wait.on == On::Input) && deadline == NEVER {
                self.threads[thread].state = State::Ready;
            } else if deadline != NEVER {
                self.pass_to(deadline);
            }
            if self.threads[thread].state == State::Ready {
                self.made += 1;
                self.threads[thread].is_held_back = false;
                return Some(thread);
            }
            // It cannot, so the rest of its run is left out.
            debug_assert!(steps > 0, "steps that were not made yet");
            (self.segment, self.made) = (self.segment + 1, 0);
        }
        None
    }

    /// Who of those who wait is woken; `None` when what is followed does not say.
    pub(super) fn followed_choice(&mut self) -> Option<usize> {
        while let Some((thread, steps)) = self.shared.segment(self.choice) {
            self.choice += 1;
            if steps.is_none() {
                return Some(thread);
            }
        }
        None
    }

    /// A sleep may be over before anybody else goes on: it orders nothing. Not where another wait would end before, which may be the limit of a test.
    fn end_a_sleep_early(&mut self) {
        let options = self.shared.options;
        if options & option::EARLY == 0 || !self.chance().is_multiple_of(SLEEPS) {
            return;
        }
        let next = (0..self.count).min_by_key(|&one| self.threads[one].deadline());
        let Some(next) = next else { return };
        if let State::Blocked(wait) = self.threads[next].state
            && wait.on == On::Time
            && wait.until != NEVER
            && (options & option::SHORT == 0 || wait.until.saturating_sub(self.elapsed) <= SHORT)
        {
            self.pass_to(wait.until);
        }
    }

    /// The program's clock goes on to a time; waits that end until then do.
    pub(super) fn pass_to(&mut self, time: u64) {
        self.elapsed = self.elapsed.max(time);
        for one in 0..self.count {
            if self.threads[one].deadline() <= self.elapsed {
                let thread = &mut self.threads[one];
                (thread.state, thread.is_late, thread.op) = (State::Ready, true, op::TIME_OUT);
            }
        }
    }

    /// Lets those who wait for what comes from outside look again, unless they have done so in vain.
    fn ask_for_input(&mut self) -> bool {
        let mut is_any = false;
        for one in 0..self.count {
            let thread = &mut self.threads[one];
            let waits = matches!(thread.state, State::Blocked(wait) if wait.on == On::Input);
            if waits && thread.looked_at != Some(self.progress) {
                (thread.state, thread.op, is_any) = (State::Ready, op::POLL, true);
            }
        }
        is_any
    }

    /// Lets one of them wait for real: there is nothing else to do.
    fn wait_for_input(&mut self) -> Option<usize> {
        let waits = |one: &usize| matches!(self.threads[*one].state, State::Blocked(wait) if wait.on == On::Input);
        let one = (0..self.count).find(waits)?;
        let thread = &mut self.threads[one];
        (thread.state, thread.op, thread.goes_outside) = (State::Ready, op::POLL, true);
        Some(one)
    }

    /// Whether no thread can ever go on: each waits for another.
    pub(super) fn is_stuck(&self) -> bool {
        let threads = &self.threads[..self.count];
        let for_good = |one: &super::thread::Thread| match one.state {
            State::Blocked(wait) => wait.until == NEVER && wait.on != On::Input,
            State::Done => true,
            State::Ready | State::Outside => false,
        };
        threads.iter().all(for_good) && threads.iter().any(|one| one.state != State::Done)
    }
}
