//! Rings and segments: what is left of a stream.

use super::models::{events, in_time};
use proptest::prelude::*;
use syncscope_recording::layout::{PAGE, chunk, event};
use syncscope_recording::model::{Access, Event, Op, Panic, Recording, SiteId, Stream, ThreadNum};
use syncscope_recording::read;
use syncscope_recording::testing::{ChunkBuilder, EventWriter, FileBuilder};

/// Bytes of a block.
const BLOCK: usize = event::BLOCK * 8;

fn read_chunks(chunks: Vec<ChunkBuilder>) -> Recording {
    let file = chunks.into_iter().fold(FileBuilder::new(), FileBuilder::chunk);
    read(&file.finish(), "").expect("a recording")
}

/// Events without sites and classes, which these files have no tables for.
fn plain(events: Vec<Event>) -> Vec<Event> {
    let events = events.into_iter();
    in_time(events.map(|event| Event { site: SiteId(0), class: None, ..event }).collect())
}

fn acquisitions(count: u64) -> Vec<Event> {
    let op = Op::Acquire(Access::default());
    let event = |n| Event { ticks: 10_240 + n * 1024, op, object: n as u32, ..Event::default() };
    (0..count).map(event).collect()
}

fn write(writer: EventWriter, events: &[Event]) -> EventWriter {
    events.iter().fold(writer, EventWriter::event)
}

/// As `assert_eq!`, but shows the first difference only.
#[track_caller]
fn check_same(found: &[Event], expected: &[Event]) {
    let differ = found.iter().zip(expected).position(|(found, expected)| found != expected);
    if let Some(at) = differ {
        panic!("event {at}: found {:?}, expected {:?}", found[at], expected[at]);
    }
    assert_eq!(found.len(), expected.len());
}

#[track_caller]
fn check_tail(stream: &Stream, events: &[Event]) {
    let kept = stream.events.len();
    check_same(&stream.events, &events[events.len() - kept..]);
    assert_eq!(stream.overwritten, (events.len() - kept) as u64);
}

proptest! {
    #![proptest_config(super::models::cases(24))]

    #[test]
    fn a_ring_keeps_the_end(events in prop::collection::vec(events(), 1..2000), blocks in 1..5_usize) {
        let events = plain(events);
        let writer = write(EventWriter::new(7, 0), &events);
        let recording = read_chunks(vec![writer.ring(blocks)]);
        prop_assert_eq!(&recording.lost.damage, &Vec::<String>::new());
        prop_assert_eq!(recording.streams.len(), 1);
        let stream = &recording.streams[0];
        check_tail(stream, &events);
        prop_assert_eq!(recording.lost.overwritten, stream.overwritten);
        // All but the oldest block, of which a part may be overwritten, is there.
        let written = writer.words().len().div_ceil(event::BLOCK);
        if written <= blocks {
            prop_assert_eq!(stream.events.len(), events.len());
        } else {
            prop_assert!(stream.events.len() >= (blocks - 1) * (event::BLOCK - 6) / 2);
        }
    }

    #[test]
    fn segments_keep_everything(events in prop::collection::vec(events(), 1..2000), blocks in 1..4_usize) {
        let events = plain(events);
        let mut segments = write(EventWriter::new(7, 0), &events).segments(blocks);
        // Their order in the file does not matter.
        segments.reverse();
        let recording = read_chunks(segments);
        prop_assert_eq!(&recording.lost.damage, &Vec::<String>::new());
        check_same(&recording.streams[0].events, &events);
        prop_assert_eq!(recording.streams[0].overwritten, 0);
    }

    #[test]
    fn every_position_of_the_writer_gives_a_whole_number_of_events(count in 1..600_u64) {
        let events = acquisitions(count);
        let recording = read_chunks(vec![write(EventWriter::new(1, 0), &events).ring(3)]);
        check_tail(&recording.streams[0], &events);
        prop_assert_eq!(recording.streams[0].overwritten, 0);
    }
}

#[test]
fn a_reused_ring_keeps_what_is_left_of_the_thread_before() {
    let (first, second) = (acquisitions(700), acquisitions(300));
    let writer = write(write(EventWriter::new(5, 0), &first).take_over(6), &second);
    let recording = read_chunks(vec![writer.ring(3)]);
    let threads: Vec<_> = recording.streams.iter().map(|stream| stream.thread.0).collect();
    assert_eq!(threads, [5, 6]);
    check_tail(&recording.streams[0], &first);
    assert!(recording.streams[0].overwritten > 0);
    check_same(&recording.streams[1].events, &second);
    assert_eq!(recording.streams[1].overwritten, 0);
}

#[test]
fn what_an_outgrown_ring_still_holds_is_not_overwritten() {
    let events = acquisitions(2000);
    let small = write(EventWriter::new(1, 0), &events[..1000]);
    let large = write(EventWriter::new(1, 1000), &events[1000..]);
    let recording = read_chunks(vec![large.ring(8), small.ring(2)]);
    let streams = &recording.streams;
    let kept = streams[0].events.len();
    check_same(&streams[0].events, &events[1000 - kept..1000]);
    check_same(&streams[1].events, &events[1000..]);
    assert_eq!((streams[0].overwritten, streams[1].overwritten), (1000 - kept as u64, 0));
    // The small ring is another thread's by now.
    let recording = read_chunks(vec![large.ring(8)]);
    assert_eq!(recording.streams[0].overwritten, 1000);
}

