//! Findings from deadlocks that the runtime observed.

use super::super::{Draft, Input, Sink, order_to_take};
use super::help;
use crate::finding::{Finding, Grade, Level, LockInfo, Place, RuleId, Step, StepKind};
use crate::fingerprint::{Element, Fnv, fingerprint, shape};
use crate::merged::{LockId, Merged};
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

pub(super) fn sort_of(deadlock: &Deadlock) -> Sort {
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
    pub(super) locks: Vec<LockInfo>,
    pub(super) steps: Vec<Step>,
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
