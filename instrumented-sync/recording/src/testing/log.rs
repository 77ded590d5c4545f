//! Log chunks.

use super::{ChunkBuilder, codes};
use crate::layout::{
    across_pool, chunk, chunk_kind, class_flag, kept_asleep, log, memory_access as memory_how,
    memory_race_kind, participant as layout, race_access, thread_flag, wait,
};
use crate::model::{
    Block, Class, ClassId, Clock, Deadlock, Held, HeldAcrossPool, InstanceId, KeptAsleep, KeptKind,
    LikelyOrder, MemoryAccess, MemoryRace, MemoryRaceKind, Module, OrderSide, OrderedBy, Overdue,
    Panic, Participant, Race, RaceAccess, Site, Strand, Thread, ThreadState, WaitStack,
};

/// A log under construction.
#[derive(Clone, Debug, Default)]
pub struct LogBuilder {
    bytes: Vec<u8>,
}

/// The fields of one record.
#[derive(Clone, Debug, Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn u32(mut self, value: u32) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u64(mut self, value: u64) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn string(self, text: &str) -> Self {
        let mut this = self.u32(text.len() as u32);
        this.0.extend(text.as_bytes());
        this.0.resize(this.0.len().next_multiple_of(4), 0);
        this
    }
}

impl LogBuilder {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a record of any kind with any payload.
    #[must_use]
    pub fn record(mut self, kind: u8, payload: &[u8]) -> Self {
        let len = (log::HEADER + payload.len()).next_multiple_of(8);
        let start = self.bytes.len();
        self.bytes.extend([kind, 0, 0, 0]);
        self.bytes.extend((len as u32).to_le_bytes());
        self.bytes.extend(payload);
        self.bytes.resize(start + len, 0);
        self
    }

    /// Appends a site.
    #[must_use]
    pub fn site(self, id: u32, site: &Site) -> Self {
        let fields = Fields::default().u32(id).u32(site.line).u32(site.column).string(&site.file);
        self.record(log::SITE, &fields.0)
    }

    /// Appends a class; its instances are counted elsewhere.
    #[must_use]
    pub fn class(self, id: u32, class: &Class) -> Self {
        let flag = |is_set, bit| if is_set { bit } else { 0 };
        let fields = Fields::default()
            .u32(id)
            .u32(class.primitive.code())
            .u32(
                flag(class.is_static, class_flag::STATIC)
                    | flag(class.from_stack, class_flag::FROM_STACK)
                    | flag(class.readers_pass, class_flag::READERS_PASS)
                    | flag(class.poisons, class_flag::POISONS)
                    | class.group_bits << class_flag::GROUP_SHIFT,
            )
            .u32(class.site.0)
            .u32(class.stack.map_or(0, |stack| stack + 1))
            .string(&class.type_name)
            .string(class.name.as_deref().unwrap_or_default());
        self.record(log::CLASS, &fields.0)
    }

    /// Appends that a guard of a class moved to another thread.
    #[must_use]
    pub fn guard_moved(self, class: u32) -> Self {
        self.record(log::GUARD_MOVED, &Fields::default().u32(class).u32(1).u32(1).u32(2).0)
    }

    /// Appends that tasks await locks of a class.
    #[must_use]
    pub fn awaited(self, class: u32) -> Self {
        self.record(log::AWAITED, &Fields::default().u32(class).0)
    }

    /// Appends a thread.
    #[must_use]
    pub fn thread(self, thread: &Thread) -> Self {
        let flag = |is_set, bit| if is_set { bit } else { 0 };
        let fields = Fields::default()
            .u32(thread.number.0)
            .u32(thread.os_tid)
            .u32(thread.parent.map_or(0, |parent| parent.0))
            .u32(thread.spawn_site.0)
            .u32(
                flag(thread.is_main, thread_flag::MAIN)
                    | flag(thread.is_foreign, thread_flag::FOREIGN)
                    | flag(thread.is_task, thread_flag::TASK),
            )
            .u32(0)
            .u64(thread.start_ticks)
            .string(thread.name.as_deref().unwrap_or_default());
        self.record(log::THREAD, &fields.0)
    }

    /// Appends the stack from which a thread was spawned.
    #[must_use]
    pub fn spawn_stack(self, number: u32, stack: u32) -> Self {
        self.record(log::SPAWN_STACK, &Fields::default().u32(number).u32(stack).0)
    }

