//! Which job of a thread pool a thread runs, and who waits for it: the branch of the tree of jobs that it is in.
//!
//! A *call* asks a pool for jobs and waits for them; a *job* is what a pool runs. Both are branches, see
//! `detector/src/pool/path.rs`, and lie on the stack of who calls, or runs the job. Each knows the branch that it came out of:
//! by its address as long as that waits for it, else by what was known of it when the job was handed out.
//!
//! A job's branch is [`finished`](Branch::finished) before those who wait for the job are told: from then on the branch above may be
//! gone.

use crate::rt::object::Site;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_detector::must_order::Told;
use syncscope_detector::pool::{Held, Lineage, Origin, Step};

thread_local! {
    static HERE: Here = const {
        Here { current: Cell::new(std::ptr::null()), pool: Cell::new(0), next: Cell::new(0) }
    };
}

/// Where a thread is.
struct Here {
    /// The innermost branch; null when there is none.
    current: Cell<*const Branch>,
    /// The pool whose worker this thread is; 0 for none.
    pool: Cell<usize>,
    /// The next number of a branch; 0 before the first.
    next: Cell<u64>,
}

/// Threads that have numbered branches.
static THREADS: AtomicU64 = AtomicU64::new(1);

/// Jobs that count as somebody, in what orders by who takes part.
static PARTIES: AtomicU32 = AtomicU32::new(0);

/// Bit of the number of such a job: no thread has it.
const PARTY: u32 = 1 << 30;

/// Branches that a thread can number: 2 to the power of this.
const NUMBERS: u32 = 40;

/// A call that waits for jobs, or a job.
#[derive(Debug)]
pub(crate) struct Branch {
    above: Above,
    number: u64,
    /// The branch in which this thread was before.
    before: Cell<*const Branch>,
    /// The user's place that asked.
    pub(crate) site: Option<Site>,
    /// The pool that runs the job, or is asked; 0 when unknown.
    pool: usize,
    /// What had come out of the branch above.
    at: u32,
    /// What has come out of this one.
    out: Cell<u32>,
    is_job: bool,
    /// Locks held when it began.
    base: Cell<u32>,
    /// What this thread is said to hold for running this job: an instance, 0 for none.
    stands_for: Cell<u32>,
    /// How many such entries it holds in all.
    hidden: Cell<u32>,
    /// What is held around a call, as long as it lasts.
    around: Option<Box<Around>>,
    /// The branch whose end waits for this job; 0 when none is known to.
    waiter: u64,
    /// As whom it counts, in what orders by who takes part; 0 before that is asked.
    party: Cell<u32>,
    /// The thread has a clock of its own for this job.
    has_clock: Cell<bool>,
    /// Found when it is asked for.
    lineage: OnceCell<Option<Arc<Lineage>>>,
}

/// What is held around a call.
#[derive(Debug)]
pub(crate) struct Around {
    pub(crate) held: Vec<Held>,
    /// When the call began.
    pub(crate) began: u64,
    /// Locks held then.
    pub(crate) depth: u32,
    /// What the thread knew of others then: what it hears of until the end may have come in the middle of the call.
    pub(crate) known: Told,
}

/// Where a branch came from.
#[derive(Debug)]
enum Above {
    /// Nothing is known of it.
    Nobody,
    /// A branch that waits for this one; null when it may have gone.
    Branch(Cell<*const Branch>),
    /// A branch that may go before.
    Kept(Box<Kept>),
    /// A thread outside of all jobs.
    Outside(Arc<Lineage>),
}

/// Who has handed out a job without waiting for it.
#[derive(Debug)]
struct Kept {
    by: Arc<Lineage>,
    is_detached: bool,
    site: Option<Site>,
}

/// A job that was handed out: what its branch needs.
#[derive(Debug)]
pub(crate) struct Handed {
    above: Above,
    at: u32,
    waiter: u64,
}

