//! What the builder writes comes back.

use super::models::recordings;
use super::small::small;
use proptest::prelude::*;
use syncscope_recording::model::{Held, Recording};
use syncscope_recording::{read, testing::encode};

#[track_caller]
fn check(recording: &Recording) {
    let bytes = encode(recording);
    let back = read(&bytes, &recording.source).expect("a recording");
    let (back, recording) = (format!("{back:#?}"), format!("{recording:#?}"));
    // The first line that differs, not two texts of many pages.
    let differ = back.lines().zip(recording.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert_eq!(differ, None);
    assert_eq!(back.len(), recording.len());
}

proptest! {
    #![proptest_config(super::models::cases(32))]

    #[test]
    fn random_recordings_come_back(recording in recordings()) {
        check(&recording);
    }
}

#[test]
fn the_small_recording_comes_back() {
    check(&small());
}

#[test]
fn a_recording_of_nothing_comes_back() {
    let mut recording = Recording { source: "x".into(), ..Recording::default() };
    // Both tables have a row for the unknown.
    recording.sites.push(Default::default());
    recording.classes.push(Default::default());
    recording.process.mode = "off".into();
    check(&recording);
}

#[test]
fn the_board_tells_since_when_a_participant_holds_its_lock() {
    let recording = small();
    let bytes = encode(&recording);
    let back = read(&bytes, "").expect("a recording");
    let holds = back.deadlocks[0].participants[1].holds.as_ref().expect("a held lock");
    assert_eq!(*holds, Held { since_ticks: 0x2000, ..holds.clone() });
}