    /// Appends a panic: how it began, where that is known, and how it ended a thread.
    #[must_use]
    pub fn panic(self, panic: &Panic) -> Self {
        let fields = Fields::default().u32(panic.thread.0).u64(panic.ticks);
        let log = match &panic.start {
            None => self,
            Some(start) => {
                let fields =
                    fields.clone().u32(start.site.0).u32(start.stack.map_or(0, |stack| stack + 1));
                self.record(log::PANIC, &held(fields, &start.held).string(&panic.message).0)
            }
        };
        if !panic.ends_thread {
            return log;
        }
        log.record(log::THREAD_PANIC, &fields.string(&panic.message).0)
    }

    /// Appends a later name of a thread.
    #[must_use]
    pub fn thread_name(self, number: u32, name: &str) -> Self {
        self.record(log::THREAD_NAME, &Fields::default().u32(number).string(name).0)
    }

    /// Appends a clock.
    #[must_use]
    pub fn clock(self, id: u32, clock: &Clock) -> Self {
        let fields = Fields::default()
            .u32(id)
            .u32(clock.thread.0)
            .u32(clock.segment)
            .u32(clock.entries.len() as u32);
        let fields = clock
            .entries
            .iter()
            .fold(fields, |fields, (thread, segment)| fields.u32(thread.0).u32(*segment));
        self.record(log::CLOCK, &fields.0)
    }

    /// Appends a stack.
    #[must_use]
    pub fn stack(self, id: u32, addresses: &[u64]) -> Self {
        let fields = Fields::default().u32(id).u32(addresses.len() as u32);
        let fields = addresses.iter().fold(fields, |fields, address| fields.u64(*address));
        self.record(log::STACK, &fields.0)
    }

    /// Appends a module.
    #[must_use]
    pub fn module(self, module: &Module) -> Self {
        let fields = Fields::default()
            .u64(module.base)
            .u64(module.end)
            .string(&module.path)
            .string(&module.build_id);
        self.record(log::MODULE, &fields.0)
    }

    /// Appends a deadlock.
    #[must_use]
    pub fn deadlock(self, deadlock: &Deadlock) -> Self {
        let fields = Fields::default()
            .u32(codes::deadlock_kind(deadlock.kind))
            .u32(deadlock.thread.0)
            .u64(deadlock.ticks)
            .u32(deadlock.participants.len() as u32);
        let fields = deadlock.participants.iter().fold(fields, participant);
        self.record(log::DEADLOCK, &fields.0)
    }

    /// Appends a race.
    #[must_use]
    pub fn race(self, race: &Race) -> Self {
        let guard = race.guard.as_ref();
        let class = |class: Option<ClassId>| class.map_or(0, |class| class.0);
        let fields = Fields::default()
            .u32(codes::race_kind(race.kind))
            .u32(race.instance.0)
            .u32(class(race.class))
            .u64(race.ticks)
            .u32(guard.map_or(0, |guard| guard.instance.0))
            .u32(guard.and_then(|guard| guard.class).map_or(0, |class| class.0))
            .u32(guard.map_or(0, |guard| guard.held))
            .u32(race.accesses)
            .string(race.declared.as_deref().unwrap_or_default());
        let fields = [&race.earlier, &race.later].into_iter().fold(fields, race_access);
        self.record(log::RACE, &fields.0)
    }

    /// Appends a race between accesses to memory.
    #[must_use]
    pub fn memory_race(self, race: &MemoryRace) -> Self {
        let kind = match race.kind {
            MemoryRaceKind::DataRace => memory_race_kind::DATA_RACE,
            MemoryRaceKind::Unprotected => memory_race_kind::UNPROTECTED,
            MemoryRaceKind::LostUpdate => memory_race_kind::LOST_UPDATE,
            MemoryRaceKind::CheckThenAct if race.again.is_some() => {
                memory_race_kind::CHECK_AGAIN_THEN_ACT
            }
            MemoryRaceKind::CheckThenAct => memory_race_kind::CHECK_THEN_ACT,
        };
        let fields = Fields::default().u64(race.ticks).u64(race.address).u32(race.size).u32(kind);
        let fields = race.accesses().fold(fields, memory_access);
        let none = Block::default();
        let block = race.block.as_ref().unwrap_or(&none);
        let fields = fields.u64(block.start).u64(block.size).u32(block.thread.0);
        let fields = fields.u32(block.stack.len() as u32);
        let mut fields = block.stack.iter().fold(fields, |fields, address| fields.u64(*address));
        if race.kind == MemoryRaceKind::Unprotected {
            let guard = race.guard.as_ref();
            fields = fields
                .u32(guard.map_or(0, |guard| guard.instance.0))
                .u32(guard.and_then(|guard| guard.class).map_or(0, |class| class.0))
                .u32(guard.map_or(0, |guard| guard.held))
                .u32(race.turns);
        }
        self.record(log::MEMORY_RACE, &fields.0)
    }