// SAFETY: the address of a branch is used by the thread that runs the job, while the branch waits for that. Of what is read there
// nothing changes by then, but for counts and caches, which are not read.
unsafe impl Send for Handed {}

/// The innermost branch of this thread.
#[inline]
pub(crate) fn current<'a>() -> Option<&'a Branch> {
    // SAFETY: null, or entered and not left: it lies further up on this thread's stack. Callers do not keep it.
    HERE.with(|here| unsafe { here.current.get().as_ref() })
}

/// This thread is a worker of a pool from now on.
pub(crate) fn works_for(pool: usize) {
    HERE.with(|here| here.pool.set(pool));
}

/// In the child of a fork: what lies on this thread's stack is no matter of the child's.
pub(crate) fn forget() {
    HERE.with(|here| here.current.set(std::ptr::null()));
}

/// What a thread outside of all jobs begins: from `origin`, which is given the number of its call.
fn outside(origin: impl FnOnce(u64) -> Option<Origin>) -> Option<Arc<Lineage>> {
    let number = HERE.with(Here::next_number);
    let lineage = Lineage::new(Arc::new(origin(number)?), Vec::new(), number)?;
    Some(Arc::new(lineage))
}

impl Here {
    #[inline]
    fn next_number(&self) -> u64 {
        let next = match self.next.get() {
            0 => first_number(),
            next => next,
        };
        self.next.set(next + 1);
        next
    }
}

#[cold]
fn first_number() -> u64 {
    // Relaxed: hands out numbers.
    THREADS.fetch_add(1, Ordering::Relaxed) << NUMBERS
}

impl Handed {
    /// Nobody knows by whom.
    pub(crate) const fn by_nobody() -> Self {
        Self { above: Above::Nobody, at: 0, waiter: 0 }
    }

    /// By the current branch, which waits for the job.
    #[inline]
    pub(crate) fn by_waiting() -> Self {
        match current() {
            Some(by) => {
                Self { above: Above::Branch(Cell::new(by)), at: by.next_out(), waiter: by.number }
            }
            None => Self::by_nobody(),
        }
    }

    /// By the current branch, which need not wait for the job, at a place of the user's. Outside of all jobs it is one of its own.
    pub(crate) fn kept(
        site: Option<Site>,
        is_detached: bool,
        origin: impl FnOnce(u64) -> Option<Origin>,
    ) -> Self {
        let (by, at, asking) = match current() {
            Some(by) => (by.lineage(), by.next_out(), by.site),
            None => (outside(origin), 0, None),
        };
        let site = site.or(asking);
        let kept = by.map(|by| Above::Kept(Box::new(Kept { by, is_detached, site })));
        Self { above: kept.unwrap_or(Above::Nobody), at, waiter: 0 }
    }

    /// The branch with this number waits for it before its end.
    pub(crate) fn waited_by(self, waiter: u64) -> Self {
        Self { waiter, ..self }
    }

    /// Nobody waits for it.
    pub(crate) fn detached(mut self) -> Self {
        if let Above::Kept(kept) = &mut self.above {
            kept.is_detached = true;
        }
        self
    }
}

impl Branch {
    #[inline]
    fn new(here: &Here, handed: Handed, site: Option<Site>, pool: usize) -> Self {
        let Handed { above, at, waiter } = handed;
        Self {
            above,
            waiter,
            party: Cell::new(0),
            has_clock: Cell::new(false),
            number: here.next_number(),
            before: Cell::new(std::ptr::null()),
            site,
            pool,
            at,
            out: Cell::new(0),
            is_job: true,
            base: Cell::new(0),
            stands_for: Cell::new(0),
            hidden: Cell::new(0),
            around: None,
            lineage: OnceCell::new(),
        }
    }

