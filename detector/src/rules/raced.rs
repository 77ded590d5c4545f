//! Findings from conflicts that the runtime's race engine recorded.

use super::{Draft, Input, RuleMeta, Sink};
use crate::finding::{Finding, LockInfo, Step, StepKind, ThreadInfo};
use crate::fingerprint::{Fnv, fingerprint};
use crate::merged::Merged;
use crate::text;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    ClassId, Held, InstanceId, Primitive, Race, RaceAccess, RaceKind, ThreadNum,
};

/// Reports all conflicts of the kinds that a rule takes.
pub(super) fn report(
    rule: &RuleMeta,
    is_ours: impl Fn(RaceKind) -> bool,
    input: &Input<'_>,
    sink: &mut Sink,
) {
    for (process, recording) in input.view.recordings.iter().enumerate() {
        for race in recording.races.iter().filter(|race| is_ours(race.kind)) {
            sink.drafts.push(Builder::new(input.view, process, race).draft(rule));
        }
    }
}

struct Builder<'a> {
    view: &'a Merged<'a>,
    recording: &'a Recording,
    process: usize,
    race: &'a Race,
    /// The place first, then the locks; instances beside.
    instances: Vec<InstanceId>,
    locks: Vec<LockInfo>,
    threads: Vec<ThreadInfo>,
    steps: Vec<Step>,
}

impl<'a> Builder<'a> {
    fn new(view: &'a Merged<'a>, process: usize, race: &'a Race) -> Self {
        let recording = &view.recordings[process];
        let (instances, locks, threads, steps) = Default::default();
        Self { view, recording, process, race, instances, locks, threads, steps }
    }

