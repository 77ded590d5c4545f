//! Futures that have queued for a lock of tasks, by the task that has polled them last.
//!
//! A lock of tokio's is handed to whoever is first in its queue, polled or not. So a task that has polled such a future and then polls
//! it no more may have the lock and not know it. Each future that has queued keeps its [`Queued`], which is linked into a list here from
//! its first wait until it has the lock or is dropped. Nothing is allocated for it, and whoever holds a list does a few steps
//! and waits for nothing: so this lock, unlike others of ours, is waited for without a bound, and no future goes while
//! somebody looks at it.

use super::board::HeldEntry;
use std::cell::Cell;
use std::marker::PhantomPinned;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const SHARDS: usize = 64;

/// How long a future that another task might yet poll has been handed a lock before it counts as one that nobody polls.
const LONG: Duration = Duration::from_secs(1);

/// Ticks, some ten to forty milliseconds: until then who has handed over the lock may be about to wake the task.
const MOMENT: u64 = 40_000_000;

/// A future's place in the queue of a lock, kept in the future.
#[derive(Debug, Default)]
pub(crate) struct Queued {
    /// The lists that it is in one of; `None` while it is in none.
    table: Cell<Option<NonNull<Queues>>>,
    previous: Cell<Option<NonNull<Self>>>,
    next: Cell<Option<NonNull<Self>>>,
    /// The task that has polled it last.
    task: Cell<u32>,
    given: Cell<Option<Given>>,
    seen: Cell<Seen>,
    /// Others point to it.
    _pinned: PhantomPinned,
}

// SAFETY: one that is in a list is only used by who has the list, but for `table` and `task`, which only the future's owner changes;
// one that is in none only by that owner.
unsafe impl Send for Queued {}
// SAFETY: as above.
unsafe impl Sync for Queued {}

/// Asks a future whether what it has queued for was handed to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    pub(crate) future: *const (),
    pub(crate) ask: unsafe fn(*const ()) -> bool,
}

/// What is queued for, where, and how.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Want {
    pub(crate) instance: u32,
    pub(crate) class: u32,
    pub(crate) access: u8,
    pub(crate) site: u32,
    /// The future lies in the task's own memory: nobody else can poll it.
    pub(crate) is_inside: bool,
}

/// What is known of a future that has queued.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    /// The task that has polled it last.
    pub(crate) task: u32,
    /// Which one it is, in the order in which they have queued.
    order: u64,
    pub(crate) want: Want,
    /// It was polled since its task last went to sleep: in which poll, and what it has added to what that one leaves pending.
    pub(crate) polled: Option<(u32, u32)>,
    /// Its task has gone to sleep without having polled it, though it was handed the lock: since then, in ticks; 0 otherwise.
    since: u64,
    /// How long, by the service.
    age: Duration,
    /// Its task has spawned another one since it was polled, which may own it by now.
    may_have_gone: bool,
    /// Where its task has slept meanwhile, waiting for the same lock.
    behind: Option<(u8, u32)>,
    is_told: bool,
}

/// A task that waits for a lock behind a future of its own, which was handed the lock and is not polled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    pub(crate) task: u32,
    pub(crate) want: Want,
    /// Access and site of the wait.
    pub(crate) behind: (u8, u32),
}

/// A few, without allocating: the others are found at another time, or not at all.
pub(crate) type Few<T> = [Option<T>; 16];

/// The process's.
#[derive(Debug)]
pub(crate) struct Queues {
    shards: [Mutex<Head>; SHARDS],
    order: AtomicU64,
    /// Entries with a `since`.
    left: AtomicU32,
}

#[derive(Debug, Default)]
struct Head(Option<NonNull<Queued>>);

// SAFETY: the list is only followed under the lock around it.
unsafe impl Send for Head {}