    /// A call of this thread, of a pool if that is known. Outside of all jobs it is one of its own.
    #[inline]
    pub(crate) fn call(
        site: Site,
        pool: Option<usize>,
        around: Option<Box<Around>>,
        origin: impl FnOnce(u64) -> Option<Origin>,
    ) -> Self {
        let above = match current() {
            Some(by) => (Above::Branch(Cell::new(by)), by.next_out()),
            None => (outside(origin).map_or(Above::Nobody, Above::Outside), 0),
        };
        let handed = Handed { above: above.0, at: above.1, waiter: 0 };
        let new = |here: &Here| Self::new(here, handed, Some(site), pool.unwrap_or(0));
        Self { is_job: false, around, ..HERE.with(new) }
    }

    /// A job that is run now.
    #[inline]
    pub(crate) fn job(handed: Handed) -> Self {
        let site = match &handed.above {
            // SAFETY: the branch waits for the job.
            Above::Branch(above) => unsafe { above.get().as_ref() }.and_then(|above| above.site),
            Above::Kept(kept) => kept.site,
            Above::Nobody | Above::Outside(_) => None,
        };
        HERE.with(|here| Self::new(here, handed, site, here.pool.get()))
    }

    /// The first job that came out of the current branch; its own thread runs it.
    #[inline]
    pub(crate) fn first_job() -> Self {
        let (above, site, waiter) = match current() {
            Some(by) => (Above::Branch(Cell::new(by)), by.site, by.number),
            None => (Above::Nobody, None, 0),
        };
        let handed = Handed { above, at: 1, waiter };
        HERE.with(|here| Self::new(here, handed, site, here.pool.get()))
    }

    /// The thread is in it, until the value is dropped. It holds so many locks.
    #[inline]
    pub(crate) fn enter(&self, depth: u32) -> Entered {
        let before = HERE.with(|here| here.current.replace(self));
        self.before.set(before);
        self.base.set(depth);
        // SAFETY: as in `current`.
        if let Some(before) = unsafe { before.as_ref() } {
            self.hidden.set(before.hidden.get());
        }
        Entered(before)
    }

    /// The job is done, and those who wait for it are told after this.
    #[inline]
    pub(crate) fn finished(&self) {
        if let Above::Branch(above) = &self.above {
            above.set(std::ptr::null());
        }
    }

    #[inline]
    fn next_out(&self) -> u32 {
        // What comes out beyond that many is not told apart: it counts as ordered.
        let next = self.out.get().saturating_add(1);
        self.out.set(next);
        next
    }

    /// Whether the thread runs a job.
    #[inline]
    pub(crate) fn is_in_job(&self) -> bool {
        self.job_of_thread().is_some()
    }

    /// Its number, and what has come out of it.
    #[inline]
    pub(crate) fn place(&self) -> (u64, u32) {
        (self.number, self.out.get())
    }

    /// What is held around the call.
    #[inline]
    pub(crate) fn around(&self) -> Option<&Around> {
        self.around.as_deref()
    }

    /// How many entries the thread holds that stand for jobs.
    #[inline]
    pub(crate) fn hidden(&self) -> u32 {
        self.hidden.get()
    }

    /// The thread is said to hold this instance for running this job.
    pub(crate) fn stand_for(&self, instance: u32, depth: u32) {
        self.stands_for.set(instance);
        self.hidden.set(self.hidden.get() + 1);
        self.base.set(depth);
    }

    /// Whether this thread is said to hold the instance only for running a job.
    pub(crate) fn is_stood_for(&self, instance: u32) -> bool {
        self.of_thread().any(|branch| branch.stands_for.get() == instance)
    }

    /// Locks that this thread held when its innermost job began.
    pub(crate) fn job_base(&self) -> u32 {
        self.job_of_thread().map_or(0, |job| job.base.get())
    }

    /// Its number.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// As whom this job counts, in what orders by who takes part.
    pub(crate) fn party(&self) -> u32 {
        if self.party.get() == 0 {
            // Relaxed: hands out numbers.
            let number = PARTIES.fetch_add(1, Ordering::Relaxed);
            self.party.set(number & (PARTY - 1) | PARTY);
        }
        self.party.get()
    }

