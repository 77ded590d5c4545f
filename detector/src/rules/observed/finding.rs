//! Findings from deadlocks that the runtime observed.

use super::super::{Draft, Input, Sink, order_to_take};
use super::{exhausted, full, help};
use crate::finding::{Finding, Grade, Level, LockInfo, Place, RuleId, Step, StepKind, ThreadInfo};
use crate::fingerprint::{Element, Fnv, fingerprint, shape};
use crate::merged::{LockId, Merged};
use crate::text;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    ClassId, Deadlock, DeadlockKind, ExitState, Held, InstanceId, Participant, Primitive,
    ThreadNum, Wait, WaitKind,
};

/// Which observed deadlocks a rule takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Sort {
    /// Several threads.
    Several,
    /// One thread.
    Alone,
    /// One task or several, by a lock that was handed to a future which nobody polls.
    Handed,
    /// Nothing moves, and no cycle is proved.
    Still,
    /// Workers of an async runtime are kept by blocking calls.
    Blocking,
}

/// Reports all observed deadlocks of a sort.
pub(in super::super) fn report(rule: RuleId, sort: Sort, input: &Input<'_>, sink: &mut Sink) {
    for (process, recording) in input.view.recordings.iter().enumerate() {
        for deadlock in &recording.deadlocks {
            if sort_of(deadlock) == sort && !deadlock.participants.is_empty() {
                sink.drafts.push(Builder::new(input.view, process, deadlock).draft(rule, input));
            }
        }
    }
}

fn sort_of(deadlock: &Deadlock) -> Sort {
    let is_handed = deadlock.participants.iter().any(|one| one.is_handed);
    match deadlock.kind {
        DeadlockKind::Cycle | DeadlockKind::Knot | DeadlockKind::SelfLock if is_handed => {
            Sort::Handed
        }
        DeadlockKind::Cycle | DeadlockKind::Knot | DeadlockKind::Orphan | DeadlockKind::Forked => {
            Sort::Several
        }
        DeadlockKind::SelfLock => Sort::Alone,
        DeadlockKind::Stall | DeadlockKind::Partial => Sort::Still,
        DeadlockKind::Blocking | DeadlockKind::Starved => Sort::Blocking,
    }
}

/// An object of a deadlock: what makes two mentions of it the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Instance(InstanceId),
    Thread(ThreadNum),
    Scope(u32),
}

pub(super) struct Builder<'a> {
    pub(super) view: &'a Merged<'a>,
    pub(super) recording: &'a Recording,
    pub(super) process: usize,
    pub(super) deadlock: &'a Deadlock,
    pub(super) objects: Vec<Object>,
    locks: Vec<LockInfo>,
    steps: Vec<Step>,
}

impl<'a> Builder<'a> {
    fn new(view: &'a Merged<'a>, process: usize, deadlock: &'a Deadlock) -> Self {
        let recording = &view.recordings[process];
        let (objects, locks, steps) = Default::default();
        Self { view, recording, process, deadlock, objects, locks, steps }
    }

    fn draft(mut self, rule: RuleId, input: &Input<'_>) -> Draft {
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
        let mut finding = Finding {
            rule,
            grade: Grade::Observed,
            level: self.level(),
            fingerprint: fingerprint(rule.name(), shape),
            count: 1,
            message: self.message(&threads),
            threads,
            refutation: None,
            causes: self.causes(),
            notes: self.notes(),
            help: self.help().to_owned(),
            order: Vec::new(),
            processes: vec![self.process],
            locks: self.locks.clone(),
            steps: self.steps.clone(),
        };
        if self.is_order_cycle() {
            let classes: Option<Vec<_>> = self.objects.iter().map(|one| self.class(one)).collect();
            let declared =
                classes.and_then(|of| order_to_take::declared(input, &finding.locks, &of));
            match declared {
                Some((order, help)) => (finding.order, finding.help) = (order, help),
                None => finding.order = order_to_take::observed(&finding),
            }
        }
        Draft { finding, shape, locks: self.lock_ids(), cycles: 1 }
    }

