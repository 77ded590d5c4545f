//! Recordings of which only a part of the events is read.

use super::small::small;
use std::fs;
use std::path::PathBuf;
use syncscope_recording::layout::{PAGE, chunk, chunk_kind, event};
use syncscope_recording::model::{Access, Event, Op, Recording, Stream};
use syncscope_recording::testing::{ChunkBuilder, EventWriter, FileBuilder, encode, node_tables};
use syncscope_recording::{Events, read, read_file_with, read_with};

/// Blocks of a segment whose length is a power of two: the last page holds but its end.
const BLOCKS: usize = 15;

const EVENTS: u64 = 20_000;

fn written(thread: u32) -> EventWriter {
    let op = Op::Acquire(Access::default());
    (1..=EVENTS).fold(EventWriter::new(thread, 0), |writer, n| {
        writer.event(&Event { ticks: n << 10, op, object: n as u32, ..Event::default() })
    })
}

/// Two threads with segments, a wrapped ring, and nodes behind all of them.
fn file() -> FileBuilder {
    let mut file = FileBuilder::new();
    let mut segments =
        [written(1).segments(BLOCKS), written(2).segments(BLOCKS)].map(Vec::into_iter);
    while let [Some(one), Some(two)] = [0, 1].map(|at| segments[at].next()) {
        file = file.chunk(one).chunk(two);
    }
    file = file.chunk(written(3).ring(BLOCKS));
    node_tables(&small().nodes, 2).into_iter().fold(file, FileBuilder::chunk)
}

fn stored(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("a.syncscope");
    fs::write(&path, bytes).expect("a file");
    (folder, path)
}

/// Everything but what the events tell.
fn without_events(recording: &Recording) -> String {
    let mut rest = recording.clone();
    rest.streams.clear();
    rest.lost.overwritten = 0;
    rest.lost.event_damage.clear();
    rest.source.clear();
    format!("{rest:?}")
}

#[test]
fn the_rest_does_not_depend_on_how_many_events_are_read() {
    for bytes in [file().finish(), encode(&small())] {
        let all = read(&bytes, "").expect("a recording");
        let (_folder, path) = stored(&bytes);
        for events in [Events::None, Events::Last(0), Events::Last(7), Events::All] {
            let from_bytes = read_with(&bytes, "", events).expect("a recording");
            let from_file = read_file_with(&path, events).expect("a recording");
            for recording in [&from_bytes, &from_file] {
                assert_eq!(without_events(recording), without_events(&all), "{events:?}");
            }
            assert_eq!(from_bytes.streams.len(), from_file.streams.len(), "{events:?}");
            for (one, other) in from_bytes.streams.iter().zip(&from_file.streams) {
                assert_eq!(format!("{one:?}"), format!("{other:?}"), "{events:?}");
            }
        }
    }
}

#[test]
fn the_last_events_are_those_at_the_end_and_the_others_are_counted() {
    let bytes = file().finish();
    let all = read(&bytes, "").expect("a recording");
    for count in [0, 1, 253, 254, 255, 5000, EVENTS as usize, usize::MAX - 1] {
        let last = read_with(&bytes, "", Events::Last(count)).expect("a recording");
        assert_eq!(last.streams.len(), all.streams.len());
        for (last, all) in last.streams.iter().zip(&all.streams) {
            let Stream { thread, events, overwritten, omitted } = last;
            let dropped = all.events.len().saturating_sub(count);
            assert_eq!((*thread, *omitted), (all.thread, dropped as u64), "{count}");
            assert_eq!(events[..], all.events[dropped..], "{count}");
            assert_eq!(*overwritten, all.overwritten, "{count}");
        }
    }
}

/// What is not wanted is not read: it may be anything.
#[test]
fn events_that_are_not_wanted_are_not_looked_at() {
    let clean = file().finish();
    let mut bytes = clean.clone();
    let words = event::BLOCK * 8;
    for at in (PAGE..bytes.len()).step_by(PAGE) {
        let kind = u32::from_le_bytes(bytes[at + chunk::KIND..][..4].try_into().expect("4 bytes"));
        let is_start = bytes[at..at + 4] == *b"SYCK";
        if is_start && [chunk_kind::RING, chunk_kind::SEGMENT].contains(&kind) {
            bytes[at + chunk::PAYLOAD..][..BLOCKS * words].fill(0xAA);
        }
    }
    let none = read_with(&bytes, "", Events::None).expect("a recording");
    assert_eq!(without_events(&none), without_events(&read(&clean, "").expect("a recording")));
    assert_eq!(none.lost.event_damage, Vec::<String>::new());
    let all = read(&bytes, "").expect("a recording");
    assert_eq!((all.streams.len(), all.lost.event_damage.len()), (0, 1));
}

/// Memory that a file without events would take suffices, however many it has.
#[test]
fn unwanted_events_take_no_memory() {
    let (_folder, path) = stored(&file().finish());
    let peak = |events| super::allocations::peak_of(|| read_file_with(&path, events)).1;
    assert!(peak(Events::None) < 64 * PAGE, "{}", peak(Events::None));
    assert!(peak(Events::Last(10)) < 256 * PAGE, "{}", peak(Events::Last(10)));
    assert!(peak(Events::All) > 2 * EVENTS as usize * size_of::<Event>());
}

/// The length of a ring is trusted only where nothing speaks against it.
#[test]
fn a_ring_of_a_wrong_length_swallows_nothing() {
    let nodes = || node_tables(&small().nodes, 63).into_iter();
    let ring = || ChunkBuilder::new(chunk_kind::RING).owner(1).at_least(16 * PAGE);
    let build = |ring| nodes().fold(FileBuilder::new().chunk(ring), FileBuilder::chunk).finish();
    let clean = build(ring());
    let whole = read(&clean, "").expect("a recording");
    let (expected, known) = (whole.nodes.len(), whole.lost.damage.len());
    assert!(expected > 0);
    for bit in 12..64 {
        let mut bytes = clean.clone();
        let len = (16 * PAGE as u64) ^ (1 << bit);
        bytes[PAGE + chunk::LEN..][..8].copy_from_slice(&len.to_le_bytes());
        for events in [Events::None, Events::All] {
            let recording = read_with(&bytes, "", events).expect("a recording");
            assert_eq!(recording.nodes.len(), expected, "{len:#x}");
            assert!(recording.lost.damage.len() > known, "{len:#x}");
        }
    }
}
