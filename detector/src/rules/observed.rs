//! Findings from deadlocks that the runtime observed.

use super::{Draft, Input, Sink};
use crate::finding::{Finding, Grade, Level, LockInfo, Place, RuleId, Step, StepKind, ThreadInfo};
use crate::fingerprint::{Element, Fnv, fingerprint, shape};
use crate::merged::{LockId, Merged};
use crate::text;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    BoardSlot, ClassId, Deadlock, DeadlockKind, ExitState, Held, InstanceId, Participant,
    Primitive, ThreadNum, Wait, WaitKind,
};

/// Which observed deadlocks a rule takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Several threads.
    Several,
    /// One thread.
    Alone,
    /// Nothing moves, and no cycle is proved.
    Still,
}

/// Reports all observed deadlocks of a sort.
pub(super) fn report(rule: RuleId, sort: Sort, input: &Input<'_>, sink: &mut Sink) {
    for (process, recording) in input.view.recordings.iter().enumerate() {
        for deadlock in &recording.deadlocks {
            if sort_of(deadlock.kind) == sort && !deadlock.participants.is_empty() {
                sink.drafts.push(Builder::new(input.view, process, deadlock).draft(rule));
            }
        }
    }
}

fn sort_of(kind: DeadlockKind) -> Sort {
    match kind {
        DeadlockKind::Cycle | DeadlockKind::Knot | DeadlockKind::Orphan => Sort::Several,
        DeadlockKind::SelfLock => Sort::Alone,
        DeadlockKind::Stall => Sort::Still,
    }
}

/// An object of a deadlock: what makes two mentions of it the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Object {
    Instance(InstanceId),
    Thread(ThreadNum),
    Scope(u32),
    /// A `park`: only the thread itself is known.
    Token(ThreadNum),
}

struct Builder<'a> {
    view: &'a Merged<'a>,
    recording: &'a Recording,
    process: usize,
    deadlock: &'a Deadlock,
    objects: Vec<Object>,
    locks: Vec<LockInfo>,
    steps: Vec<Step>,
}

impl<'a> Builder<'a> {
    fn new(view: &'a Merged<'a>, process: usize, deadlock: &'a Deadlock) -> Self {
        let recording = &view.recordings[process];
        let (objects, locks, steps) = Default::default();
        Self { view, recording, process, deadlock, objects, locks, steps }
    }

    fn draft(mut self, rule: RuleId) -> Draft {
        for (thread, participant) in self.deadlock.participants.iter().enumerate() {
            self.participant(thread, participant);
        }
        let threads: Vec<_> = self
            .deadlock
            .participants
            .iter()
            .map(|participant| self.view.thread_info(self.process, Some(participant.thread)))
            .collect();
        let shape = self.shape();
        let finding = Finding {
            rule,
            grade: Grade::Observed,
            level: self.level(),
            fingerprint: fingerprint(rule.name(), shape),
            count: 1,
            message: self.message(&threads),
            threads,
            refutation: None,
            notes: self.notes(),
            help: self.help().to_owned(),
            processes: vec![self.process],
            locks: self.locks.clone(),
            steps: self.steps.clone(),
        };
        Draft { finding, shape, locks: self.lock_ids(), cycles: 1 }
    }

    /// A stall may end yet, unless the process was ended for it.
    fn level(&self) -> Level {
        let was_ended = self.recording.process.exit == ExitState::Stall;
        if self.is_stall() && !was_ended { Level::Warn } else { Level::Deny }
    }

    fn is_stall(&self) -> bool {
        self.deadlock.kind == DeadlockKind::Stall
    }

    fn participant(&mut self, thread: usize, participant: &Participant) {
        if let Some(held) = &participant.holds {
            let lock = self.instance(held.instance, held.class);
            let primitive = self.primitive(held.class);
            let place = self.view.place(self.process, held.site, None);
            let call = text::call(primitive, held.access);
            self.steps.push(Step {
                thread,
                lock,
                kind: StepKind::Holds,
                call,
                place,
                stack: Vec::new(),
                count: 1,
            });
        }
        let wait = &participant.wait;
        if wait.kind == WaitKind::None {
            return;
        }
        let lock = self.waited(participant.thread, wait);
        let place = self.view.place(self.process, wait.site, None);
        let stack = self.view.stack_of_wait(self.process, participant);
        let call = match self.primitive(wait.class) {
            primitive @ (Primitive::OnceLock | Primitive::LazyLock)
                if wait.kind == WaitKind::Once =>
            {
                text::call(primitive, Default::default())
            }
            _ => text::wait_call(wait.kind),
        };
        self.steps.push(Step { thread, lock, kind: StepKind::Wants, call, place, stack, count: 1 });
    }

