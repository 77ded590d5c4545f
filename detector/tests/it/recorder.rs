//! Runs a program and writes the recording that the runtime would write.

use crate::machine::{State, Step, wanted};
use crate::program::{LockKind, Mode, OpKind, OpSite, Program, Receive};
use std::collections::{BTreeMap, VecDeque};
use syncscope_detector::must_order::{
    Channel, Clock, Entry, Gathering, Ground, Grounds, Inbox, Initialiser, Room, Token, Told,
};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    self, Access, ChainNode, Class, ClassId, InstanceId, NodeId, Primitive, Site, SiteId, Thread,
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
    Run { recording: recorder.finish(), stuck, try_failed }
}

struct Recorder<'a> {
    program: &'a Program,
    recording: Recording,
    sites: BTreeMap<Site, SiteId>,
    nodes: BTreeMap<NodeKey, NodeId>,
    clocks: Vec<ThreadClock>,
    /// The clocks of the recording, with what each entry rests on.
    recorded: Vec<Vec<Entry>>,
    channels: Vec<ChannelOrder>,
    barriers: Vec<Gathering>,
    /// By lock.
    initialisers: Vec<Initialiser>,
    /// Per thread, the held locks.
    stacks: Vec<Vec<Taken>>,
}

/// As the runtime keeps it.
#[derive(Default)]
struct ChannelOrder {
    channel: Channel,
    inbox: Inbox,
    closed: Told,
    /// Of a bounded one.
    room: Option<Room>,
    /// What travels with the messages.
    messages: VecDeque<Told>,
}

impl From<Option<usize>> for ChannelOrder {
    fn from(bound: Option<usize>) -> Self {
        Self { room: bound.and_then(Room::of), ..Self::default() }
    }
}

type NodeKey = (usize, Option<NodeId>, InstanceId, SiteId, (bool, bool, bool, bool));

#[derive(Default)]
struct ThreadClock {
    clock: Clock,
    segment: u32,
    token: Token,
}

