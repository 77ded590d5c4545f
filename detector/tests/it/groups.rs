//! Groups of locks, such as the shards of a map: which lock of a group a call takes is not the program's choice of an order.
//!
//! A lock whose name begins with `S` is a shard: `Smap#3` is one of the map `Smap`, and `Smap#19` of another map of the same class, since a
//! map has 16. Readers of shards pass writers that wait. What is at line 900 or later is taken in turn, as iterators do.

use crate::checker::check_recordings;
use crate::notation::parse;
use crate::program::Program;
use crate::recorder::run_in_order;
use syncscope_detector::Analysis;
use syncscope_recording::Recording;
use syncscope_recording::model::{InstanceId, Primitive};

const SHARD_BITS: u32 = 4;

/// The number that the runtime gives a lock, by its name.
fn number(program: &Program, instance: InstanceId) -> InstanceId {
    let name = &program.locks[instance.0 as usize - 1].name;
    let name = name.trim_start_matches('$');
    match name.split_once('#') {
        Some((map, shard)) if map.starts_with('S') => {
            let shard: u32 = shard.parse().expect("a number");
            let map = map.bytes().fold(0, |sum: u32, byte| sum * 31 % 1009 + u32::from(byte));
            InstanceId(1 << 29 | map << 8 | shard)
        }
        _ => instance,
    }
}

fn record(text: &str) -> Recording {
    let program = parse(&text.replace("in_turn", "@900"));
    let run = run_in_order(&program);
    assert!(!run.stuck && !run.try_failed, "the program does not end: {text}");
    let mut recording = run.recording;
    for class in &mut recording.classes {
        if class.type_name.starts_with("app::S") {
            class.primitive = Primitive::RwLock;
            class.readers_pass = true;
            class.group_bits = SHARD_BITS;
        }
    }
    for node in &mut recording.nodes {
        node.instance = number(&program, node.instance);
        node.access.in_turn = recording.sites[node.site.0 as usize].line >= 900;
    }
    recording
}

#[track_caller]
fn check(text: &str, expect: &str) -> Analysis {
    check_recordings(&[record(text)], expect)
}

#[test]
fn a_reference_held_over_another_call() {
    let analysis =
        check("main: read Smap#1; write Smap#2", "lock-order-inversion possible deny: Smap x1");
    let finding = &analysis.findings[0];
    assert_eq!(
        finding.message,
        "`RwLock<Smap>` (locks/Smap.rs:1) is used again by a thread that holds a reference into it"
    );
    let places: Vec<_> = finding.steps.iter().map(|step| (step.place.line, step.call)).collect();
    assert_eq!(places, [(1, "read"), (2, "write")]);
    assert!(finding.notes.iter().any(|note| note.contains("two keys may lie in one shard")));
    check("main: write Smap#1; read Smap#2", "lock-order-inversion possible deny: Smap x1");
    check("main: write Smap#1; write Smap#2", "lock-order-inversion possible deny: Smap x1");
    // Other locks around and in between change nothing.
    check(
        "main: lock G; write Smap#1; lock A; read Smap#2",
        "lock-order-inversion possible deny: Smap x1
         lock-order-inversion refuted(one thread: thread `main`) allow: A Smap x1",
    );
    // The write is what the second read would wait for.
    check(
        "main: read Smap#1; write Smap#2; read Smap#1",
        "lock-order-inversion possible deny: Smap x1
         lock-order-inversion possible deny: Smap x1",
    );
}

#[test]
fn equal_places_are_one_finding() {
    let analysis = check(
        "main: read Smap#1 @3; write Smap#2 @4; drop Smap#2; write Smap#3 @4; drop Smap#3; drop Smap#1; read Smap#17 @3; write Smap#20 @4",
        "lock-order-inversion possible deny: Smap x3",
    );
    let finding = &analysis.findings[0];
    assert!(finding.notes.iter().any(|note| note.contains("2 instances")), "{:?}", finding.notes);
}

#[test]
fn what_does_not_wait_for_a_reference() {
    check("main: write Smap#1; drop Smap#1; write Smap#2", "");
    check("main: write Smap#1; try_write Smap#2", "");
    // Two maps of one class, in one order.
    check("main: write Smap#1; write Smap#17", "");
    check("main: write Smap#1; write Sother#2", "");
    // Another thread holds the reference.
    check("main: spawn t; write Smap#2; drop Smap#2; join t\n t: write Smap#1", "");
    // An iterator goes on while it holds the shard before.
    check("main: write Smap#1; write Smap#2 in_turn; drop Smap#1; write Smap#3 in_turn", "");
    check(
        "main: spawn t; read Smap#1; read Smap#2 in_turn; drop Smap#1; drop Smap#2; join t
         t: write Smap#3",
        "",
    );
}

#[test]
fn an_iterator_under_a_reference_and_a_call_under_an_iterator() {
    check(
        "main: write Smap#1; read Smap#0; read Smap#2 in_turn",
        "lock-order-inversion possible deny: Smap x1",
    );
    check(
        "main: read Smap#1; read Smap#2 in_turn; drop Smap#1; write Smap#5",
        "lock-order-inversion possible deny: Smap x1",
    );
}

