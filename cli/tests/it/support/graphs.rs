//! Recordings of nestings that no program would make.

use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, ChainNode, Class, ClassId, Event, InstanceId, NodeId, Op, Primitive, Site, SiteId,
    Thread, ThreadNum,
};
use syncscope_recording::testing::{EventWriter, FileBuilder, chain_table, node_tables};

/// One class of locks, and threads without nestings.
fn empty(primitive: Primitive, locks: u32, threads: u32) -> Recording {
    let site = |line| Site { file: "src/main.rs".to_owned(), line, column: 5 };
    let thread = |number| Thread { number: ThreadNum(number), ..Thread::default() };
    let mut recording = Recording {
        sites: (0..40).map(|line| if line == 0 { Site::default() } else { site(line) }).collect(),
        classes: vec![
            Class::default(),
            Class { primitive, site: SiteId(1), instances: u64::from(locks), ..Class::default() },
        ],
        threads: (1..=threads).map(|number| (ThreadNum(number), thread(number))).collect(),
        ..Recording::default()
    };
    recording.totals.locks = u64::from(locks);
    recording.totals.threads = u64::from(threads);
    recording
}

fn nest(
    recording: &mut Recording,
    thread: u32,
    locks: impl IntoIterator<Item = u32>,
    access: Access,
) {
    let mut parent = None;
    for (depth, lock) in (1..).zip(locks) {
        let id = NodeId(recording.nodes.len() as u32);
        recording.nodes.push(ChainNode {
            thread: Some(ThreadNum(thread)),
            parent,
            instance: InstanceId(lock),
            class: ClassId(1),
            access,
            site: SiteId(1 + (depth + lock) % 39),
            count: 1,
            ..ChainNode::default()
        });
        parent = Some(id);
    }
}

/// Threads that take locks in every order: from each lock on, `deep` locks at strides that differ by thread.
pub(crate) fn tangle(locks: u32, threads: u32, deep: u32) -> Recording {
    let mut recording = empty(Primitive::Mutex, locks, threads);
    for first in 0..locks {
        for stride in 1..locks {
            let thread = 1 + (first + stride) % threads;
            let chain = (0..deep.min(locks)).map(|at| 1 + (first + at * stride) % locks);
            let mut seen = std::collections::BTreeSet::new();
            let chain: Vec<u32> = chain.take_while(|lock| seen.insert(*lock)).collect();
            nest(&mut recording, thread, chain, Access::default());
        }
    }
    recording
}

/// Readers in every order with writers here and there: each cycle asks for a queued writer.
pub(crate) fn readers(locks: u32, threads: u32) -> Recording {
    let mut recording = empty(Primitive::RwLock, locks, threads);
    for first in 1..=locks {
        for second in (1..=locks).filter(|second| *second != first) {
            let read = Access { shared: true, ..Access::default() };
            nest(&mut recording, 1 + (first * second) % threads, [first, second], read);
        }
        nest(&mut recording, 1 + first % threads, [first], Access::default());
    }
    recording
}

/// Long cycles that share locks.
pub(crate) fn rings(locks: u32, rings: u32) -> Recording {
    let mut recording = empty(Primitive::Mutex, locks, locks);
    for first in 0..locks {
        for ring in 1..=rings {
            let second = (first + ring * ring) % locks;
            nest(&mut recording, 1 + first, [1 + first, 1 + second], Access::default());
        }
    }
    recording
}

/// A wrapped ring, a reused one, segments, nodes and a chain table.
pub(crate) fn streams() -> Vec<u8> {
    let op = Op::Acquire(Access::default());
    let write = |writer: EventWriter, count: u64| {
        (1..=count).fold(writer, |writer, n| {
            writer.event(&Event { ticks: n << 10, op, object: 1, ..Event::default() })
        })
    };
    let long = write(EventWriter::new(1, 0), 1500);
    let reused = write(write(EventWriter::new(2, 0), 300).take_over(3), 300);
    let mut file = FileBuilder::new().chunk(long.ring(3)).chunk(reused.ring(4));
    for chunk in long.segments(2) {
        file = file.chunk(chunk);
    }
    for chunk in node_tables(&tangle(5, 3, 3).nodes, 8) {
        file = file.chunk(chunk);
    }
    file.chunk(chain_table(1, 64, &[(0, 5, 5), (1, 6, 6)])).finish()
}
