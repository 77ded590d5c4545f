//! Runs a program and writes the recording that the runtime would write.

use crate::machine::{State, Step, wanted};
use crate::program::{LockKind, Mode, OpKind, OpSite, Program};
use std::collections::BTreeMap;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, ChainNode, Class, ClassId, Clock, InstanceId, NodeId, Primitive, Site, SiteId, Thread,
    ThreadNum,
};

/// A run that went to its end, or until nothing moved.
pub(crate) struct Run {
    pub(crate) recording: Recording,
    /// Some thread had not ended.
    pub(crate) stuck: bool,
    /// Some try failed, so that a part of the program was not seen.
    pub(crate) try_failed: bool,
}

/// Runs each thread as far as it goes before the next one: the order of the threads' declaration.
pub(crate) fn run_in_order(program: &Program) -> Run {
    run(program, |enabled| enabled[0])
}

/// Runs with a scheduler that picks among the enabled threads.
pub(crate) fn run(program: &Program, mut pick: impl FnMut(&[usize]) -> usize) -> Run {
    let mut recorder = Recorder::new(program);
    let mut state = State::start(program);
    let mut try_failed = false;
    loop {
        let enabled = state.enabled(program);
        if enabled.is_empty() {
            break;
        }
        let thread = pick(&enabled);
        let at = state.threads[thread].at;
        let was_waiting = state.threads[thread].waiting;
        let step = state.step(program, thread);
        try_failed |= step == Step::TryFailed;
        recorder.stepped(thread, at, step, was_waiting);
    }
    let stuck = !state.is_over(program);
    Run { recording: recorder.recording, stuck, try_failed }
}

struct Recorder<'a> {
    program: &'a Program,
    recording: Recording,
    sites: BTreeMap<Site, SiteId>,
    nodes: BTreeMap<NodeKey, NodeId>,
    clocks: Vec<ThreadClock>,
    /// Per thread, the held locks.
    stacks: Vec<Vec<Entry>>,
}

type NodeKey = (usize, Option<NodeId>, InstanceId, SiteId, (bool, bool, bool, bool));

#[derive(Clone, Default)]
struct ThreadClock {
    entries: BTreeMap<ThreadNum, u32>,
    segment: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    lock: usize,
    access: Access,
    site: SiteId,
}

impl<'a> Recorder<'a> {
    fn new(program: &'a Program) -> Self {
        let len = program.threads.len();
        let mut recorder = Self {
            program,
            recording: Recording { sites: vec![Site::default()], ..Recording::default() },
            sites: BTreeMap::new(),
            nodes: BTreeMap::new(),
            clocks: vec![ThreadClock { segment: 1, ..ThreadClock::default() }; len],
            stacks: vec![Vec::new(); len],
        };
        recorder.declare_classes();
        for (index, thread) in program.threads.iter().enumerate() {
            let number = thread_num(index);
            let (name, is_main) = (Some(thread.name.clone()), index == 0);
            let thread = Thread { number, name, is_main, ..Thread::default() };
            recorder.recording.threads.insert(number, thread);
        }
        recorder
    }

    fn declare_classes(&mut self) {
        self.recording.classes.push(Class::default());
        for lock in &self.program.locks {
            let base = class_name(&lock.name);
            let site = self.site(Site { file: format!("locks/{base}.rs"), line: 1, column: 1 });
            let known = self.recording.classes.iter_mut().skip(1).find(|class| class.site == site);
            if let Some(class) = known {
                class.instances += 1;
                continue;
            }
            self.recording.classes.push(Class {
                primitive: match lock.kind {
                    LockKind::Mutex => Primitive::Mutex,
                    LockKind::RwLock => Primitive::RwLock,
                    LockKind::OnceLock => Primitive::OnceLock,
                    LockKind::Reentrant => Primitive::ReentrantLock,
                },
                site,
                type_name: format!("app::{base}"),
                name: lock.name.starts_with('$').then(|| base.to_owned()),
                instances: 1,
                ..Class::default()
            });
        }
        self.recording.totals.locks = self.program.locks.len() as u64;
    }

    fn stepped(&mut self, thread: usize, at: usize, step: Step, was_waiting: bool) {
        let op = self.program.threads[thread].ops[at];
        let site = self.op_site(thread, op.site);
        match op.kind {
            OpKind::Acquire { .. }
            | OpKind::Try { .. }
            | OpKind::Reacquire { .. }
            | OpKind::Init { .. }
            | OpKind::Use { .. } => {
                let (lock, mode) = wanted(op.kind).expect("these want a lock");
                let entry = Entry { lock, access: access(op.kind, mode), site };
                // A request is noted before the thread blocks, and not again when it has the lock.
                if !was_waiting && step != Step::TryFailed {
                    self.request(thread, entry);
                }
                if step == Step::Done && !matches!(op.kind, OpKind::Use { .. }) {
                    self.stacks[thread].push(entry);
                }
            }
            OpKind::Release { lock } => self.release(thread, lock),
            OpKind::Spawn { thread: child } => {
                let known = self.publish(thread);
                self.clocks[child].entries = known;
                let record = self.recording.threads.get_mut(&thread_num(child)).expect("declared");
                record.parent = Some(thread_num(thread));
                record.spawn_site = site;
            }
            OpKind::Join { thread: child } => {
                let known = self.publish(child);
                self.learn(thread, &known);
            }
        }
    }

