//! Who last gave what is waited for: a notification, a message, room, a permit, an unpark; and who has taken the permits.

use super::finding::Builder;
use crate::text;
use syncscope_recording::model::{
    ClassId, Event, InstanceId, Op, Participant, Stream, Taker, ThreadNum, WaitKind,
};

/// Objects that are told of.
const TOLD: usize = 6;

impl Builder<'_> {
    /// One line for each object that threads wait for and others give, and for who has taken permits; nothing where events were not read.
    pub(super) fn last_given(&self) -> Vec<String> {
        if self.recording.streams.is_empty() {
            return Vec::new();
        }
        // Of those who wait for one thing, the last to come: what was given before that is no secret of the others.
        let participants = self.deadlock.participants.iter();
        let participants = participants.filter(|one| self.is_last_to_come(one));
        let lines = participants.flat_map(|one| self.taken(one).into_iter().chain(self.given(one)));
        let mut told: Vec<String> = Vec::new();
        for line in lines {
            if told.len() < TOLD && !told.contains(&line) {
                told.push(line);
            }
        }
        told
    }

    /// Those who wait as a participant does, for the same.
    fn alike<'b>(&'b self, one: &'b Participant) -> impl Iterator<Item = &'b Participant> {
        let waits = |other: &&Participant| {
            (other.wait.kind, other.wait.object) == (one.wait.kind, one.wait.object)
                && (one.wait.kind != WaitKind::Park || other.thread == one.thread)
        };
        self.deadlock.participants.iter().filter(waits)
    }

    fn is_last_to_come(&self, one: &Participant) -> bool {
        let last = self.alike(one).max_by_key(|other| other.wait.since_ticks);
        last.is_some_and(|last| last.thread == one.thread)
    }

    fn given(&self, one: &Participant) -> Option<String> {
        let wait = &one.wait;
        // What tasks give each other has no events.
        if self.awaits(one) {
            return None;
        }
        let (verb, object) = match wait.kind {
            WaitKind::Condvar => ("notified", wait.object),
            WaitKind::Recv | WaitKind::Get => ("sent to", wait.object),
            WaitKind::Send | WaitKind::Put => ("received from", wait.object),
            WaitKind::Event => ("set", wait.object),
            WaitKind::Semaphore | WaitKind::Lock => ("released", wait.object),
            WaitKind::Barrier => ("passed", wait.object),
            WaitKind::Parker => ("unparked", wait.object),
            WaitKind::Select => ("used", wait.object),
            WaitKind::Park => ("unparked", one.thread.0),
            _ => return None,
        };
        let what = match wait.kind {
            WaitKind::Park => text::thread(&self.view.thread_info(self.process, Some(one.thread))),
            _ => self.object_name(InstanceId(object), wait.class),
        };
        let gives = |event: &&Event| event.object == object && is_giving(wait.kind, event.op);
        let last = self
            .recording
            .streams
            .iter()
            .filter_map(|stream| Some((stream.thread, stream.events.iter().rfind(gives)?)));
        match last.max_by_key(|(_, event)| event.ticks) {
            Some((thread, event)) => Some(self.gave(verb, &what, thread, event, one)),
            None if self.knows_all() => {
                Some(format!("{what} was never {verb} in what is recorded"))
            }
            None => None,
        }
    }

    /// Who has taken permits of a semaphore, or a lock that any thread may release, and not given them back.
    fn taken(&self, one: &Participant) -> Vec<String> {
        let wait = &one.wait;
        let what = match wait.kind {
            WaitKind::Semaphore => "permits of ",
            WaitKind::Lock => "",
            _ => return Vec::new(),
        };
        let object = self.object_name(InstanceId(wait.object), wait.class);
        let line = |taker: &Taker| {
            let who = text::thread(&self.view.thread_info(self.process, Some(taker.thread)));
            let place = text::place(&self.view.place(self.process, taker.last.site, None));
            let times = text::times(taker.calls);
            let when = self.when(taker.last.ticks, one);
            format!(
                "{who} has taken {what}{object} {times} and not given back, the last time{when}, at {place}"
            )
        };
        self.recording.takers(wait.object).iter().map(line).collect()
    }

    fn gave(
        &self,
        verb: &str,
        what: &str,
        thread: ThreadNum,
        event: &Event,
        one: &Participant,
    ) -> String {
        let who = text::thread(&self.view.thread_info(self.process, Some(thread)));
        let place = text::place(&self.view.place(self.process, event.site, None));
        let when = self.when(event.ticks, one);
        let kept =
            if self.knows_since(event.ticks) { "" } else { ", by the events that are kept," };
        format!("{what} was last {verb}{kept} by {who}{when}, at {place}")
    }

    /// `, 2.000 s before this wait began`. What ends a wait is recorded once it is done, so it came at the latest then.
    fn when(&self, ticks: u64, one: &Participant) -> String {
        let since = one.wait.since_ticks;
        let (from, to, [latest, word]) = match ticks <= since {
            true => (ticks, since, ["", "before"]),
            false => (since, ticks, ["at the latest ", "after"]),
        };
        let wait =
            if self.alike(one).nth(1).is_some() { "the last of these waits" } else { "this wait" };
        let when = self.recording.seconds_between(from, to);
        when.map_or_else(String::new, |when| {
            format!(", {latest}{} {word} {wait} began", short(when))
        })
    }

    /// Whether no event after this moment is missing.
    fn knows_since(&self, ticks: u64) -> bool {
        let is_kept = |one: &Stream| {
            let first = one.events.first().map_or(u64::MAX, |event| event.ticks);
            one.overwritten + one.omitted == 0 || first <= ticks
        };
        self.recording.lost.events == 0 && self.recording.streams.iter().all(is_kept)
    }

    fn object_name(&self, instance: InstanceId, class: Option<ClassId>) -> String {
        text::lock(&self.view.instance_info(self.process, instance, class))
    }

    /// Whether no event is missing.
    fn knows_all(&self) -> bool {
        let whole = |overwritten: u64, omitted: u64| overwritten + omitted == 0;
        self.recording.lost.events == 0
            && self.recording.process.mode != "order"
            && self.recording.streams.iter().all(|one| whole(one.overwritten, one.omitted))
    }
}

fn short(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => format!("{s:.3} s"),
    }
}

fn is_giving(wait: WaitKind, op: Op) -> bool {
    match wait {
        WaitKind::Condvar => matches!(op, Op::NotifyOne | Op::NotifyAll),
        WaitKind::Recv | WaitKind::Get | WaitKind::Event | WaitKind::Parker => op == Op::Send,
        WaitKind::Send | WaitKind::Put => op == Op::Recv,
        WaitKind::Semaphore | WaitKind::Lock => op == Op::Send,
        WaitKind::Select => matches!(op, Op::Send | Op::Recv),
        WaitKind::Barrier => op == Op::Barrier,
        WaitKind::Park => op == Op::Unpark,
        _ => false,
    }
}
