//! Findings from long waits and long holds that the runtime observed.

use super::{Draft, Input, RuleMeta, Sink};
use crate::finding::{Finding, Level, LockInfo, Step, StepKind, ThreadInfo};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::Merged;
use crate::text;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    ClassId, Held, InstanceId, Overdue, OverdueKind, Participant, Primitive, Wait, WaitKind,
};

/// Reports all of a kind.
pub(super) fn report(rule: &RuleMeta, kind: OverdueKind, input: &Input<'_>, sink: &mut Sink) {
    for (process, recording) in input.view.recordings.iter().enumerate() {
        let ours = recording.overdue.iter().filter(|overdue| overdue.kind == kind);
        let builders =
            ours.map(|overdue| Builder { view: input.view, recording, process, overdue });
        sink.drafts.extend(builders.filter_map(|builder| builder.draft(rule)));
    }
}

struct Builder<'a> {
    view: &'a Merged<'a>,
    recording: &'a Recording,
    process: usize,
    overdue: &'a Overdue,
}

impl Builder<'_> {
    /// `None` when the record names no lock: then there is nothing to tell.
    fn draft(&self, rule: &RuleMeta) -> Option<Draft> {
        let (instance, class) = self.lock()?;
        let lock = self.view.instance_info(self.process, instance, class);
        let shape = shape(&[Element {
            lock: self.view.class_hash(self.process, class),
            held_at: self.held().map_or(0, |held| self.site_hash(held.site)),
            wanted_at: self.wanted().map_or(0, |wait| self.site_hash(wait.site)),
        }]);
        let finding = Finding {
            rule: rule.id,
            grade: rule.grade(),
            level: if self.is_harmless(&lock) { Level::Allow } else { rule.level },
            fingerprint: fingerprint(rule.id.name(), shape),
            count: 1,
            message: self.message(&lock),
            locks: vec![lock],
            threads: self.participants().map(|one| self.thread(one)).collect(),
            steps: self.steps(),
            refutation: None,
            causes: Vec::new(),
            notes: self.notes(),
            help: self.help().to_owned(),
            order: Vec::new(),
            processes: vec![self.process],
        };
        Some(Draft { finding, shape, locks: Vec::new(), cycles: 1 })
    }

    /// The holder first: its step comes first in time.
    fn participants(&self) -> impl Iterator<Item = &Participant> {
        self.overdue.holder.iter().chain(&self.overdue.waiter)
    }

    /// Whether nobody is held up by it, or only workers that wait for a message in turn.
    fn is_harmless(&self, lock: &LockInfo) -> bool {
        let is_idle = |holder: &Participant| {
            matches!(holder.wait.kind, WaitKind::Recv | WaitKind::Get)
                && lock.type_name.contains("Receiver")
        };
        self.overdue.waiters == 0 && self.overdue.waiter.is_none()
            || self.overdue.holder.as_ref().is_some_and(is_idle)
    }

    fn held(&self) -> Option<&Held> {
        self.overdue.holder.as_ref()?.holds.as_ref()
    }

    fn wanted(&self) -> Option<&Wait> {
        self.overdue.waiter.as_ref().map(|waiter| &waiter.wait)
    }

    fn lock(&self) -> Option<(InstanceId, Option<ClassId>)> {
        let wanted = || self.wanted().map(|wait| (InstanceId(wait.object), wait.class));
        let (instance, class) =
            self.held().map(|held| (held.instance, held.class)).or_else(wanted)?;
        let class = class.or_else(|| self.wanted().and_then(|wait| wait.class));
        (instance.0 != 0).then_some((instance, class))
    }

    fn site_hash(&self, site: syncscope_recording::model::SiteId) -> u64 {
        self.view.site_hash(self.process as u32, site)
    }

    fn thread(&self, participant: &Participant) -> ThreadInfo {
        self.view.thread_info(self.process, Some(participant.thread))
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (thread, participant) in self.participants().enumerate() {
            let is_waiter = self.overdue.holder.is_none() || thread == 1;
            if let Some(held) = participant.holds.as_ref().filter(|_| !is_waiter) {
                let place = self.view.place(self.process, held.site, None);
                let call = self.primitive(held.class).call(held.access);
                steps.push(Step {
                    caller: None,
                    thread,
                    lock: 0,
                    kind: StepKind::Holds,
                    call,
                    place,
                    stack: Vec::new(),
                    count: 1,
                });
            }
            if is_waiter {
                let place = self.view.place(self.process, participant.wait.site, None);
                let call = participant.wait.kind.call();
                let stack = self.recording.stack_of_wait(participant.thread, &participant.wait);
                steps.push(Step {
                    caller: None,
                    thread,
                    lock: 0,
                    kind: StepKind::Wants,
                    call,
                    place,
                    stack: stack.to_vec(),
                    count: 1,
                });
            }
        }
        steps
    }

    fn primitive(&self, class: Option<ClassId>) -> Primitive {
        let class = class.and_then(|class| self.recording.class(class));
        class.map_or(Primitive::Unknown, |class| class.primitive)
    }

    fn message(&self, lock: &LockInfo) -> String {
        let lock = text::lock(lock);
        let lasted = self.seconds(0, self.overdue.lasted_ticks);
        let name = |one: &Participant| text::thread(&self.thread(one));
        match (&self.overdue.waiter, &self.overdue.holder) {
            (Some(waiter), Some(holder)) => {
                format!(
                    "{} has waited {lasted} for {lock}, which {} holds",
                    name(waiter),
                    name(holder)
                )
            }
            (Some(waiter), None) => format!("{} has waited {lasted} for {lock}", name(waiter)),
            (None, Some(holder)) => format!("{} has held {lock} for {lasted}", name(holder)),
            (None, None) => format!("{lock} was busy for {lasted}"),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(held) = self.held().filter(|held| held.since_ticks != 0) {
            let since = self.seconds(self.recording.process.start_ticks, held.since_ticks);
            notes.push(format!("held since {since} after the start of the process"));
        }
        notes.extend(self.where_now());
        notes.push(match self.overdue.waiters {
            0 => "nobody waited for it at that moment".to_owned(),
            count => text::count_of(
                u64::from(count),
                "thread waited for it at that moment",
                "threads waited for it at that moment",
            ),
        });
        if let Some(test) = &self.recording.process.test {
            notes.push(format!("seen in test `{test}`"));
        }
        notes
    }

    /// What the holder was doing when it was seen.
    fn where_now(&self) -> Option<String> {
        let holder = self.overdue.holder.as_ref()?;
        let thread = text::thread(&self.thread(holder));
        let place = |site| text::place(&self.view.place(self.process, site, None));
        if holder.wait.kind != WaitKind::None {
            let call = holder.wait.kind.call();
            let since = self.seconds(holder.wait.since_ticks, self.overdue.ticks);
            let place = place(holder.wait.site);
            return Some(format!("{thread} itself had been in `{call}` at {place} for {since}"));
        }
        let (site, ticks) = self.overdue.last?;
        let ago = self.seconds(ticks, self.overdue.ticks);
        Some(format!(
            "{thread} was not blocked in anything recorded; its last recorded event was at {}, {ago} before",
            place(site)
        ))
    }

    fn help(&self) -> &'static str {
        match self.overdue.kind {
            OverdueKind::Wait => {
                "hold the lock for less: compute, read, write and wait before taking it or after releasing it"
            }
            OverdueKind::Hold => {
                "release the lock before long work; if it is meant to be held that long, raise `long-hold`"
            }
        }
    }

    fn seconds(&self, from: u64, to: u64) -> String {
        match self.recording.seconds_between(from, to) {
            Some(seconds) => format!("{seconds:.1} s"),
            None => "a long time".to_owned(),
        }
    }
}
