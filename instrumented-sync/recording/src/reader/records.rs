//! Single log records.

use super::bytes::Cursor;
use super::codes;
use super::participant::participant;
use super::tables::Tables;
use crate::layout::{class_flag, log, participant, thread_flag};
use crate::model::{
    Class, Deadlock, Module, Primitive, Site, SiteId, Thread, ThreadNum, ThreadState, WaitStack,
};

/// Adds one record to the tables. Records may be longer than their fields: newer minors append some.
pub(super) fn apply(kind: u8, payload: &[u8], tables: &mut Tables) {
    let mut fields = Cursor::new(payload);
    let fields = &mut fields;
    let done = match kind {
        log::SITE => site(fields, tables),
        log::CLASS => class(fields, tables),
        log::THREAD => thread(fields, tables),
        log::CLOCK | log::SHARED if tables.without_clocks => Some(()),
        log::CLOCK => super::clocks::clock(fields, tables),
        log::SHARED => super::clocks::shared(fields, tables),
        log::STACK => stack(fields, tables),
        log::DEADLOCK => deadlock(fields, tables),
        log::MODULE => module(fields, tables),
        log::THREAD_NAME => thread_name(fields, tables),
        log::NOTE => note(fields, tables),
        log::DECLARED_ORDER => declared_order(fields, tables),
        log::RACE => super::race::race(fields, tables),
        log::ACCESSES_CHECKED => {
            tables.accesses_checked = true;
            Some(())
        }
        log::MEMORY_RACE => super::memory_race::memory_race(fields, tables),
        log::ATOMIC_ORDER => super::likely_order::by_atomic(fields, tables),
        log::SPAWN_STACK => spawn_stack(fields, tables),
        log::JOIN_ORDER => super::likely_order::by_join(fields, tables),
        log::NOTIFY_ORDER => super::likely_order::by_condition(fields, tables),
        log::HELD_ACROSS_POOL => super::across_pool::across_pool(fields, tables),
        log::KEPT_ASLEEP => super::kept_asleep::kept_asleep(fields, tables),
        log::STRAND => super::strand::strand(fields, tables),
        log::OVERDUE => super::overdue::overdue(fields, tables),
        log::GUARD_MOVED => guard_moved(fields, tables),
        log::AWAITED => awaited(fields, tables),
        log::WAIT_STACK => wait_stack(fields, tables),
        log::THREAD_STATE => thread_state(fields, tables),
        log::PANIC => super::panics::begins(fields, tables),
        log::THREAD_PANIC => super::panics::ends_thread(fields, tables),
        _ => {
            tables.skipped.unknown += 1;
            Some(())
        }
    };
    if done.is_none() {
        tables.skipped.short += 1;
    }
}

fn site(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (id, line, column, file) = (fields.u32()?, fields.u32()?, fields.u32()?, fields.string()?);
    let is_stored = tables.sites.put(id, Site { file, line, column });
    tables.skipped.out_of_range += usize::from(!is_stored);
    Some(())
}

fn class(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (id, primitive, flags) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (site, stack) = (fields.u32()?, fields.u32()?);
    let (type_name, name) = (fields.string()?, fields.string()?);
    let class = Class {
        primitive: Primitive::of_code(primitive),
        site: SiteId(site),
        type_name,
        name: Some(name).filter(|name| !name.is_empty()),
        is_static: flags & class_flag::STATIC != 0,
        from_stack: flags & class_flag::FROM_STACK != 0,
        readers_pass: flags & class_flag::READERS_PASS != 0,
        poisons: flags & class_flag::POISONS != 0,
        group_bits: flags >> class_flag::GROUP_SHIFT & class_flag::GROUP_MASK,
        ..Class::default()
    };
    if !tables.classes.put(id, class) {
        tables.skipped.out_of_range += 1;
    } else if let Some(stack) = stack.checked_sub(1) {
        tables.class_stacks.insert(id, stack);
    } else {
        tables.class_stacks.remove(&id);
    }
    Some(())
}

fn thread(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (number, os_tid, parent) = (ThreadNum(fields.u32()?), fields.u32()?, fields.u32()?);
    let (spawn_site, flags, _scope) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (start_ticks, name) = (fields.u64()?, fields.string()?);
    let name = Some(name).filter(|name| !name.is_empty());
    let earlier = tables.threads.remove(&number).and_then(|thread| thread.name);
    let thread = Thread {
        number,
        os_tid,
        name: name.or(earlier),
        parent: (parent != 0).then_some(ThreadNum(parent)),
        spawn_site: SiteId(spawn_site),
        spawn_stack: None,
        is_main: flags & thread_flag::MAIN != 0,
        is_foreign: flags & thread_flag::FOREIGN != 0,
        is_task: flags & thread_flag::TASK != 0,
        start_ticks,
    };
    tables.threads.insert(number, thread);
    Some(())
}

fn spawn_stack(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    tables.spawn_stacks.push((ThreadNum(fields.u32()?), fields.u32()?));
    Some(())
}

fn stack(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let id = fields.u32()?;
    let mut addresses = Vec::new();
    for _ in 0..fields.count(8)? {
        addresses.push(fields.u64()?);
    }
    if let Ok(index) = u32::try_from(tables.stacks.len()) {
        tables.stack_index.insert(id, index);
        tables.stacks.push(addresses);
    }
    Some(())
}

fn deadlock(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (kind, thread, ticks) = (fields.u32()?, ThreadNum(fields.u32()?), fields.u64()?);
    let mut participants = Vec::new();
    for _ in 0..fields.count(participant::WORDS * 4)? {
        participants.push(participant(fields)?);
    }
    match codes::deadlock_kind(kind) {
        Some(kind) => tables.deadlocks.push(Deadlock { kind, thread, ticks, participants }),
        None => tables.skipped.unknown += 1,
    }
    Some(())
}

fn wait_stack(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (thread, stack, since_ticks) = (ThreadNum(fields.u32()?), fields.u32()?, fields.u64()?);
    let stack = stack.checked_sub(1);
    tables.wait_stacks.extend(stack.map(|stack| WaitStack { thread, since_ticks, stack }));
    Some(())
}

fn thread_state(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (thread, os_tid, ticks) = (fields.u32()?, fields.u32()?, fields.u64()?);
    let thread = (thread != 0).then_some(ThreadNum(thread));
    tables.thread_states.push(ThreadState { thread, os_tid, ticks, state: fields.string()? });
    Some(())
}

fn module(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (base, end) = (fields.u64()?, fields.u64()?);
    let (path, build_id) = (fields.string()?, fields.string()?);
    tables.modules.push(Module { base, end, path, build_id });
    Some(())
}

fn thread_name(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (number, name) = (ThreadNum(fields.u32()?), fields.string()?);
    let thread = tables.threads.entry(number);
    let thread = thread.or_insert_with(|| Thread { number, ..Thread::default() });
    thread.name = Some(name).filter(|name| !name.is_empty());
    Some(())
}

fn note(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (_code, text) = (fields.u32()?, fields.string()?);
    tables.notes.push(text);
    Some(())
}

fn declared_order(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let mut names = Vec::new();
    for _ in 0..fields.count(4)? {
        names.push(fields.string()?);
    }
    tables.declared_orders.push(names);
    Some(())
}

fn awaited(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    tables.awaited.insert(fields.u32()?);
    Some(())
}

fn guard_moved(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (class, _instance, _acquirer, _releaser) =
        (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
    tables.moved.insert(class);
    Some(())
}
