//! A small fixed recording.

use syncscope_recording::model::{
    Access, Block, BoardSlot, ChainNode, Class, ClassId, Clock, Deadlock, DeadlockKind, Event,
    Held, HeldAcrossPool, InstanceId, JobStep, KeptAsleep, KeptKind, LockPlace, LockUse, Measure,
    Measured, MemoryAccess, MemoryRace, MemoryRaceKind, Module, NodeId, Op, Participant, PoolUse,
    Primitive, Process, Race, RaceAccess, RaceGuard, RaceKind, Recording, Site, SiteId, Strand,
    Stream, Thread, ThreadNum, Totals, Wait, WaitKind,
};

/// A recording of two threads that wait for each other, for damage tests: small, and with every kind of chunk that
/// [`syncscope_recording::testing::encode`] makes.
pub(crate) fn small() -> Recording {
    let site = |line| Site { file: "src/bank.rs".into(), line, column: 9 };
    let class = |site, name: &str| Class {
        primitive: Primitive::Mutex,
        site: SiteId(site),
        type_name: "bank::Account".into(),
        name: Some(name.into()),
        instances: 1,
        ..Class::default()
    };
    let thread = |number, name: &str| {
        let number = ThreadNum(number);
        let name = Some(name.into());
        (number, Thread { number, name, os_tid: 100 + number.0, ..Thread::default() })
    };
    let node = |thread, parent, instance| ChainNode {
        thread: Some(ThreadNum(thread)),
        parent,
        instance: InstanceId(instance),
        class: ClassId(instance),
        site: SiteId(instance + 1),
        first_clock: Some(0),
        count: 3,
        first_ticks: 0x1000,
        ..ChainNode::default()
    };
    let held = |instance| Held {
        instance: InstanceId(instance),
        class: Some(ClassId(instance)),
        site: SiteId(instance),
        since_ticks: 0x2000,
        ..Held::default()
    };
    let wait = |instance| Wait {
        kind: WaitKind::Mutex,
        object: instance,
        class: Some(ClassId(instance)),
        site: SiteId(3),
        since_ticks: 0x3000,
        ..Wait::default()
    };
    let slot = |thread, holds, wants| BoardSlot {
        thread: ThreadNum(thread),
        wait: Some(wait(wants)),
        held: vec![held(holds)],
        acquisitions: 4,
        ..BoardSlot::default()
    };
    let raced = |thread, held| RaceAccess {
        thread: ThreadNum(thread),
        is_write: thread == 1,
        site: SiteId(thread),
        held,
        ..RaceAccess::default()
    };
    let participant = |thread, holds, wants| Participant {
        thread: ThreadNum(thread),
        wait: wait(wants),
        holds: Some(held(holds)),
        is_handed: thread == 2,
    };
    let event = |ticks, op, object| Event { ticks, op, object, seq: 1, ..Event::default() };
    let stream = |thread| Stream {
        thread: ThreadNum(thread),
        events: (0..600)
            .map(|n| event(0x1000 + n * 1024, Op::Acquire(Access::default()), thread))
            .collect(),
        ..Stream::default()
    };
    Recording {
        process: Process {
            pid: 4242,
            exe: "/usr/bin/bank".into(),
            args: vec!["bank".into()],
            mode: "ring".into(),
            start_ticks: 0x1000,
            ticks_per_second: 1_000_000_000,
            ..Process::default()
        },
        sites: vec![Site::default(), site(10), site(20), site(30)],
        classes: vec![Class::default(), class(1, "checking"), class(2, "savings")],
        threads: [thread(1, "main"), thread(2, "teller")].into(),
        nodes: vec![
            node(1, None, 1),
            node(1, Some(NodeId(0)), 2),
            node(2, None, 2),
            node(2, Some(NodeId(2)), 1),
        ],
        clocks: vec![Clock { thread: ThreadNum(1), segment: 2, entries: vec![(ThreadNum(2), 1)] }],
        stacks: vec![vec![0x5555_0000_1234, 0x5555_0000_5678]],
        modules: vec![Module {
            base: 0x5555_0000_0000,
            end: 0x5555_0001_0000,
            path: "/usr/bin/bank".into(),
            build_id: "c0ffee".into(),
        }],
        deadlocks: vec![Deadlock {
            kind: DeadlockKind::Cycle,
            thread: ThreadNum(2),
            ticks: 0x3000,
            participants: vec![participant(1, 1, 2), participant(2, 2, 1)],
        }],
        races: vec![Race {
            kind: RaceKind::DataRace,
            instance: InstanceId(9),
            class: Some(ClassId(2)),
            ticks: 0x3000,
            guard: Some(RaceGuard { instance: InstanceId(1), class: Some(ClassId(1)), held: 41 }),
            accesses: 42,
            declared: Some("checking".into()),
            earlier: raced(1, vec![Held { since_ticks: 0, ..held(1) }]),
            later: raced(2, Vec::new()),
        }],
        memory_races: vec![MemoryRace {
            kind: MemoryRaceKind::LostUpdate,
            ticks: 0x3000,
            address: 0x5555_0001_2340,
            size: 4,
            name: None,
            earlier: MemoryAccess {
                thread: ThreadNum(1),
                is_write: true,
                stack: vec![0x5555_0000_1234],
                ..MemoryAccess::default()
            },
            between: Some(MemoryAccess {
                thread: ThreadNum(2),
                is_write: true,
                stack: vec![0x5555_0000_1238],
                ..MemoryAccess::default()
            }),
            again: None,
            later: MemoryAccess {
                thread: ThreadNum(2),
                is_atomic: true,
                held: Some(vec![Held { since_ticks: 0, ..held(1) }]),
                stack: vec![0x5555_0000_5678, 0x5555_0000_1234],
                ..MemoryAccess::default()
            },
            block: Some(Block {
                start: 0x5555_0001_2300,
                size: 104,
                thread: ThreadNum(1),
                stack: vec![0x5555_0000_1240],
                ..Block::default()
            }),
            guard: None,
            turns: 0,
        }],
        held_across_pools: vec![HeldAcrossPool {
            is_doubtful: false,
            instance: InstanceId(1),
            class: Some(ClassId(1)),
            ticks: 0x3000,
            holder: PoolUse {
                thread: ThreadNum(1),
                site: SiteId(1),
                jobs_site: SiteId(2),
                stack: Some(0),
                ..PoolUse::default()
            },
            taker: PoolUse {
                thread: ThreadNum(2),
                site: SiteId(3),
                jobs_site: SiteId(2),
                ..PoolUse::default()
            },
        }],
        kept_asleep: vec![KeptAsleep {
            kind: KeptKind::Guard,
            instance: InstanceId(2),
            class: Some(ClassId(2)),
            ticks: 0x3000,
            awaits: SiteId(2),
            keeper: LockUse { thread: ThreadNum(1), site: SiteId(1), ..LockUse::default() },
            taker: LockUse { thread: ThreadNum(2), site: SiteId(3), ..LockUse::default() },
            permits: 0,
        }],
        strands: vec![Strand {
            thread: ThreadNum(2),
            segment: 3,
            caller: ThreadNum(1),
            call: 1,
            is_waited_for: true,
            clock: Some(0),
            tree: 1 << 40,
            steps: vec![
                JobStep { branch: 1 << 40, at: 0, is_job: false, waiter: 0 },
                JobStep { branch: 1 << 40 | 1, at: 1, is_job: true, waiter: 1 << 40 | 1 },
                JobStep { branch: 2 << 40, at: 0, is_job: false, waiter: 0 },
            ],
        }],
        measures: vec![Measure {
            class: ClassId(1),
            what: Measured::Held(LockPlace { site: SiteId(1), access: Access::default() }),
            count: 4,
            samples: 2,
            variance: 4,
            total: 4000,
            longest: 1500,
            histogram: vec![(64, 2), (70, 2)],
        }],
        board: vec![slot(1, 1, 2), slot(2, 2, 1)],
        streams: vec![stream(1), stream(2)],
        declared_orders: vec![vec!["checking".into(), "savings".into()]],
        notes: vec!["a remark".into()],
        totals: Totals { locks: 2, threads: 2, events: 14, acquisitions: 8 },
        ..Recording::default()
    }
}
