//! Random programs of three threads, each step judged here and by a model that keeps every access and a whole clock for each.
//!
//! What the engine tells is always so: the earlier access that it names was made, at that place, and is not ordered before the later one. Of each eight
//! bytes it tells the first race there is; what it remembers afterwards is up to it.

use super::access;
use super::accessed::{Access, Effect};
use super::accessor::{self, Accessor};
use super::clock::Known;
use super::found::{Found, How};
use super::range::{check_free, check_range};
use super::{contexts, fresh};
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};

const THREADS: usize = 3;
const BYTES: usize = 32;
const VARIABLES: usize = 3;
const STEPS: usize = 60;
const CASES: u64 = 10_000;

type Clock = [u64; THREADS];

/// Numbers without end, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}

/// An access that was made.
#[derive(Clone, Copy, Debug)]
struct Made {
    thread: usize,
    /// When, by the thread's own clock.
    time: u64,
    from: usize,
    to: usize,
    how: How,
    at: usize,
}

fn conflicts(one: How, other: How) -> bool {
    let is_write = |how| matches!(how, How::Write | How::Free | How::AtomicWrite);
    let is_atomic = |how| matches!(how, How::AtomicRead | How::AtomicWrite);
    // What gives memory back is not compared with atomics, see `check_free`.
    let is_left_out = |how, other| how == How::Free && is_atomic(other);
    (is_write(one) || is_write(other))
        && !(is_atomic(one) && is_atomic(other))
        && !is_left_out(one, other)
        && !is_left_out(other, one)
}

fn join(into: &mut Clock, other: &Clock) {
    into.iter_mut().zip(other).for_each(|(own, theirs)| *own = (*own).max(*theirs));
}

/// What the model knows.
#[derive(Default)]
struct Model {
    clocks: [Clock; THREADS],
    fences: [Clock; THREADS],
    unfenced: [Clock; THREADS],
    variables: [Clock; VARIABLES],
    lock: (Clock, Clock),
    owner: Option<usize>,
    readers: [bool; THREADS],
    messages: Vec<Clock>,
    made: Vec<Made>,
    /// Granules of which a race is known.
    is_racy: [bool; BYTES / 8],
}

impl Model {
    fn new() -> Self {
        let mut model = Self::default();
        (0..THREADS).for_each(|thread| model.clocks[thread][thread] = 1);
        model
    }

    /// What the thread tells; what it does from here on is not covered.
    fn tell(&mut self, thread: usize) -> Clock {
        let told = self.clocks[thread];
        self.clocks[thread][thread] += 1;
        told
    }

    fn is_unordered(&self, made: &Made, thread: usize) -> bool {
        made.time > self.clocks[thread][made.thread]
    }

    /// The bytes have a new owner.
    fn forget(&mut self, from: usize, to: usize) {
        let rest = |made: &Made| {
            let (below, above) = (made.to.min(from), made.from.max(to));
            let below = Made { to: below, ..*made };
            let above = Made { from: above, ..*made };
            [below, above].into_iter().filter(|made| made.from < made.to)
        };
        self.made = self.made.iter().flat_map(rest).collect();
        for (clock, (at, _)) in self.variables.iter_mut().zip(ATOMICS) {
            if (from..to).contains(&at) {
                *clock = Clock::default();
            }
        }
        for granule in from.div_ceil(8)..to / 8 {
            self.is_racy[granule] = false;
        }
    }

    /// Judges an access, compares with what the engine found, and keeps it.
    fn access(&mut self, access: Made, found: Option<&Found>, base: usize) {
        let overlaps = |made: &Made| made.from < access.to && access.from < made.to;
        let races = |made: &&Made| {
            overlaps(made)
                && conflicts(made.how, access.how)
                && self.is_unordered(made, access.thread)
        };
        let earlier: Vec<Made> = self.made.iter().filter(races).copied().collect();
        if let Some(found) = found {
            let place = top(found.earlier.place);
            let is_it = |made: &Made| made.at == place && kind(made.how) == kind(found.earlier.how);
            assert!(
                earlier.iter().any(is_it),
                "{found:?}\nis none of {earlier:#?}\nfor {access:?}"
            );
            assert_eq!(top(found.later.place), access.at);
            assert!(found.address >= base && found.address + found.size <= base + BYTES);
        }
        let mut is_first = false;
        for made in &earlier {
            for granule in made.from.max(access.from) / 8..made.to.min(access.to).div_ceil(8) {
                is_first |= !self.is_racy[granule];
                self.is_racy[granule] = true;
            }
        }
        assert!(!is_first || found.is_some(), "{access:?} races with {earlier:#?}");
        self.made.push(access);
    }
}

