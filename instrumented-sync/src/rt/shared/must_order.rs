//! What the events of several threads hand over, for all threads: see `detector/src/must_order`.

use super::stamp::Stamp;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_detector::must_order::{Condition, Gathering, Initialiser, Token};
use syncscope_recording::layout::node;
use syncscope_recording::writer::bounded_lock;

/// Barriers, condition variables, parked threads and initialised objects that are followed; of others nothing is learnt.
pub(crate) const FOLLOWED: usize = 4096;
/// Bytes of a word of a `CLOCK` record.
const CLOCK_WORD: usize = 4;

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct MustOrder {
    pub(crate) next_clock: AtomicU32,
    /// Words of clocks that may still be recorded.
    room: AtomicU32,
    next_ground: AtomicU32,
    next_scope: AtomicU32,
    pub(crate) scopes: Mutex<HashMap<u32, Stamp>>,
    pub(crate) barriers: Mutex<HashMap<u32, Gathering>>,
    pub(crate) conditions: Mutex<HashMap<u32, Condition>>,
    pub(crate) tokens: Mutex<Tokens>,
    /// Those whose initialisers took locks.
    pub(crate) initialisers: Mutex<HashMap<u32, Initialiser>>,
}

/// The tokens of threads that park.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    of: HashMap<u32, Token>,
    /// There was no room once: of a thread that comes later, it is not known what was missed.
    were_missed: bool,
}

impl MustOrder {
    /// For so many nodes at most: large clocks get half of what the nodes take, or a program whose threads know hundreds of others, and
    /// nest new locks again and again, would record little else.
    pub(crate) fn new(node_cap: u32) -> Self {
        let room = node_cap.saturating_mul((node::SIZE / 2 / CLOCK_WORD) as u32);
        Self { room: AtomicU32::new(room), ..Self::default() }
    }

    /// Room for a clock of so many words: `false` when it is used up.
    pub(crate) fn spend(&self, words: usize) -> bool {
        // Relaxed: an amount; nothing is published through it.
        let left = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
            room.checked_sub(u32::try_from(words).ok()?)
        });
        left.is_ok()
    }

    /// The number of a ground that a recorded clock rests on, from 1.
    pub(crate) fn fresh_ground(&self) -> u32 {
        // Relaxed: hands out numbers.
        self.next_ground.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A new scope number.
    pub(crate) fn begin_scope(&self) -> u32 {
        // Relaxed: hands out numbers, from 1.
        self.next_scope.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A thread of the scope has ended.
    pub(crate) fn leave_scope(&self, scope: u32, stamp: &Stamp) {
        if let Some(mut scopes) = bounded_lock(&self.scopes) {
            scopes.entry(scope).or_default().join(stamp);
        }
    }

    /// All threads of the scope have ended: what they knew.
    pub(crate) fn end_scope(&self, scope: u32) -> Stamp {
        bounded_lock(&self.scopes).and_then(|mut scopes| scopes.remove(&scope)).unwrap_or_default()
    }

    /// Whether a park of this thread returns at once, as far as is known.
    pub(crate) fn is_unparked(&self, thread: u32) -> bool {
        let tokens = bounded_lock(&self.tokens);
        tokens.is_some_and(|tokens| tokens.of.get(&thread).is_some_and(Token::is_set))
    }

    /// The thread has ended.
    pub(crate) fn forget_thread(&self, thread: u32) {
        if let Some(mut tokens) = bounded_lock(&self.tokens) {
            let is_done = |token: &Token| !token.is_rested_on();
            if tokens.of.get(&thread).is_some_and(is_done) {
                tokens.of.remove(&thread);
            }
        }
    }
}

impl Tokens {
    /// The token of a thread, if it is followed.
    pub(crate) fn of(&mut self, thread: u32) -> Option<&mut Token> {
        if self.of.len() >= FOLLOWED && !self.of.contains_key(&thread) {
            self.were_missed = true;
            return None;
        }
        let were_missed = self.were_missed;
        Some(self.of.entry(thread).or_insert_with(|| {
            let mut token = Token::default();
            if were_missed {
                token.make_uncertain();
            }
            token
        }))
    }
}
