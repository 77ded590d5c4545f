// Long: one strategy for each table of a recording, side by side.
//! Random recordings.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use syncscope_recording::layout::event;
use syncscope_recording::model::{
    Access, Block, BoardSlot, ChainNode, Class, ClassId, Clock, Deadlock, DeadlockKind, Event,
    ExitState, Held, HeldAcrossPool, InstanceId, JobStep, KeptAsleep, KeptKind, LikelyOrder,
    LockUse, Lost, MemoryAccess, MemoryRace, MemoryRaceKind, Module, NodeId, Op, OrderSide,
    OrderedBy, Overdue, OverdueKind, Panic, PanicStart, Participant, Polled, PoolUse, Primitive,
    Process, Race, RaceAccess, RaceGuard, RaceKind, Recording, Site, SiteId, Strand, Stream,
    Thread, ThreadNum, ThreadState, Totals, Wait, WaitKind, WaitStack,
};

/// Numbers that exist in every random recording.
pub(crate) const SITES: u32 = 9;
pub(crate) const CLASSES: u32 = 7;
const CLOCKS: u32 = 5;
const STACKS: u32 = 3;

/// So many cases. A failure is shown with its input; nothing is written into the source tree.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// Any recording that the format can hold.
pub(crate) fn recordings() -> impl Strategy<Value = Recording> {
    let tables = (
        vec(sites(), SITES as usize),
        vec(classes(), CLASSES as usize),
        btree_map(1..40_u32, threads(), 0..12),
        vec(nodes(), 0..100),
        vec(clocks(), CLOCKS as usize),
        vec(vec(any::<u64>(), 0..8), STACKS as usize),
        vec(modules(), 0..3),
        (
            vec(deadlocks(), 0..3),
            (
                vec(races(), 0..3),
                (any::<bool>(), vec(memory_races(), 0..3)),
                vec(likely_orders(), 0..3),
            ),
            (vec(across_pools(), 0..3), vec(kept_asleep(), 0..3), strands()),
            (vec(overdues(), 0..3), super::measures::measures()),
            vec(wait_stacks(), 0..3),
            vec(thread_states(), 0..3),
            vec(panics(), 0..3),
        ),
    );
    let rest = (
        vec((slots(), any::<bool>()), 12),
        vec((vec(events(), 0..350), 0..1000_u64), 4),
        vec(vec(text(), 0..4), 0..3),
        vec(text(), 0..3),
        processes(),
        (totals(), losses()),
    );
    (tables, rest).prop_map(|(tables, rest)| {
        let (mut sites, mut classes, threads, nodes, clocks, stacks, modules, observed) = tables;
        let (
            deadlocks,
            (races, (accesses_checked, memory_races), likely_orders),
            held,
            (overdue, measures),
            wait_stacks,
            thread_states,
            panics,
        ) = observed;
        let numbered = (1..).map(ThreadNum).zip(panics);
        let panics = numbered.map(|(thread, panic)| Panic { thread, ..panic }).collect();
        let (held_across_pools, kept_asleep, strands) = held;
        let (slots, streams, declared_orders, notes, process, (totals, lost)) = rest;
        sites.insert(0, Site::default());
        classes.insert(0, Class::default());
        let threads: BTreeMap<_, _> = threads
            .into_iter()
            .map(|(number, thread)| {
                let number = ThreadNum(number);
                (number, Thread { number, ..thread })
            })
            .collect();
        let board = threads
            .keys()
            .zip(slots)
            .filter(|(_, (_, has_slot))| *has_slot)
            .map(|(&thread, (slot, _))| BoardSlot { thread, ..slot })
            .collect();
        let streams = threads
            .keys()
            .zip(streams)
            .filter(|(_, (events, _))| !events.is_empty())
            .map(|(&thread, (events, overwritten))| Stream {
                thread,
                events: in_time(events),
                overwritten,
                omitted: 0,
            })
            .collect();
        let mut recording = Recording {
            source: String::new(),
            process,
            sites,
            classes,
            threads,
            nodes: with_parents(nodes),
            clocks,
            stacks,
            modules,
            deadlocks,
            races,
            accesses_checked,
            memory_races,
            likely_orders,
            held_across_pools,
            kept_asleep,
            strands,
            measures,
            overdue,
            wait_stacks,
            thread_states,
            panics,
            board,
            streams,
            declared_orders,
            notes,
            totals,
            lost,
        };
        balance(&mut recording);
        recording
    })
}