#[test]
fn two_reads() {
    check(
        "main: spawn w; read Smap#1; read Smap#2; drop Smap#2; drop Smap#1; join w
         w: write Smap#3",
        "recursive-read possible warn: Smap x1",
    );
    check(
        "main: spawn w; read Smap#1; read Smap#1; drop Smap#1; drop Smap#1; join w
         w: write Smap#3",
        "recursive-read possible warn: Smap x1",
    );
    check("main: read Smap#1; read Smap#2", "recursive-read refuted(readers) allow: Smap x1");
    // A gate keeps the writers out, but not when it is a shard that may be another one next time.
    check(
        "main: spawn w; lock G; read Smap#1; read Smap#2; drop Smap#2; drop Smap#1; drop G; join w
         w: lock G; write Smap#3",
        "recursive-read refuted(gate G) allow: Smap x1",
    );
    check(
        "main: spawn w; write Sgate#1; read Smap#1; read Smap#2; drop Smap#2; drop Smap#1; drop Sgate#1; join w
         w: write Sgate#1; write Smap#3",
        "recursive-read possible warn: Smap x1",
    );
}

#[test]
fn writers_of_very_many_locks_may_be_hidden() {
    let mut recording = record("main: read Smap#1; read Smap#2");
    let shards = |class: &&mut syncscope_recording::model::Class| class.group_bits > 0;
    recording.classes.iter_mut().find(shards).expect("the map").instances = 16_385;
    check_recordings(&[recording], "recursive-read possible warn: Smap x1");
}

#[test]
fn a_map_and_a_lock_in_both_orders() {
    check(
        "main: spawn t; write Smap#1; lock A; drop A; drop Smap#1; join t
         t: lock A; write Smap#2",
        "lock-order-inversion possible deny: A Smap x1",
    );
    // Also where an iterator asks for the next shard.
    check(
        "main: spawn t; write Smap#1; lock A; drop A; drop Smap#1; join t
         t: read Smap#4; lock A; read Smap#5 in_turn",
        "lock-order-inversion possible deny: A Smap x1",
    );
    check(
        "main: write Smap#1; lock A; drop A; drop Smap#1; spawn t; join t
         t: lock A; write Smap#2",
        "lock-order-inversion refuted(order) allow: A Smap x1",
    );
    check(
        "main: write Smap#1; lock A; drop A; drop Smap#1; lock A; write Smap#2",
        "lock-order-inversion refuted(one thread: thread `main`) allow: A Smap x1",
    );
}

#[test]
fn readers_of_a_map_and_a_lock_in_both_orders() {
    // A writer that waits does not stand between these readers, as it would with an ordinary lock.
    check(
        "main: spawn t; spawn w; read Smap#1; lock A; drop A; drop Smap#1; join t; join w
         t: lock A; read Smap#2
         w: write Smap#3",
        "lock-order-inversion refuted(readers) allow: A Smap x1",
    );
    // Of two shards that are held one is a writer's.
    check(
        "main: spawn t; read Smap#1; write Smap#5; lock A; drop A; drop Smap#5; drop Smap#1; join t
         t: lock A; read Smap#2",
        "lock-order-inversion possible deny: Smap x1
         lock-order-inversion possible deny: A Smap x1",
    );
}

#[test]
fn two_maps_in_both_orders() {
    check(
        "main: spawn t; write Sa#1; write Sb#2; drop Sb#2; drop Sa#1; join t
         t: write Sb#7; read Sa#9",
        "lock-order-inversion possible deny: Sa Sb x1",
    );
    // Of one class, too.
    check(
        "main: spawn t; write Smap#1; write Smap#17; drop Smap#17; drop Smap#1; join t
         t: write Smap#20; read Smap#4",
        "lock-order-inversion possible deny: Smap Smap x1",
    );
}

#[test]
fn a_shard_is_a_doubtful_gate() {
    let both = |first: &str, second: &str| {
        format!(
            "main: spawn t; write {first}; lock A; lock B; drop B; drop A; drop {first}; join t
             t: write {second}; lock B; lock A"
        )
    };
    let analysis = check(&both("Smap#1", "Smap#1"), "lock-order-inversion possible warn: A B x1");
    let notes = &analysis.findings[0].notes;
    assert!(notes.iter().any(|note| note.contains("the same part of `RwLock<Smap>`")), "{notes:?}");
    check(&both("Smap#1", "Smap#2"), "lock-order-inversion possible deny: A B x1");
    check(
        &both("G", "G").replace("write", "lock"),
        "lock-order-inversion refuted(gate G) allow: A B x1",
    );
}

#[test]
fn a_damaged_class_is_no_panic() {
    let mut recording =
        record("main: spawn t; write Smap#1; write Smap#2; join t\n t: write Smap#3");
    for bits in [0, 1, 31, 32, 63, 64, u32::MAX] {
        recording.classes.iter_mut().for_each(|class| class.group_bits = bits);
        let options = syncscope_detector::Options { refuted: true, ..Default::default() };
        let keys = &syncscope_detector::PlainSites;
        _ = syncscope_detector::analyze(&[recording.clone()], &options, keys);
    }
}
