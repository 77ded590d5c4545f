//! One thread at the end.

use super::event::{LastEvent, last_of};
use super::objects::Objects;
use super::when::Takes;
use crate::escape;
use crate::live::{Live, OsThread};
use crate::symbols::{Symbols, Trace};
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::{self, BoardSlot, Held, Thread, ThreadNum, WaitKind};

/// A thread that had not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadEnd {
    /// Its number.
    pub number: u32,
    /// Its name, as it is.
    pub name: Option<String>,
    /// Number and name, escaped.
    pub label: String,
    /// The kernel's id.
    pub os_tid: u32,
    /// The first thread.
    pub is_main: bool,
    /// Not a thread but a task, which threads poll.
    pub is_task: bool,
    /// One of several futures that a task polls in turn: the number of that task.
    pub part_of: Option<u32>,
    /// Where it was spawned.
    pub spawned: Place,
    /// Its closure has returned.
    pub returned: bool,
    /// Its closure has panicked.
    pub panicked: bool,
    /// What it waits for.
    pub wait: Option<Wait>,
    /// Of a task: its last poll.
    pub polled: Option<Polled>,
    /// What it holds, oldest first.
    pub holds: Vec<Hold>,
    /// How many more it holds.
    pub held_unlisted: u32,
    /// What it did last, oldest first, without the beginning of its present wait.
    pub events: Vec<LastEvent>,
    /// What the kernel says of it, while the process runs.
    pub os: Option<OsThread>,
    /// Where it is, if it waits for nothing that is recorded and a debugger was asked.
    pub stack: Trace,
    /// What the kernel said of it while the process ran, when it was last looked at; escaped.
    pub was: Option<String>,
}

/// The last poll of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Polled {
    /// Number and name of the thread that polled, escaped.
    pub by: String,
    /// It has not ended.
    pub goes_on: bool,
    /// How long ago it ended, or how long it has gone on; measured as waits are.
    pub ago: Option<f64>,
}

/// A wait at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// The call: `lock`, `recv` …
    pub call: &'static str,
    /// What for; `None` for park and sleep.
    pub object: Option<String>,
    /// Ends by itself after a time.
    pub timed: bool,
    /// Of a task that sleeps until anyone gives it what it awaits, or until a time.
    pub awaits: bool,
    /// Where.
    pub place: Place,
    /// The nearest place of the workspace's own code that led there, where that lies in a dependency and a stack tells.
    pub caller: Option<Place>,
    /// Since when.
    pub since: Option<f64>,
    /// How long: of a process that runs, until now; else until its last sign of life, so it waited at least so long.
    pub lasted: Option<f64>,
    /// The threads that hold it.
    pub holders: Vec<Holder>,
    /// The stack of this wait, where it was taken.
    pub stack: Trace,
    /// Why the thread was not asked for it, where the process was; escaped.
    pub not_asked: Option<String>,
}

/// Who holds what another waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The number of the thread.
    pub number: u32,
    /// Number and name, escaped.
    pub thread: String,
    /// Where it took it.
    pub place: Place,
}

/// A lock that is held at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// Which.
    pub lock: String,
    /// As a reader.
    pub shared: bool,
    /// Where it was taken.
    pub place: Place,
    /// Since when.
    pub since: Option<f64>,
}

/// What all threads of a process share.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) recording: &'a Recording,
    pub(super) objects: &'a Objects<'a>,
    pub(super) takes: &'a Takes,
    /// The moment that waits are measured to.
    pub(super) until: u64,
    pub(super) live: Option<&'a Live>,
    pub(super) symbols: &'a Symbols,
    /// How many last events each thread shows.
    pub(super) events: usize,
}

pub(super) fn thread(slot: &BoardSlot, context: &Context<'_>) -> ThreadEnd {
    let Context { recording, objects, .. } = context;
    let unknown = Thread::default();
    let thread = recording.threads.get(&slot.thread).unwrap_or(&unknown);
    let wait = slot.wait.as_ref().filter(|wait| wait.kind != WaitKind::None);
    ThreadEnd {
        number: slot.thread.0,
        name: thread.name.clone(),
        label: objects.thread(slot.thread),
        os_tid: thread.os_tid,
        is_main: thread.is_main,
        is_task: thread.is_task,
        part_of: thread.part_of().map(|task| task.0),
        spawned: objects.place(thread.spawn_site),
        returned: slot.returned,
        panicked: objects.has_panicked(slot.thread),
        wait: wait.map(|wait| waiting(slot.thread, wait, context)),
        polled: slot.polled.as_ref().filter(|_| thread.is_task).map(|one| polled(one, context)),
        holds: slot.held.iter().map(|held| hold(held, objects)).collect(),
        held_unlisted: slot.held_unlisted,
        events: last_of(slot.thread, wait, recording, objects, context.takes, context.events),
        os: context.live.and_then(|live| live.threads.get(&thread.os_tid)).cloned(),
        stack: match wait {
            Some(_) => Trace::default(),
            None => context.symbols.trace(recording, by_debugger(thread, context)),
        },
        was: recording
            .state_of(slot.thread, u64::MAX)
            .map(|state| escape::text(state).into_owned()),
    }
}

