//! What records of orders of one schedule have in common.

use crate::rt::thread::local::Local;
use syncscope_recording::writer::FixedRecord;

/// Locks held then that are told.
const HELD: usize = 32;

impl Local {
    /// Appends the locks that this thread holds.
    pub(super) fn put_held(&self, record: &mut FixedRecord) {
        let held = (self.depth() as usize).min(HELD);
        record.u32(held as u32);
        (0..held).for_each(|index| record.u32(self.instance_at(index)));
    }
}