/// What giving memory back leaves behind is a write.
fn kind(how: How) -> How {
    if how == How::Free { How::Write } else { how }
}

fn top(place: contexts::Context) -> usize {
    let mut stack = [0; contexts::TOLD];
    contexts::stack(place, &mut stack);
    stack[0] as usize
}

/// Where the atomics are, with their sizes.
const ATOMICS: [(usize, usize); VARIABLES] = [(0, 8), (16, 4), (20, 1)];

struct Case {
    random: Random,
    model: Model,
    base: usize,
    messages: Vec<Known>,
    steps: usize,
}

impl Case {
    fn step(&mut self, accessors: &[&'static Accessor; THREADS]) {
        let thread = self.random.below(THREADS);
        let accessor = accessors[thread];
        self.steps += 1;
        // Only few places: others are the same in another call.
        let at = 0x1000 + self.steps;
        match self.random.below(20) {
            0..=7 => self.plain(thread, accessor, at),
            8 => self.range(thread, accessor, at),
            9..=13 => self.atomic(thread, accessor, at),
            14 => self.fence(thread, accessor),
            15 | 16 => self.lock(thread, accessor),
            17 => {
                self.messages.extend(accessor.tell());
                let told = self.model.tell(thread);
                self.model.messages.push(told);
            }
            18 if !self.messages.is_empty() => {
                let which = self.random.below(self.messages.len());
                accessor.learn(&self.messages[which]);
                let told = self.model.messages[which];
                join(&mut self.model.clocks[thread], &told);
            }
            _ => self.call(accessor, at),
        }
    }

    fn call(&mut self, accessor: &Accessor, at: usize) {
        if self.random.below(2) == 0 { accessor.calls.call(at) } else { accessor.calls.leave() }
    }

    fn made(&self, thread: usize, (from, size): (usize, usize), how: How, at: usize) -> Made {
        let time = self.model.clocks[thread][thread];
        Made { thread, time, from, to: from + size, how, at }
    }

    fn plain(&mut self, thread: usize, accessor: &Accessor, at: usize) {
        let size = 1 << self.random.below(4);
        let from = self.random.below(BYTES / size) * size;
        let (address, is_write) = (self.base + from, self.random.below(2) == 0);
        let how = if is_write { How::Write } else { How::Read };
        let made = self.made(thread, (from, size), how, at);
        let is_known = match (is_write, size) {
            (true, 1) => access::has_written::<1>(accessor, address),
            (true, 2) => access::has_written::<2>(accessor, address),
            (true, 4) => access::has_written::<4>(accessor, address),
            (true, _) => access::has_written::<8>(accessor, address),
            (false, 1) => access::has_read::<1>(accessor, address),
            (false, 2) => access::has_read::<2>(accessor, address),
            (false, 4) => access::has_read::<4>(accessor, address),
            (false, _) => access::has_read::<8>(accessor, address),
        };
        let is_done = is_known
            || match (is_write, size) {
                (true, 1) => access::supersede::<1, true>(accessor, address, at),
                (true, 2) => access::supersede::<2, true>(accessor, address, at),
                (true, 4) => access::supersede::<4, true>(accessor, address, at),
                (true, _) => access::supersede::<8, true>(accessor, address, at),
                (false, 1) => access::supersede::<1, false>(accessor, address, at),
                (false, 2) => access::supersede::<2, false>(accessor, address, at),
                (false, 4) => access::supersede::<4, false>(accessor, address, at),
                (false, _) => access::supersede::<8, false>(accessor, address, at),
            };
        let access = Access { address, size, is_write, at };
        let found = if is_done { None } else { access::check(accessor, access) };
        // The place of what tells nothing new stays that of the first of these accesses.
        if is_known {
            return;
        }
        self.model.access(made, found.as_ref(), self.base);
    }

    fn range(&mut self, thread: usize, accessor: &Accessor, at: usize) {
        let from = self.random.below(BYTES);
        let size = 1 + self.random.below(BYTES - from);
        let is_write = self.random.below(2) == 0;
        let how = if is_write { How::Write } else { How::Read };
        if self.random.below(6) == 0 {
            // All of it, or a block beside others.
            let (from, size) = if self.random.below(2) == 0 { (0, BYTES) } else { (from, size) };
            let made = self.made(thread, (from, size), How::Free, at);
            let found = check_free(accessor, self.base + from, size, at);
            self.model.access(made, found.as_ref(), self.base);
            fresh::forget(self.base + from, size);
            self.model.forget(from, from + size);
            return;
        }
        let made = self.made(thread, (from, size), how, at);
        let access = Access { address: self.base + from, size, is_write, at };
        let found = check_range(accessor, access);
        self.model.access(made, found.as_ref(), self.base);
    }

    fn atomic(&mut self, thread: usize, accessor: &Accessor, at: usize) {
        let variable = self.random.below(VARIABLES);
        let (from, size) = ATOMICS[variable];
        let effect = [Effect::Load(0), Effect::Store { before: 0, now: 0 }, Effect::Modify]
            [self.random.below(3)];
        let order = match effect {
            Effect::Load(_) => [Relaxed, Acquire, SeqCst][self.random.below(3)],
            Effect::Store { .. } => [Relaxed, Release, SeqCst][self.random.below(3)],
            Effect::Modify => [Relaxed, Acquire, Release, AcqRel][self.random.below(4)],
        };
        let is_write = !matches!(effect, Effect::Load(_));
        let how = if is_write { How::AtomicWrite } else { How::AtomicRead };
        let made = self.made(thread, (from, size), how, at);
        let access = Access { address: self.base + from, size, is_write, at };
        let ((), found) = access::atomic(accessor, access, || ((), effect, order));
        // What it reads from comes before the operation itself.
        self.model.loaded(thread, variable, effect, order);
        self.model.access(made, found.as_ref(), self.base);
        self.model.stored(thread, variable, effect, order);
    }

    fn fence(&mut self, thread: usize, accessor: &Accessor) {
        let order = [Acquire, Release, AcqRel][self.random.below(3)];
        access::fence(accessor, order);
        let model = &mut self.model;
        if order != Release {
            let seen = model.unfenced[thread];
            join(&mut model.clocks[thread], &seen);
        }
        if order != Acquire {
            model.fences[thread] = model.tell(thread);
        }
    }

    fn lock(&mut self, thread: usize, accessor: &Accessor) {
        let lock = self.base + 24;
        let model = &mut self.model;
        if model.owner == Some(thread) {
            access::released(accessor, lock, false);
            model.lock = (model.tell(thread), Clock::default());
            model.owner = None;
        } else if model.readers[thread] {
            access::released(accessor, lock, true);
            let told = model.tell(thread);
            join(&mut model.lock.1, &told);
            model.readers[thread] = false;
        } else if model.owner.is_none() && self.random.below(2) == 0 {
            access::acquired(accessor, lock, true);
            join(&mut model.clocks[thread], &model.lock.0);
            model.readers[thread] = true;
        } else if model.owner.is_none() && model.readers == [false; THREADS] {
            access::acquired(accessor, lock, false);
            join(&mut model.clocks[thread], &model.lock.0);
            join(&mut model.clocks[thread], &model.lock.1);
            model.owner = Some(thread);
        }
    }
}

impl Model {
    fn loaded(&mut self, thread: usize, variable: usize, effect: Effect, order: Ordering) {
        if !matches!(effect, Effect::Store { .. }) {
            let acquires = matches!(order, Acquire | AcqRel | SeqCst);
            let into = if acquires { &mut self.clocks } else { &mut self.unfenced };
            join(&mut into[thread], &self.variables[variable]);
        }
    }