/// Makes totals that the threads on the board can be part of.
fn balance(recording: &mut Recording) {
    let acquisitions: u64 = recording.board.iter().map(|slot| slot.acquisitions).sum();
    recording.totals.acquisitions += acquisitions;
    recording.totals.events += 2 * acquisitions;
    recording.lost.overwritten = recording.streams.iter().map(|stream| stream.overwritten).sum();
}

fn text() -> impl Strategy<Value = String> {
    ".{0,14}"
}

/// Header strings are separated by NUL.
fn argument() -> impl Strategy<Value = String> {
    "[^\\x00]{0,14}"
}

fn sites() -> impl Strategy<Value = Site> {
    (text(), any::<u32>(), any::<u32>()).prop_map(|(file, line, column)| Site {
        file,
        line,
        column,
    })
}

fn classes() -> impl Strategy<Value = Class> {
    let primitives = select([&[Primitive::Unknown], Primitive::ALL].concat());
    let names = option::of(".{1,14}");
    let flags = (any::<(bool, bool, bool, bool, bool, bool, u64)>(), 0..32_u32);
    (primitives, 0..=SITES, option::of(0..STACKS), text(), names, flags).prop_map(
        |(primitive, site, stack, type_name, name, flags)| {
            let (bits, group_bits) = flags;
            let (is_static, from_stack, guards_move, is_awaited, readers_pass, poisons, instances) =
                bits;
            Class {
                primitive,
                site: SiteId(site),
                stack,
                type_name,
                name,
                is_static,
                from_stack,
                guards_move,
                is_awaited,
                readers_pass,
                poisons,
                group_bits,
                instances,
                label: None,
            }
        },
    )
}

fn threads() -> impl Strategy<Value = Thread> {
    let names = option::of(".{1,14}");
    let site = (0..=SITES, option::of(0..STACKS));
    (names, option::of(1..40_u32), site, any::<(u32, bool, bool, bool, u64)>()).prop_map(
        |(
            name,
            parent,
            (site, spawn_stack),
            (os_tid, is_main, is_foreign, is_task, start_ticks),
        )| Thread {
            number: ThreadNum(0),
            os_tid,
            name,
            parent: parent.map(ThreadNum),
            spawn_site: SiteId(site),
            spawn_stack,
            is_main,
            is_foreign,
            is_task,
            start_ticks,
        },
    )
}

pub(crate) fn accesses() -> impl Strategy<Value = Access> {
    any::<(bool, bool, bool, bool, bool)>().prop_map(
        |(shared, is_try, reacquire, init, recursive)| Access {
            shared,
            is_try,
            reacquire,
            init,
            recursive,
            // Events have no room for the last ones.
            ..Access::default()
        },
    )
}

/// The parent is any number here; [`with_parents`] makes it one that exists.
fn nodes() -> impl Strategy<Value = ChainNode> {
    let ids = (option::of(1..40_u32), option::of(any::<u32>()), any::<u32>(), 0..=CLASSES);
    let places = (accesses(), 0..=SITES, option::of(0..CLOCKS), option::of(0..STACKS));
    (ids, places, any::<(u32, u32, u64, u64, u64)>()).prop_map(
        |((thread, parent, instance, class), (access, site, first_clock, stack), numbers)| {
            let (first_segment, last_segment, count, first_ticks, address) = numbers;
            ChainNode {
                thread: thread.map(ThreadNum),
                parent: parent.map(NodeId),
                instance: InstanceId(instance),
                class: ClassId(class),
                access,
                site: SiteId(site),
                first_clock,
                first_segment,
                last_segment,
                count,
                first_ticks,
                stack,
                address,
            }
        },
    )
}

fn with_parents(mut nodes: Vec<ChainNode>) -> Vec<ChainNode> {
    for (index, node) in (0_u32..).zip(&mut nodes) {
        node.parent = node.parent.and_then(|parent| parent.0.checked_rem(index)).map(NodeId);
    }
    nodes
}

