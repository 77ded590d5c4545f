//! Guards that were released by other threads than those that had acquired.

use crate::checker::{check_recordings, record};
use syncscope_recording::Recording;

const INVERTED: &str = "main: spawn t; lock A; lock B; drop B; drop A; join t
                        t: lock B; lock A";

/// The program's recording, in which guards of the lock moved.
fn moving(program: &str, lock: &str) -> Recording {
    let mut recording = record(program);
    let mut classes = recording.classes.iter_mut().skip(1);
    classes.find(|class| class.type_name.ends_with(lock)).expect("the lock").guards_move = true;
    recording
}

#[test]
fn who_acquired_may_not_have_held_it_any_more() {
    for lock in ["A", "B"] {
        let recording = moving(INVERTED, lock);
        let analysis = check_recordings(&[recording], "lock-order-inversion possible warn: A B x1");
        let notes = &analysis.findings[0].notes;
        let told = |note: &String| {
            note.contains(&format!("guards of `Mutex<{lock}>` were released by other threads"))
        };
        assert!(notes.iter().any(told), "{notes:?}");
        assert_eq!(
            analysis.coverage.losses,
            [
                "guards of 1 class of locks moved between threads: what is taken under them is known in part"
            ]
        );
    }
}

#[test]
fn other_locks_are_judged_as_ever() {
    let program = "main: spawn t; lock X; drop X; lock A; lock B; drop B; drop A; join t
                   t: lock X; lock B; lock A";
    check_recordings(&[moving(program, "X")], "lock-order-inversion possible deny: A B x1");
}

#[test]
fn a_doubtful_cycle_does_not_hide_a_certain_one() {
    let program = "main: spawn t; spawn u; lock A; lock B; drop B; drop A; lock X; lock A; drop A; drop X; join t; join u
                   t: lock B; lock X; drop X; lock A
                   u: lock A; lock X";
    let analysis = check_recordings(&[moving(program, "X")], {
        "lock-order-inversion possible deny: A B x1
         lock-order-inversion possible warn: A X x1
         lock-order-inversion possible warn: A B X x1"
    });
    assert_eq!(analysis.findings[0].level, syncscope_detector::Level::Deny);
}

#[test]
fn what_may_have_moved_is_no_gate() {
    let program = "main: spawn t; lock G; lock A; lock B; drop B; drop A; drop G; join t
                   t: lock G; lock B; lock A";
    check_recordings(&[record(program)], "lock-order-inversion refuted(gate G) allow: A B x1");
    check_recordings(&[moving(program, "G")], "lock-order-inversion possible deny: A B x1");
}

#[test]
fn what_is_taken_under_them_may_be_missing() {
    let program = "main: lock A; lock B; drop B; drop A; lock B; lock A";
    check_recordings(
        &[record(program)],
        "lock-order-inversion refuted(one thread: thread `main`) allow: A B x1",
    );
    let analysis =
        check_recordings(&[moving(program, "A")], "lock-order-inversion possible warn: A B x1");
    let notes = &analysis.findings[0].notes;
    assert!(
        notes.iter().any(|note| note.contains("that moved to another thread may hide")),
        "{notes:?}"
    );
}
