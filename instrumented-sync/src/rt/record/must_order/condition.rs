//! The order that a condition variable gives in this schedule.

use super::likely::By;
use crate::rt::object::Site;
use crate::rt::shared::must_order::FOLLOWED;
use crate::rt::thread::local::Local;
use syncscope_recording::writer::bounded_lock;

impl Local {
    /// This thread notifies a condition variable, at a place in its program.
    pub(crate) fn notify(&self, condition: u32, site: Site) {
        if condition != 0 && !self.conditions.notified.has(condition) {
            self.notify_first(condition, site);
        }
    }

    #[cold]
    fn notify_first(&self, condition: u32, site: Site) {
        let site = self.sites.get(self.runtime, site);
        let Some(mut conditions) = bounded_lock(&self.runtime.must_order.conditions) else {
            return;
        };
        self.conditions.notified.put(condition);
        if conditions.len() >= FOLLOWED && !conditions.contains_key(&condition) {
            return;
        }
        let known = conditions.entry(condition).or_default();
        if let Some(shared) = known.notified(self.party(), site, || self.known()) {
            self.void([shared]);
        }
    }

    /// This thread has waited for a condition variable however long it took.
    pub(crate) fn was_notified(&self, condition: u32, site: Site) {
        if condition != 0 && !self.conditions.waited.has(condition) {
            self.was_notified_first(condition, site);
        }
    }

    #[cold]
    fn was_notified_first(&self, condition: u32, site: Site) {
        let Some(conditions) = bounded_lock(&self.runtime.must_order.conditions) else { return };
        let known = conditions.get(&condition);
        if known.is_none_or(|known| known.is_new()) {
            return;
        }
        self.conditions.waited.put(condition);
        let told = known.and_then(|known| known.waited()).and_then(|(told, place, ground)| {
            let ground = ground.number(|| self.runtime.must_order.fresh_ground())?;
            Some((told.clone(), By::Condition { notified: place, ground }))
        });
        drop(conditions);
        if let Some((told, by)) = told {
            self.learn_by_chance(&told, by, self.sites.get(self.runtime, site));
        }
    }
}