    /// The call from outside that this is, if it is one.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        match &self.above {
            Above::Outside(lineage) => Some(&lineage.origin),
            Above::Nobody | Above::Branch(_) | Above::Kept(_) => None,
        }
    }

    /// Whether the thread has a clock of its own for this job.
    #[inline]
    pub(crate) fn has_clock(&self) -> bool {
        self.has_clock.get()
    }

    /// From now on the thread has one.
    pub(crate) fn set_has_clock(&self) {
        self.has_clock.set(true);
    }

    /// The innermost job of this thread.
    #[inline]
    pub(crate) fn job_of_thread(&self) -> Option<&Self> {
        self.of_thread().find(|branch| branch.is_job)
    }

    /// The branches of this thread, from this one.
    #[inline]
    fn of_thread(&self) -> impl Iterator<Item = &Self> {
        // SAFETY: each was entered before the next, on this thread, and none is left yet.
        let below = |branch: &&Self| unsafe { branch.before.get().as_ref() };
        std::iter::successors(Some(self), below)
    }

    /// The pools that this thread's wait for a call concerns: that which is asked, and its own, whose jobs it may run meanwhile.
    pub(crate) fn waited_pools(&self) -> Vec<usize> {
        let own = HERE.with(|here| here.pool.get());
        [self.pool, own].into_iter().filter(|pool| *pool != 0).collect()
    }

    /// What this branch comes from, for its own thread; `None` when that is not known.
    pub(crate) fn lineage(&self) -> Option<Arc<Lineage>> {
        self.lineage.get_or_init(|| self.find_lineage().map(Arc::new)).clone()
    }

    /// The lineage of the branch that makes this call, and what had come out of that.
    pub(crate) fn caller(&self) -> Option<(Arc<Lineage>, u32)> {
        match &self.above {
            // SAFETY: the branch above is further up on this thread's stack.
            Above::Branch(above) => unsafe { above.get().as_ref() }?.lineage(),
            Above::Outside(lineage) => Some(Arc::clone(lineage)),
            Above::Nobody | Above::Kept(_) => None,
        }
        .map(|lineage| (lineage, self.at))
    }

    fn find_lineage(&self) -> Option<Lineage> {
        let (mut steps, mut pools, mut held) = (Vec::<Step>::new(), Vec::new(), Vec::new());
        let mut is_detached = false;
        let mut branch = self;
        let above = loop {
            held.extend(branch.around().into_iter().flat_map(|around| &around.held));
            if branch.is_job && branch.pool != 0 && !pools.contains(&branch.pool) {
                pools.push(branch.pool);
            }
            match &branch.above {
                Above::Nobody => return None,
                Above::Outside(lineage) => {
                    steps.extend(lineage.steps_out(0, false, 0));
                    break lineage;
                }
                Above::Kept(kept) => {
                    steps.extend(kept.by.steps_out(branch.at, true, branch.waiter));
                    is_detached = kept.is_detached;
                    break &kept.by;
                }
                Above::Branch(above) => {
                    // SAFETY: null, or a branch that waits for this one, which is not finished.
                    let above = unsafe { above.get().as_ref() }?;
                    let &Self { at, is_job, waiter, .. } = branch;
                    steps.push(Step { branch: above.number, at, is_job, waiter });
                    branch = above;
                }
            }
        };
        // Who hands out a job and does not wait holds nothing for it.
        if !is_detached {
            pools.extend_from_slice(&above.pools);
            held.extend_from_slice(&above.held);
        }
        let lineage = Lineage::new(Arc::clone(&above.origin), steps, self.number)?;
        Some(lineage.detached(is_detached || above.is_detached).under(pools, held))
    }
}

/// A thread is in a branch; afterwards in the one before.
#[must_use]
#[derive(Debug)]
pub(crate) struct Entered(*const Branch);

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        HERE.with(|here| here.current.set(self.0));
    }
}
