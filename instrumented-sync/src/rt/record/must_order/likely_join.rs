//! A join that another schedule may leave out.
//!
//! Who has asked whether a thread has ended may join it only then. Who was handed the right to join, through a place that threads
//! share, may not find it there in another schedule. Such a join orders what follows in this schedule, and no other, so it is
//! written down by itself and the thread's clock does not know of it.

use crate::rt::machine::room;
use crate::rt::record::{strand, written};
use crate::rt::thread::local::Local;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_detector::must_order::Told;
use syncscope_recording::layout::log;
use syncscope_recording::writer::FixedRecord;

/// Orders that are recorded. What is beyond them counts as not ordered.
const ORDERS: u32 = 1 << 16;
/// Threads that one join tells of.
const TOLD: usize = 64;

static RECORDED: AtomicU32 = AtomicU32::new(0);

impl Local {
    /// In this schedule, what is told came before what this thread does from now on.
    #[cold]
    pub(crate) fn learn_by_chance(&self, told: &Told, site: u32) {
        if told.is_empty() || written::is_of_many(self) {
            return;
        }
        if self.is_in_job() {
            strand::use_own_clock(self);
        }
        // It has to give its number with what it tells others, who have this from it.
        if let Ok(mut clock) = self.clock.try_borrow_mut() {
            clock.has_nodes = true;
        }
        // What it has done so far is not after the join: a segment begins.
        self.known();
        for (thread, segment) in told.segments().take(TOLD) {
            // Relaxed: an amount.
            if RECORDED.fetch_add(1, Ordering::Relaxed) >= ORDERS {
                RECORDED.store(ORDERS, Ordering::Relaxed);
                return;
            }
            room::with_room(|| self.record_join((thread, segment), site));
        }
    }

    fn record_join(&self, told: (u32, u32), site: u32) {
        let mut record = FixedRecord::new(log::JOIN_ORDER);
        for (thread, segment) in [told, (self.number, self.segment.get())] {
            record.u32(thread);
            record.u32(segment);
        }
        record.u32(site);
        self.put_held(&mut record);
        self.runtime.file.append_fixed(&mut record);
    }
}