    fn draft(mut self, rule: &RuleMeta) -> Draft {
        self.instance(self.race.instance, self.race.class);
        for access in self.accesses() {
            self.access(access);
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

    /// The accesses to be told of: the one just seen first, then the older.
    fn accesses(&self) -> Vec<&'a RaceAccess> {
        match self.race.kind {
            RaceKind::Undeclared => vec![&self.race.later],
            _ => vec![&self.race.later, &self.race.earlier],
        }
    }

    fn access(&mut self, access: &RaceAccess) {
        let thread = self.threads.len();
        self.threads.push(self.view.thread_info(self.process, Some(access.thread)));
        for held in &access.held {
            let lock = self.instance(held.instance, held.class);
            let place = self.view.place(self.process, held.site, None);
            let call = self.primitive(held.class).call(held.access);
            self.steps.push(Step {
                caller: None,
                thread,
                lock,
                kind: StepKind::Holds,
                call,
                place,
                stack: Vec::new(),
                count: 1,
            });
        }
        let place = self.view.place(self.process, access.site, None);
        let (kind, call) = match (access.is_creation, access.is_write) {
            (true, _) => (StepKind::Writes, "publish"),
            (false, true) => (StepKind::Writes, "write"),
            (false, false) => (StepKind::Reads, "read"),
        };
        self.steps.push(Step {
            caller: None,
            thread,
            lock: 0,
            kind,
            call,
            place,
            stack: Vec::new(),
            count: 1,
        });
    }

    fn instance(&mut self, instance: InstanceId, class: Option<ClassId>) -> usize {
        if let Some(index) = self.instances.iter().position(|known| *known == instance) {
            return index;
        }
        self.instances.push(instance);
        self.locks.push(self.view.instance_info(self.process, instance, class));
        self.locks.len() - 1
    }

    fn primitive(&self, class: Option<ClassId>) -> Primitive {
        let class = class.and_then(|class| self.recording.class(class));
        class.map_or(Primitive::Unknown, |class| class.primitive)
    }

    /// The place and both accesses, whichever came first.
    fn shape(&self) -> u64 {
        let side = |access: &RaceAccess| {
            let site = self.view.site_hash(self.process as u32, access.site);
            Fnv::new().number(site).number(u64::from(access.is_write)).finish()
        };
        let mut sides: Vec<_> = self.accesses().into_iter().map(side).collect();
        sides.sort_unstable();
        let place = self.view.class_hash(self.process, self.race.class);
        sides.into_iter().fold(Fnv::new().number(place), Fnv::number).finish()
    }

    fn message(&self) -> String {
        let place = self.place();
        let Race { kind, earlier, later, declared, .. } = self.race;
        let how = |access: &RaceAccess| match (access.is_creation, access.is_write) {
            (true, _) => "publishes",
            (false, true) => "writes to",
            (false, false) => "reads",
        };
        let who =
            |thread: ThreadNum| text::thread(&self.view.thread_info(self.process, Some(thread)));
        let (first, second) = (who(earlier.thread), who(later.thread));
        match kind {
            RaceKind::DataRace => format!(
                "data race on {place}: {second} {} it and {first} {} it, and nothing orders the two",
                how(later),
                how(earlier)
            ),
            RaceKind::Unprotected => format!(
                "no lock protects {place}: {second} {} it and {first} {} it without a lock in common",
                how(later),
                how(earlier)
            ),
            RaceKind::Undeclared => format!(
                "{second} {} {place} without `{}`, which is declared to guard it",
                how(later),
                declared.as_deref().unwrap_or_default()
            ),
        }
    }

    fn place(&self) -> String {
        self.locks.first().map(text::lock).unwrap_or_default()
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let Race { kind, earlier, later, .. } = self.race;
        if *kind != RaceKind::Undeclared {
            notes.push(format!(
                "locks held: {} at the access that was seen first, {} at the other",
                self.held(&earlier.held),
                self.held(&later.held)
            ));
        }
        if earlier.is_creation {
            notes.push(
                "the place was made before its address was stored in an atomic pointer, at the place that is shown; that counts as a write"
                    .to_owned(),
            );
        }
        if *kind == RaceKind::Unprotected {
            notes.push(
                "in this run another lock happened to order the two; it is held at neither access"
                    .to_owned(),
            );
        }
        notes.extend(self.guard());
        notes.push(
            "this assumes that all synchronisation of the place goes through instrumented types"
                .to_owned(),
        );
        notes
    }

    /// The lock that is held most of the time.
    fn guard(&self) -> Option<String> {
        let guard = self.race.guard.as_ref()?;
        let accesses = self.race.accesses;
        let info = self.view.instance_info(self.process, guard.instance, guard.class);
        (accesses > 2).then(|| {
            format!("{} was held at {} of {accesses} accesses", text::lock(&info), guard.held)
        })
    }

    fn held(&self, held: &[Held]) -> String {
        let name = |held: &Held| {
            let lock =
                text::lock(&self.view.instance_info(self.process, held.instance, held.class));
            if held.access.shared { format!("{lock} for reading") } else { lock }
        };
        let names: Vec<_> = held.iter().map(name).collect();
        if names.is_empty() { "none".to_owned() } else { text::join_and(&names) }
    }

    fn help(&self) -> String {
        let Race { kind, earlier, later, declared, .. } = self.race;
        if *kind == RaceKind::Undeclared {
            let name = declared.as_deref().unwrap_or_default();
            return format!("hold `{name}` around the access");
        }
        if earlier.is_creation {
            return "store the pointer with `Release` and load it with `Acquire`".to_owned();
        }
        let guard = self.race.guard.as_ref().filter(|guard| {
            let holds = |access: &RaceAccess| {
                access.held.iter().any(|held| held.instance == guard.instance)
            };
            holds(earlier) != holds(later)
        });
        match guard {
            Some(guard) => {
                let lock = self.view.instance_info(self.process, guard.instance, guard.class);
                format!("hold {} at both accesses", text::lock(&lock))
            }
            None => "hold one lock at both accesses; or hand the place over by a channel, a join, or a `Release` store that is read with `Acquire`".to_owned(),
        }
    }
}
