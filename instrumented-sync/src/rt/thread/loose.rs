//! Pointers that a thread has taken out of atomic variables.
//!
//! What a pointer leads to was made before the pointer was published. A tracked place in there that nobody has accessed
//! yet counts as written by the publisher: that is how publishing with too weak an ordering is seen at all.

use std::collections::VecDeque;
use syncscope_detector::race::Publication;

/// Pointers remembered, the newest.
const REMEMBERED: usize = 16;

#[derive(Debug, Default)]
pub(crate) struct Loose(VecDeque<Pointer>);

#[derive(Clone, Copy, Debug)]
struct Pointer {
    address: usize,
    size: usize,
    by: Publication,
}

impl Loose {
    /// A pointer to `size` bytes was read that was stored by `by`.
    pub(crate) fn taken(&mut self, address: usize, size: usize, by: Publication) {
        self.forget(address);
        if address != 0 && size != 0 {
            if self.0.len() == REMEMBERED {
                self.0.pop_front();
            }
            self.0.push_back(Pointer { address, size, by });
        }
    }

    /// This thread publishes the pointer itself.
    pub(crate) fn forget(&mut self, address: usize) {
        self.0.retain(|pointer| pointer.address != address);
    }

    /// Who published the memory that an address is in.
    pub(crate) fn publisher(&self, address: usize) -> Option<Publication> {
        let holds = |pointer: &&Pointer| {
            pointer.address <= address && address - pointer.address < pointer.size
        };
        self.0.iter().rev().find(holds).map(|pointer| pointer.by)
    }
}
