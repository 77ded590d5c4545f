//! The program that the tests' recordings are of.

use super::command::Project;
use super::recorder::Recorder;
use std::path::PathBuf;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, ChainNode, ClassId, DeadlockKind, InstanceId, NodeId, Primitive, ThreadNum,
};
use syncscope_recording::testing::encode;

pub(crate) const SOURCE: &str = r#"use instrumented_sync::{Mutex, RwLock, thread};

static LEDGER: Mutex<Ledger> = Mutex::new(Ledger::new());

struct Bank {
    audit: Mutex<Vec<Entry>>,
    cache: RwLock<Cache>,
}

fn pay(bank: &Bank) {
    let ledger = LEDGER.lock().unwrap();
    let audit = bank.audit.lock().unwrap();
}

fn review(bank: &Bank) {
    let audit = bank.audit.lock().unwrap(); // the review
    let ledger = LEDGER.lock().unwrap(); // the other way round
}

fn look_up(bank: &Bank) {
    let outer = bank.cache.read().unwrap();
    let inner = bank.cache.read().unwrap(); // again
}

fn refresh(bank: &Bank) {
    bank.cache.write().unwrap().clear();
}

fn main() {
    let bank = Bank { audit: Mutex::new(Vec::new()), cache: RwLock::new(Cache::new()) };
    thread::scope(|s| {
        thread::Builder::new().name("payer".into()).spawn_scoped(s, || pay(&bank)).unwrap();
        thread::Builder::new().name("reviewer".into()).spawn_scoped(s, || review(&bank)).unwrap();
    });
}
"#;

const FILE: &str = "src/main.rs";
const TAKES_LEDGER: &str = "let ledger = LEDGER.@lock().unwrap();\n    let audit";
const THEN_AUDIT: &str = "let audit = bank.audit.@lock().unwrap();\n}";
const TAKES_AUDIT: &str = "let audit = bank.audit.@lock().unwrap(); // the review";
const THEN_LEDGER: &str = "let ledger = LEDGER.@lock().unwrap(); // the other";

/// The program, with its threads and locks known to a recorder.
pub(crate) struct Bank {
    pub(crate) recorder: Recorder,
    pub(crate) payer: ThreadNum,
    pub(crate) reviewer: ThreadNum,
    pub(crate) ledger: ClassId,
    pub(crate) audit: ClassId,
    pub(crate) cache: ClassId,
}

impl Bank {
    pub(crate) fn new() -> Self {
        let mut recorder = Recorder::new(FILE, SOURCE);
        recorder.thread(1, None, None);
        let payer = recorder.thread(2, Some("payer"), Some("@spawn_scoped(s, || pay"));
        let reviewer = recorder.thread(3, Some("reviewer"), Some("@spawn_scoped(s, || review"));
        let ledger = recorder.class(Primitive::Mutex, "bank::Ledger", "= @Mutex::new(Ledger");
        recorder.recording.classes[ledger.0 as usize].is_static = true;
        let audit = recorder.class(
            Primitive::Mutex,
            "alloc::vec::Vec<bank::Entry>",
            "audit: @Mutex::new(Vec",
        );
        let cache = recorder.class(Primitive::RwLock, "bank::Cache", "cache: @RwLock::new");
        Self { recorder, payer, reviewer, ledger, audit, cache }
    }

    /// A project with the program's source, and no manifest: everything is relative to the folder.
    pub(crate) fn project() -> Project {
        Project::new(&[(FILE, SOURCE)])
    }

    /// Only ever in one order.
    pub(crate) fn correct() -> Recording {
        let mut bank = Self::new();
        let [ledger, audit] = bank.pays();
        bank.recorder.nests(bank.payer, ledger, audit, 7);
        bank.recorder.nests(bank.reviewer, ledger, audit, 2);
        bank.recorder.finish()
    }

    /// In both orders, without meeting.
    pub(crate) fn inverted() -> Recording {
        let mut bank = Self::new();
        let [ledger, audit] = bank.pays();
        bank.recorder.nests(bank.payer, ledger, audit, 1042);
        let [first, second] = bank.reviews();
        bank.recorder.nests(bank.reviewer, first, second, 3);
        bank.recorder.finish()
    }

    /// In the right order, after a wait of so many milliseconds.
    pub(crate) fn waiting(millis: u64) -> Recording {
        let mut bank = Self::new();
        let [ledger, audit] = bank.pays();
        bank.recorder.waits(bank.payer, bank.ledger, TAKES_LEDGER, millis);
        bank.recorder.nests(bank.payer, ledger, audit, 7);
        bank.recorder.finish()
    }

    /// Half of [`Bank::inverted`]: one thread, in the order of the review or in the other.
    pub(crate) fn half(review: bool) -> Recording {
        let mut bank = Self::new();
        if review {
            let [first, second] = bank.reviews();
            bank.recorder.nests(bank.reviewer, first, second, 3);
        } else {
            let [first, second] = bank.pays();
            bank.recorder.nests(bank.payer, first, second, 1042);
        }
        bank.recorder.finish()
    }

