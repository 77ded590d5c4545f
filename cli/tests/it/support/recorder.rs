//! Makes recordings in words: threads that take locks at places of a source text.

use std::collections::BTreeMap;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, BoardSlot, ChainNode, Class, ClassId, Deadlock, DeadlockKind, Event, ExitState, Held,
    InstanceId, NodeId, Op, Participant, Primitive, Site, SiteId, Stream, Thread, ThreadNum, Wait,
    WaitKind,
};

/// Ticks per millisecond; a power of two and more than the resolution of held locks.
pub(crate) const MS: u64 = 1 << 20;

/// Builds a recording.
pub(crate) struct Recorder {
    pub(crate) recording: Recording,
    text: &'static str,
    file: &'static str,
    ticks: u64,
    streams: BTreeMap<ThreadNum, Vec<Event>>,
}

impl Recorder {
    /// Of a program whose source is `text`, in `file`.
    pub(crate) fn new(file: &'static str, text: &'static str) -> Self {
        let mut recording = Recording::default();
        recording.process.pid = 4242;
        recording.process.exe = "/build/bank".to_owned();
        recording.process.args = vec!["bank".to_owned(), "--fast".to_owned()];
        recording.process.mode = "ring".to_owned();
        recording.process.start_ticks = MS;
        recording.process.ticks_per_second = 1000 * MS;
        recording.process.exit = ExitState::Exited;
        recording.sites.push(Site::default());
        recording.classes.push(Class::default());
        Self { recording, text, file, ticks: MS, streams: BTreeMap::new() }
    }

    /// What follows is in another file of the program.
    pub(crate) fn go_to(&mut self, file: &'static str, text: &'static str) {
        (self.file, self.text) = (file, text);
    }

    /// The place of the first `@` in `marked`, which otherwise occurs in the text.
    pub(crate) fn site(&mut self, marked: &str) -> SiteId {
        let (before, after) = marked.split_once('@').unwrap();
        let at =
            self.text.find(&format!("{before}{after}")).unwrap_or_else(|| panic!("no {marked}"));
        let prefix = &self.text[..at + before.len()];
        let line = prefix.matches('\n').count() as u32 + 1;
        let column = prefix.rsplit('\n').next().unwrap().chars().count() as u32 + 1;
        let site = Site { file: self.file.to_owned(), line, column };
        let sites = &mut self.recording.sites;
        let index = sites.iter().position(|known| *known == site).unwrap_or_else(|| {
            sites.push(site);
            sites.len() - 1
        });
        SiteId(index as u32)
    }

    pub(crate) fn class(
        &mut self,
        primitive: Primitive,
        type_name: &str,
        created: &str,
    ) -> ClassId {
        let site = self.site(created);
        let class = Class {
            primitive,
            site,
            type_name: type_name.to_owned(),
            instances: 1,
            ..Class::default()
        };
        self.recording.classes.push(class);
        self.recording.totals.locks += 1;
        ClassId(self.recording.classes.len() as u32 - 1)
    }

    pub(crate) fn thread(
        &mut self,
        number: u32,
        name: Option<&str>,
        spawned: Option<&str>,
    ) -> ThreadNum {
        let spawn_site = spawned.map_or(SiteId(0), |marked| self.site(marked));
        let thread = Thread {
            number: ThreadNum(number),
            os_tid: 4242 + number,
            name: name.map(str::to_owned),
            parent: spawned.map(|_| ThreadNum(1)),
            spawn_site,
            spawn_stack: None,
            is_main: spawned.is_none(),
            is_task: false,
            is_foreign: false,
            start_ticks: self.ticks,
        };
        self.recording.threads.insert(ThreadNum(number), thread);
        self.recording.totals.threads += 1;
        ThreadNum(number)
    }

    /// `thread` takes `first`, and `second` inside of it, `count` times.
    pub(crate) fn nests(
        &mut self,
        thread: ThreadNum,
        first: (ClassId, Access, &str),
        second: (ClassId, Access, &str),
        count: u64,
    ) {
        let mut parent = None;
        for (class, access, marked) in [first, second] {
            self.ticks += MS;
            let site = self.site(marked);
            let node = ChainNode {
                thread: Some(thread),
                parent,
                instance: InstanceId(class.0),
                class,
                access,
                site,
                first_segment: 1,
                last_segment: 1,
                count,
                first_ticks: self.ticks,
                ..ChainNode::default()
            };
            self.recording.nodes.push(node);
            parent = Some(NodeId(self.recording.nodes.len() as u32 - 1));
            self.event(thread, Op::Acquire(access), class, site);
            self.recording.totals.acquisitions += count;
        }
    }

    fn event(&mut self, thread: ThreadNum, op: Op, class: ClassId, site: SiteId) {
        let event =
            Event { ticks: self.ticks, op, object: class.0, site, class: Some(class), seq: 1 };
        self.streams.entry(thread).or_default().push(event);
        self.recording.totals.events += 1;
    }

    /// `thread` waits for a lock, so many milliseconds.
    pub(crate) fn waits(&mut self, thread: ThreadNum, class: ClassId, marked: &str, millis: u64) {
        self.ticks += MS;
        let site = self.site(marked);
        self.event(thread, Op::BlockBegin(WaitKind::Mutex), class, site);
        self.ticks += millis * MS;
        self.event(thread, Op::BlockEnd(WaitKind::Mutex), class, site);
    }

    /// `thread` holds one lock and waits for another, for ever.
    pub(crate) fn stuck(
        &mut self,
        thread: ThreadNum,
        holds: (ClassId, &str),
        wants: (ClassId, &str),
    ) -> Participant {
        self.ticks += MS;
        let (held_at, wanted_at) = (self.site(holds.1), self.site(wants.1));
        let held = Held {
            instance: InstanceId(holds.0.0),
            class: Some(holds.0),
            access: Access::default(),
            site: held_at,
            since_ticks: self.ticks,
        };
        let wait = Wait {
            kind: WaitKind::Mutex,
            object: wants.0.0,
            class: Some(wants.0),
            site: wanted_at,
            since_ticks: self.ticks + MS,
            ..Wait::default()
        };
        self.recording.board.push(BoardSlot {
            thread,
            wait: Some(wait.clone()),
            held: vec![held.clone()],
            ..BoardSlot::default()
        });
        Participant { thread, wait, holds: Some(held), ..Participant::default() }
    }

    /// The runtime saw the deadlock and ended the process.
    pub(crate) fn deadlock(&mut self, kind: DeadlockKind, participants: Vec<Participant>) {
        self.ticks += 10 * MS;
        let thread = participants[0].thread;
        self.recording.process.exit = ExitState::Deadlock;
        self.recording.process.end_ticks = Some(self.ticks);
        self.recording.deadlocks.push(Deadlock { kind, thread, ticks: self.ticks, participants });
    }

    pub(crate) fn finish(mut self) -> Recording {
        let streams = std::mem::take(&mut self.streams).into_iter();
        self.recording.streams = streams
            .map(|(thread, events)| Stream { thread, events, ..Stream::default() })
            .collect();
        self.recording
    }
}