impl Queues {
    pub(crate) fn new() -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            order: AtomicU64::new(1),
            left: AtomicU32::new(0),
        }
    }

    /// The future has queued, or waits on, in this poll of this task, of which it leaves so much pending.
    ///
    /// # Safety
    ///
    /// `queued` is pinned, and only the caller uses it. `given` can be asked until [`Self::remove`] is called for it, which is before it is
    /// dropped.
    pub(crate) unsafe fn put(
        &'static self,
        queued: &Queued,
        task: u32,
        (want, given): (Want, Given),
        (poll, pending): (u32, u32),
    ) {
        let known = self.remove(queued).filter(|known| known.task == task);
        // Relaxed: hands out numbers.
        let order =
            known.map_or_else(|| self.order.fetch_add(1, Ordering::Relaxed), |known| known.order);
        let before = known.map_or(0, |known| known.pending_in(poll));
        let polled = Some((poll, before.saturating_add(pending)));
        let seen = Seen { task, order, want, polled, ..Seen::default() };
        let mut head = self.shard(task);
        let next = head.0.replace(NonNull::from(queued));
        queued.table.set(Some(NonNull::from(self)));
        queued.next.set(next);
        queued.task.set(task);
        queued.given.set(Some(given));
        queued.seen.set(seen);
        if let Some(next) = next {
            // SAFETY: what is in the list is there as long as we have the list.
            unsafe { next.as_ref() }.previous.set(head.0);
        }
    }

    /// The future waits no more. Gives what was known of it; `None` if it is in none of these lists.
    pub(crate) fn remove(&self, queued: &Queued) -> Option<Seen> {
        // In the child of a fork it may be in a list of the parent's, which nobody follows any more.
        if queued.table.get() != Some(NonNull::from(self)) {
            return None;
        }
        let mut head = self.shard(queued.task.get());
        queued.table.set(None);
        let (previous, next) = (queued.previous.take(), queued.next.take());
        match previous {
            // SAFETY: as in `put`.
            Some(previous) => unsafe { previous.as_ref() }.next.set(next),
            None => head.0 = next,
        }
        if let Some(next) = next {
            // SAFETY: as in `put`.
            unsafe { next.as_ref() }.previous.set(previous);
        }
        let seen = queued.seen.get();
        if seen.since != 0 {
            // Relaxed: as in `handed`.
            self.left.fetch_sub(1, Ordering::Relaxed);
        }
        Some(seen)
    }

    /// The task goes to sleep. Gives whether it has futures that have queued; and one of them, if it sleeps behind that for the second time.
    pub(crate) fn sleeps(&self, task: u32, ticks: u64) -> (bool, Option<Left>) {
        let head = self.shard(task);
        let (mut is_any, mut left) = (false, None);
        for queued in head.of(task) {
            is_any = true;
            let mut seen = queued.seen.get();
            if seen.polled.is_some() || !queued.is_given() {
                continue;
            }
            if seen.since == 0 {
                seen.since = ticks.max(1);
                // Relaxed: as in `handed`.
                self.left.fetch_add(1, Ordering::Relaxed);
            }
            let has_slept = seen.behind.is_some();
            seen.behind = head.of(task).find_map(|later| later.seen.get().waits_behind(&seen));
            if has_slept && left.is_none() && seen.has_lasted(ticks) {
                left = seen.tell();
            }
            queued.seen.set(seen);
        }
        for queued in head.of(task) {
            queued.seen.set(Seen { polled: None, ..queued.seen.get() });
        }
        (is_any, left)
    }

    /// The task gives up a wait, of which this was known. Gives a future of its own behind which it has slept in that wait.
    pub(crate) fn gives_up(&self, wait: &Seen, ticks: u64) -> Option<Left> {
        let head = self.shard(wait.task);
        head.of(wait.task).find_map(|queued| {
            let mut seen = queued.seen.get();
            let is_left = seen.polled.is_none() && seen.is_before(wait) && seen.has_lasted(ticks);
            let left = if is_left { seen.tell() } else { None };
            queued.seen.set(seen);
            left
        })
    }

    /// The task spawns another one, which may own any of its futures that is not a part of it.
    pub(crate) fn spawns(&self, task: u32) {
        for queued in self.shard(task).of(task) {
            queued.seen.set(Seen { may_have_gone: true, ..queued.seen.get() });
        }
    }

    /// So much time has passed. Gives those tasks whose futures have been left for long by now, and what is to be told of them.
    pub(crate) fn passes(&self, step: Duration) -> Few<(u32, Option<Left>)> {
        self.few(|queued| {
            let mut seen = queued.seen.get();
            if seen.since == 0 || seen.age >= LONG {
                return None;
            }
            seen.age += step;
            let due = (seen.age >= LONG).then(|| (seen.task, seen.tell()));
            queued.seen.set(seen);
            due
        })
    }

    /// Whether any task has gone to sleep without having polled what was handed a lock.
    pub(crate) fn is_any_left(&self) -> bool {
        // Relaxed: see `few`.
        self.left.load(Ordering::Relaxed) != 0
    }

    /// The tasks that were handed this lock, in a future which nobody will poll before they go on.
    pub(crate) fn handed(&self, instance: u32) -> Few<(u32, HeldEntry)> {
        self.few(|queued| {
            let Seen { task, want, since, .. } = queued.seen.get();
            let is_it = want.instance == instance && queued.seen.get().is_sure();
            let Want { class, access, site, .. } = want;
            let held = HeldEntry { instance, site, access, ticks: since, class };
            (is_it && queued.is_given()).then_some((task, held))
        })
    }

    /// The first of what `of` gives for futures that have queued, if any is left.
    fn few<T>(&self, mut of: impl FnMut(&Queued) -> Option<T>) -> Few<T> {
        let mut found = Few::default();
        // Relaxed: who looks for a deadlock has published its wait, with a fence, and so does a task, after what is counted here.
        if self.left.load(Ordering::Relaxed) == 0 {
            return found;
        }
        let mut free = found.iter_mut();
        for shard in &self.shards {
            for queued in had(shard).iter() {
                if free.len() == 0 {
                    return found;
                }
                if let Some(one) = of(queued)
                    && let Some(place) = free.next()
                {
                    *place = Some(one);
                }
            }
        }
        found
    }

    fn shard(&self, task: u32) -> MutexGuard<'_, Head> {
        had(&self.shards[task as usize % SHARDS])
    }
}

