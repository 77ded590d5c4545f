//! Raw locks of a user's own.

/// A ticket lock, a gate for readers and writers, a bell.
pub(super) const RAW: &str = r#"
use lock_api::{
    GuardSend, RawCondvar, RawMutex, RawMutexFair, RawRwLock, RawRwLockDowngrade, RawRwLockUpgrade,
    RawRwLockUpgradeDowngrade,
};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::yield_now;

pub struct Ticket {
    next: AtomicUsize,
    served: AtomicUsize,
}

// SAFETY: who has drawn the number that is served holds it, and one at a time has.
unsafe impl RawMutex for Ticket {
    const INIT: Self = Self { next: AtomicUsize::new(0), served: AtomicUsize::new(0) };
    type Guard = GuardSend;
    fn lock(&self) -> GuardSend {
        let ticket = self.next.fetch_add(1, Ordering::AcqRel);
        while self.served.load(Ordering::Acquire) != ticket {
            yield_now();
        }
        GuardSend::new()
    }
    fn try_lock(&self) -> Option<GuardSend> {
        let served = self.served.load(Ordering::Acquire);
        let (order, failed) = (Ordering::AcqRel, Ordering::Relaxed);
        self.next.compare_exchange(served, served + 1, order, failed).ok().map(|_| GuardSend::new())
    }
    unsafe fn unlock(&self, _: GuardSend) {
        self.served.fetch_add(1, Ordering::AcqRel);
    }
    fn is_locked(&self) -> bool {
        self.served.load(Ordering::Acquire) != self.next.load(Ordering::Acquire)
    }
}

// SAFETY: tickets are fair.
unsafe impl RawMutexFair for Ticket {
    unsafe fn unlock_fair(&self, guard: GuardSend) {
        // SAFETY: the caller holds it.
        unsafe { self.unlock(guard) }
    }
}

/// Counts readers in steps of four; 1 is a writer, 2 an upgradable reader.
pub struct Gate(AtomicUsize);

impl Gate {
    fn change(&self, change: impl Fn(usize) -> Option<usize>) -> bool {
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, change).is_ok()
    }
}

fn until<G>(attempt: impl Fn() -> Option<G>) -> G {
    loop {
        match attempt() {
            Some(guard) => return guard,
            None => yield_now(),
        }
    }
}

// SAFETY: a writer is alone. A guard is a number that says how it is held.
unsafe impl RawRwLock for Gate {
    const INIT: Self = Self(AtomicUsize::new(0));
    type SharedGuard = u8;
    type ExclusiveGuard = u8;
    fn lock_shared(&self) -> u8 {
        until(|| self.try_lock_shared())
    }
    fn try_lock_shared(&self) -> Option<u8> {
        self.change(|state| (state & 1 == 0).then_some(state + 4)).then_some(3)
    }
    unsafe fn unlock_shared(&self, guard: u8) {
        assert_eq!(guard, 3);
        self.0.fetch_sub(4, Ordering::AcqRel);
    }
    fn lock_exclusive(&self) -> u8 {
        until(|| self.try_lock_exclusive())
    }
    fn try_lock_exclusive(&self) -> Option<u8> {
        self.change(|state| (state == 0).then_some(1)).then_some(7)
    }
    unsafe fn unlock_exclusive(&self, guard: u8) {
        assert_eq!(guard, 7);
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
    fn is_locked(&self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }
    fn is_locked_exclusive(&self) -> bool {
        self.0.load(Ordering::Acquire) & 1 != 0
    }
}

// SAFETY: as above.
unsafe impl RawRwLockDowngrade for Gate {
    unsafe fn downgrade(&self, guard: u8) -> u8 {
        assert_eq!(guard, 7);
        self.0.store(4, Ordering::Release);
        3
    }
}

// SAFETY: one upgradable reader at a time.
unsafe impl RawRwLockUpgrade for Gate {
    type UpgradableGuard = u8;
    fn lock_upgradable(&self) -> u8 {
        until(|| self.try_lock_upgradable())
    }
    fn try_lock_upgradable(&self) -> Option<u8> {
        self.change(|state| (state & 3 == 0).then_some(state + 2)).then_some(5)
    }
    unsafe fn unlock_upgradable(&self, guard: u8) {
        assert_eq!(guard, 5);
        self.0.fetch_sub(2, Ordering::AcqRel);
    }
    unsafe fn upgrade(&self, guard: u8) -> u8 {
        // SAFETY: it is tried until it succeeds.
        until(|| unsafe { self.try_upgrade(guard) }.ok())
    }
    unsafe fn try_upgrade(&self, guard: u8) -> Result<u8, u8> {
        assert_eq!(guard, 5);
        self.change(|state| (state == 2).then_some(1)).then_some(7).ok_or(guard)
    }
}

// SAFETY: as above.
unsafe impl RawRwLockUpgradeDowngrade for Gate {
    unsafe fn downgrade_upgradable(&self, guard: u8) -> u8 {
        assert_eq!(guard, 5);
        self.0.fetch_add(2, Ordering::AcqRel);
        3
    }
    unsafe fn downgrade_to_upgradable(&self, guard: u8) -> u8 {
        assert_eq!(guard, 7);
        self.0.store(2, Ordering::Release);
        5
    }
}

/// Counts those who wait, and rings.
pub struct Bell {
    waiting: AtomicUsize,
    rung: AtomicUsize,
}

// SAFETY: the mutex is held again at the end.
unsafe impl RawCondvar for Bell {
    const INIT: Self = Self { waiting: AtomicUsize::new(0), rung: AtomicUsize::new(0) };
    type RawMutex = Ticket;
    unsafe fn wait(&self, mutex: &Ticket, guard: &mut GuardSend) {
        let rung = self.rung.load(Ordering::Acquire);
        self.waiting.fetch_add(1, Ordering::AcqRel);
        // SAFETY: the caller holds it.
        unsafe { mutex.unlock(std::mem::take(guard)) };
        while self.rung.load(Ordering::Acquire) == rung {
            yield_now();
        }
        *guard = mutex.lock();
    }
    fn notify_one(&self) -> bool {
        self.notify_all() != 0
    }
    fn notify_all(&self) -> usize {
        self.rung.fetch_add(1, Ordering::AcqRel);
        self.waiting.swap(0, Ordering::AcqRel)
    }
}

/// Who calls.
pub struct Me;

// SAFETY: threads that live have numbers of their own.
unsafe impl lock_api::GetThreadId for Me {
    const INIT: Self = Self;
    fn nonzero_thread_id(&self) -> NonZeroUsize {
        thread_local!(static ME: u8 = const { 0 });
        ME.with(|me| NonZeroUsize::new(std::ptr::from_ref(me).addr()).unwrap())
    }
}
"#;
