//! Sets of held locks.

use std::sync::Arc;

/// A lock that was held at an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeldLock {
    /// Which; what the number means is the driver's business.
    pub lock: u32,
    /// As a reader.
    pub shared: bool,
    /// Where it was taken; carried along for reports.
    pub site: u32,
    /// Its class; carried along for reports.
    pub class: u32,
}

/// The locks held at an access, sorted by lock. Made once per held stack and shared by all accesses under it.
pub type LockSet = Arc<[HeldLock]>;

/// Whether a lock keeps the two apart: both hold it, and not both as readers. Linear in the sizes.
#[must_use]
pub fn have_common(a: &[HeldLock], b: &[HeldLock]) -> bool {
    let mut b = b.iter().peekable();
    a.iter().any(|held| {
        while b.next_if(|other| other.lock < held.lock).is_some() {}
        b.peek().is_some_and(|other| other.lock == held.lock && !(other.shared && held.shared))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_readers_do_not_keep_each_other_out() {
        let set = |locks: &[(u32, bool)]| -> Vec<HeldLock> {
            let held = |&(lock, shared)| HeldLock { lock, shared, site: 0, class: 0 };
            locks.iter().map(held).collect()
        };
        let check = |a: &[(u32, bool)], b: &[(u32, bool)], expected| {
            assert_eq!(have_common(&set(a), &set(b)), expected, "{a:?} {b:?}");
            assert_eq!(have_common(&set(b), &set(a)), expected, "{b:?} {a:?}");
        };
        check(&[], &[], false);
        check(&[(1, false)], &[], false);
        check(&[(1, false), (3, false)], &[(2, false), (3, false)], true);
        check(&[(1, true)], &[(1, true)], false);
        check(&[(1, true)], &[(1, false)], true);
        check(&[(1, true), (2, true)], &[(1, true), (2, false)], true);
        check(&[(1, false)], &[(2, false)], false);
    }
}