fn clocks() -> impl Strategy<Value = Clock> {
    (any::<(u32, u32)>(), btree_map(any::<u32>(), any::<u32>(), 0..6)).prop_map(
        |((thread, segment), entries)| Clock {
            thread: ThreadNum(thread),
            segment,
            entries: entries.into_iter().map(|(t, s)| (ThreadNum(t), s)).collect(),
        },
    )
}

fn modules() -> impl Strategy<Value = Module> {
    (any::<(u64, u64)>(), text(), "[0-9a-f]{0,40}")
        .prop_map(|((base, end), path, build_id)| Module { base, end, path, build_id })
}

fn waits() -> impl Strategy<Value = Wait> {
    let places = (option::of(1..=CLASSES), 0..=SITES, 0..1_u64 << 48);
    (select(WaitKind::ALL), any::<(bool, u32, u32)>(), places).prop_map(
        |(kind, (timed, object, object2), (class, site, since_ticks))| Wait {
            kind,
            timed,
            object,
            object2,
            class: class.map(ClassId),
            site: SiteId(site),
            since_ticks,
        },
    )
}

fn helds(instances: std::ops::Range<u32>) -> impl Strategy<Value = Held> {
    (instances, option::of(1..=CLASSES), accesses(), 0..=SITES, 0..1_u64 << 40).prop_map(
        |(instance, class, access, site, since)| Held {
            instance: InstanceId(instance),
            class: class.map(ClassId),
            access,
            site: SiteId(site),
            since_ticks: since << 8,
        },
    )
}

fn slots() -> impl Strategy<Value = BoardSlot> {
    let helds = vec(helds(1..1000), 0..60);
    let numbers = (0..3_u32, option::of(1..9_u32), 100..1_u64 << 40, any::<bool>());
    (option::of(waits()), helds, numbers, option::of(polls())).prop_map(
        |(wait, held, (held_unlisted, scope, acquisitions, returned), polled)| BoardSlot {
            thread: ThreadNum(0),
            wait,
            held,
            held_unlisted,
            scope,
            acquisitions,
            returned,
            polled,
        },
    )
}

fn polls() -> impl Strategy<Value = Polled> {
    (0..9_u32, 1..1_u64 << 40, option::of(1..1_u64 << 40)).prop_map(|(by, began, ended)| Polled {
        by: ThreadNum(by),
        began_ticks: began,
        ended_ticks: ended,
    })
}

fn deadlocks() -> impl Strategy<Value = Deadlock> {
    let kinds = select(vec![
        DeadlockKind::Cycle,
        DeadlockKind::SelfLock,
        DeadlockKind::Orphan,
        DeadlockKind::Knot,
        DeadlockKind::Stall,
        DeadlockKind::Partial,
        DeadlockKind::Blocking,
        DeadlockKind::Starved,
        DeadlockKind::Forked,
    ]);
    // Instances that no board slot has: the board would tell since when they are held.
    let holds = option::of(helds(1000..2000).prop_map(|held| Held { since_ticks: 0, ..held }));
    let participants = participants(holds);
    (kinds, any::<(u32, u64)>(), vec(participants, 0..4)).prop_map(
        |(kind, (thread, ticks), participants)| Deadlock {
            kind,
            thread: ThreadNum(thread),
            ticks,
            participants,
        },
    )
}

fn participants(holds: impl Strategy<Value = Option<Held>>) -> impl Strategy<Value = Participant> {
    (1..40_u32, waits(), holds, any::<bool>()).prop_map(|(thread, wait, holds, is_handed)| {
        Participant { thread: ThreadNum(thread), wait, holds, is_handed }
    })
}

fn overdues() -> impl Strategy<Value = Overdue> {
    let waiter = participants(Just(None));
    let holder = || participants(option::of(helds(1..2000)));
    let waits = (waiter, option::of(holder()))
        .prop_map(|(waiter, holder)| (OverdueKind::Wait, Some(waiter), holder));
    let holds = holder().prop_map(|holder| (OverdueKind::Hold, None, Some(holder)));
    let last = option::of((0..=SITES, 1..u64::MAX));
    (prop_oneof![waits, holds], any::<(u32, u64, u64)>(), last).prop_map(
        |((kind, waiter, holder), (waiters, ticks, lasted_ticks), last)| Overdue {
            kind,
            waiters,
            ticks,
            lasted_ticks,
            waiter,
            holder,
            last: last.map(|(site, ticks)| (SiteId(site), ticks)),
        },
    )
}

