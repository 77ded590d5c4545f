//! Random damage: whatever the bytes, a reader answers, soon, and without taking much memory.
//!
//! `SYNCSCOPE_FUZZ_CASES` sets how many files are read, `SYNCSCOPE_FUZZ_SEED` where the random numbers start; a failure
//! names the seed that repeats it alone.

use super::allocations::peak_of;
use super::models::recordings;
use super::small::small;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::time::{Duration, Instant};
use syncscope_recording::model::{Access, Event, MemoryRace, Op, Recording};
use syncscope_recording::testing::{
    EventWriter, FileBuilder, chain_table, encode, mutant, node_tables,
};
use syncscope_recording::{ReadError, read};

/// Files read when the environment says nothing.
const CASES: u64 = 10_000;

/// Far more than a small file takes in a debug build on a busy machine; a loop without end takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Numbers without records may make tables of this many bytes, whatever the file's length.
const TABLES: usize = 24 << 20;

/// Bytes of memory for each byte of a file: an event of eight bytes becomes one of 40, in a vector that doubles.
const PER_BYTE: usize = 24;

#[test]
fn damaged_recordings_are_read_without_panic_hang_or_much_memory() {
    let cases = setting("SYNCSCOPE_FUZZ_CASES").unwrap_or(CASES);
    let start = setting("SYNCSCOPE_FUZZ_SEED").unwrap_or(1);
    let seeds = seeds();
    let mut readable = 0;
    for seed in start..start + cases {
        let file = mutant(seed, &seeds);
        let before = Instant::now();
        let outcome = std::panic::catch_unwind(|| peak_of(|| read(&file, "x")));
        let (result, peak) = outcome.unwrap_or_else(|_| panic!("seed {seed}: a panic"));
        assert!(before.elapsed() < PATIENCE, "seed {seed}: took {:?}", before.elapsed());
        assert!(peak < TABLES + PER_BYTE * file.len(), "seed {seed}: took {peak} bytes");
        if let Ok(recording) = &result {
            check_promises(recording, seed);
            readable += 1;
        }
        check_error(&result, seed);
    }
    // A fuzzer that only makes files without a header tests nothing.
    assert!(readable > cases / 2, "{readable} of {cases} readable");
}