fn waiting(thread: ThreadNum, wait: &model::Wait, context: &Context<'_>) -> Wait {
    let Context { recording, objects, symbols, .. } = context;
    let known = recording.threads.get(&thread);
    let stack = match recording.stack_of_wait(thread, wait) {
        [] => known.map_or(&[][..], |thread| by_debugger(thread, context)),
        taken => taken,
    };
    let mut place = objects.place(wait.site);
    let caller = symbols.own_code(&mut place, stack, recording);
    Wait {
        call: wait.kind.words(),
        object: objects.waited(wait.kind, wait.object, wait.class),
        timed: wait.timed,
        awaits: wait.is_await()
            && recording.threads.get(&thread).is_some_and(|thread| thread.is_task),
        place,
        caller,
        since: objects.seconds(wait.since_ticks),
        lasted: recording.seconds_between(wait.since_ticks, context.until),
        holders: holders(thread, wait.kind, wait.object, recording, objects),
        stack: symbols.trace(recording, stack),
        not_asked: not_asked(thread, wait, context).filter(|_| stack.is_empty()),
    }
}

/// Where a debugger has seen a thread; empty where none was asked, and of tasks.
fn by_debugger<'a>(thread: &Thread, context: &Context<'a>) -> &'a [u64] {
    let stacks = context.live.map(|live| &live.stacks).filter(|_| !thread.is_task);
    stacks.and_then(|stacks| stacks.get(&thread.os_tid)).map_or(&[], Vec::as_slice)
}

/// Why a thread was not asked for the stack of its wait, where the process was asked for stacks. A task has none.
fn not_asked(number: ThreadNum, wait: &model::Wait, context: &Context<'_>) -> Option<String> {
    let Context { recording, live, .. } = context;
    let answered = live.and_then(|live| live.answered)?;
    let thread = recording.threads.get(&number).filter(|thread| !thread.is_task)?;
    let os = live.and_then(|live| live.threads.get(&thread.os_tid))?;
    let why = match wait.timed || wait.kind == WaitKind::Sleep {
        true => "it wakes up by itself".to_owned(),
        false => os.why_not_asked(answered),
    };
    let kernel = match os.sleeps_in.is_empty() {
        true => os.words().to_owned(),
        false => format!("{}: {}", os.words(), escape::text(&os.sleeps_in)),
    };
    Some(format!("not asked for its stack: {why} (in the kernel: {kernel})"))
}

fn polled(polled: &model::Polled, context: &Context<'_>) -> Polled {
    let at = polled.ended_ticks.unwrap_or(polled.began_ticks);
    Polled {
        by: context.objects.thread(polled.by),
        goes_on: polled.ended_ticks.is_none(),
        ago: context.recording.seconds_between(at, context.until),
    }
}

fn hold(held: &Held, objects: &Objects<'_>) -> Hold {
    Hold {
        lock: objects.instance(held.instance, held.class),
        shared: held.access.shared,
        place: objects.place(held.site),
        since: objects.seconds(held.since_ticks),
    }
}

/// Who holds the object that `waiter` waits for; itself too, since that is a deadlock.
fn holders(
    waiter: ThreadNum,
    kind: WaitKind,
    object: u32,
    recording: &Recording,
    objects: &Objects<'_>,
) -> Vec<Holder> {
    let is_lock = !matches!(
        kind,
        WaitKind::Join | WaitKind::Scope | WaitKind::Park | WaitKind::Sleep | WaitKind::Unknown
    );
    let held =
        recording.board.iter().flat_map(|slot| slot.held.iter().map(move |h| (slot.thread, h)));
    let mut holders: Vec<Holder> = held
        .filter(|(_, held)| is_lock && held.instance.0 == object)
        .map(|(thread, held)| Holder {
            number: thread.0,
            thread: if thread == waiter { "itself".to_owned() } else { objects.thread(thread) },
            place: objects.place(held.site),
        })
        .collect();
    holders.sort_by_key(|holder| holder.number);
    holders
}