fn wait_stacks() -> impl Strategy<Value = WaitStack> {
    (1..40_u32, any::<u64>(), 0..STACKS).prop_map(|(thread, since_ticks, stack)| WaitStack {
        thread: ThreadNum(thread),
        since_ticks,
        stack,
    })
}

fn thread_states() -> impl Strategy<Value = ThreadState> {
    (option::of(1..40_u32), any::<u32>(), any::<u64>(), text()).prop_map(
        |(thread, os_tid, ticks, state)| ThreadState {
            thread: thread.map(ThreadNum),
            os_tid,
            ticks,
            state,
        },
    )
}

fn panics() -> impl Strategy<Value = Panic> {
    let start = (0..=SITES, option::of(0..STACKS), vec(helds(1..40), 0..3)).prop_map(
        |(site, stack, held)| {
            // The record does not say since when.
            let held = held.into_iter().map(|held| Held { since_ticks: 0, ..held }).collect();
            PanicStart { site: SiteId(site), stack, held }
        },
    );
    (any::<u64>(), text(), option::of(start), any::<bool>()).prop_map(
        |(ticks, message, start, ends_thread)| Panic {
            ends_thread: ends_thread || start.is_none(),
            start,
            // Each is another thread's, see below.
            thread: ThreadNum(0),
            ticks,
            message,
        },
    )
}

fn across_pools() -> impl Strategy<Value = HeldAcrossPool> {
    let side = || {
        let stack = option::of(0..STACKS);
        (1..40_u32, accesses(), 0..=SITES, 0..=SITES, stack).prop_map(
            |(thread, access, site, jobs_site, stack)| PoolUse {
                thread: ThreadNum(thread),
                access,
                site: SiteId(site),
                jobs_site: SiteId(jobs_site),
                stack,
            },
        )
    };
    let numbers = (any::<bool>(), 1..2000_u32, any::<u64>());
    (numbers, option::of(1..=CLASSES), side(), side()).prop_map(
        |((is_doubtful, instance, ticks), class, holder, taker)| HeldAcrossPool {
            is_doubtful,
            instance: InstanceId(instance),
            class: class.map(ClassId),
            ticks,
            holder,
            taker,
        },
    )
}

fn kept_asleep() -> impl Strategy<Value = KeptAsleep> {
    let kinds =
        select(vec![KeptKind::Future, KeptKind::Guard, KeptKind::Forgotten, KeptKind::Left]);
    let side = || {
        (1..40_u32, accesses(), 0..=SITES).prop_map(|(thread, access, site)| LockUse {
            thread: ThreadNum(thread),
            access,
            site: SiteId(site),
        })
    };
    let numbers = (kinds, 1..2000_u32, any::<u64>(), 0..=SITES, any::<u32>());
    (numbers, option::of(1..=CLASSES), side(), side()).prop_map(
        |((kind, instance, ticks, awaits, permits), class, keeper, taker)| KeptAsleep {
            kind,
            instance: InstanceId(instance),
            class: class.map(ClassId),
            ticks,
            awaits: SiteId(awaits),
            keeper,
            taker,
            permits,
        },
    )
}

fn strands() -> impl Strategy<Value = Vec<Strand>> {
    let step = (any::<(u64, u64)>(), any::<(u32, bool)>())
        .prop_map(|((branch, waiter), (at, is_job))| JobStep { branch, at, is_job, waiter });
    let numbers = (1..40_u32, 0..9_u32, any::<(u32, bool)>(), any::<u64>());
    let strand = (numbers, option::of(0..CLOCKS), vec(step, 0..5)).prop_map(
        |((caller, call, (segment, is_waited_for), tree), clock, steps)| Strand {
            caller: ThreadNum(caller),
            call,
            segment,
            is_waited_for,
            clock,
            tree,
            steps,
            ..Strand::default()
        },
    );
    btree_map((1..40_u32, any::<u32>()), strand, 0..4).prop_map(|strands| {
        let of =
            |((thread, segment), strand)| Strand { thread: ThreadNum(thread), segment, ..strand };
        strands.into_iter().map(of).collect()
    })
}

