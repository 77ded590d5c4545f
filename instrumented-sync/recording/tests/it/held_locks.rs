//! Releases without an event of their own, against a model that has one for each.

use proptest::prelude::*;
use syncscope_recording::layout::{chunk, chunk_kind, event, slot};
use syncscope_recording::model::{Access, Event, Op, Recording};
use syncscope_recording::testing::{ChunkBuilder, FileBuilder};
use syncscope_recording::words::{Second, first, release_aux};
use syncscope_recording::{read, words};

/// Releases from further inside have events.
const TOLD_BY_DEPTH: usize = 24;

/// What a thread does next: take a lock, let go the newest, or one of those below.
#[derive(Clone, Copy, Debug)]
enum Step {
    Take(u32),
    Drop,
    DropInner(usize),
    Other,
}

/// A writer as the runtime's: what it stores, and what happened.
struct Thread {
    words: Vec<u64>,
    happened: Vec<Event>,
    held: Vec<u32>,
    ticks: u64,
}

impl Thread {
    fn new() -> Self {
        let ticks = 1 << 30;
        Self { words: Vec::new(), happened: Vec::new(), held: Vec::new(), ticks }
    }

    fn room(&mut self, words: usize) {
        let left = event::BLOCK - self.words.len() % event::BLOCK;
        if !self.words.is_empty() && left < event::BLOCK && left >= words {
            return;
        }
        self.words.resize(self.words.len().next_multiple_of(event::BLOCK), 0);
        let block = (self.words.len() / event::BLOCK) as u32;
        let depth = self.held.len() as u32;
        let before = self.happened.len() as u64;
        self.words.extend([first(event::ANCHOR, depth, block), self.ticks, 1 << 32, before]);
        for &lock in self.held.iter().take(event::HELD_LISTED) {
            self.words.extend([first(event::HELD_BASE, 0, lock), Second::default().word(0)]);
        }
    }

    fn event(&mut self, op: u8, object: u32, model: Op) {
        self.room(2);
        self.ticks += 1 << 12;
        let second = Second { depth: self.held.len() as u32, ..Second::default() };
        self.words.extend([first(op, 0, object), second.word(self.ticks)]);
        self.happened.push(Event { ticks: self.ticks, op: model, object, ..Event::default() });
    }

    fn released(&mut self, object: u32) {
        let ticks = self.happened.last().map_or(self.ticks, |event| event.ticks);
        self.happened.push(Event { ticks, op: Op::Release, object, ..Event::default() });
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Take(lock) => {
                self.event(event::ACQUIRE_BASE, lock, Op::Acquire(Access::default()));
                self.held.push(lock);
            }
            Step::Drop if self.held.is_empty() => {}
            Step::Drop if self.held.len() <= TOLD_BY_DEPTH => {
                let lock = self.held.pop().expect("it is not empty");
                self.released(lock);
            }
            Step::Drop => self.step(Step::DropInner(0)),
            Step::DropInner(from_top) => {
                let Some(at) = self.held.len().checked_sub(from_top + 1) else { return };
                self.room(1);
                let depth = self.held.len() as u32;
                let lock = self.held.remove(at);
                self.words.push(first(event::RELEASE, release_aux(0, depth), lock));
                self.released(lock);
            }
            Step::Other => self.event(event::SEND, 7, Op::Send),
        }
    }

    /// The recording of a process that was killed then.
    fn recording(&self, blocks: usize) -> Recording {
        let capacity = blocks * event::BLOCK;
        let from = self.words.len().saturating_sub(capacity);
        let ring = ChunkBuilder::new(chunk_kind::RING).owner(1).used(self.words.len() as u64);
        let ring = (from..self.words.len())
            .fold(ring.at_least(chunk::PAYLOAD + capacity * 8), |ring, at| {
                ring.u64(chunk::PAYLOAD + at % capacity * 8, self.words[at])
            });
        let board = ChunkBuilder::new(chunk_kind::BOARD)
            .u32(slot::SIZE + slot::THREAD, 1)
            .u64(slot::SIZE + slot::STATE, self.held.len() as u64);
        let file = FileBuilder::new().chunk(ring).chunk(board).finish();
        read(&file, "").expect("a recording")
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        // Instances are never 0.
        6 => (1..1000_u32).prop_map(Step::Take),
        5 => Just(Step::Drop),
        1 => (0..40_usize).prop_map(Step::DropInner),
        1 => Just(Step::Other),
    ];
    prop::collection::vec(step, 1..3000)
}

proptest! {
    #![proptest_config(super::models::cases(48))]

    #[test]
    fn every_release_is_found(steps in steps(), blocks in 1..16_usize) {
        let mut thread = Thread::new();
        // A lock is held once at a time, as a mutex is.
        for step in steps {
            let full = thread.held.len() >= 100;
            if !matches!(step, Step::Take(lock) if full || thread.held.contains(&lock)) {
                thread.step(step);
            }
        }
        let recording = thread.recording(blocks);
        prop_assert_eq!(&recording.lost.damage, &Vec::<String>::new());
        let Some(stream) = recording.streams.first() else {
            prop_assert!(thread.happened.is_empty());
            return Ok(());
        };
        let expected = &thread.happened[stream.overwritten as usize..];
        prop_assert_eq!(stream.events.len(), expected.len());
        for (at, (found, expected)) in stream.events.iter().zip(expected).enumerate() {
            // What has no ticks of its own and nothing before it takes those of the anchor.
            let ticks = if stream.overwritten > 0 && at == 0 { found.ticks } else { expected.ticks };
            prop_assert_eq!(found, &Event { ticks: ticks >> 10 << 10, ..*expected }, "event {}", at);
        }
    }
}

#[test]
fn the_words_keep_their_fields_apart() {
    let all = Second { seq: u32::MAX, class: u32::MAX, depth: u32::MAX };
    assert_eq!(all.word(0), (1 << event::TICKS_SHIFT) - 1);
    assert_eq!(Second::default().word(u64::MAX), !((1 << event::TICKS_SHIFT) - 1));
    assert_eq!(words::release_aux(u32::MAX, u32::MAX), 0x1F_FFFF);
}