#[test]
fn long_gaps_and_small_steps_back_are_told_apart() {
    let mut events = acquisitions(4);
    events[1].ticks = events[0].ticks + (1 << 43) + (1 << 42);
    events[2].ticks = events[1].ticks - (1 << 20);
    events[3].ticks = events[2].ticks + (1 << 31);
    let recording = read_chunks(vec![write(EventWriter::new(1, 0), &events).ring(1)]);
    check_same(&recording.streams[0].events, &events);
}

#[test]
fn a_block_overwritten_while_it_is_read_is_dropped() {
    let events = acquisitions(254 * 6);
    let writer = write(EventWriter::new(1, 0), &events);
    let older = writer.ring(4).finish();
    let later = |event: Event| Event { ticks: event.ticks + (1 << 20), ..event };
    let later: Vec<_> = acquisitions(254).into_iter().map(later).collect();
    let newer = write(writer, &later).ring(4).finish();
    // The oldest block is at position 2. Its anchor was read before it was overwritten, its events after.
    let position = chunk::PAYLOAD + 2 * BLOCK;
    let mut torn = older.clone();
    let behind_anchor = position + event::ANCHOR_WORDS * 8..position + BLOCK;
    torn[behind_anchor.clone()].copy_from_slice(&newer[behind_anchor]);
    // The same with its anchor.
    let mut overwritten = older;
    overwritten[position..position + BLOCK].copy_from_slice(&newer[position..position + BLOCK]);
    for chunk in [torn, overwritten] {
        let file = FileBuilder::new().raw(&chunk).finish();
        let recording = read(&file, "").expect("a recording");
        assert_eq!(recording.lost.damage, Vec::<String>::new());
        check_same(&recording.streams[0].events, &events[254 * 3..]);
        assert_eq!(recording.streams[0].overwritten, 254 * 3);
    }
}

#[test]
fn an_unknown_operation_costs_the_rest_of_its_block_only() {
    let events = acquisitions(254 * 3);
    let word = event::BLOCK + event::ANCHOR_WORDS + 100 * 2;
    let ring = write(EventWriter::new(1, 0), &events).ring(3);
    let recording = read_chunks(vec![ring.u64(chunk::PAYLOAD + word * 8, 0x7F)]);
    let expected: Vec<_> = events[..354].iter().chain(&events[508..]).copied().collect();
    check_same(&recording.streams[0].events, &expected);
    assert_eq!(recording.lost.event_damage, ["1 blocks of events cannot be read in full"]);
}

#[test]
fn a_damaged_anchor_costs_its_block_only() {
    let events = acquisitions(254 * 3);
    let ring = write(EventWriter::new(1, 0), &events).ring(3);
    let recording = read_chunks(vec![ring.u64(chunk::PAYLOAD + BLOCK, 77)]);
    let expected: Vec<_> = events[..254].iter().chain(&events[508..]).copied().collect();
    check_same(&recording.streams[0].events, &expected);
    assert_eq!(recording.lost.event_damage, ["1 blocks of events cannot be read in full"]);
}

#[test]
fn a_missing_segment_is_named() {
    let events = acquisitions(254 * 4);
    let mut segments = write(EventWriter::new(1, 0), &events).segments(1);
    segments.remove(2);
    let recording = read_chunks(segments);
    let expected: Vec<_> = events[..508].iter().chain(&events[762..]).copied().collect();
    check_same(&recording.streams[0].events, &expected);
    assert_eq!(recording.lost.event_damage, ["1 event segments are missing"]);
}

#[test]
fn a_cut_ring_keeps_the_blocks_that_are_there() {
    let events = acquisitions(254 * 10);
    let file = FileBuilder::new().chunk(write(EventWriter::new(1, 0), &events).ring(4)).finish();
    // Position 0 to 3 hold the blocks 8, 9, 6, 7; the cut takes 7.
    let recording = read(&file[..PAGE + chunk::PAYLOAD + 3 * BLOCK], "").expect("a recording");
    assert_eq!(recording.streams[0].events.len(), 254 * 3);
    check_same(&recording.streams[0].events[..254], &events[254 * 6..254 * 7]);
    check_same(&recording.streams[0].events[254..], &events[254 * 8..]);
    assert_eq!(recording.lost.damage, ["the file ends inside the chunk at offset 4096"]);
}

/// The second panic follows from what the first one has poisoned, but its thread ends before.
#[test]
fn panics_are_in_the_order_in_which_locks_were_given_up() {
    let one = |ticks, op| Event { ticks, op, ..Event::default() };
    let stream = |thread, released, ended| Stream {
        thread: ThreadNum(thread),
        events: vec![one(released, Op::Release), one(ended, Op::ThreadEnd)],
        ..Stream::default()
    };
    let panic = |thread, ticks| Panic { thread: ThreadNum(thread), ticks, ..Panic::default() };
    let recording = Recording {
        streams: vec![stream(2, 10, 40), stream(3, 20, 30)],
        panics: vec![panic(4, 25), panic(3, 30), panic(2, 40)],
        ..Recording::default()
    };
    let order: Vec<u32> =
        recording.panics_in_order().into_iter().map(|panic| panic.thread.0).collect();
    assert_eq!(order, [2, 3, 4]);
}