#[test]
fn the_mutations_reach_what_they_are_for() {
    let seeds = seeds();
    let damaged = (1..500).filter_map(|seed| read(&mutant(seed, &seeds), "x").ok());
    let lost = damaged.map(|recording| recording.lost);
    let lines: Vec<_> =
        lost.flat_map(|lost| lost.damage.into_iter().chain(lost.event_damage)).collect();
    for part in ["length of the chunk", "ends inside", "no readable chunk", "blocks of events"] {
        assert!(lines.iter().any(|line| line.contains(part)), "no case with `{part}`");
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

/// Whole recordings of all sorts.
fn seeds() -> Vec<Vec<u8>> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let random = std::iter::repeat_with(|| {
        recordings().new_tree(&mut runner).expect("a recording").current()
    });
    let mut files: Vec<_> = random.take(6).map(|recording| encode(&recording)).collect();
    files.push(encode(&small()));
    files.push(streams());
    files
}

/// A wrapped ring, a reused one, segments, a chain table.
fn streams() -> Vec<u8> {
    let op = Op::Acquire(Access::default());
    let write = |writer: EventWriter, count: u64| {
        (1..=count).fold(writer, |writer, n| {
            writer.event(&Event { ticks: n << 10, op, object: 1, ..Event::default() })
        })
    };
    let long = write(EventWriter::new(1, 0), 1500);
    let reused = write(write(EventWriter::new(2, 0), 300).take_over(3), 300);
    let mut file = FileBuilder::new().chunk(long.ring(3)).chunk(reused.ring(4));
    for chunk in long.segments(2) {
        file = file.chunk(chunk);
    }
    for chunk in node_tables(&small().nodes, 2) {
        file = file.chunk(chunk);
    }
    file.chunk(chain_table(1, 64, &[(0, 5, 5), (1, 6, 6)])).finish()
}

/// What the reader promises of every recording.
fn check_promises(recording: &Recording, seed: u64) {
    let sites = recording.sites.len();
    let classes = recording.classes.len();
    let clocks = recording.clocks.len();
    let stacks = recording.stacks.len();
    assert!(sites > 0 && classes > 0, "seed {seed}");
    let has_stack = |stack: Option<u32>| stack.is_none_or(|stack| (stack as usize) < stacks);
    for (index, node) in recording.nodes.iter().enumerate() {
        assert!(node.parent.is_none_or(|parent| (parent.0 as usize) < index), "seed {seed}");
        assert!((node.site.0 as usize) < sites, "seed {seed}");
        assert!((node.class.0 as usize) < classes, "seed {seed}");
        assert!(node.first_clock.is_none_or(|clock| (clock as usize) < clocks), "seed {seed}");
        assert!(has_stack(node.stack), "seed {seed}");
    }
    for class in &recording.classes {
        assert!((class.site.0 as usize) < sites && has_stack(class.stack), "seed {seed}");
    }
    for clock in &recording.clocks {
        assert!(clock.entries.is_sorted_by(|a, b| a.0 < b.0), "seed {seed}");
    }
    for wait in &recording.wait_stacks {
        assert!((wait.stack as usize) < stacks, "seed {seed}");
    }
    let deadlocks = recording.deadlocks.iter().flat_map(|deadlock| &deadlock.participants);
    let overdue = recording.overdue.iter().flat_map(|one| one.waiter.iter().chain(&one.holder));
    let waits = recording.board.iter().filter_map(|slot| slot.wait.as_ref());
    for wait in waits.chain(deadlocks.chain(overdue).map(|participant| &participant.wait)) {
        assert!((wait.site.0 as usize) < sites, "seed {seed}");
        assert!(wait.class.is_none_or(|class| (class.0 as usize) < classes), "seed {seed}");
    }
    let accesses = recording.memory_races.iter().flat_map(MemoryRace::accesses);
    for held in accesses.flat_map(|access| access.held.iter().flatten()) {
        assert!((held.site.0 as usize) < sites, "seed {seed}");
        assert!(held.class.is_none_or(|class| (class.0 as usize) < classes), "seed {seed}");
    }
    for access in recording.races.iter().flat_map(|race| [&race.earlier, &race.later]) {
        assert!((access.site.0 as usize) < sites, "seed {seed}");
        let held = access.held.iter().map(|held| (held.site, held.class));
        for (site, class) in held {
            assert!((site.0 as usize) < sites, "seed {seed}");
            assert!(class.is_none_or(|class| (class.0 as usize) < classes), "seed {seed}");
        }
    }
    for kept in &recording.kept_asleep {
        assert!(kept.class.is_none_or(|class| (class.0 as usize) < classes), "seed {seed}");
        for site in [kept.awaits, kept.keeper.site, kept.taker.site] {
            assert!((site.0 as usize) < sites, "seed {seed}");
        }
    }
    for across in &recording.held_across_pools {
        assert!(across.class.is_none_or(|class| (class.0 as usize) < classes), "seed {seed}");
        for side in [&across.holder, &across.taker] {
            let is_known = [side.site, side.jobs_site].iter().all(|site| (site.0 as usize) < sites);
            assert!(is_known && has_stack(side.stack), "seed {seed}");
        }
    }
    assert!(recording.strands.is_sorted_by_key(|s| (s.thread, s.segment)), "seed {seed}");
    for strand in &recording.strands {
        assert!(strand.clock.is_none_or(|clock| (clock as usize) < clocks), "seed {seed}");
    }
    for event in recording.streams.iter().flat_map(|stream| &stream.events) {
        assert!((event.site.0 as usize) < sites, "seed {seed}");
        assert!(event.class.is_none_or(|class| (class.0 as usize) < classes), "seed {seed}");
    }
    assert!(recording.lost.damage.len() <= 65, "seed {seed}");
}

/// Messages are shown after `cannot read X: `.
fn check_error(result: &Result<Recording, ReadError>, seed: u64) {
    if let Err(error) = result {
        let text = error.to_string();
        assert!(text.starts_with("it ") && !text.ends_with('.'), "seed {seed}: {text}");
    }
}