fn had(shard: &Mutex<Head>) -> MutexGuard<'_, Head> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Head {
    fn iter(&self) -> impl Iterator<Item = &Queued> {
        // SAFETY: as in `put`.
        let get = |place: NonNull<Queued>| unsafe { place.as_ref() };
        std::iter::successors(self.0.map(get), move |queued| queued.next.get().map(get))
    }

    /// Those of a task.
    fn of(&self, task: u32) -> impl Iterator<Item = &Queued> {
        self.iter().filter(move |queued| queued.task.get() == task)
    }
}

impl Queued {
    /// Whether its future was handed what it has queued for.
    fn is_given(&self) -> bool {
        // SAFETY: it is in a list, and we have the list, so `remove` has not been called: see `Queues::put`.
        self.given.get().is_some_and(|given| unsafe { (given.ask)(given.future) })
    }
}

impl Seen {
    /// What it has added to what this poll leaves pending.
    pub(crate) fn pending_in(&self, poll: u32) -> u32 {
        self.polled.filter(|polled| polled.0 == poll).map_or(0, |polled| polled.1)
    }

    /// Whether it is ahead of another future of the same task, in the same queue.
    fn is_before(&self, other: &Self) -> bool {
        self.task == other.task
            && self.want.instance == other.want.instance
            && self.order < other.order
    }

    /// Where it has waited in the poll that ends now, if that was behind `left`.
    fn waits_behind(&self, left: &Self) -> Option<(u8, u32)> {
        let does = self.polled.is_some() && left.is_before(self);
        does.then_some((self.want.access, self.want.site))
    }

    /// Whether nobody polls it before its task goes on.
    fn is_sure(&self) -> bool {
        let is_forgotten = self.age >= LONG && !self.may_have_gone;
        self.since != 0 && (self.want.is_inside || is_forgotten)
    }

    /// Whether it has been left for more than a moment.
    fn has_lasted(&self, now: u64) -> bool {
        self.since != 0 && now.saturating_sub(self.since) >= MOMENT
    }

