//! Findings from accesses to memory that do not go well together, where all accesses of a program are checked.

use super::{Draft, Input, RuleMeta, Sink};
use crate::finding::{Finding, LockInfo, Place, Step, StepKind, ThreadInfo};
use crate::fingerprint::{Fnv, fingerprint};
use crate::merged::Merged;
use crate::text;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Held, InstanceId, MemoryAccess, MemoryRace, MemoryRaceKind, Primitive, RaceGuard, SiteId,
    ThreadNum,
};

/// Reports all of a kind.
pub(super) fn report(rule: &RuleMeta, kind: MemoryRaceKind, input: &Input<'_>, sink: &mut Sink) {
    for (process, recording) in input.view.recordings.iter().enumerate() {
        let is_told = |race: &&MemoryRace| race.kind == kind && !is_a_race(race, recording);
        for race in recording.memory_races.iter().filter(is_told) {
            sink.drafts.push(Builder::new(input.view, process, race).draft(rule));
        }
    }
}

/// Whether a place without protection is told as a data race: of the same memory, or by an access from the same code without the lock.
fn is_a_race(unprotected: &MemoryRace, recording: &Recording) -> bool {
    if unprotected.kind != MemoryRaceKind::Unprotected {
        return false;
    }
    let bytes = |race: &MemoryRace| race.address..race.address.saturating_add(race.size.into());
    let is_odd = |access: &&MemoryAccess| {
        let guard = unprotected.guard.as_ref().map(|guard| guard.instance);
        let mut held = access.held.iter().flatten();
        access.site != SiteId::default() && !held.any(|held| Some(held.instance) == guard)
    };
    let is_same = |race: &MemoryRace| {
        let (ours, theirs) = (bytes(unprotected), bytes(race));
        ours.start < theirs.end && theirs.start < ours.end
            || unprotected.accesses().filter(is_odd).any(|odd| {
                race.accesses()
                    .any(|access| (access.site, access.is_write) == (odd.site, odd.is_write))
            })
    };
    let races = recording.memory_races.iter();
    races.filter(|race| race.kind == MemoryRaceKind::DataRace).any(is_same)
}

struct Builder<'a> {
    view: &'a Merged<'a>,
    process: usize,
    race: &'a MemoryRace,
    /// Of the locks, the memory first; 0 for that.
    instances: Vec<InstanceId>,
    locks: Vec<LockInfo>,
    threads: Vec<ThreadInfo>,
    /// Beside the threads, their numbers.
    numbers: Vec<ThreadNum>,
    steps: Vec<Step>,
}

/// How an access is told.
struct How {
    kind: StepKind,
    call: &'static str,
    /// "the thread … it".
    verb: &'static str,
}

fn how(access: &MemoryAccess) -> How {
    let (kind, call, verb) = match (access.is_free, access.is_atomic, access.is_write) {
        (true, _, _) => (StepKind::Writes, "free", "frees"),
        (false, true, true) => (StepKind::Writes, "atomic write", "writes atomically to"),
        (false, true, false) => (StepKind::Reads, "atomic read", "reads atomically from"),
        (false, false, true) => (StepKind::Writes, "write", "writes to"),
        (false, false, false) => (StepKind::Reads, "read", "reads"),
    };
    How { kind, call, verb }
}

impl<'a> Builder<'a> {
    fn new(view: &'a Merged<'a>, process: usize, race: &'a MemoryRace) -> Self {
        let memory = LockInfo {
            name: race.name.clone(),
            kind: if race.name.is_some() { "static" } else { "memory" },
            type_name: String::new(),
            created: Place::default(),
            instance: 0,
            instances_of_class: 1,
        };
        let (instances, locks) = (vec![InstanceId(0)], vec![memory]);
        let (threads, numbers, steps) = Default::default();
        Self { view, process, race, instances, locks, threads, numbers, steps }
    }

    fn draft(mut self, rule: &RuleMeta) -> Draft {
        if self.race.between.is_some() {
            self.race.accesses().for_each(|access| self.access(access));
        } else {
            // The access that was just seen first, then the older.
            [&self.race.later, &self.race.earlier]
                .into_iter()
                .for_each(|access| self.access(access));
        }
        let shape = self.shape();
        let finding = Finding {
            rule: rule.id,
            grade: rule.grade(),
            level: rule.level,
            fingerprint: fingerprint(rule.id.name(), shape),
            count: 1,
            message: self.message(),
            causes: Vec::new(),
            notes: self.notes(),
            help: self.help(),
            refutation: None,
            order: Vec::new(),
            processes: vec![self.process],
            locks: self.locks,
            threads: self.threads,
            steps: self.steps,
        };
        Draft { finding, shape, locks: Vec::new(), cycles: 1 }
    }

