//! What is handed over by events of several threads.

use super::super::local::Local;
use super::super::race;
use super::Stamp;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_detector::must_order::{
    Channel, Gathering, Inbox, Initialiser, Token, initialised_by,
};
use syncscope_recording::layout::{header, node};
use syncscope_recording::writer::patient;

/// Barriers, parked threads and initialised objects that are followed; of others nothing is learnt.
const FOLLOWED: usize = 4096;
/// Bytes of a word of a `CLOCK` record.
const CLOCK_WORD: usize = 4;

/// The process's.
#[derive(Debug, Default)]
pub(in super::super) struct MustOrder {
    pub(super) next_clock: AtomicU32,
    /// Words of clocks that may still be recorded.
    room: AtomicU32,
    next_ground: AtomicU32,
    next_scope: AtomicU32,
    scopes: Mutex<HashMap<u32, Stamp>>,
    barriers: Mutex<HashMap<u32, Gathering>>,
    tokens: Mutex<Tokens>,
    /// Those whose initialisers took locks.
    initialisers: Mutex<HashMap<u32, Initialiser>>,
}

/// The tokens of threads that park.
#[derive(Debug, Default)]
struct Tokens {
    of: HashMap<u32, Token>,
    /// There was no room once: of a thread that comes later, it is not known what was missed.
    were_missed: bool,
}

impl MustOrder {
    /// For so many nodes at most: large clocks get half of what the nodes take, or a program whose threads know hundreds of others, and
    /// nest new locks again and again, would record little else.
    pub(in super::super) fn new(node_cap: u32) -> Self {
        let room = node_cap.saturating_mul((node::SIZE / 2 / CLOCK_WORD) as u32);
        Self { room: AtomicU32::new(room), ..Self::default() }
    }