#[derive(Clone, Copy)]
struct Taken {
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
            clocks: Vec::new(),
            recorded: Vec::new(),
            channels: Vec::new(),
            barriers: Vec::new(),
            initialisers: Vec::new(),
            stacks: vec![Vec::new(); len],
        };
        let clock = || ThreadClock { segment: 1, ..ThreadClock::default() };
        recorder.clocks.resize_with(len, clock);
        recorder.channels = program.channels.iter().map(|channel| channel.bound.into()).collect();
        recorder.barriers.resize_with(program.barriers.len(), Default::default);
        recorder.initialisers.resize_with(program.locks.len(), Default::default);
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
            | OpKind::InitOnce { .. }
            | OpKind::Use { .. } => {
                let (lock, mode) = wanted(op.kind).expect("these want a lock");
                let entry = Taken { lock, access: access(op.kind, mode), site };
                // A request is noted before the thread blocks, and not again when it has the lock.
                if !was_waiting && step != Step::TryFailed {
                    self.request(thread, entry);
                }
                if step == Step::Done && !matches!(op.kind, OpKind::Use { .. }) {
                    self.stacks[thread].push(entry);
                    if matches!(op.kind, OpKind::InitOnce { .. }) {
                        void(self.initialisers[lock].begin());
                    }
                }
                if step == Step::Initialised {
                    self.pass_initialiser(thread, lock);
                }
            }
            OpKind::Release { lock } => {
                self.release(thread, lock);
                if self.program.locks[lock].kind == LockKind::OnceLock {
                    self.initialisers[lock].complete();
                    self.pass_initialiser(thread, lock);
                }
            }
            OpKind::Spawn { thread: child } => {
                let known = self.publish(thread);
                self.learn(child, &known, &Grounds::CERTAIN);
                let record = self.recording.threads.get_mut(&thread_num(child)).expect("declared");
                record.parent = Some(thread_num(thread));
                record.spawn_site = site;
            }
            OpKind::Join { thread: child } => {
                let known = self.publish(child);
                self.learn(thread, &known, &Grounds::CERTAIN);
            }
            _ => self.handed_over(thread, op.kind, step),
        }
    }

    /// What is no lock's, and no thread's begin or end.
    fn handed_over(&mut self, thread: usize, kind: OpKind, step: Step) {
        let number = thread_num(thread).0;
        match kind {
            OpKind::Send { channel, is_try } => {
                let known = self.publish(thread);
                let order = &mut self.channels[channel];
                void(order.channel.sending(number));
                void(order.room.as_mut().and_then(|room| room.sending(number, !is_try)));
                if step == Step::Nothing {
                    return void(order.channel.refused());
                }
                order.messages.push_back(known);
                let told = order.room.as_mut().and_then(Room::sent);
                if let Some((known, on)) = told {
                    self.learn(thread, &known, &on);
                }
            }
            OpKind::DropSender { channel } => {
                let known = self.publish(thread);
                self.channels[channel].closed.join(&known);
            }
            OpKind::Receive { channel, how } => self.received(thread, channel, how, step),
            OpKind::Meet { barrier } if step == Step::Arrived => {
                let known = self.publish(thread);
                let size = self.program.barriers[barrier];
                void(self.barriers[barrier].arrive(size, number, &known));
            }
            OpKind::Meet { barrier } => {
                if let Some(known) = self.barriers[barrier].pass() {
                    self.learn(thread, &known, &Grounds::CERTAIN);
                }
            }
            OpKind::Unpark { thread: target } => {
                let known = self.publish(thread);
                void(self.clocks[target].token.unpark(number, known));
            }
            OpKind::Park { is_timed: false } => {
                if let Some((known, on)) = self.clocks[thread].token.parked() {
                    self.learn(thread, &known, &on);
                }
            }
            _ => {}
        }
    }

    fn received(&mut self, thread: usize, channel: usize, how: Receive, step: Step) {
        let blocks = how == Receive::Blocks;
        let number = thread_num(thread).0;
        let asks = self.channels[channel].room.is_some().then(|| self.publish(thread));
        let ChannelOrder { channel, inbox, closed, room, messages } = &mut self.channels[channel];
        if let (Some(room), Some(known)) = (room, asks) {
            void(room.asked(number, blocks, || known));
        }
        if !inbox.knows(number) {
            void(inbox.asked_by(number, channel).into_iter().flatten());
            self.clocks[thread].token.make_uncertain();
        }
        let clock = &mut self.clocks[thread].clock;
        match step {
            Step::Done => {
                let known = messages.pop_front().expect("a message is there");
                if let Some((known, on)) = inbox.received(channel, &known, blocks) {
                    clock.learn(number, &known, on);
                }
            }
            Step::Ended if blocks => {
                if let Some((known, on)) = inbox.ended(channel, closed.clone()) {
                    clock.learn(number, &known, on);
                }
            }
            _ => {}
        }
    }

    fn pass_initialiser(&mut self, thread: usize, lock: usize) {
        let instance = lock as u32 + 1;
        if let Some((known, on)) = self.initialisers[lock].passed(instance) {
            self.learn(thread, &known, &on);
        }
    }

    fn request(&mut self, thread: usize, entry: Taken) {
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
            entry.access.kept |= !entry.access.is_try;
            entry.access.is_try = true;
        }
    }

    fn node(&mut self, thread: usize, parent: Option<NodeId>, entry: Taken, count: u64) -> NodeId {
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
        let ThreadClock { clock, segment, .. } = &self.clocks[thread];
        let entries = clock.entries().to_vec();
        if entries.is_empty() {
            return None;
        }
        let (thread, segment) = (thread_num(thread), *segment);
        self.recording.clocks.push(model::Clock { thread, segment, entries: Vec::new() });
        self.recorded.push(entries);
        Some(self.recording.clocks.len() as u32 - 1)
    }

    /// As a reader does: clocks have what rests on nothing that has proved shared by the end.
    fn finish(mut self) -> Recording {
        for (clock, entries) in self.recording.clocks.iter_mut().zip(self.recorded) {
            let mut known = BTreeMap::new();
            for entry in entries.iter().filter(|entry| !entry.on.is_void()) {
                let segment: &mut u32 = known.entry(ThreadNum(entry.thread)).or_default();
                *segment = entry.segment.max(*segment);
            }
            clock.entries = known.into_iter().collect();
        }
        self.recording
    }

    /// What others may learn of a thread now; it begins a new segment.
    fn publish(&mut self, thread: usize) -> Told {
        let ThreadClock { clock, segment, .. } = &mut self.clocks[thread];
        *segment += 1;
        clock.tell((thread_num(thread).0, *segment - 1))
    }

    fn learn(&mut self, thread: usize, known: &Told, on: &Grounds) {
        self.clocks[thread].clock.learn(thread_num(thread).0, known, on);
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

fn void<'a>(grounds: impl IntoIterator<Item = &'a Ground>) {
    grounds.into_iter().for_each(|ground| _ = ground.void());
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
        init: matches!(kind, OpKind::Init { .. } | OpKind::InitOnce { .. } | OpKind::Use { .. }),
        recursive: mode == Mode::Recursive,
        ..Access::default()
    }
}