    /// What is to be told of it, once.
    fn tell(&mut self) -> Option<Left> {
        let may_be_elsewhere = self.may_have_gone && !self.want.is_inside;
        let behind = self.behind.filter(|_| !self.is_told && !may_be_elsewhere)?;
        self.is_told = true;
        Some(Left { task: self.task, want: self.want, behind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::{Pin, pin};
    use std::sync::atomic::AtomicBool;

    /// A lock that is handed over, or not yet.
    unsafe fn ask(future: *const ()) -> bool {
        // SAFETY: of a test, where it is a flag that lives on.
        unsafe { &*future.cast::<AtomicBool>() }.load(Ordering::Relaxed)
    }

    static NEVER: AtomicBool = AtomicBool::new(false);

    fn table() -> &'static Queues {
        Box::leak(Box::new(Queues::new()))
    }

    fn put(
        to: &'static Queues,
        queued: Pin<&mut Queued>,
        task: u32,
        flag: &AtomicBool,
        want: Want,
    ) {
        let given = Given { future: std::ptr::from_ref(flag).cast(), ask };
        // SAFETY: pinned; the tests remove what they put.
        unsafe { to.put(&queued, task, (want, given), (1, 1)) };
    }

    fn want(site: u32, is_inside: bool) -> Want {
        Want { instance: 7, site, is_inside, ..Want::default() }
    }

    fn handed(table: &Queues) -> Vec<(u32, u32)> {
        table.handed(7).iter().flatten().map(|(task, held)| (*task, held.site)).collect()
    }

    #[test]
    fn what_is_handed_to_a_future_that_is_not_polled_is_kept_by_its_task() {
        let (table, flag) = (table(), AtomicBool::new(false));
        let (mut first, mut second) = (pin!(Queued::default()), pin!(Queued::default()));
        put(table, first.as_mut(), 3, &flag, want(10, true));
        table.sleeps(3, 100);
        put(table, second.as_mut(), 3, &NEVER, want(20, true));
        assert!(handed(table).is_empty(), "not handed over");
        table.sleeps(3, 200);
        flag.store(true, Ordering::Relaxed);
        assert!(handed(table).is_empty(), "its task may yet be woken by it");
        table.sleeps(3, 300);
        assert_eq!(handed(table), [(3, 10)]);
        // It is polled after all.
        put(table, first.as_mut(), 3, &flag, want(10, true));
        table.sleeps(3, 400);
        assert!(handed(table).is_empty());
        assert!(table.remove(&first).is_some() && table.remove(&second).is_some());
        assert!(table.remove(&first).is_none());
        assert!(!table.sleeps(3, 500).0);
    }

    #[test]
    fn one_that_may_be_elsewhere_counts_after_a_time() {
        let (table, flag) = (table(), AtomicBool::new(true));
        let mut first = pin!(Queued::default());
        put(table, first.as_mut(), 3, &flag, want(10, false));
        table.sleeps(3, 100);
        table.sleeps(3, 200);
        assert!(handed(table).is_empty());
        assert!(table.passes(LONG / 2)[0].is_none());
        assert_eq!(
            table.passes(LONG / 2)[0].map(|(task, left)| (task, left.is_some())),
            Some((3, false))
        );
        assert!(table.passes(LONG)[0].is_none(), "once");
        assert_eq!(handed(table), [(3, 10)]);
        table.spawns(3);
        assert!(handed(table).is_empty());
        // Another task polls it.
        put(table, first.as_mut(), 4, &flag, want(10, false));
        table.sleeps(3, 300);
        table.sleeps(4, 300);
        assert!(table.passes(LONG)[0].is_none());
        assert!(table.remove(&first).is_some_and(|seen| seen.task == 4));
        assert!(!table.is_any_left());
    }

    #[test]
    fn who_sleeps_behind_itself_twice_is_told_of_once() {
        let (table, flag) = (table(), AtomicBool::new(true));
        let (mut first, mut second) = (pin!(Queued::default()), pin!(Queued::default()));
        put(table, first.as_mut(), 3, &flag, want(10, true));
        table.sleeps(3, 100);
        let mut wait = |ticks| {
            put(table, second.as_mut(), 3, &NEVER, want(20, true));
            table.sleeps(3, ticks).1.map(|left| (left.want.site, left.behind.1))
        };
        assert_eq!([wait(200), wait(300)], [None, None], "it may be about to be woken");
        let later = 200 + MOMENT;
        assert_eq!([wait(later), wait(later)], [Some((10, 20)), None]);
        assert!(table.remove(&second).is_some() && table.remove(&first).is_some());
    }

    #[test]
    fn who_gives_up_behind_itself_is_told_of() {
        let (table, flag) = (table(), AtomicBool::new(true));
        let (mut first, mut second) = (pin!(Queued::default()), pin!(Queued::default()));
        put(table, first.as_mut(), 3, &flag, want(10, true));
        table.sleeps(3, 100);
        put(table, second.as_mut(), 3, &NEVER, want(20, true));
        let later = 200 + MOMENT;
        let early = table.remove(&second).and_then(|wait| table.gives_up(&wait, later));
        assert!(early.is_none(), "it has not slept there");
        put(table, second.as_mut(), 3, &NEVER, want(20, true));
        table.sleeps(3, 200);
        let wait = table.remove(&second).unwrap();
        assert!(table.gives_up(&wait, 300).is_none(), "it may be about to be woken");
        let left = table.gives_up(&wait, later);
        assert!(left.is_some_and(|left| (left.want.site, left.behind.1) == (10, 20)));
        assert!(table.remove(&first).is_some());
    }
}