    fn access(&mut self, access: &MemoryAccess) {
        let thread = self.thread(access.thread);
        for held in access.held.iter().flatten() {
            let lock = self.lock(held);
            let class =
                held.class.and_then(|class| self.view.recordings[self.process].class(class));
            let primitive = class.map_or(Primitive::Unknown, |class| class.primitive);
            self.steps.push(Step {
                caller: None,
                thread,
                lock,
                kind: StepKind::Holds,
                call: primitive.call(held.access),
                place: self.view.place(self.process, held.site, None),
                stack: Vec::new(),
                count: 1,
            });
        }
        let How { kind, call, .. } = how(access);
        let mut place = self.view.place(self.process, access.site, None);
        if place.line == 0 {
            place.stack.clone_from(&access.stack);
        }
        self.steps.push(Step {
            caller: None,
            thread,
            lock: 0,
            kind,
            call,
            place,
            stack: access.stack.clone(),
            count: 1,
        });
    }

    /// The index of a thread. One whose number is not known is none of the others.
    fn thread(&mut self, number: ThreadNum) -> usize {
        let known = self.numbers.iter().position(|known| *known == number && number.0 != 0);
        known.unwrap_or_else(|| {
            self.numbers.push(number);
            self.threads.push(self.view.thread_info(self.process, Some(number)));
            self.threads.len() - 1
        })
    }

    fn lock(&mut self, held: &Held) -> usize {
        if let Some(index) = self.instances.iter().position(|known| *known == held.instance) {
            return index;
        }
        self.instances.push(held.instance);
        self.locks.push(self.view.instance_info(self.process, held.instance, held.class));
        self.locks.len() - 1
    }

    /// Both places, whichever came first, and what lies there where that is known. Without places, distances in the code.
    fn shape(&self) -> u64 {
        let side = |access: &MemoryAccess| {
            let place = match self.view.recordings[self.process].site(access.site) {
                Some(_) => self.view.site_hash(self.process as u32, access.site),
                None => self.offset(access.stack.first().copied().unwrap_or(0)),
            };
            let how = how(access).call;
            Fnv::new().number(place).text(how).finish()
        };
        let mut sides: Vec<_> = self.race.accesses().map(side).collect();
        if self.race.between.is_none() {
            sides.sort_unstable();
        }
        let name = self.race.name.as_deref().unwrap_or_default();
        sides.into_iter().fold(Fnv::new().text(name), Fnv::number).finish()
    }

    /// An address as a distance in its file.
    fn offset(&self, address: u64) -> u64 {
        let modules = &self.view.recordings[self.process].modules;
        let module = modules.iter().find(|module| (module.base..module.end).contains(&address));
        module.map_or(0, |module| address - module.base)
    }

    fn message(&self) -> String {
        let who = |access: &MemoryAccess| match access.thread.0 {
            0 => "another thread".to_owned(),
            _ => text::thread(&self.view.thread_info(self.process, Some(access.thread))),
        };
        let MemoryRace { kind, earlier, between, later, .. } = self.race;
        let memory = self.memory();
        let (first, last) = (who(earlier), who(later));
        let other = between.as_ref().map(who).unwrap_or_default();
        let lock = self.common_lock();
        match kind {
            MemoryRaceKind::DataRace => format!(
                "data race on {memory}: {last} {} it and {first} {} it, and nothing orders the two",
                how(later).verb,
                how(earlier).verb,
            ),
            MemoryRaceKind::Unprotected => format!(
                "no lock protects {memory}: {last} {} it and {first} {} it, and they hold no lock in common",
                how(later).verb,
                how(earlier).verb,
            ),
            MemoryRaceKind::LostUpdate => format!(
                "lost update of {memory}: {last} loads it and then stores to it, over what {other} has stored in between"
            ),
            MemoryRaceKind::CheckThenAct => format!(
                "{last} reads {memory} under {lock} and writes to it when it holds that again, over what {other} has written in between"
            ),
        }
    }

    /// The lock that was held at the first access and at the last.
    fn common_lock(&self) -> String {
        let MemoryRace { earlier, later, .. } = self.race;
        let mut first = earlier.held.iter().flatten();
        let common = first
            .find(|held| later.held.iter().flatten().any(|known| known.instance == held.instance));
        common.map_or_else(
            || "a lock".to_owned(),
            |held| text::lock(&self.view.instance_info(self.process, held.instance, held.class)),
        )
    }