    fn stored(&mut self, thread: usize, variable: usize, effect: Effect, order: Ordering) {
        if matches!(effect, Effect::Load(_)) {
            return;
        }
        let releases = matches!(order, Release | AcqRel | SeqCst);
        let own = if releases { self.tell(thread) } else { self.fences[thread] };
        if matches!(effect, Effect::Store { .. }) {
            self.variables[variable] = own;
        } else {
            join(&mut self.variables[variable], &own);
        }
    }
}

#[test]
fn random_programs_are_judged_as_the_model_judges_them() {
    let seed = std::env::var("SYNCSCOPE_SEED").ok().map_or(1, |seed| seed.parse().unwrap());
    println!("SYNCSCOPE_SEED={seed}");
    let accessors = [1, 2, 3].map(|number| accessor::begin(number, None).unwrap());
    let mut told = 0;
    for case in 0..CASES {
        let memory = Box::new([0_u64; BYTES / 8]);
        let base = memory.as_ptr() as usize;
        fresh::forget(base, BYTES);
        // What was before comes before all that follows.
        for one in accessors {
            let known = one.tell().unwrap();
            accessors.iter().for_each(|other| other.learn(&known));
            one.fence_acquire();
            one.fence_release();
        }
        let random = Random((seed ^ case << 20).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut case = Case { random, model: Model::new(), base, messages: Vec::new(), steps: 0 };
        (0..STEPS).for_each(|_| case.step(&accessors));
        told += usize::from(case.model.is_racy != [false; BYTES / 8]);
    }
    // Both kinds of program occur.
    assert!(told > CASES as usize / 4 && told < CASES as usize, "{told}");
}