    /// Appends that all accesses to memory are checked.
    #[must_use]
    pub fn accesses_checked(self) -> Self {
        self.record(log::ACCESSES_CHECKED, &[])
    }

    /// Appends what is ordered in this schedule.
    #[must_use]
    pub fn likely_order(self, order: &LikelyOrder) -> Self {
        let sides = [&order.told, &order.learnt].into_iter();
        let side = |fields: Fields, side: &OrderSide| fields.u32(side.thread.0).u32(side.segment);
        let (kind, fields) = match &order.by {
            OrderedBy::Atomic { address, size, .. } => {
                let fields = Fields::default().u64(*address).u32(*size);
                let fields = sides.fold(fields, |fields, of| side(fields, of).u64(of.at));
                (log::ATOMIC_ORDER, fields)
            }
            OrderedBy::Join => {
                let fields = sides.fold(Fields::default(), side);
                (log::JOIN_ORDER, fields.u32(order.learnt.site.0))
            }
            OrderedBy::Condition => {
                let fields =
                    sides.fold(Fields::default(), |fields, of| side(fields, of).u32(of.site.0));
                (log::NOTIFY_ORDER, fields.u32(0))
            }
        };
        let fields = fields.u32(order.held.len() as u32);
        let fields = order.held.iter().fold(fields, |fields, instance| fields.u32(instance.0));
        self.record(kind, &fields.0)
    }

    /// Appends a lock that is held over a wait for jobs which may take it.
    #[must_use]
    pub fn held_across_pool(self, across: &HeldAcrossPool) -> Self {
        let fields = Fields::default()
            .u32(if across.is_doubtful { across_pool::DOUBTFUL } else { 0 })
            .u32(across.instance.0)
            .u32(across.class.map_or(0, |class| class.0))
            .u64(across.ticks);
        let fields = [&across.holder, &across.taker].into_iter().fold(fields, |fields, side| {
            fields
                .u32(side.thread.0)
                .u32(codes::site_access(side.site.0, side.access))
                .u32(side.jobs_site.0)
                .u32(side.stack.map_or(0, |stack| stack + 1))
        });
        self.record(log::HELD_ACROSS_POOL, &fields.0)
    }

    /// Appends a lock that a task keeps while it sleeps, or never gives back.
    #[must_use]
    pub fn kept_asleep(self, kept: &KeptAsleep) -> Self {
        let kind = match kept.kind {
            KeptKind::Future => kept_asleep::FUTURE,
            KeptKind::Guard => kept_asleep::GUARD,
            KeptKind::Forgotten => kept_asleep::FORGOTTEN,
            KeptKind::Left => kept_asleep::LEFT,
        };
        let fields = Fields::default()
            .u32(kind)
            .u32(kept.instance.0)
            .u32(kept.class.map_or(0, |class| class.0))
            .u64(kept.ticks)
            .u32(kept.awaits.0);
        let fields = [&kept.keeper, &kept.taker].into_iter().fold(fields, |fields, side| {
            fields.u32(side.thread.0).u32(codes::site_access(side.site.0, side.access))
        });
        self.record(log::KEPT_ASLEEP, &fields.u32(kept.permits).0)
    }

    /// Appends that a lock was given back after all.
    #[must_use]
    pub fn given_back(self, instance: InstanceId) -> Self {
        let fields = Fields::default().u32(kept_asleep::GIVEN_BACK).u32(instance.0).u32(0).u64(0);
        let fields = (0..6).fold(fields, |fields, _| fields.u32(0));
        self.record(log::KEPT_ASLEEP, &fields.0)
    }

    /// Appends a segment that was spent in a job.
    #[must_use]
    pub fn strand(self, strand: &Strand) -> Self {
        let fields = Fields::default()
            .u32(strand.thread.0)
            .u32(strand.segment)
            .u32(strand.caller.0)
            .u32(strand.call)
            .u32(u32::from(strand.is_waited_for))
            .u32(strand.clock.map_or(0, |clock| clock + 1))
            .u64(strand.tree)
            .u32(strand.steps.len() as u32);
        let fields = strand.steps.iter().fold(fields, |fields, step| {
            fields.u64(step.branch).u64(step.waiter).u32(step.at).u32(u32::from(step.is_job))
        });
        self.record(log::STRAND, &fields.0)
    }