fn races() -> impl Strategy<Value = Race> {
    let kinds = select(vec![RaceKind::DataRace, RaceKind::Unprotected, RaceKind::Undeclared]);
    let class = || option::of(1..=CLASSES);
    let access = || {
        let helds = helds(1..2000).prop_map(|held| Held { since_ticks: 0, ..held });
        (1..40_u32, any::<(bool, bool)>(), 0..=SITES, vec(helds, 0..3)).prop_map(
            |(thread, (is_write, is_creation), site, held)| RaceAccess {
                thread: ThreadNum(thread),
                is_write,
                is_creation,
                site: SiteId(site),
                held,
            },
        )
    };
    let guard = option::of((1..2000_u32, class(), any::<u32>())).prop_map(|guard| {
        guard.map(|(instance, class, held)| RaceGuard {
            instance: InstanceId(instance),
            class: class.map(ClassId),
            held,
        })
    });
    let declared = option::of(text()).prop_map(|name| name.filter(|name| !name.is_empty()));
    let numbers = any::<(u32, u32, u64)>();
    (kinds, numbers, class(), guard, declared, (access(), access())).prop_map(
        |(kind, (instance, accesses, ticks), class, guard, declared, (earlier, later))| Race {
            kind,
            instance: InstanceId(instance),
            class: class.map(ClassId),
            ticks,
            guard,
            accesses,
            declared,
            earlier,
            later,
        },
    )
}

fn likely_orders() -> impl Strategy<Value = LikelyOrder> {
    let by = prop_oneof![
        any::<(u64, u32)>().prop_map(|(address, size)| OrderedBy::Atomic {
            address,
            size,
            name: None
        }),
        Just(OrderedBy::Join),
        Just(OrderedBy::Condition),
    ];
    let side = || (0..40_u32, any::<(u32, u64, u32)>());
    let held = vec((1..2000_u32).prop_map(InstanceId), 0..3);
    (by, side(), side(), held).prop_map(|(by, told, learnt, held)| {
        // A condition variable has the places of both, a join that of the later one, an atomic the addresses of both.
        let is_atomic = matches!(by, OrderedBy::Atomic { .. });
        let is_join = by == OrderedBy::Join;
        let side = |(thread, (segment, at, site)), has_site: bool| OrderSide {
            thread: ThreadNum(thread),
            segment,
            at: if is_atomic { at } else { 0 },
            site: SiteId(if is_atomic || is_join && !has_site { 0 } else { site }),
        };
        LikelyOrder { by, told: side(told, false), learnt: side(learnt, true), held }
    })
}

fn memory_races() -> impl Strategy<Value = MemoryRace> {
    let access = || {
        let helds = helds(1..2000).prop_map(|held| Held { since_ticks: 0, ..held });
        let held = option::of(vec(helds, 0..3));
        (0..40_u32, any::<(bool, bool, bool)>(), held, vec(any::<u64>(), 0..5)).prop_map(
            |(thread, (is_write, is_atomic, is_free), held, stack)| MemoryAccess {
                thread: ThreadNum(thread),
                is_write,
                is_atomic,
                is_free,
                held,
                site: SiteId::default(),
                stack,
            },
        )
    };
    let kinds = prop_oneof![
        select(&[MemoryRaceKind::DataRace, MemoryRaceKind::Unprotected][..])
            .prop_map(|kind| (kind, None, None)),
        access().prop_map(|between| (MemoryRaceKind::LostUpdate, Some(between), None)),
        (access(), option::of(access())).prop_map(|(between, again)| (
            MemoryRaceKind::CheckThenAct,
            Some(between),
            again
        )),
    ];
    let blocks = (1..u64::MAX, any::<u64>(), 0..40_u32, vec(any::<u64>(), 0..5)).prop_map(
        |(start, size, thread, stack)| Block {
            start,
            size,
            thread: ThreadNum(thread),
            site: SiteId::default(),
            stack,
        },
    );
    let guard = (helds(1..2000), 1..u32::MAX).prop_map(|(of, held)| RaceGuard {
        instance: of.instance,
        class: of.class,
        held,
    });
    let sides = (access(), access());
    (any::<(u64, u64, u32)>(), kinds, sides, option::of(blocks), option::of(guard), 0..u32::MAX)
        .prop_map(|((ticks, address, size), (kind, between, again), sides, block, guard, turns)| {
            let is_unprotected = kind == MemoryRaceKind::Unprotected;
            MemoryRace {
                kind,
                ticks,
                address,
                size,
                name: None,
                earlier: sides.0,
                between,
                again,
                later: sides.1,
                block,
                guard: guard.filter(|_| is_unprotected),
                turns: if is_unprotected { turns } else { 0 },
            }
        })
}

