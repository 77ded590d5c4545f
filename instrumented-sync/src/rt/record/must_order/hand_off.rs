//! What is handed over by events of several threads.

use crate::rt::shared::must_order::FOLLOWED;
use crate::rt::thread::local::Local;
use syncscope_detector::must_order::{Gathering, Grounds, initialised_by};
use syncscope_recording::layout::header;
use syncscope_recording::writer::bounded_lock;

impl Local {
    /// This thread arrives at a barrier for `size` threads.
    pub(crate) fn arrive(&self, barrier: u32, size: usize) {
        let known = self.known();
        let Some(mut barriers) = bounded_lock(&self.runtime.must_order.barriers) else {
            return self.has_missed();
        };
        if barriers.len() >= FOLLOWED && !barriers.contains_key(&barrier) {
            return;
        }
        let shared = barriers.entry(barrier).or_default().arrive(size, self.party(), &known);
        self.void(shared);
    }

    /// This thread has passed the barrier: it knows what those knew that met there.
    pub(crate) fn pass(&self, barrier: u32) {
        let passed = bounded_lock(&self.runtime.must_order.barriers)
            .and_then(|barriers| barriers.get(&barrier).and_then(Gathering::pass));
        if let Some(known) = passed {
            self.learn_on(&known, &Grounds::CERTAIN);
        }
    }

    /// This thread unparks another one.
    pub(crate) fn unpark(&self, target: u32) {
        let known = self.known();
        let Some(mut tokens) = bounded_lock(&self.runtime.must_order.tokens) else {
            return self.has_missed();
        };
        if let Some(token) = tokens.of(target) {
            self.void(token.unpark(self.party(), known));
        }
    }

    /// A park of this thread has returned.
    pub(crate) fn was_unparked(&self) {
        let parked = match bounded_lock(&self.runtime.must_order.tokens) {
            Some(mut tokens) => tokens.of(self.number).and_then(|token| {
                if self.parks_inside.get() {
                    token.make_uncertain();
                }
                token.parked()
            }),
            None => return self.has_missed(),
        };
        // How often the worker has parked says nothing of a job.
        let is_own = self.party() == self.number;
        if let Some((known, on)) = parked.filter(|_| is_own) {
            self.learn_on(&known, &on);
        }
    }

    /// This thread uses something of std's that parks, and may leave a token behind: from now on a park may return for that.
    #[inline]
    pub(crate) fn parks_inside(&self) {
        self.parks_inside.set(true);
    }

    /// This thread begins to initialise an object.
    pub(crate) fn begins_initialiser(&self, instance: u32) {
        match bounded_lock(&self.runtime.must_order.initialisers) {
            Some(mut known) => {
                if let Some(initialiser) = known.get_mut(&instance) {
                    self.void(initialiser.begin());
                }
            }
            None => self.has_missed(),
        }
    }

    /// This thread has initialised an object, and took locks for it.
    pub(crate) fn has_initialised(&self, instance: u32) {
        match bounded_lock(&self.runtime.must_order.initialisers) {
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
    pub(crate) fn knows_initialiser(&self, instance: u32) -> bool {
        self.unknown_initialiser.get() == instance
            || initialised_by(instance).is_none_or(|end| self.knows_of(end))
    }

    /// This thread has used an object: its initialiser has ended.
    #[cold]
    pub(crate) fn pass_initialiser(&self, instance: u32) {
        let passed = bounded_lock(&self.runtime.must_order.initialisers)
            .and_then(|known| known.get(&instance).and_then(|known| known.passed(instance)));
        match passed {
            Some((known, on)) => self.learn_on(&known, &on),
            None => self.unknown_initialiser.set(instance),
        }
    }

    /// An event could not be counted: what others rest on may be shared without a word. Nothing is refuted any more.
    #[cold]
    pub(super) fn has_missed(&self) {
        self.runtime.file.count(header::LOST_RECORDS, 1);
    }
}
