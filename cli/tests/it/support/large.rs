//! A recording of many locks and findings, and its source: what drawings and tables have to bear.

use std::fmt::Write;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, ChainNode, Class, ClassId, Event, ExitState, InstanceId, NodeId, Op, Primitive, Site,
    SiteId, Stream, Thread, ThreadNum, WaitKind,
};

/// Ticks of a millisecond.
const MS: u64 = 1 << 20;

/// Threads that take locks in the order of their numbers; one more takes some the other way round.
const THREADS: u32 = 12;

/// Locks of a source file, and its lines for each.
const IN_FILE: u32 = 50;
const LINES: u32 = 7;

/// Its source files: each lock is created, taken first, and taken while another one is held.
pub(crate) fn sources(locks: u32) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for lock in 1..=locks {
        let file = file(lock);
        if files.last().is_none_or(|(last, _)| *last != file) {
            files.push((file, String::new()));
        }
        let (_, text) = files.last_mut().unwrap();
        let _ = writeln!(
            text,
            "static LOCK_{lock}: Mutex<Table> = Mutex::new(Table::new());\n\
             fn take_{lock}() {{\n    let first = lock_{lock}.lock().unwrap();\n}}\n\
             fn then_{lock}() {{\n    let second = lock_{lock}.lock().unwrap();\n}}"
        );
    }
    files
}

/// Some try to be more than names.
fn name(lock: u32) -> String {
    match lock % 100 {
        81 => format!("</script><img src=x onerror=alert({lock})>\u{202e}"),
        of => format!("{}_{lock}", ["orders", "stock", "prices", "sessions"][of as usize % 4]),
    }
}

fn file(lock: u32) -> String {
    format!("src/part_{}.rs", (lock - 1) / IN_FILE)
}

/// So many locks, each taken under a few of those before it, and so many pairs that are taken in both orders.
pub(crate) fn large(locks: u32, inversions: u32) -> Recording {
    let mut recording = Recording { sites: vec![Site::default()], ..Recording::default() };
    recording.process.pid = 4242;
    recording.process.exe = "/build/large".to_owned();
    recording.process.args = vec!["large".to_owned()];
    recording.process.mode = "ring".to_owned();
    recording.process.start_unix_ns = 1_790_000_000_000_000_000;
    recording.process.start_ticks = MS;
    recording.process.ticks_per_second = 1000 * MS;
    recording.process.exit = ExitState::Exited;
    recording.classes.push(Class::default());
    for lock in 1..=locks {
        let top = (lock - 1) % IN_FILE * LINES;
        for (line, column) in [(1, 31), (3, 24), (6, 25)] {
            let column = column + lock.ilog10();
            recording.sites.push(Site { file: file(lock), line: top + line, column });
        }
        recording.classes.push(Class {
            primitive: Primitive::Mutex,
            site: SiteId(3 * lock - 2),
            type_name: "large::Table".to_owned(),
            name: Some(name(lock)),
            instances: 1,
            ..Class::default()
        });
    }
    for number in 1..=THREADS + 1 {
        let thread = Thread {
            number: ThreadNum(number),
            name: Some(format!("worker-{number}")),
            is_main: number == 1,
            start_ticks: MS,
            ..Thread::default()
        };
        recording.threads.insert(thread.number, thread);
    }
    for lock in 1..=locks {
        // The next one only where it is a pair: so there is no other way from the first to the second.
        for next in [lock + 2, lock + 3 + lock % 29] {
            if next <= locks {
                nest(&mut recording, 1 + lock % THREADS, lock, next);
            }
        }
    }
    let apart = locks / inversions.max(1);
    for pair in 0..inversions {
        let first = 1 + pair * apart;
        nest(&mut recording, 1 + pair % THREADS, first, first + 1);
        nest(&mut recording, THREADS + 1, first + 1, first);
        meet(&mut recording, 1 + pair % THREADS, first);
    }
    recording.totals.locks = u64::from(locks);
    recording.totals.threads = u64::from(THREADS) + 1;
    recording
}

fn nest(recording: &mut Recording, thread: u32, first: u32, second: u32) {
    let node = |lock: u32, site: u32, parent| ChainNode {
        thread: Some(ThreadNum(thread)),
        parent,
        instance: InstanceId(lock),
        class: ClassId(lock),
        access: Access::default(),
        site: SiteId(site),
        count: u64::from(1 + lock % 7),
        first_ticks: 2 * MS,
        ..ChainNode::default()
    };
    let parent = NodeId(recording.nodes.len() as u32);
    recording.nodes.push(node(first, 3 * first - 1, None));
    recording.nodes.push(node(second, 3 * second, Some(parent)));
}

/// A thread takes two locks, and the other one waits for the first of them.
fn meet(recording: &mut Recording, thread: u32, first: u32) {
    let start = u64::from(first + 2) * MS;
    let event = |ticks: u64, op, lock: u32, site: u32| Event {
        ticks,
        op,
        object: lock,
        site: SiteId(site),
        class: Some(ClassId(lock)),
        seq: match op {
            Op::BlockBegin(kind) | Op::BlockEnd(kind) => kind.code(),
            _ => 1,
        },
    };
    let (first_at, second_at) = (3 * first - 1, 3 * first + 3);
    let acquire = Op::Acquire(Access::default());
    let of_thread = [
        event(start, acquire, first, first_at),
        event(start + MS / 4, acquire, first + 1, second_at),
        event(start + MS / 2, Op::Release, first + 1, 0),
        event(start + MS / 2, Op::Release, first, 0),
        event(start + MS / 2, Op::NotifyAll, first, 0),
    ];
    let of_other = [
        event(start + MS / 8, Op::BlockBegin(WaitKind::Mutex), first, first_at),
        event(start + MS / 2, Op::BlockEnd(WaitKind::Mutex), first, 0),
        event(start + MS / 2, acquire, first, first_at),
        event(start + MS / 2, Op::Release, first, 0),
        event(start + MS * 3 / 4, Op::NotifyAll, first, 0),
    ];
    for (thread, events) in [(thread, of_thread), (THREADS + 1, of_other)] {
        let thread = ThreadNum(thread);
        let known = recording.streams.iter_mut().find(|stream| stream.thread == thread);
        match known {
            Some(stream) => stream.events.extend(events),
            None => {
                let events = events.to_vec();
                recording.streams.push(Stream { thread, events, ..Stream::default() });
            }
        }
    }
}