    /// The index of what a wait is for.
    fn waited(&mut self, waiter: ThreadNum, wait: &Wait) -> usize {
        match wait.kind {
            WaitKind::Join => {
                let number = ThreadNum(wait.object);
                let thread = self.view.thread_info(self.process, Some(number));
                let info = other_object("thread", thread.name, wait.object, thread.spawned);
                self.object(Object::Thread(number), info)
            }
            WaitKind::Scope => {
                let info = other_object("scope", None, wait.object, Place::default());
                self.object(Object::Scope(wait.object), info)
            }
            WaitKind::Park | WaitKind::Sleep => {
                let thread = self.view.thread_info(self.process, Some(waiter));
                let info = other_object("thread", thread.name, waiter.0, thread.spawned);
                self.object(Object::Token(waiter), info)
            }
            _ => self.instance(InstanceId(wait.object), wait.class),
        }
    }

    fn instance(&mut self, instance: InstanceId, class: Option<ClassId>) -> usize {
        let info = self.view.instance_info(self.process, instance, class);
        let index = self.object(Object::Instance(instance), info.clone());
        // A mention that knows the class is better than one that does not.
        if self.locks[index].type_name.is_empty() && class.is_some() {
            self.locks[index] = info;
        }
        index
    }

    fn object(&mut self, object: Object, info: LockInfo) -> usize {
        if let Some(index) = self.objects.iter().position(|known| *known == object) {
            return index;
        }
        self.objects.push(object);
        self.locks.push(info);
        self.objects.len() - 1
    }

    fn primitive(&self, class: Option<ClassId>) -> Primitive {
        class
            .and_then(|class| self.recording.class(class))
            .map_or(Primitive::Unknown, |class| class.primitive)
    }

