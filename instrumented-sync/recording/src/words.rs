//! The words of an event, as writers make them; see [`crate::layout::event`].

use crate::layout::event;

/// The first word.
#[inline(always)]
#[must_use]
pub const fn first(op: u8, aux: u32, object: u32) -> u64 {
    op as u64 | ((aux & 0x00FF_FFFF) << 8) as u64 | (object as u64) << 32
}

/// The first word of an acquisition, of a lock as the held stack has it, see [`crate::layout::held`].
#[inline(always)]
#[must_use]
pub const fn first_of_acquisition(lock: u64) -> u64 {
    let site_access = (lock >> 32) as u32;
    // The access moves from above the site to below it.
    lock << 32 | (site_access.rotate_left(8) | event::ACQUIRE_BASE as u32) as u64
}

/// What a second word says beside the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Second {
    /// See the operation.
    pub seq: u32,
    /// Class of the object where it is a lock, 0 when unknown.
    pub class: u32,
    /// Locks held right before.
    pub depth: u32,
}

impl Second {
    /// The second word.
    #[inline(always)]
    #[must_use]
    pub fn word(self, ticks: u64) -> u64 {
        let class = self.class.min(0xFFFF);
        let depth = self.depth.min(event::DEPTH_UNKNOWN);
        u64::from(self.seq & ((1 << event::SEQ_BITS) - 1))
            | u64::from(class) << event::CLASS_SHIFT
            | u64::from(depth) << event::DEPTH_SHIFT
            | (ticks >> event::TICKS_CUT) << event::TICKS_SHIFT
    }
}

/// The aux of a release.
#[inline]
#[must_use]
pub fn release_aux(class: u32, depth: u32) -> u32 {
    class.min(0xFFFF) | depth.min(event::DEPTH_UNKNOWN) << 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acquisition_is_made_of_its_entry() {
        let (instance, site, access) = (0x1234_5678_u32, 0x00AB_CDEF_u32, 5_u8);
        let lock = u64::from(instance) | u64::from(site) << 32 | u64::from(access) << 56;
        let word = first(event::ACQUIRE_BASE | access, site, instance);
        assert_eq!(first_of_acquisition(lock), word);
    }
}
