//! The view itself.

use super::held::{Gate, Held, HeldSets, SetId};
use super::identity::{Lock, LockId, Locks};
use super::initialisers::Grafts;
use super::loss;
use crate::finding::{LockInfo, Place, ThreadInfo};
use crate::fingerprint::Fnv;
use crate::sites::SiteKeys;
use crate::text;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    ChainNode, Class, ClassId, InstanceId, NodeId, Participant, Primitive, SiteId, ThreadNum,
};

/// Longest chain of ancestors that is followed; a held stack this deep is damage.
const MAX_DEPTH: usize = 4096;

/// A node of one of the recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeRef {
    /// Index of the recording.
    pub(crate) process: u32,
    /// Index of the node.
    pub(crate) node: u32,
}

/// All recordings as one.
pub(crate) struct Merged<'a> {
    /// The recordings.
    pub(crate) recordings: &'a [Recording],
    /// By process: what follows the nodes of the recording.
    grafts: Vec<Grafts>,
    locks: Locks,
    /// By process and node: the lock.
    node_locks: Vec<Vec<Option<LockId>>>,
    /// Locks whose guards were released by other threads than those that acquired.
    wandering: BTreeSet<LockId>,
    /// By process: whether some lock was seen at several places in memory.
    relocated: Vec<bool>,
    keys: &'a dyn SiteKeys,
    site_hashes: RefCell<BTreeMap<(u32, SiteId), u64>>,
    /// By class, not by lock: a program can make millions of locks at one place.
    class_hashes: RefCell<BTreeMap<(usize, ClassId), u64>>,
    /// By process: what may hide contexts.
    hidden: Vec<Option<String>>,
}

impl<'a> Merged<'a> {
    pub(crate) fn new(recordings: &'a [Recording], keys: &'a dyn SiteKeys) -> Self {
        let locks = Locks::new(recordings);
        let grafts: Vec<_> = recordings.iter().map(Grafts::new).collect();
        let node_locks: Vec<Vec<_>> = recordings
            .iter()
            .zip(&grafts)
            .enumerate()
            .map(|(process, (recording, grafts))| {
                let nodes = recording.nodes.iter().chain(&grafts.nodes);
                nodes.map(|node| locks.find(process, node.instance)).collect()
            })
            .collect();
        let wandering = loss::wandering(recordings, &node_locks);
        let hidden = recordings.iter().zip(&grafts);
        let hidden = hidden.map(|(recording, grafts)| loss::hidden_contexts(recording, grafts));
        let hidden = hidden.collect();
        Self {
            recordings,
            grafts,
            locks,
            node_locks,
            wandering,
            relocated: recordings.iter().map(has_relocated).collect(),
            keys,
            site_hashes: RefCell::default(),
            class_hashes: RefCell::default(),
            hidden,
        }
    }