    fn memory(&self) -> String {
        match (&self.race.name, self.race.size) {
            (Some(name), _) => format!("`{name}`"),
            (None, 1) => "a byte of memory".to_owned(),
            (None, size) => format!("{size} bytes of memory"),
        }
    }

    /// The block of memory, and where it came from.
    fn block(&self) -> Option<String> {
        let block = self.race.block.as_ref()?;
        let place = self.view.place(self.process, block.site, None);
        let at =
            if place.line == 0 { String::new() } else { format!(" at {}", text::place(&place)) };
        let who = match block.thread.0 {
            0 => "a thread".to_owned(),
            _ => text::thread(&self.view.thread_info(self.process, Some(block.thread))),
        };
        let offset = self.race.address.saturating_sub(block.start);
        Some(format!(
            "the memory lies at byte {offset} of a block of {} that {who} allocated{at}",
            text::count_of(block.size, "byte", "bytes")
        ))
    }

    fn notes(&self) -> Vec<String> {
        let locks = |access: &MemoryAccess| match &access.held {
            None => "not known".to_owned(),
            Some(held) if held.is_empty() => "none".to_owned(),
            Some(held) => {
                let name = |held: &Held| {
                    let info = self.view.instance_info(self.process, held.instance, held.class);
                    let lock = text::lock(&info);
                    if held.access.shared { format!("{lock} for reading") } else { lock }
                };
                text::join_and(&held.iter().map(name).collect::<Vec<_>>())
            }
        };
        let MemoryRace { kind, earlier, later, .. } = self.race;
        let mut notes: Vec<_> = self.block().into_iter().collect();
        match kind {
            MemoryRaceKind::DataRace => {}
            MemoryRaceKind::Unprotected => {
                notes.extend(self.guard());
                notes.push(
                    "in this run only the order in which threads came to locks kept the two apart: in another order, this is a data race".to_owned(),
                );
            }
            MemoryRaceKind::LostUpdate => {
                notes.push(
                    "each of the three is atomic, but not the load and the store together"
                        .to_owned(),
                );
                return notes;
            }
            MemoryRaceKind::CheckThenAct => {
                notes.push(
                    "before it writes, the thread does not check again what is there".to_owned(),
                );
                return notes;
            }
        }
        let has_locks = |access: &MemoryAccess| access.held.iter().flatten().next().is_some();
        // Otherwise the steps show them.
        if !has_locks(earlier) || !has_locks(later) {
            notes.push(format!(
                "locks held: {} at the access that was seen first, {} at the other",
                locks(earlier),
                locks(later)
            ));
        }
        if earlier.stack.is_empty() {
            notes.push("where the access was made that was seen first is not known".to_owned());
        }
        if earlier.thread.0 == 0 {
            notes.push(
                "the thread of the access that was seen first is not known any more".to_owned(),
            );
        }
        notes
    }

    /// How often the lock was held that is held most of the time.
    fn guard(&self) -> Option<String> {
        let RaceGuard { instance, class, held } = self.race.guard.as_ref()?;
        let lock = text::lock(&self.view.instance_info(self.process, *instance, *class));
        let turns = self.race.turns;
        Some(format!(
            "{lock} was held on both sides in {held} of the {turns} times that one thread accessed the place after another"
        ))
    }

    fn help(&self) -> String {
        let MemoryRace { kind, earlier, later, .. } = self.race;
        match kind {
            MemoryRaceKind::DataRace => {}
            MemoryRaceKind::Unprotected => {
                let guard = self.race.guard.as_ref().map(|guard| {
                    text::lock(&self.view.instance_info(self.process, guard.instance, guard.class))
                });
                let lock = guard.as_deref().unwrap_or("one lock");
                return format!("hold {lock} at both accesses; or hand the memory over by a channel or a join");
            }
            MemoryRaceKind::LostUpdate => return "do both in one operation: `fetch_add` and its like, `fetch_update`, or `compare_exchange`, which fails when the value has changed".to_owned(),
            MemoryRaceKind::CheckThenAct => return "hold the lock from the read to the write, or read again before writing".to_owned(),
        }
        if earlier.is_free || later.is_free {
            return "let whoever uses the memory keep it alive: share it by an `Arc`, or join the threads before it is freed".to_owned();
        }
        if earlier.is_atomic != later.is_atomic {
            return "make both accesses atomic, or order them by a lock".to_owned();
        }
        "hold one lock at both accesses; or hand the memory over by a channel, a join, or a `Release` store that is read with `Acquire`".to_owned()
    }
}