    /// Room for a clock of so many words: `false` when it is used up.
    pub(super) fn spend(&self, words: usize) -> bool {
        // Relaxed: an amount; nothing is published through it.
        let left = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
            room.checked_sub(u32::try_from(words).ok()?)
        });
        left.is_ok()
    }

    /// The number of a ground that a recorded clock rests on, from 1.
    pub(super) fn fresh_ground(&self) -> u32 {
        // Relaxed: hands out numbers.
        self.next_ground.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A new scope number.
    pub(in super::super) fn begin_scope(&self) -> u32 {
        // Relaxed: hands out numbers, from 1.
        self.next_scope.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A thread of the scope has ended.
    pub(in super::super) fn leave_scope(&self, scope: u32, stamp: &Stamp) {
        if let Some(mut scopes) = patient(&self.scopes) {
            scopes.entry(scope).or_default().join(stamp);
        }
    }

    /// All threads of the scope have ended: what they knew.
    pub(in super::super) fn end_scope(&self, scope: u32) -> Stamp {
        patient(&self.scopes).and_then(|mut scopes| scopes.remove(&scope)).unwrap_or_default()
    }

    /// Whether a park of this thread returns at once, as far as is known.
    pub(in super::super) fn is_unparked(&self, thread: u32) -> bool {
        let tokens = patient(&self.tokens);
        tokens.is_some_and(|tokens| tokens.of.get(&thread).is_some_and(Token::is_set))
    }

    /// The thread has ended.
    pub(in super::super) fn forget_thread(&self, thread: u32) {
        if let Some(mut tokens) = patient(&self.tokens) {
            let is_done = |token: &Token| !token.is_rested_on();
            if tokens.of.get(&thread).is_some_and(is_done) {
                tokens.of.remove(&thread);
            }
        }
    }
}

impl Local {
    /// This thread arrives at a barrier for `size` threads.
    pub(in super::super) fn arrive(&self, barrier: u32, size: usize) {
        let known = self.known();
        let Some(mut barriers) = patient(&self.runtime.must_order.barriers) else {
            return self.has_missed();
        };
        if barriers.len() >= FOLLOWED && !barriers.contains_key(&barrier) {
            return;
        }
        let shared = barriers.entry(barrier).or_default().arrive(size, self.number, &known);
        self.void(shared);
    }

    /// This thread has passed the barrier: it knows what those knew that met there.
    pub(in super::super) fn pass(&self, barrier: u32) {
        let passed = patient(&self.runtime.must_order.barriers)
            .and_then(|barriers| barriers.get(&barrier).and_then(Gathering::pass));
        if let Some((known, on)) = passed {
            self.learn_on(&known, &on);
        }
    }

    /// This thread unparks another one.
    pub(in super::super) fn unpark(&self, target: u32) {
        let known = self.known();
        let Some(mut tokens) = patient(&self.runtime.must_order.tokens) else {
            return self.has_missed();
        };
        if let Some(token) = tokens.of(target) {
            self.void(token.unpark(self.number, known));
        }
    }

    /// A park of this thread has returned.
    pub(in super::super) fn was_unparked(&self) {
        let parked = match patient(&self.runtime.must_order.tokens) {
            Some(mut tokens) => tokens.of(self.number).and_then(|token| {
                if self.parks_inside.get() {
                    token.make_uncertain();
                }
                token.parked()
            }),
            None => return self.has_missed(),
        };
        if let Some((known, on)) = parked {
            self.learn_on(&known, &on);
        }
    }

    /// This thread uses something of std's that parks, and may leave a token behind: from now on a park may return for that.
    #[inline]
    pub(in super::super) fn parks_inside(&self) {
        self.parks_inside.set(true);
    }

    /// This thread begins to initialise an object.
    pub(in super::super) fn begins_initialiser(&self, instance: u32) {
        match patient(&self.runtime.must_order.initialisers) {
            Some(mut known) => {
                if let Some(initialiser) = known.get_mut(&instance) {
                    self.void(initialiser.begin());
                }
            }
            None => self.has_missed(),
        }
    }

    /// This thread has initialised an object, and took locks for it.
    pub(in super::super) fn has_initialised(&self, instance: u32) {
        match patient(&self.runtime.must_order.initialisers) {
            Some(mut known) if known.len() < FOLLOWED || known.contains_key(&instance) => {
                known.entry(instance).or_default().complete();
            }
            Some(_) => return,
            None => return self.has_missed(),
        }
        self.pass_initialiser(instance);
    }

    /// Whether this thread knows that the initialiser of an object has ended, or has found that nothing is known of it.
    #[inline]
    pub(in super::super) fn knows_initialiser(&self, instance: u32) -> bool {
        self.unknown_initialiser.get() == instance
            || initialised_by(instance).is_none_or(|end| self.knows_of(end))
    }

    /// This thread has used an object: its initialiser has ended.
    #[cold]
    pub(in super::super) fn pass_initialiser(&self, instance: u32) {
        let passed = patient(&self.runtime.must_order.initialisers)
            .and_then(|known| known.get(&instance).and_then(|known| known.passed(instance)));
        match passed {
            Some((known, on)) => self.learn_on(&known, &on),
            None => self.unknown_initialiser.set(instance),
        }
    }

    /// An event could not be counted: what others rest on may be shared without a word. Nothing is refuted any more.
    #[cold]
    fn has_missed(&self) {
        self.runtime.file.count(header::LOST_RECORDS, 1);
    }
}

impl Tokens {
    /// The token of a thread, if it is followed.
    fn of(&mut self, thread: u32) -> Option<&mut Token> {
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

/// The order that a channel gives: kept in the channel, beside its identity.
#[derive(Debug, Default)]
pub(crate) struct ChannelOrder {
    channel: Channel,
    /// What those knew that dropped their sending ends.
    closed: Mutex<Stamp>,
}

/// The receiver's half of that: kept in the receiver.
#[derive(Debug, Default)]
pub(crate) struct ReceiverOrder {
    inbox: RefCell<Inbox>,
}

impl ChannelOrder {
    /// This thread sends; in a channel where that may have to wait if `waits`.
    #[inline]
    pub(in super::super) fn sending(&self, local: &Local, waits: bool) {
        if let Some(shared) = self.channel.sending(local.number) {
            local.void([shared]);
        }
        if waits {
            local.parks_inside();
        }
    }

    /// A message of this thread's was refused for want of room.
    pub(in super::super) fn refused(&self, local: &Local) {
        local.void(self.channel.refused());
    }

    /// A sending end is dropped.
    pub(in super::super) fn drop_sender(&self, stamp: &Stamp) {
        if !stamp.is_empty()
            && let Some(mut closed) = patient(&self.closed)
        {
            closed.join(stamp);
        }
    }

    fn closed(&self) -> Stamp {
        patient(&self.closed).map(|closed| closed.clone()).unwrap_or_default()
    }
}

impl ReceiverOrder {
    /// This thread asks for a message, or has asked.
    #[inline]
    pub(in super::super) fn asked(&self, local: &Local, order: &ChannelOrder) {
        if let Ok(mut inbox) = self.inbox.try_borrow_mut() {
            asked(&mut inbox, local, order);
        }
    }

    /// This thread has received a message with that, by a call that waits however long it takes if `blocks`.
    #[inline]
    pub(in super::super) fn received(
        &self,
        local: &Local,
        order: &ChannelOrder,
        stamp: &Stamp,
        blocks: bool,
    ) {
        race::learn(local, stamp.race());
        let Ok(mut inbox) = self.inbox.try_borrow_mut() else { return };
        asked(&mut inbox, local, order);
        if let Some((known, on)) = inbox.received(&order.channel, &stamp.known, blocks) {
            local.learn_on(&known, on);
        }
    }

    /// This thread has found that the channel has ended, likewise.
    pub(in super::super) fn ended(&self, local: &Local, order: &ChannelOrder, blocks: bool) {
        self.asked(local, order);
        let closed = order.closed();
        race::learn(local, closed.race());
        let Ok(mut inbox) = self.inbox.try_borrow_mut() else { return };
        if blocks && let Some((known, on)) = inbox.ended(&order.channel, closed.known) {
            local.learn_on(&known, on);
        }
    }
}

#[inline]
fn asked(inbox: &mut Inbox, local: &Local, order: &ChannelOrder) {
    if !inbox.knows(local.number) {
        local.void(inbox.asked_by(local.number, &order.channel).into_iter().flatten());
        local.parks_inside();
    }
}