    /// In both orders, but always below a third lock: refuted.
    pub(crate) fn gated() -> Recording {
        let bank = Self::new();
        let (cache, threads) = (bank.cache, [bank.payer, bank.reviewer]);
        let mut recording = Self::inverted();
        for node in &mut recording.nodes {
            node.parent = Some(match node.parent {
                Some(parent) => NodeId(parent.0 + 2),
                None => NodeId(u32::from(node.thread != Some(threads[0]))),
            });
        }
        let gate = |thread| ChainNode {
            thread: Some(thread),
            instance: InstanceId(cache.0),
            class: cache,
            site: recording.nodes[0].site,
            first_segment: 1,
            last_segment: 1,
            count: 3,
            ..ChainNode::default()
        };
        let gates = threads.map(gate);
        recording.nodes.splice(0..0, gates);
        recording
    }

    /// In both orders by one thread: refuted.
    pub(crate) fn alone() -> Recording {
        let mut bank = Self::new();
        let [ledger, audit] = bank.pays();
        bank.recorder.nests(bank.payer, ledger, audit, 5);
        let [first, second] = bank.reviews();
        bank.recorder.nests(bank.payer, first, second, 5);
        bank.recorder.finish()
    }

    /// In both orders, and it happened.
    pub(crate) fn deadlocked() -> Recording {
        let mut bank = Self::new();
        let (ledger, audit) = (bank.ledger, bank.audit);
        let payer = bank.recorder.stuck(bank.payer, (ledger, TAKES_LEDGER), (audit, THEN_AUDIT));
        let reviewer =
            bank.recorder.stuck(bank.reviewer, (audit, TAKES_AUDIT), (ledger, THEN_LEDGER));
        bank.recorder.deadlock(DeadlockKind::Cycle, vec![payer, reviewer]);
        bank.recorder.finish()
    }

    /// `n` threads in a ring over `n` locks of one class.
    pub(crate) fn ring(n: u32) -> Recording {
        let mut bank = Self::new();
        let audit = bank.audit;
        bank.recorder.recording.classes[audit.0 as usize].instances = u64::from(n);
        let mut participants = Vec::new();
        for index in 0..n {
            let spawned = Some("@spawn_scoped(s, || pay");
            let thread = bank.recorder.thread(10 + index, Some(&format!("w{index}")), spawned);
            let mut one = bank.recorder.stuck(thread, (audit, TAKES_AUDIT), (audit, THEN_AUDIT));
            if let Some(held) = &mut one.holds {
                held.instance.0 = 100 + index;
            }
            one.wait.object = 100 + (index + 1) % n;
            let slot = bank.recorder.recording.board.last_mut().unwrap();
            slot.held = one.holds.iter().cloned().collect();
            slot.wait = Some(one.wait.clone());
            participants.push(one);
        }
        bank.recorder.deadlock(DeadlockKind::Cycle, participants);
        bank.recorder.finish()
    }

    /// A thread that locks again what it holds.
    pub(crate) fn relocked() -> Recording {
        let mut bank = Self::new();
        let ledger = bank.ledger;
        let payer = bank.recorder.stuck(bank.payer, (ledger, TAKES_LEDGER), (ledger, THEN_LEDGER));
        bank.recorder.deadlock(DeadlockKind::SelfLock, vec![payer]);
        bank.recorder.finish()
    }

    /// A read inside a read, with a writer elsewhere.
    pub(crate) fn read_again() -> Recording {
        let mut bank = Self::new();
        let shared = Access { shared: true, ..Access::default() };
        let outer = (bank.cache, shared, "let outer = bank.cache.@read()");
        let inner = (bank.cache, shared, "let inner = bank.cache.@read()");
        bank.recorder.nests(bank.payer, outer, inner, 12);
        let write = (bank.cache, Access::default(), "bank.cache.@write()");
        let [audit, _] = bank.reviews();
        bank.recorder.nests(bank.reviewer, audit, write, 4);
        bank.recorder.finish()
    }

    fn pays(&self) -> [(ClassId, Access, &'static str); 2] {
        let any = Access::default();
        [(self.ledger, any, TAKES_LEDGER), (self.audit, any, THEN_AUDIT)]
    }

    fn reviews(&self) -> [(ClassId, Access, &'static str); 2] {
        let any = Access::default();
        [(self.audit, any, TAKES_AUDIT), (self.ledger, any, THEN_LEDGER)]
    }
}

impl Project {
    /// Stores a recording of this project.
    pub(crate) fn store(&self, path: &str, mut recording: Recording) -> PathBuf {
        recording.process.cwd = self.path().display().to_string();
        self.write(path, &encode(&recording))
    }
}