    /// A stall may end yet, unless the process was ended for it. For a partial one it never is.
    fn level(&self) -> Level {
        match self.deadlock.kind {
            DeadlockKind::Partial | DeadlockKind::Blocking => Level::Warn,
            DeadlockKind::Stall if self.recording.process.exit != ExitState::Stall => Level::Warn,
            _ => Level::Deny,
        }
    }

    pub(super) fn is_stall(&self) -> bool {
        sort_of(self.deadlock) == Sort::Still
    }

    fn participant(&mut self, thread: usize, participant: &Participant) {
        if let Some(held) = &participant.holds {
            let lock = self.instance(held.instance, held.class);
            let primitive = self.primitive(held.class);
            let place = self.view.place(self.process, held.site, None);
            let call = primitive.call(held.access);
            self.steps.push(Step {
                caller: None,
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
        let stack = self.stack(participant);
        let call = match self.primitive(wait.class) {
            primitive @ (Primitive::OnceLock | Primitive::LazyLock)
                if wait.kind == WaitKind::Once =>
            {
                primitive.call(Default::default())
            }
            _ => wait.kind.call(),
        };
        self.steps.push(Step {
            caller: None,
            thread,
            lock,
            kind: StepKind::Wants,
            call,
            place,
            stack,
            count: 1,
        });
    }

    /// The stack of the wait itself; in recordings that have none, that of the first such nesting.
    fn stack(&self, participant: &Participant) -> Vec<u64> {
        if self.recording.wait_stacks.is_empty() {
            return self.view.stack_of_wait(self.process, participant);
        }
        self.recording.stack_of_wait(participant.thread, &participant.wait).to_vec()
    }

    /// The index of what a wait is for.
    fn waited(&mut self, waiter: ThreadNum, wait: &Wait) -> usize {
        match wait.kind {
            WaitKind::Join => {
                let number = ThreadNum(wait.object);
                let thread = self.view.thread_info(self.process, Some(number));
                let info = other_object(
                    thread.kind(),
                    thread.name.clone(),
                    wait.object,
                    thread.spawned.clone(),
                );
                self.object(Object::Thread(number), info)
            }
            WaitKind::Scope => {
                let info = other_object("scope", None, wait.object, Place::default());
                self.object(Object::Scope(wait.object), info)
            }
            WaitKind::Park | WaitKind::Sleep => {
                let thread = self.view.thread_info(self.process, Some(waiter));
                let info = other_object(
                    thread.kind(),
                    thread.name.clone(),
                    waiter.0,
                    thread.spawned.clone(),
                );
                // The end of a thread that parks is waited for as the same object.
                self.object(Object::Thread(waiter), info)
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

    /// Whether its threads hold one lock each and wait for the next one.
    fn is_order_cycle(&self) -> bool {
        let waits = |one: &Participant| one.wait.kind.is_for_holders() && one.holds.is_some();
        self.deadlock.kind == DeadlockKind::Cycle && self.deadlock.participants.iter().all(waits)
    }

    /// The class of a lock, with its process.
    fn class(&self, object: &Object) -> Option<(usize, ClassId)> {
        let Object::Instance(instance) = *object else { return None };
        let held = |one: &Participant| one.holds.as_ref().map(|held| (held.instance, held.class));
        let waited = |one: &Participant| (InstanceId(one.wait.object), one.wait.class);
        let participants = self.deadlock.participants.iter();
        let mut all = participants.flat_map(|one| held(one).into_iter().chain([waited(one)]));
        let class = all.find_map(|(of, class)| class.filter(|_| of == instance))?;
        Some((self.process, class))
    }

    fn primitive(&self, class: Option<ClassId>) -> Primitive {
        class
            .and_then(|class| self.recording.class(class))
            .map_or(Primitive::Unknown, |class| class.primitive)
    }

    /// The locks as the order graph knows them; none when other objects take part.
    fn lock_ids(&self) -> Vec<LockId> {
        let ids = self.objects.iter().map(|object| match object {
            Object::Instance(instance) => {
                let lock = self.view.find(self.process, *instance)?;
                Some(self.view.group_of(lock))
            }
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
        if self.is_stall()
            || matches!(self.deadlock.kind, DeadlockKind::Knot | DeadlockKind::Starved)
        {
            // Its threads are in no order.
            elements.sort_unstable();
        }
        shape(&elements)
    }

    fn object_hash(&self, wait: &Wait, held: Option<&Held>) -> u64 {
        match wait.kind {
            WaitKind::Join | WaitKind::Scope | WaitKind::Park | WaitKind::Sleep => {
                Fnv::new().text(wait.kind.call()).finish()
            }
            _ => {
                let class = wait.class.or_else(|| held.and_then(|held| held.class));
                self.view.class_hash(self.process, class)
            }
        }
    }

    fn message(&self, threads: &[ThreadInfo]) -> String {
        let locks = text::locks(&self.locks);
        if sort_of(self.deadlock) == Sort::Handed {
            return self.handed_message(threads, &locks);
        }
        match (self.deadlock.kind, threads) {
            (DeadlockKind::SelfLock, [thread]) => self.self_message(&text::thread(thread), &locks),
            (DeadlockKind::Orphan, [thread, ..]) => {
                format!(
                    "{} waits for {locks}, which nobody can release any more",
                    text::thread(thread)
                )
            }
            (DeadlockKind::Forked, [thread, ..]) => {
                format!(
                    "{} waits for {locks}, which was held when this process was forked: its holder stayed in the parent",
                    text::thread(thread)
                )
            }
            (DeadlockKind::Knot, [thread]) if self.waits_in(WaitKind::Park) => {
                format!("{} parks, and nobody is left to unpark it", text::thread(thread))
            }
            (DeadlockKind::Knot, [thread]) => {
                format!("{} waits for {locks}, and nobody is left to wake it", text::thread(thread))
            }
            (DeadlockKind::Knot, _) => {
                format!(
                    "{} wait over {locks}, and none can wake another",
                    text::count_of_threads(threads)
                )
            }
            (DeadlockKind::Partial, _) => self.partial_message(threads),
            (DeadlockKind::Blocking, _) => self.blocking_message(threads),
            (DeadlockKind::Starved, _) => {
                let calls = self.deadlock.participants.iter().map(|one| self.blocked_in(one));
                let mut calls: Vec<_> = calls.collect();
                calls.dedup();
                let of = match threads.len() {
                    1 => "the one worker of an async runtime is".to_owned(),
                    count => format!("all {count} workers of an async runtime are"),
                };
                format!(
                    "{of} blocked by tasks, in {}: none of its tasks can run",
                    text::join_and(&calls)
                )
            }
            (DeadlockKind::Stall, _) => {
                let threads = text::count_of(self.waiting(), "thread waits", "threads wait");
                format!("nothing moves any more: {threads} over {locks}")
            }
            _ => {
                let locks = text::locks_in_order(&self.locks);
                format!("deadlock of {} over {locks}", text::count_of_threads(threads))
            }
        }
    }

    /// The first thread waits; the last one is that which all of them wait for.
    fn partial_message(&self, threads: &[ThreadInfo]) -> String {
        let participants = self.deadlock.participants.as_slice();
        let [first, .., last] = participants else { return self.alone_message(threads) };
        if !first.wait.kind.is_for_holders() {
            return self.alone_message(threads);
        }
        let others = match self.deadlock.participants.len() as u64 - 2 {
            0 => String::new(),
            n => format!(" and {}", further(n, threads)),
        };
        let has = if others.is_empty() { "has" } else { "have" };
        let (who, behind) = (text::thread(&threads[0]), threads.last().map(text::thread));
        let behind = behind.unwrap_or_default();
        let how = match (first.wait.kind, last.wait.kind, last.wait.timed) {
            (WaitKind::Join, _, _) if first.wait.object == last.thread.0 => "which".to_owned(),
            _ if last.holds.is_some() && self.deadlock.participants.len() == 2 => {
                format!("which is held by {behind}, and that")
            }
            _ => format!("behind {behind}, which"),
        };
        let (long, what) = (self.waited_long(), self.waited_for());
        if self.awaits(last) {
            let is_wanted = |held: &Held| held.instance.0 == first.wait.object;
            let how = if last.holds.as_ref().is_some_and(is_wanted) { "held by" } else { "behind" };
            let awaited = self.awaited(last);
            return format!(
                "{who}{others} {has} waited {long} for {what}, {how} {behind}, which awaits {awaited}"
            );
        }
        let ends = match (last.wait.kind, last.wait.timed) {
            (WaitKind::None, _) => "does not go on",
            (_, true) => "goes round a loop",
            (_, false) => "nobody wakes",
        };
        format!("{who}{others} {has} waited {long} for {what}, {how} {ends}")
    }

    /// Whether it is a task that sleeps until anyone gives it what it awaits.
    pub(super) fn awaits(&self, one: &Participant) -> bool {
        one.wait.is_await() && self.view.thread_info(self.process, Some(one.thread)).is_task
    }

    /// What a participant awaits: the call, the object and the place.
    fn awaited(&self, one: &Participant) -> String {
        let info =
            self.view.instance_info(self.process, InstanceId(one.wait.object), one.wait.class);
        let place = text::place(&self.view.place(self.process, one.wait.site, None));
        format!("`{}` of {} at {place}", one.wait.kind.call(), text::lock_short(&info))
    }

    fn blocking_message(&self, threads: &[ThreadInfo]) -> String {
        let who = match threads.first() {
            Some(task) if task.is_task => text::thread(task),
            Some(thread) => format!("a task on {}", text::thread(thread)),
            None => "a task".to_owned(),
        };
        let call = self.deadlock.participants.first().map(|one| self.blocked_in(one));
        let (call, long) = (call.unwrap_or_default(), self.waited_long());
        format!("{who} has blocked a worker of its async runtime for {long}, in {call}")
    }

    /// The call that a participant is in, and for what.
    fn blocked_in(&self, one: &Participant) -> String {
        let call = one.wait.kind.call();
        match one.wait.kind {
            WaitKind::Sleep | WaitKind::Park | WaitKind::Join | WaitKind::Scope => {
                format!("`{call}`")
            }
            _ => {
                let object = InstanceId(one.wait.object);
                let info = self.view.instance_info(self.process, object, one.wait.class);
                format!("`{call}` of {}", text::lock_short(&info))
            }
        }
    }

    fn alone_message(&self, threads: &[ThreadInfo]) -> String {
        let first = threads.first().map(text::thread).unwrap_or_default();
        let (long, what) = (self.waited_long(), self.waited_for());
        let who = match (threads.len() as u64).saturating_sub(1) {
            0 => format!("{first} has"),
            n => format!("{first} and {} have", further(n, threads)),
        };
        let why = full::why(self.deadlock).unwrap_or_else(|| exhausted::why(self.deadlock));
        format!("{who} waited {long} for {what}, {why}")
    }

    fn waited_long(&self) -> String {
        let since = self.deadlock.participants.first().map_or(0, |first| first.wait.since_ticks);
        let seconds = self.recording.seconds_between(since, self.deadlock.ticks);
        seconds.map_or_else(|| "long".to_owned(), |seconds| format!("{seconds:.1} s"))
    }

    /// What the first participant waits for.
    fn waited_for(&self) -> String {
        let wants = self.steps.iter().find(|step| step.thread == 0 && step.kind == StepKind::Wants);
        let lock = wants.and_then(|step| self.locks.get(step.lock));
        lock.map(text::lock).unwrap_or_default()
    }

    /// Whether the first participant waits so.
    fn waits_in(&self, kind: WaitKind) -> bool {
        self.deadlock.participants.first().is_some_and(|first| first.wait.kind == kind)
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
        let awaits = |last: &Participant| last.holds.is_some() && self.awaits(last);
        if self.is_stall() && self.deadlock.participants.last().is_some_and(awaits) {
            return help::AWAITED;
        }
        help::of(self.deadlock)
    }
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

/// How many more there are, of these.
fn further(count: u64, threads: &[ThreadInfo]) -> String {
    match threads.iter().all(|thread| thread.is_task) {
        true => text::count_of(count, "further task", "further tasks"),
        false => text::count_of(count, "further thread", "further threads"),
    }
}
