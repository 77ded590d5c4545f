//! A timeline of a recording's events.

use super::lanes::lanes;
use super::model::{Kind, Mark, Slice, Timeline, Track, Wake};
use super::wakes::{Source, Wakers};
use crate::postmortem::{Objects, Takes, Timed, events_of, words};
use std::collections::BTreeMap;
use syncscope_recording::Recording;
use syncscope_recording::model::{BoardSlot, Event, InstanceId, Op, ThreadNum, Wait, WaitKind};

/// What happened in a process; `None` where there are no events or the clock was never calibrated.
#[must_use]
pub fn timeline(recording: &Recording) -> Option<Timeline> {
    let process = &recording.process;
    let has_none = recording.streams.iter().all(|stream| stream.events.is_empty());
    if process.ticks_per_second == 0 || (has_none && recording.board.is_empty()) {
        return None;
    }
    let mut builder = Builder {
        recording,
        objects: Objects::new(recording),
        waits: BTreeMap::new(),
        holds: BTreeMap::new(),
        marks: BTreeMap::new(),
        wakers: Wakers::default(),
        ended: Vec::new(),
        until: until(recording),
    };
    let takes = Takes::new(recording, usize::MAX);
    let slots: BTreeMap<ThreadNum, &BoardSlot> =
        recording.board.iter().map(|slot| (slot.thread, slot)).collect();
    for thread in recording.threads.keys().copied().filter(|thread| thread.0 != 0) {
        let mut events = events_of(recording, thread, &takes, usize::MAX);
        events.reverse();
        builder.thread(thread, &events, slots.get(&thread).copied());
    }
    Some(builder.finish())
}

/// The last moment that anything is known of.
fn until(recording: &Recording) -> u64 {
    let process = &recording.process;
    let events = recording.streams.iter().filter_map(|stream| Some(stream.events.last()?.ticks));
    let deadlocks = recording.deadlocks.iter().map(|deadlock| deadlock.ticks);
    let board = recording.board.iter().flat_map(|slot| {
        let wait = slot.wait.iter().map(|wait| wait.since_ticks);
        slot.held.iter().map(|held| held.since_ticks).chain(wait)
    });
    let ends = process.end_ticks.into_iter().chain(process.alive_ticks);
    let last = events.chain(deadlocks).chain(board).chain(ends).max();
    last.unwrap_or(process.start_ticks)
}

/// A wait that has ended, and how.
struct Ended {
    thread: u32,
    kind: WaitKind,
    object: u32,
    /// Ticks.
    began: u64,
    ended: u64,
}

struct Builder<'a> {
    recording: &'a Recording,
    objects: Objects<'a>,
    /// By thread.
    waits: BTreeMap<u32, Vec<Slice>>,
    /// By lock; with whether all of them are one at a time.
    holds: BTreeMap<u32, (Vec<Slice>, bool)>,
    marks: BTreeMap<u32, Vec<Mark>>,
    wakers: Wakers,
    ended: Vec<Ended>,
    until: u64,
}

/// A lock that a thread holds.
struct Held<'a> {
    event: &'a Event,
    shared: bool,
    /// How often it was taken by this thread.
    depth: usize,
}