    /// Appends a long wait or a long hold.
    #[must_use]
    pub fn overdue(self, overdue: &Overdue) -> Self {
        let participants = overdue.waiter.iter().chain(&overdue.holder).collect::<Vec<_>>();
        let held = overdue.holder.as_ref().and_then(|holder| holder.holds.as_ref());
        let fields = Fields::default()
            .u32(codes::overdue_kind(overdue.kind))
            .u32(overdue.waiters)
            .u64(overdue.ticks)
            .u64(overdue.lasted_ticks)
            .u64(held.map_or(0, |held| held.since_ticks))
            .u32(overdue.last.map_or(0, |(site, _)| site.0))
            .u64(overdue.last.map_or(0, |(_, ticks)| ticks))
            .u32(participants.len() as u32);
        let fields = participants.into_iter().fold(fields, participant);
        self.record(log::OVERDUE, &fields.0)
    }

    /// Appends the stack of a wait.
    #[must_use]
    pub fn wait_stack(self, wait: &WaitStack) -> Self {
        let fields = Fields::default().u32(wait.thread.0).u32(wait.stack + 1).u64(wait.since_ticks);
        self.record(log::WAIT_STACK, &fields.0)
    }

    /// Appends what a thread was doing.
    #[must_use]
    pub fn thread_state(self, state: &ThreadState) -> Self {
        let fields = Fields::default()
            .u32(state.thread.map_or(0, |thread| thread.0))
            .u32(state.os_tid)
            .u64(state.ticks)
            .string(&state.state);
        self.record(log::THREAD_STATE, &fields.0)
    }

    /// Appends a remark.
    #[must_use]
    pub fn note(self, text: &str) -> Self {
        self.record(log::NOTE, &Fields::default().u32(0).string(text).0)
    }

    /// Appends a declared order.
    #[must_use]
    pub fn declared_order(self, names: &[String]) -> Self {
        let fields = Fields::default().u32(names.len() as u32);
        let fields = names.iter().fold(fields, |fields, name| fields.string(name));
        self.record(log::DECLARED_ORDER, &fields.0)
    }

    /// Bytes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is no record yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The log chunk.
    #[must_use]
    pub fn chunk(self) -> ChunkBuilder {
        ChunkBuilder::new(chunk_kind::LOG)
            .used(self.bytes.len() as u64)
            .put(chunk::PAYLOAD, &self.bytes)
    }
}

fn race_access(fields: Fields, access: &RaceAccess) -> Fields {
    let how = if access.is_write { race_access::WRITE } else { 0 }
        | if access.is_creation { race_access::CREATION } else { 0 };
    held(fields.u32(access.thread.0).u32(how).u32(access.site.0), &access.held)
}

fn memory_access(fields: Fields, access: &MemoryAccess) -> Fields {
    let bits = [
        (access.is_write, memory_how::WRITE),
        (access.is_atomic, memory_how::ATOMIC),
        (access.is_free, memory_how::FREE),
        (access.held.is_some(), memory_how::LOCKS_KNOWN),
    ];
    let how = bits.into_iter().filter(|(is_set, _)| *is_set).map(|(_, bit)| bit).sum();
    let fields = fields.u32(access.thread.0).u32(how);
    let fields = held(fields, access.held.as_deref().unwrap_or_default());
    let fields = fields.u32(access.stack.len() as u32);
    access.stack.iter().fold(fields, |fields, address| fields.u64(*address))
}

fn held(fields: Fields, held: &[Held]) -> Fields {
    held.iter().fold(fields.u32(held.len() as u32), |fields, held| {
        fields
            .u32(held.instance.0)
            .u32(held.class.map_or(0, |class| class.0))
            .u32(codes::site_access(held.site.0, held.access))
    })
}

fn participant(fields: Fields, participant: &Participant) -> Fields {
    let held = participant.holds.as_ref();
    let wait = &participant.wait;
    let handed = if participant.is_handed { layout::HANDED } else { 0 };
    fields
        .u32(participant.thread.0)
        .u32(wait.kind.code() | if wait.timed { wait::TIMED } else { 0 })
        .u32(wait.object)
        .u32(wait.class.map_or(0, |class| class.0))
        .u32(wait.site.0)
        .u32(held.map_or(0, |held| held.instance.0))
        .u32(held.and_then(|held| held.class).map_or(0, |class| class.0))
        .u32(held.map_or(0, |held| held.site.0))
        .u32(held.map_or(0, |held| u32::from(codes::access(held.access))) | handed)
        .u32(wait.object2)
        .u64(wait.since_ticks)
        .u32(0)
        .u32(0)
}
