//! Orders that another schedule may leave out.
//!
//! Who has asked whether a thread has ended may join it only then. Who was handed the right to join, through a place that threads
//! share, may not find it there in another schedule. Who has waited for a condition may find it true and not wait. Such an event orders what follows in this schedule, and no other, so it is
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
/// Threads that one order tells of.
const TOLD: usize = 64;

static RECORDED: AtomicU32 = AtomicU32::new(0);

/// What gives such an order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    /// A join.
    Join,
    /// A condition variable: the place of its first notification, and the number of its ground.
    Condition { notified: u32, ground: u32 },
}

impl Local {
    /// In this schedule, what is told came before what this thread does from now on.
    #[cold]
    pub(crate) fn learn_by_chance(&self, told: &Told, by: By, site: u32) {
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
        // What it has done so far is not after that: a segment begins.
        self.known();
        for (thread, segment) in told.segments().take(TOLD) {
            // Relaxed: an amount.
            if RECORDED.fetch_add(1, Ordering::Relaxed) >= ORDERS {
                RECORDED.store(ORDERS, Ordering::Relaxed);
                return;
            }
            room::with_room(|| self.record_likely((thread, segment), by, site));
        }
    }

    fn record_likely(&self, told: (u32, u32), by: By, site: u32) {
        let kind = match by {
            By::Join => log::JOIN_ORDER,
            By::Condition { .. } => log::NOTIFY_ORDER,
        };
        let mut record = FixedRecord::new(kind);
        record.u32(told.0);
        record.u32(told.1);
        if let By::Condition { notified, .. } = by {
            record.u32(notified);
        }
        record.u32(self.number);
        record.u32(self.segment.get());
        record.u32(site);
        if let By::Condition { ground, .. } = by {
            record.u32(ground);
        }
        self.put_held(&mut record);
        self.runtime.file.append_fixed(&mut record);
    }
}