impl Builder<'_> {
    fn thread(&mut self, thread: ThreadNum, events: &[Timed<'_>], slot: Option<&BoardSlot>) {
        let mut waits: Option<(WaitKind, &Event)> = None;
        let mut held: Vec<Held<'_>> = Vec::new();
        for timed in events {
            let (event, at) = (timed.event, timed.ticks);
            match event.op {
                Op::BlockBegin(kind) => waits = Some((kind, event)),
                Op::BlockEnd(kind) => {
                    let begin = waits
                        .take()
                        .filter(|(known, begin)| *known == kind && begin.object == event.object);
                    if let Some((_, begin)) = begin {
                        self.wait(thread, kind, begin, (at, false));
                    }
                }
                Op::Acquire(access) => {
                    match held.iter_mut().find(|held| held.event.object == event.object) {
                        Some(known) => known.depth += 1,
                        None => held.push(Held { event, shared: access.shared, depth: 1 }),
                    }
                }
                Op::Release => {
                    self.wakers.add(Source::Release, event.object, at, thread.0);
                    let is_it = |held: &Held<'_>| held.event.object == event.object;
                    if let Some(index) = held.iter().position(is_it) {
                        held[index].depth -= 1;
                        if held[index].depth == 0 {
                            let held = held.remove(index);
                            self.hold(thread, held.event, held.shared, (at, false));
                        }
                    }
                }
                _ => self.moment(thread, timed),
            }
        }
        let ended = events.last().is_some_and(|last| last.event.op == Op::ThreadEnd);
        let until = if ended { events.last().map_or(0, |last| last.ticks) } else { self.until };
        // The board knows best what has not ended.
        for Held { event, shared, .. } in held {
            let is_open = slot
                .is_some_and(|slot| slot.held.iter().any(|held| held.instance.0 == event.object));
            self.hold(thread, event, shared, (if is_open { self.until } else { until }, is_open));
        }
        let Some(slot) = slot.filter(|_| !ended) else { return };
        for known in &slot.held {
            let begin = Event {
                ticks: known.since_ticks,
                object: known.instance.0,
                class: known.class,
                site: known.site,
                ..Event::default()
            };
            let is_told = self.holds.get(&begin.object).is_some_and(|(all, _)| {
                all.iter().any(|slice| slice.thread == thread.0 && slice.is_open)
            });
            if !is_told && known.since_ticks > 0 {
                self.hold(thread, &begin, known.access.shared, (self.until, true));
            }
        }
        if let Some(wait) = slot.wait.as_ref().filter(|wait| wait.since_ticks > 0) {
            self.wait(thread, wait.kind, &begin_of(wait), (self.until, true));
        }
    }

    fn wait(
        &mut self,
        thread: ThreadNum,
        kind: WaitKind,
        begin: &Event,
        (end, is_open): (u64, bool),
    ) {
        let what = self.objects.waited(kind, begin.object, begin.class);
        let of_lock = !matches!(
            kind,
            WaitKind::None
                | WaitKind::Park
                | WaitKind::Sleep
                | WaitKind::Join
                | WaitKind::Scope
                | WaitKind::Unknown
        );
        let slice = Slice {
            start: self.ns(begin.ticks),
            end: self.ns(end.max(begin.ticks)),
            is_open,
            what: what.unwrap_or_default(),
            how: kind.call(),
            thread: thread.0,
            lock: if of_lock { begin.object } else { 0 },
            place: self.objects.place(begin.site),
        };
        if !is_open {
            let (object, began) = (begin.object, begin.ticks);
            self.ended.push(Ended { thread: thread.0, kind, object, began, ended: end });
        }
        self.waits.entry(thread.0).or_default().push(slice);
    }

    fn hold(
        &mut self,
        thread: ThreadNum,
        begin: &Event,
        shared: bool,
        (end, is_open): (u64, bool),
    ) {
        let slice = Slice {
            start: self.ns(begin.ticks),
            end: self.ns(end.max(begin.ticks)),
            is_open,
            what: self.objects.thread(thread),
            how: if shared { "reads" } else { "holds" },
            thread: thread.0,
            lock: begin.object,
            place: self.objects.place(begin.site),
        };
        let primitive = self.objects.primitive(InstanceId(begin.object), begin.class);
        let alone = !shared && primitive.keeps_out();
        let (slices, all_alone) =
            self.holds.entry(begin.object).or_insert_with(|| (Vec::new(), true));
        slices.push(slice);
        *all_alone &= alone;
    }

    fn moment(&mut self, thread: ThreadNum, timed: &Timed<'_>) {
        let (event, at) = (timed.event, timed.ticks);
        match event.op {
            Op::NotifyOne | Op::NotifyAll | Op::Send => {
                self.wakers.add(Source::Give, event.object, at, thread.0);
            }
            Op::Unpark => self.wakers.add(Source::Unpark, event.object, at, thread.0),
            Op::ThreadEnd => self.wakers.add(Source::End, thread.0, at, thread.0),
            Op::InitDone => self.wakers.add(Source::Release, event.object, at, thread.0),
            _ => {}
        }
        let mark = Mark {
            at: self.ns(at),
            what: words(thread, event, &self.objects),
            place: self.objects.place(event.site),
        };
        self.marks.entry(thread.0).or_default().push(mark);
    }

    fn ns(&self, ticks: u64) -> u64 {
        let seconds = self.recording.seconds_between(self.recording.process.start_ticks, ticks);
        // Nanoseconds of years fit.
        (seconds.unwrap_or(0.0) * 1e9) as u64
    }

    fn finish(mut self) -> Timeline {
        self.wakers.sort();
        let mut tracks = Vec::new();
        for (number, thread) in self.recording.threads.iter().filter(|(number, _)| number.0 != 0) {
            let waits = self.waits.remove(&number.0).unwrap_or_default();
            let marks = self.marks.remove(&number.0).unwrap_or_default();
            tracks.push(Track {
                kind: if thread.is_task { Kind::Task } else { Kind::Thread },
                number: number.0,
                lane: 0,
                name: self.objects.thread(*number),
                slices: lanes(waits, true).pop().unwrap_or_default(),
                marks,
            });
        }
        for (number, (holds, alone)) in std::mem::take(&mut self.holds) {
            for (lane, slices) in lanes(holds, alone).into_iter().enumerate() {
                let name = self.objects.instance(InstanceId(number), None);
                let marks = Vec::new();
                tracks.push(Track { kind: Kind::Lock, number, lane, name, slices, marks });
            }
        }
        let wakes = self.wakes(&tracks);
        Timeline { tracks, wakes, until: self.ns(self.until) }
    }

    fn wakes(&self, tracks: &[Track]) -> Vec<Wake> {
        let of_thread: BTreeMap<u32, usize> = (tracks.iter().enumerate())
            .filter(|(_, track)| track.kind != Kind::Lock)
            .map(|(index, track)| (track.number, index))
            .collect();
        let mut of_lock: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, track) in tracks.iter().enumerate().filter(|(_, one)| one.kind == Kind::Lock) {
            of_lock.entry(track.number).or_default().push(index);
        }
        let mut wakes = Vec::new();
        for wait in &self.ended {
            let Ended { thread, kind, object, began, ended } = *wait;
            let Some((source, at, by)) = self.wakers.of(kind, object, thread, (began, ended))
            else {
                continue;
            };
            let at = self.ns(at);
            // A release is where the hold ends that it ended.
            let release = |index: &usize| {
                let slices = &tracks[*index].slices;
                let upto = slices.partition_point(|slice| slice.start <= at);
                // The next owner may have begun at that moment.
                let last = slices[..upto].iter().rev().take(2).find(|last| last.thread == by)?;
                Some((*index, last.end))
            };
            let lanes = of_lock.get(&object).filter(|_| source == Source::Release);
            let from = lanes.and_then(|lanes| lanes.iter().find_map(release));
            let from = from.or_else(|| Some((*of_thread.get(&by)?, at)));
            if let (Some((from, at)), Some(to)) = (from, of_thread.get(&thread)) {
                wakes.push(Wake { from, at, to: *to, woken: self.ns(ended) });
            }
        }
        wakes.sort_by_key(|wake| (wake.woken, wake.to));
        wakes
    }
}

fn begin_of(wait: &Wait) -> Event {
    Event {
        ticks: wait.since_ticks,
        object: wait.object,
        class: wait.class,
        site: wait.site,
        ..Event::default()
    }
}