    /// All nodes of all recordings, and those of initialisers had other threads run them.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (NodeRef, &ChainNode)> {
        (0_u32..).zip(self.recordings.iter().zip(&self.grafts)).flat_map(
            |(process, (own, grafts))| {
                let nodes = own.nodes.iter().chain(&grafts.nodes);
                (0_u32..).zip(nodes).map(move |(node, data)| (NodeRef { process, node }, data))
            },
        )
    }

    /// All nodes that were recorded.
    pub(crate) fn recorded_nodes(&self) -> impl Iterator<Item = (NodeRef, &ChainNode)> {
        self.nodes().filter(|(at, _)| !self.is_graft(*at))
    }

    /// Whether a node is of an initialiser that another thread ran.
    pub(crate) fn is_graft(&self, at: NodeRef) -> bool {
        at.node as usize >= self.recordings[at.process as usize].nodes.len()
    }

    /// The node.
    pub(crate) fn node(&self, at: NodeRef) -> &ChainNode {
        let own = &self.recordings[at.process as usize].nodes;
        let (process, node) = (at.process as usize, at.node as usize);
        own.get(node).unwrap_or_else(|| &self.grafts[process].nodes[node - own.len()])
    }

    /// The lock of a node, unless it is none that orders.
    pub(crate) fn lock_of(&self, at: NodeRef) -> Option<LockId> {
        self.node_locks[at.process as usize][at.node as usize]
            .filter(|lock| self.lock(*lock).primitive.is_lock())
    }

    /// The lock held just before.
    pub(crate) fn parent(&self, at: NodeRef) -> Option<NodeRef> {
        // A parent comes before its children; anything else is damage, and following it could go in circles.
        let NodeId(parent) = self.node(at).parent.filter(|parent| parent.0 < at.node)?;
        Some(NodeRef { process: at.process, node: parent })
    }

    /// The locks held when the node was requested, innermost first.
    pub(crate) fn ancestors(&self, at: NodeRef) -> impl Iterator<Item = NodeRef> + '_ {
        std::iter::successors(self.parent(at), |at| self.parent(*at)).take(MAX_DEPTH)
    }

    /// Whether guards of the lock move: then it is not certain that who acquired it holds it until it is released.
    pub(crate) fn wanders(&self, lock: LockId) -> bool {
        self.wandering.contains(&lock)
    }

    /// The held set of a node.
    pub(crate) fn held_set(&self, at: NodeRef, sets: &mut HeldSets) -> SetId {
        let held = self.ancestors(at).filter_map(|ancestor| {
            let lock = self.lock_of(ancestor)?;
            (self.lock(lock).primitive.keeps_out() && !self.wanders(lock)).then(|| Held {
                lock,
                shared: self.is_shared(ancestor) || self.is_one_of_several(ancestor),
                tried: self.is_tried(ancestor),
            })
        });
        sets.intern(held.collect())
    }

    /// Whether the lock was taken by an attempt, without which the program may go on.
    pub(crate) fn is_tried(&self, at: NodeRef) -> bool {
        let access = self.node(at).access;
        access.is_try && !access.kept
    }

    /// Whether two held sets never come together for this gate: it is one lock each time, and nobody gets there without it.
    pub(crate) fn is_firm(&self, gate: Gate) -> bool {
        !gate.tried && !self.is_grouped(gate.lock)
    }

    /// Whether the node is or was a reader. Only a readers–writer lock has readers.
    pub(crate) fn is_shared(&self, at: NodeRef) -> bool {
        let node = self.node(at);
        node.access.shared && !node.access.init && self.primitive_of(at) == Primitive::RwLock
    }

    /// Whether the node is or was a permit beside which there are others.
    pub(crate) fn is_one_of_several(&self, at: NodeRef) -> bool {
        self.node(at).access.shared && self.primitive_of(at) == Primitive::Semaphore
    }

    /// What the node's lock is.
    pub(crate) fn primitive_of(&self, at: NodeRef) -> Primitive {
        self.node_locks[at.process as usize][at.node as usize]
            .map_or(Primitive::Unknown, |lock| self.lock(lock).primitive)
    }

    /// The lock of an instance, where it appears in a nesting.
    pub(crate) fn find(&self, process: usize, instance: InstanceId) -> Option<LockId> {
        self.locks.find(process, instance)
    }

    /// What is known of a lock.
    pub(crate) fn lock(&self, lock: LockId) -> &Lock {
        &self.locks.all[lock.0 as usize]
    }

    /// What orders are judged by: the group of a lock, or the lock itself when it is of none.
    pub(crate) fn group_of(&self, lock: LockId) -> LockId {
        self.lock(lock).group.unwrap_or(lock)
    }

    /// Whether a lock is one of a group. Then which lock it is depends on the program's data, and it may be another one next time.
    pub(crate) fn is_grouped(&self, lock: LockId) -> bool {
        self.lock(lock).group.is_some()
    }

    /// How many locks there are.
    pub(crate) fn lock_count(&self) -> usize {
        self.locks.all.len()
    }

    /// A lock for a finding; `as_class` when it stands for instances of several processes.
    pub(crate) fn lock_info(&self, lock: LockId, as_class: bool) -> LockInfo {
        let Lock { process, instance, class, .. } = *self.lock(lock);
        let mut info = self.instance_info(process, instance, Some(class));
        if as_class {
            info.instance = 0;
        }
        info
    }

    /// A lock of one process for a finding.
    pub(crate) fn instance_info(
        &self,
        process: usize,
        instance: InstanceId,
        class: Option<ClassId>,
    ) -> LockInfo {
        let recording = &self.recordings[process];
        let class = class.and_then(|class| recording.class(class));
        LockInfo {
            name: class.and_then(|class| {
                let site = recording.site(class.site);
                let from_source =
                    || site.and_then(|s| self.keys.lock_name(&s.file, s.line, s.column));
                let label = || class.label.as_ref().map(|label| label.shown.clone());
                class.name.clone().or_else(label).or_else(from_source)
            }),
            kind: class.map_or(Primitive::Unknown, |class| class.primitive).name(),
            type_name: class.map(|class| class.type_name.clone()).unwrap_or_default(),
            created: class
                .map(|class| self.place(process, class.site, class.stack))
                .unwrap_or_default(),
            instance: instance.0,
            // Of groups, as many as hold the locks that were used.
            instances_of_class: class
                .map_or(0, |class| class.instances.div_ceil(1_u64 << class.group_bits.min(63))),
        }
    }

    /// The task that has done this, itself or by one of the futures that it polls in turn.
    pub(crate) fn task_of(&self, at: NodeRef) -> Option<ThreadNum> {
        let threads = &self.recordings[at.process as usize].threads;
        let mut thread = threads.get(&self.node(at).thread?).filter(|thread| thread.is_task)?;
        // Nobody's parent comes after it; what is damaged ends all the same.
        while let Some(above) = thread.part_of().and_then(|task| threads.get(&task))
            && above.number < thread.number
        {
            thread = above;
        }
        Some(thread.number)
    }

    /// A thread for a finding.
    pub(crate) fn thread_info(&self, process: usize, number: Option<ThreadNum>) -> ThreadInfo {
        let recording = &self.recordings[process];
        let thread = number.and_then(|number| recording.threads.get(&number));
        ThreadInfo {
            name: thread.and_then(|thread| thread.name.clone()),
            number: number.map_or(0, |number| number.0),
            os_tid: thread.map_or(0, |thread| thread.os_tid),
            spawned: thread
                .map(|thread| self.place(process, thread.spawn_site, None))
                .unwrap_or_default(),
            is_main: thread.is_some_and(|thread| thread.is_main),
            is_task: number.is_some_and(|number| recording.is_task(number)),
            part_of: thread
                .and_then(syncscope_recording::model::Thread::part_of)
                .map(|task| task.0),
            process,
            pid: None,
        }
    }

    /// A place for a finding. The stack is given only where the site says little.
    pub(crate) fn place(&self, process: usize, site: SiteId, stack: Option<u32>) -> Place {
        let recording = &self.recordings[process];
        let site = recording.site(site);
        let says_little = site.is_none_or(|site| site.file.starts_with("/rustc/"));
        let stack = stack
            .filter(|_| says_little)
            .and_then(|stack| recording.stacks.get(stack as usize))
            .cloned()
            .unwrap_or_default();
        match site {
            Some(site) => {
                Place { file: site.file.clone(), line: site.line, column: site.column, stack }
            }
            None => Place { stack, ..Place::default() },
        }
    }

    /// The stack of a node: how its thread first came to request one of its class at its place under the same.
    pub(crate) fn stack(&self, at: NodeRef) -> Vec<u64> {
        let recording = &self.recordings[at.process as usize];
        let stack = self.node(at).stack.and_then(|stack| recording.stacks.get(stack as usize));
        stack.cloned().unwrap_or_default()
    }

    /// The stack of the nesting that a participant of a deadlock waits in, where it is one.
    pub(crate) fn stack_of_wait(&self, process: usize, participant: &Participant) -> Vec<u64> {
        let wait = &participant.wait;
        let held = participant.holds.as_ref().map(|held| held.instance);
        let is_it = |node: &ChainNode| {
            node.instance.0 == wait.object
                && node.site == wait.site
                && node.stack.is_some()
                && node.thread.is_none_or(|thread| thread == participant.thread)
        };
        let found = self
            .recorded_nodes()
            .filter(|(at, node)| at.process as usize == process && is_it(node))
            .map(|(at, _)| at)
            .find(|at| {
                let mut above = self.ancestors(*at);
                held.is_none_or(|held| above.any(|above| self.node(above).instance == held))
            });
        found.map_or_else(Vec::new, |at| self.stack(at))
    }

    /// The hash of a place's key. Asks for the key once.
    pub(crate) fn site_hash(&self, process: u32, site: SiteId) -> u64 {
        if let Some(hash) = self.site_hashes.borrow().get(&(process, site)) {
            return *hash;
        }
        let key = self.site_key(process as usize, site);
        let hash = Fnv::new().text(&key).finish();
        self.site_hashes.borrow_mut().insert((process, site), hash);
        hash
    }

    /// The hash of a lock's key: that of its class.
    pub(crate) fn lock_hash(&self, lock: LockId) -> u64 {
        let Lock { process, class, .. } = *self.lock(lock);
        self.class_hash(process, Some(class))
    }

    /// The hash of a class's key: its name, or its creation site, primitive and type. Asks for the key once.
    pub(crate) fn class_hash(&self, process: usize, class: Option<ClassId>) -> u64 {
        let known = class.and_then(|id| Some((id, self.recordings[process].class(id)?)));
        let Some((id, class)) = known else {
            return Fnv::new().text("unknown").finish();
        };
        if let Some(hash) = self.class_hashes.borrow().get(&(process, id)) {
            return *hash;
        }
        let hash = self.hash_of_class(process, class);
        self.class_hashes.borrow_mut().insert((process, id), hash);
        hash
    }

    fn hash_of_class(&self, process: usize, class: &Class) -> u64 {
        if let Some(name) = &class.name {
            return Fnv::new().text("name").text(name).finish();
        }
        let primitive = class.primitive.name();
        let class_of =
            |key: &str| Fnv::new().text("class").text(key).text(primitive).text(&class.type_name);
        match &class.label {
            // What tells it is the name, see `identity`.
            Some(label) if class.from_stack => {
                class_of(&self.site_key(process, class.site)).text(&label.full).finish()
            }
            None if class.from_stack => class_of("").finish(),
            _ => class_of(&self.site_key(process, class.site)).finish(),
        }
    }

    /// What puts locks of different classes in the same order in every run.
    pub(crate) fn place_in_source(&self, lock: LockId) -> impl Ord + '_ {
        let Lock { process, class, .. } = *self.lock(lock);
        let recording = &self.recordings[process];
        let class = recording.class(class);
        let site = class.and_then(|class| recording.site(class.site));
        let label = class.and_then(|class| class.label.as_ref());
        (
            site.map(|site| (site.file.as_str(), site.line, site.column)),
            label.map(|label| (label.file.as_str(), label.shown.as_str())),
            class.map(|class| (class.name.as_deref(), class.type_name.as_str())),
        )
    }

    /// Whether some lock of a process was seen at several places in memory.
    pub(crate) fn has_relocated(&self, process: u32) -> bool {
        self.relocated[process as usize]
    }

    /// Whether nothing was lost of a process that may hide contexts.
    pub(crate) fn hides_nothing(&self, process: usize) -> bool {
        self.hidden[process].is_none()
    }

    /// What may hide contexts of these locks: losses of the given processes, or of any if all locks are shared ones; and guards that
    /// move, since what is taken under them is not known of the thread that has them.
    pub(crate) fn hidden_contexts(&self, locks: &[LockId], processes: &[usize]) -> Option<String> {
        let wandering = locks.iter().find(|lock| self.wanders(**lock)).map(|lock| {
            let lock = self.lock_info(*lock, false);
            format!("nestings under guards of {} that moved to another thread", text::lock(&lock))
        });
        let anywhere = locks.iter().all(|lock| self.lock(*lock).shared);
        let losses: Vec<_> = (0..self.recordings.len())
            .filter(|process| anywhere || processes.contains(process))
            .filter_map(|process| {
                let loss = self.hidden[process].clone()?;
                Some(if self.recordings.len() == 1 {
                    loss
                } else {
                    format!("{loss} of process {}", self.recordings[process].process.pid)
                })
            })
            .chain(wandering)
            .collect();
        (!losses.is_empty()).then(|| text::join_and(&losses))
    }

    fn site_key(&self, process: usize, site: SiteId) -> String {
        self.recordings[process]
            .site(site)
            .map(|site| self.keys.key(&site.file, site.line, site.column))
            .unwrap_or_default()
    }
}

/// Whether some lock was seen at several places in memory.
fn has_relocated(recording: &Recording) -> bool {
    let mut places = BTreeMap::new();
    recording.nodes.iter().filter(|node| node.address != 0).any(|node| {
        let first = *places.entry(node.instance).or_insert(node.address);
        first != node.address
    })
}