    fn request(&mut self, thread: usize, entry: Entry) {
        let mut parent = None;
        for index in 0..self.stacks[thread].len() {
            let held = self.stacks[thread][index];
            parent = Some(self.node(thread, parent, held, 0));
        }
        self.node(thread, parent, entry, 1);
    }

    /// Guards dropped out of order: what stays held above was never requested in the chain that is left, so there it
    /// counts as held only, like a try.
    fn release(&mut self, thread: usize, lock: usize) {
        let stack = &mut self.stacks[thread];
        let at = stack.iter().rposition(|entry| entry.lock == lock).expect("it is held");
        stack.remove(at);
        for entry in &mut stack[at..] {
            entry.access.is_try = true;
        }
    }

    fn node(&mut self, thread: usize, parent: Option<NodeId>, entry: Entry, count: u64) -> NodeId {
        let instance = InstanceId(entry.lock as u32 + 1);
        let Access { shared, is_try, reacquire, init, .. } = entry.access;
        let key = (thread, parent, instance, entry.site, (shared, is_try, reacquire, init));
        let segment = self.clocks[thread].segment;
        let id = match self.nodes.get(&key) {
            Some(id) => *id,
            None => {
                let id = NodeId(self.recording.nodes.len() as u32);
                let first_clock = self.clock(thread);
                self.recording.nodes.push(ChainNode {
                    thread: Some(thread_num(thread)),
                    parent,
                    instance,
                    class: self.class_of(entry.lock),
                    access: entry.access,
                    site: entry.site,
                    first_clock,
                    first_segment: segment,
                    ..ChainNode::default()
                });
                self.nodes.insert(key, id);
                id
            }
        };
        let node = &mut self.recording.nodes[id.0 as usize];
        node.count += count;
        node.last_segment = segment;
        id
    }

    fn clock(&mut self, thread: usize) -> Option<u32> {
        let ThreadClock { entries, segment } = self.clocks[thread].clone();
        if entries.is_empty() {
            return None;
        }
        let clock =
            Clock { thread: thread_num(thread), segment, entries: entries.into_iter().collect() };
        self.recording.clocks.push(clock);
        Some(self.recording.clocks.len() as u32 - 1)
    }

    /// What others may learn of a thread now; it begins a new segment.
    fn publish(&mut self, thread: usize) -> BTreeMap<ThreadNum, u32> {
        let clock = &mut self.clocks[thread];
        let mut known = clock.entries.clone();
        known.insert(thread_num(thread), clock.segment);
        clock.segment += 1;
        known
    }

    fn learn(&mut self, thread: usize, known: &BTreeMap<ThreadNum, u32>) {
        for (other, segment) in known {
            let entry = self.clocks[thread].entries.entry(*other).or_default();
            *entry = (*entry).max(*segment);
        }
    }

    fn class_of(&self, lock: usize) -> ClassId {
        let file = format!("locks/{}.rs", class_name(&self.program.locks[lock].name));
        let classes = self.recording.classes.iter();
        let at = classes
            .clone()
            .position(|class| self.recording.sites[class.site.0 as usize].file == file);
        ClassId(at.expect("declared") as u32)
    }

    fn op_site(&mut self, thread: usize, site: OpSite) -> SiteId {
        let (file, line) = match site {
            OpSite::Own(line) => (format!("src/{}.rs", self.program.threads[thread].name), line),
            OpSite::Shared(line) => ("src/shared.rs".to_owned(), line),
        };
        self.site(Site { file, line, column: 5 })
    }

    fn site(&mut self, site: Site) -> SiteId {
        let next = SiteId(self.recording.sites.len() as u32);
        let id = *self.sites.entry(site.clone()).or_insert(next);
        if id == next {
            self.recording.sites.push(site);
        }
        id
    }
}

/// The class part of a lock's name.
pub(crate) fn class_name(name: &str) -> &str {
    let base = name.split_once('#').map_or(name, |(base, _)| base);
    base.trim_start_matches('$')
}

fn thread_num(index: usize) -> ThreadNum {
    ThreadNum(index as u32 + 1)
}

fn access(kind: OpKind, mode: Mode) -> Access {
    Access {
        shared: mode != Mode::Exclusive,
        is_try: matches!(kind, OpKind::Try { .. }),
        reacquire: matches!(kind, OpKind::Reacquire { .. }),
        init: matches!(kind, OpKind::Init { .. } | OpKind::Use { .. }),
        recursive: mode == Mode::Recursive,
        kept: false,
    }
}