/// Ticks are gaps here, see [`in_time`].
pub(crate) fn events() -> impl Strategy<Value = Event> {
    let wait = || select(WaitKind::ALL);
    let ops = prop_oneof![
        4 => accesses().prop_map(Op::Acquire),
        4 => Just(Op::Release),
        1 => wait().prop_map(Op::BlockBegin),
        1 => wait().prop_map(Op::BlockEnd),
        2 => select(vec![
            Op::Spawn, Op::Join, Op::NotifyOne, Op::NotifyAll, Op::Send, Op::Recv, Op::Unpark,
            Op::Barrier, Op::ThreadStart, Op::ThreadEnd, Op::InitDone,
        ]),
    ];
    let gaps = prop_oneof![8 => 0..1000_u64, 1 => 0..1_u64 << 33];
    (ops, gaps, any::<u32>(), 0..=SITES, option::of(1..=CLASSES), 0..1_u32 << 20, any::<bool>())
        .prop_map(|(op, gap, object, site, class, seq, timed)| {
            let (site, class) = match op {
                Op::Release | Op::BlockEnd(_) => (0, class),
                Op::Acquire(_) => (site, class),
                _ => (site, None),
            };
            let seq = match op {
                Op::Release => 0,
                Op::BlockBegin(kind) | Op::BlockEnd(kind) => {
                    kind.code() | if timed { event::SEQ_TIMED } else { 0 }
                }
                _ => seq,
            };
            let class = class.map(ClassId);
            Event { ticks: gap * 1024, op, object, site: SiteId(site), class, seq }
        })
}

/// Turns gaps into clock readings; a release has the reading of the event before it.
pub(crate) fn in_time(mut events: Vec<Event>) -> Vec<Event> {
    let mut now = 0x7000_0000_0000_u64;
    for event in &mut events {
        if event.op != Op::Release {
            now += event.ticks;
        }
        event.ticks = now;
    }
    events
}

fn processes() -> impl Strategy<Value = Process> {
    let exits =
        select(vec![ExitState::Running, ExitState::Exited, ExitState::Deadlock, ExitState::Stall]);
    let modes = select(vec!["off", "order", "ring", "full"]);
    let optional = (option::of(argument()), option::of(argument()), option::of(argument()));
    let strings = (argument(), vec(argument(), 0..5), argument(), optional);
    let ticks = (0..1_u64 << 40, option::of(1..u64::MAX), option::of(1..u64::MAX));
    (any::<(u32, u64, u64, Option<u32>)>(), ticks, exits, modes, strings).prop_map(
        |(
            (pid, start_unix_ns, ticks_per_second, forked_from),
            (start_ticks, end_ticks, alive_ticks),
            exit,
            mode,
            strings,
        )| {
            let (exe, args, cwd, (run, binary, test)) = strings;
            let mode = mode.into();
            Process {
                pid,
                forked_from,
                exe,
                args,
                cwd,
                start_unix_ns,
                start_ticks,
                ticks_per_second,
                end_ticks,
                alive_ticks,
                exit,
                mode,
                run,
                binary,
                test,
            }
        },
    )
}

fn totals() -> impl Strategy<Value = Totals> {
    let number = || 0..1_u64 << 60;
    (number(), number(), number(), number()).prop_map(|(locks, threads, events, acquisitions)| {
        Totals { locks, threads, events, acquisitions }
    })
}

fn losses() -> impl Strategy<Value = Lost> {
    any::<[u64; 6]>().prop_map(|[events, nodes, threads, chunks, records, measures]| Lost {
        events,
        nodes,
        threads,
        chunks,
        records,
        measures,
        ..Lost::default()
    })
}