    /// The locks as the order graph knows them; none when other objects take part.
    fn lock_ids(&self) -> Vec<LockId> {
        let ids = self.objects.iter().map(|object| match object {
            Object::Instance(instance) => self.view.find(self.process, *instance),
            _ => None,
        });
        let mut ids = ids.collect::<Option<Vec<_>>>().unwrap_or_default();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// One element per wait: what is waited for, where the next participant took it, where it is waited for.
    fn shape(&self) -> u64 {
        let participants = &self.deadlock.participants;
        let hash = |site| self.view.site_hash(self.process as u32, site);
        let mut elements: Vec<_> = (0..participants.len())
            .map(|index| {
                let wait = &participants[index].wait;
                let next = participants[(index + 1) % participants.len()].holds.as_ref();
                let held = next.filter(|held| held.instance.0 == wait.object);
                Element {
                    lock: self.object_hash(wait, held),
                    held_at: held.map_or(0, |held| hash(held.site)),
                    wanted_at: hash(wait.site),
                }
            })
            .collect();
        if self.is_stall() {
            // Its threads are in no order.
            elements.sort_unstable();
        }
        shape(&elements)
    }

    fn object_hash(&self, wait: &Wait, held: Option<&Held>) -> u64 {
        match wait.kind {
            WaitKind::Join | WaitKind::Scope | WaitKind::Park | WaitKind::Sleep => {
                Fnv::new().text(text::wait_call(wait.kind)).finish()
            }
            _ => {
                let class = wait.class.or_else(|| held.and_then(|held| held.class));
                self.view.class_hash(self.process, class)
            }
        }
    }

    fn message(&self, threads: &[ThreadInfo]) -> String {
        let locks = text::locks(&self.locks);
        match (self.deadlock.kind, threads) {
            (DeadlockKind::SelfLock, [thread]) => self.self_message(&text::thread(thread), &locks),
            (DeadlockKind::Orphan, [thread, ..]) => {
                format!(
                    "{} waits for {locks}, which nobody can release any more",
                    text::thread(thread)
                )
            }
            (DeadlockKind::Knot, [thread]) => {
                format!("{} waits for {locks}, and nobody is left to wake it", text::thread(thread))
            }
            (DeadlockKind::Knot, _) => {
                format!("{} threads wait over {locks}, and none can wake another", threads.len())
            }
            (DeadlockKind::Stall, _) => {
                let waiting = self.waiting();
                let threads = text::count_of(waiting, "thread waits", "threads wait");
                format!("nothing moves any more: {threads} over {locks}")
            }
            _ => format!("deadlock of {} threads over {locks}", threads.len()),
        }
    }

    /// How many participants wait for something that is known.
    fn waiting(&self) -> u64 {
        let waits = |one: &&Participant| one.wait.kind != WaitKind::None;
        self.deadlock.participants.iter().filter(waits).count() as u64
    }

    fn self_message(&self, thread: &str, locks: &str) -> String {
        let participant = &self.deadlock.participants[0];
        let held = participant.holds.as_ref().map(|held| held.access);
        match (participant.wait.kind, held) {
            (WaitKind::Write, Some(held)) if held.shared => {
                format!("{thread} wants to write to {locks} inside its own read")
            }
            (WaitKind::Read, Some(held)) if !held.shared => {
                format!("{thread} wants to read {locks} inside its own write")
            }
            (WaitKind::Once, _) => format!("the initialiser of {locks} needs {locks} itself"),
            (WaitKind::Join, _) => format!("{thread} joins itself"),
            (WaitKind::Recv, _) => {
                format!("{thread} receives from {locks} and owns its only sender")
            }
            _ => format!("{thread} waits for {locks}, which it holds itself"),
        }
    }

    fn help(&self) -> &'static str {
        let kinds = || self.deadlock.participants.iter().map(|participant| participant.wait.kind);
        let is_lock = |kind| matches!(kind, WaitKind::Mutex | WaitKind::Read | WaitKind::Write);
        match self.deadlock.kind {
            DeadlockKind::SelfLock if kinds().any(|kind| kind == WaitKind::Write) => {
                "release the read guard before asking for the write guard, then check again what was read"
            }
            DeadlockKind::SelfLock if kinds().any(|kind| kind == WaitKind::Once) => {
                "do not use the value inside its own initialiser: pass in what it needs"
            }
            DeadlockKind::SelfLock => {
                "release it first, or pass the guard on instead of locking again"
            }
            DeadlockKind::Stall => {
                "find out who should have woken the first of these threads, and why that did not happen"
            }
            DeadlockKind::Orphan => {
                "keep the guard alive no longer than its thread, and do not leak it"
            }
            _ if kinds().all(is_lock) => {
                "take these locks in one order everywhere, or release one before taking the next"
            }
            _ if kinds().any(|kind| matches!(kind, WaitKind::Join | WaitKind::Scope)) => {
                "release the lock before joining the thread that needs it"
            }
            _ => "release the locks before waiting for the other thread",
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(waits) = self.waits_in_words() {
            notes.push(waits);
        }
        for participant in &self.deadlock.participants {
            notes.extend(self.further_locks(participant));
        }
        if self.is_stall() {
            notes.extend(self.unseen());
        }
        let behind = self.behind();
        if behind > 0 {
            notes.push(format!(
                "{} for locks of these threads",
                text::count_of(behind as u64, "further thread waits", "further threads wait")
            ));
        }
        if let Some(test) = &self.recording.process.test {
            notes.push(format!("seen in test `{test}`"));
        }
        notes
    }

    /// Since when the last one has been waiting, on the process's own clock.
    fn waits_in_words(&self) -> Option<String> {
        let ticks =
            self.deadlock.participants.iter().map(|participant| participant.wait.since_ticks);
        let last = ticks.max().filter(|ticks| *ticks != 0)?;
        let seconds = self.recording.seconds_between(self.recording.process.start_ticks, last)?;
        let what = if self.is_stall() { "the last of them began to wait" } else { "closed" };
        Some(format!("{what} {seconds:.3} s after the start of the process"))
    }

    /// Who holds a lock and sleeps in something that is not recorded.
    fn unseen(&self) -> Vec<String> {
        let asleep = |one: &&Participant| one.wait.kind == WaitKind::None && one.holds.is_some();
        let unseen = self.deadlock.participants.iter().filter(asleep);
        let line = |one: &Participant| {
            let thread = self.view.thread_info(self.process, Some(one.thread));
            format!(
                "{} sleeps in something that is not recorded, such as a lock inside `std` or in C code",
                text::thread(&thread)
            )
        };
        unseen.map(line).collect()
    }

    /// What else a participant holds, by the board.
    fn further_locks(&self, participant: &Participant) -> Option<String> {
        let slot = self.slot(participant.thread)?;
        let further: Vec<_> = slot
            .held
            .iter()
            .filter(|held| !self.objects.contains(&Object::Instance(held.instance)))
            .take(4)
            .map(|held| {
                let info = self.view.instance_info(self.process, held.instance, held.class);
                let place = text::place(&self.view.place(self.process, held.site, None));
                format!("{} (taken at {place})", text::lock_short(&info))
            })
            .collect();
        let thread = self.view.thread_info(self.process, Some(participant.thread));
        (!further.is_empty())
            .then(|| format!("{} also holds {}", text::thread(&thread), text::join_and(&further)))
    }

    /// Threads outside that wait for a lock which a participant holds.
    fn behind(&self) -> usize {
        let participants = &self.deadlock.participants;
        let held_inside: Vec<_> = participants
            .iter()
            .filter_map(|participant| self.slot(participant.thread))
            .flat_map(|slot| &slot.held)
            .map(|held| held.instance.0)
            .collect();
        let outside = |slot: &&BoardSlot| participants.iter().all(|p| p.thread != slot.thread);
        let waits_inside = |slot: &BoardSlot| {
            slot.wait
                .as_ref()
                .is_some_and(|wait| is_lock_wait(wait.kind) && held_inside.contains(&wait.object))
        };
        self.recording.board.iter().filter(outside).filter(|slot| waits_inside(slot)).count()
    }

    fn slot(&self, thread: ThreadNum) -> Option<&'a BoardSlot> {
        self.recording.board.iter().find(|slot| slot.thread == thread)
    }
}

const fn is_lock_wait(kind: WaitKind) -> bool {
    matches!(
        kind,
        WaitKind::Mutex | WaitKind::Read | WaitKind::Write | WaitKind::Once | WaitKind::Lock
    )
}

fn other_object(kind: &'static str, name: Option<String>, number: u32, created: Place) -> LockInfo {
    LockInfo {
        name,
        kind,
        type_name: String::new(),
        created,
        instance: number,
        instances_of_class: 0,
    }
}
