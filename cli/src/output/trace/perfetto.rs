//! Perfetto's protobuf, in the form of its `TrackEvent`s: a track for each thread, task and lock, slices, instants and flows.
//!
//! Only a handful of messages is written and none is read, so they are written by hand; the tests read them by declarations of their own.

use super::chrome::{label, words};
use super::processes::{Traced, place, processes};
use crate::output::View;
use crate::timeline::{Kind, Track};
use std::collections::BTreeMap;
use syncscope_detector::finding::Place;

/// Numbers of fields, as Perfetto's `trace_packet.proto`, `track_descriptor.proto`, `process_descriptor.proto`, `track_event.proto` and
/// `source_location.proto` have them.
mod field {
    pub(super) const PACKET: u32 = 1;
    pub(super) const TIMESTAMP: u32 = 8;
    pub(super) const SEQUENCE: u32 = 10;
    pub(super) const EVENT: u32 = 11;
    pub(super) const FLAGS: u32 = 13;
    pub(super) const DESCRIPTOR: u32 = 60;

    pub(super) const UUID: u32 = 1;
    pub(super) const NAME: u32 = 2;
    pub(super) const PROCESS: u32 = 3;
    pub(super) const PARENT: u32 = 5;
    pub(super) const CHILD_ORDER: u32 = 11;
    pub(super) const RANK: u32 = 12;

    pub(super) const PID: u32 = 1;
    pub(super) const PROCESS_NAME: u32 = 6;

    pub(super) const KIND: u32 = 9;
    pub(super) const TRACK: u32 = 11;
    pub(super) const CATEGORY: u32 = 22;
    pub(super) const EVENT_NAME: u32 = 23;
    pub(super) const LOCATION: u32 = 33;
    pub(super) const FLOWS: u32 = 47;
    pub(super) const LAST_FLOWS: u32 = 48;

    pub(super) const FILE: u32 = 2;
    pub(super) const LINE: u32 = 4;
}

/// Kinds of events.
const BEGIN: u64 = 1;
const END: u64 = 2;
const INSTANT: u64 = 3;
/// Children of a track are shown by their ranks.
const EXPLICIT: u64 = 3;
/// The first packet of a sequence: there is no state before it.
const CLEARED: u64 = 1;

/// A message under construction.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn number(mut self, field: u32, value: u64) -> Self {
        self.varint(u64::from(field) << 3);
        self.varint(value);
        self
    }

    fn fixed(mut self, field: u32, value: u64) -> Self {
        self.varint(u64::from(field) << 3 | 1);
        self.0.extend(value.to_le_bytes());
        self
    }

    fn bytes(mut self, field: u32, bytes: &[u8]) -> Self {
        self.varint(u64::from(field) << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn text(self, field: u32, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    fn message(self, field: u32, message: &Self) -> Self {
        self.bytes(field, &message.0)
    }
}

/// An event of a track.
struct TrackEvent<'a> {
    kind: u64,
    name: Option<String>,
    category: &'static str,
    place: Option<&'a Place>,
    flows: Vec<(u32, u64)>,
}

pub(in crate::output) fn render(view: &View<'_>) -> Vec<u8> {
    let mut trace = Message::default();
    let (mut uuid, mut flow) = (0, 0);
    let mut is_first = true;
    let mut packet = |content: Message| {
        let packet = content.number(field::SEQUENCE, 1);
        let packet = match std::mem::take(&mut is_first) {
            true => packet.number(field::FLAGS, CLEARED),
            false => packet,
        };
        trace = std::mem::take(&mut trace).message(field::PACKET, &packet);
    };
    for traced in processes(view) {
        uuid += 1;
        let process = uuid;
        packet(descriptor(process, |one| {
            let own = Message::default().number(field::PID, u64::from(traced.pid));
            let own = own.text(field::PROCESS_NAME, &traced.name);
            one.message(field::PROCESS, &own).number(field::CHILD_ORDER, EXPLICIT)
        }));
        let wakes = wakes(&traced, &mut flow);
        for (index, track) in traced.timeline.tracks.iter().enumerate() {
            uuid += 1;
            packet(descriptor(uuid, |one| {
                let one = one.text(field::NAME, &label(track)).number(field::PARENT, process);
                one.number(field::RANK, index as u64)
            }));
            for (at, event) in events(index, track, &wakes) {
                packet(content(traced.offset.saturating_add(at), uuid, &event));
            }
        }
    }
    trace.0
}

fn descriptor(uuid: u64, more: impl FnOnce(Message) -> Message) -> Message {
    let descriptor = more(Message::default().number(field::UUID, uuid));
    Message::default().message(field::DESCRIPTOR, &descriptor)
}

fn content(at: u64, track: u64, event: &TrackEvent<'_>) -> Message {
    let mut message = Message::default().number(field::KIND, event.kind);
    message = message.number(field::TRACK, track);
    if let Some(name) = &event.name {
        message = message.text(field::CATEGORY, event.category).text(field::EVENT_NAME, name);
    }
    if let Some(place) = event.place.filter(|known| place(known).is_some()) {
        let file = crate::escape::text(&place.file).into_owned();
        let own = Message::default().text(field::FILE, &file);
        message = message.message(field::LOCATION, &own.number(field::LINE, u64::from(place.line)));
    }
    for (field, flow) in &event.flows {
        message = message.fixed(*field, *flow);
    }
    Message::default().number(field::TIMESTAMP, at).message(field::EVENT, &message)
}

/// By track and time: the ends of flows.
type Flows = BTreeMap<(usize, u64), Vec<(u32, u64)>>;

fn wakes(traced: &Traced, last: &mut u64) -> Flows {
    let mut flows = Flows::new();
    for wake in &traced.timeline.wakes {
        *last += 1;
        flows.entry((wake.from, wake.at)).or_default().push((field::FLOWS, *last));
        flows.entry((wake.to, wake.woken)).or_default().push((field::LAST_FLOWS, *last));
    }
    flows
}

/// The events of a track by time. What ends comes before what begins at the same moment.
fn events<'a>(index: usize, track: &'a Track, flows: &Flows) -> Vec<(u64, TrackEvent<'a>)> {
    let flows = |at: u64| flows.get(&(index, at)).cloned().unwrap_or_default();
    let mut events: Vec<(u64, TrackEvent<'a>)> = Vec::new();
    for slice in &track.slices {
        let category = if track.kind == Kind::Lock { "hold" } else { "wait" };
        let (name, place) = (Some(words(track, slice)), Some(&slice.place));
        let begin = TrackEvent { kind: BEGIN, name, category, place, flows: Vec::new() };
        events.push((slice.start, begin));
        // What has not ended has no end here either.
        if !slice.is_open {
            let flows = flows(slice.end);
            let end = TrackEvent { kind: END, name: None, category, place: None, flows };
            events.push((slice.end, end));
        }
    }
    for mark in &track.marks {
        let (name, place) = (Some(mark.what.clone()), Some(&mark.place));
        let flows = flows(mark.at);
        let instant = TrackEvent { kind: INSTANT, name, category: "event", place, flows };
        events.push((mark.at, instant));
    }
    // Stable: the end of a slice stays behind its beginning and before the next one's.
    events.sort_by_key(|(at, _)| *at);
    events
}
