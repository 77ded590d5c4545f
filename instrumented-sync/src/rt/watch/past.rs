//! What threads have done so far, as far as events are kept: who has ever given what a wait is for (sent, received, notified, unparked),
//! who spawned whom, and who shares a receiver.

use crate::rt::shared::board::{HeldEntry, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use syncscope_recording::layout::{mode, wait};
use syncscope_recording::model::{Class, Op};
use syncscope_recording::{Events, read_file_with};

/// Events of each thread that are looked at.
const LOOKED_AT: usize = 4096;

/// What was given to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Gift {
    /// Something to take: a message, a permit, the state of an event.
    Item,
    /// Room: something was taken.
    Room,
    Notification,
    /// Of the thread with the object's number.
    Unpark,
    Passage,
}

/// What is known, read when it is first asked for.
pub(crate) struct Past<'a> {
    runtime: &'a Runtime,
    known: OnceCell<Given>,
}

#[derive(Debug, Default)]
struct Given {
    /// By what was given, and the object: the threads that gave it.
    given: HashMap<(Gift, u32), BTreeSet<u32>>,
    parents: HashMap<u32, u32>,
    /// Threads of which not all events are kept.
    forgotten: BTreeSet<u32>,
    /// Classes of locks that may protect a receiver.
    of_receivers: HashSet<u32>,
    classes: u32,
}

impl<'a> Past<'a> {
    pub(crate) fn of(runtime: &'a Runtime) -> Self {
        Self { runtime, known: OnceCell::new() }
    }

    fn known(&self) -> &Given {
        self.known.get_or_init(|| Given::read(self.runtime))
    }

    /// The threads that have given what this wait of `waiter` is for, ascending.
    pub(crate) fn wakers(&self, wait: &WaitEntry, waiter: u32) -> Vec<u32> {
        let object = wait.object;
        let keys: &[(Gift, u32)] = match wait.kind & !wait::TIMED {
            wait::RECV | wait::GET | wait::SEMAPHORE | wait::LOCK | wait::PARKER => {
                &[(Gift::Item, object)]
            }
            // Of a channel a select either receives or sends.
            wait::SELECT => &[
                (Gift::Item, object),
                (Gift::Room, object),
                (Gift::Item, wait.object2),
                (Gift::Room, wait.object2),
            ],
            // An event is set by a notification of its own.
            wait::EVENT => &[(Gift::Item, object), (Gift::Notification, object)],
            wait::SEND | wait::PUT => &[(Gift::Room, object)],
            wait::CONDVAR | wait::JOBS | wait::IDLE => &[(Gift::Notification, object)],
            wait::PARK => &[(Gift::Unpark, waiter)],
            wait::BARRIER => &[(Gift::Passage, object)],
            _ => &[],
        };
        let given = &self.known().given;
        let all: BTreeSet<u32> =
            keys.iter().filter_map(|key| given.get(key)).flatten().copied().collect();
        all.into_iter().collect()
    }

    /// Whether `thread` may have given what this wait of `waiter` is for. Without events nobody knows.
    pub(crate) fn may_have_given(&self, thread: u32, waiter: u32, wait: &WaitEntry) -> bool {
        self.runtime.settings.mode == mode::ORDER || self.wakers(wait, waiter).contains(&thread)
    }

    /// As [`Self::wakers`]; with those of which it is not known, unless nobody is known to have given anything. Without events nobody is.
    pub(crate) fn possible_wakers(&self, wait: &WaitEntry, waiter: u32) -> Vec<u32> {
        let mut wakers = match self.runtime.settings.mode {
            mode::ORDER => Vec::new(),
            _ => self.wakers(wait, waiter),
        };
        if !wakers.is_empty() {
            wakers.extend(&self.known().forgotten);
        }
        wakers
    }

    /// The thread that spawned this one.
    pub(crate) fn parent(&self, thread: u32) -> Option<u32> {
        self.known().parents.get(&thread).copied()
    }

    /// Whether the one that waits wants the lock only to do as its holder does, which waits for a message: the workers of a pool that share
    /// a receiver. Then the lock is not what is in the way.
    pub(crate) fn are_peers(
        &self,
        waiter: &WaitEntry,
        holder: &WaitEntry,
        held: Option<HeldEntry>,
    ) -> bool {
        let Some(held) = held else { return false };
        matches!(waiter.kind & !wait::TIMED, wait::MUTEX | wait::READ | wait::WRITE)
            && matches!(holder.kind & !wait::TIMED, wait::RECV | wait::GET)
            && (held.instance, held.site) == (waiter.object, waiter.site)
            && self.known().shares(&held, holder.object)
    }
}

impl Given {
    /// From the recording of this process. Empty when it cannot be read.
    #[cold]
    fn read(runtime: &Runtime) -> Self {
        let mut known = Self::default();
        let Ok(recording) = read_file_with(runtime.file.path(), Events::Last(LOOKED_AT)) else {
            return known;
        };
        for (number, thread) in &recording.threads {
            known.parents.extend(thread.parent.map(|parent| (number.0, parent.0)));
            known.forgotten.insert(number.0);
        }
        for stream in &recording.streams {
            if stream.overwritten + stream.omitted == 0 {
                known.forgotten.remove(&stream.thread.0);
            }
            for event in &stream.events {
                let gift = match event.op {
                    Op::Send => Gift::Item,
                    Op::Recv => Gift::Room,
                    Op::NotifyOne | Op::NotifyAll => Gift::Notification,
                    Op::Unpark => Gift::Unpark,
                    Op::Barrier => Gift::Passage,
                    _ => continue,
                };
                known.given.entry((gift, event.object)).or_default().insert(stream.thread.0);
            }
        }
        // A lock of another crate does not say what it protects.
        let may =
            |class: &Class| class.type_name.is_empty() || class.type_name.contains("Receiver");
        let classes = (0_u32..).zip(&recording.classes);
        known.classes = recording.classes.len() as u32;
        known.of_receivers = classes.filter(|(_, class)| may(class)).map(|(id, _)| id).collect();
        known
    }

    /// Whether a lock protects the receiver in which its holder waits: by its type, or since several threads have received there.
    fn shares(&self, held: &HeldEntry, channel: u32) -> bool {
        let receivers = self.given.get(&(Gift::Room, channel)).map_or(0, BTreeSet::len);
        self.of_receivers.contains(&held.class) || held.class >= self.classes || receivers > 1
    }
}
