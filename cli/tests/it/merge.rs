//! Merged recordings: what is found in them is what is found in their parts.

use crate::support::{Bank, Project};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fs;
use syncscope_recording::Recording;
use syncscope_recording::model::{Held, InstanceId};
use syncscope_recording::testing::encode;

/// Recordings of all sorts.
fn sorts() -> Vec<Recording> {
    vec![
        Bank::correct(),
        Bank::half(true),
        Bank::half(false),
        Bank::inverted(),
        Bank::alone(),
        Bank::deadlocked(),
        Bank::relocked(),
        Bank::read_again(),
        Bank::ring(3),
        Bank::waiting(5),
        deep(),
    ]
}

/// A thread that holds more than fits into its slot, so that the rest is in a chunk that the slot names by its place.
fn deep() -> Recording {
    let mut recording = Bank::deadlocked();
    let slot = &mut recording.board[0];
    let first = slot.held[0].clone();
    for number in 1..60 {
        slot.held.push(Held { instance: InstanceId(100 + number), ..first.clone() });
    }
    recording.streams = Bank::correct().streams;
    recording
}

/// A process of its own: at another time, with another number.
fn of_process(mut recording: Recording, number: u32) -> Recording {
    recording.process.pid = 1000 + number;
    recording.process.start_unix_ns = 1_700_000_000_000_000_000 + u64::from(number);
    recording
}

fn store(project: &Project, recordings: impl IntoIterator<Item = Recording>) {
    for (number, recording) in recordings.into_iter().enumerate() {
        let number = u32::try_from(number).unwrap();
        project.store(&format!("run/{number}.syncscope"), of_process(recording, number));
    }
}

fn merge(project: &Project, args: &[&str]) {
    let outcome = project.call(&[&["merge", "run", "-o", "all.syncscope"], args].concat());
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("in all.syncscope"), "{}", outcome.stderr);
}

/// The report without what says where recordings lie and how much of their events is there.
fn report(project: &Project, command: &str, path: &str) -> Value {
    let outcome = project.call(&[command, path, "--refuted", "--format", "json"]);
    let mut report = outcome.json();
    for recording in report["recordings"].as_array_mut().unwrap() {
        recording["path"] = json!(null);
        recording["lost"]["overwritten"] = json!(null);
        if let Some(end) = recording["end"].as_object_mut() {
            for told_from_events in ["events", "last_seconds", "until_seconds"] {
                end.remove(told_from_events);
            }
            for thread in end["threads"].as_array_mut().unwrap() {
                thread["events"] = json!(null);
                if let Some(wait) = thread["wait"].as_object_mut() {
                    wait.remove("at_least_seconds");
                }
            }
        }
    }
    report
}

#[test]
fn halves_of_an_inversion_meet_in_a_merged_file() {
    let project = Bank::project();
    store(&project, [Bank::half(true), Bank::half(false)]);
    assert_eq!(project.call(&["check", "run/0.syncscope"]).code, 0);
    assert_eq!(project.call(&["check", "run/1.syncscope"]).code, 0);
    merge(&project, &[]);
    let outcome = project.call(&["check", "all.syncscope"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("between `LEDGER` and `audit`"), "{}", outcome.stdout);
}

#[test]
fn the_state_at_the_end_survives_and_the_events_when_asked_for() {
    let project = Bank::project();
    store(&project, sorts());
    merge(&project, &[]);
    let parts = report(&project, "report", "run");
    assert_eq!(report(&project, "report", "all.syncscope"), parts);
    let held = |report: &Value| {
        let mut recordings = report["recordings"].as_array().unwrap().iter();
        let deep = recordings.find(|recording| recording["pid"] == 1010).unwrap();
        deep["end"]["threads"][0]["holds"].as_array().unwrap().len()
    };
    assert_eq!(held(&parts), 60, "the test reaches what lies outside of the slot");
    let told = project.call(&["report", "all.syncscope"]).stdout;
    assert!(told.contains("the events, which were left out when it was merged"), "{told}");
    merge(&project, &["--events"]);
    let of = |path: &str| {
        let json = project.call(&["report", path, "--format", "json"]).json();
        let recordings = json["recordings"].as_array().unwrap().clone();
        recordings.into_iter().map(|one| one["end"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("all.syncscope"), of("run"));
    assert!(of("run").iter().any(|end| !end["events"].as_array().unwrap().is_empty()));
}

#[test]
fn without_events_it_is_smaller() {
    let project = Bank::project();
    let mut recording = Bank::correct();
    let events = recording.streams[0].events.clone();
    for _ in 0..12 {
        let mut more = recording.streams[0].events.clone();
        recording.streams[0].events.append(&mut more);
    }
    assert!(events.len() < recording.streams[0].events.len());
    store(&project, [recording]);
    let len = |path: &str| fs::metadata(project.path().join(path)).unwrap().len();
    merge(&project, &["--events"]);
    let with = len("all.syncscope");
    merge(&project, &[]);
    assert!(len("all.syncscope") < with && with < len("run/0.syncscope"));
}

#[test]
fn merging_again_changes_nothing() {
    let project = Bank::project();
    store(&project, sorts());
    merge(&project, &[]);
    let before = fs::read(project.path().join("all.syncscope")).unwrap();
    let again = project.call(&["merge", "all.syncscope", "run", "-o", "all.syncscope"]);
    assert_eq!(again.code, 0);
    assert!(again.stderr.contains("11 of them twice and kept once"), "{}", again.stderr);
    assert_eq!(fs::read(project.path().join("all.syncscope")).unwrap(), before);
    // A process that is checked together with its copy counts once, whichever comes first.
    for paths in [["run", "all.syncscope"], ["all.syncscope", "run"]] {
        let outcome = project.call(&[&["check"], &paths[..], &["--format", "json"]].concat());
        let (both, one) = (outcome.json(), project.call(&["check", "run", "--format", "json"]));
        assert_eq!(both["findings"], one.json()["findings"]);
        assert_eq!(both["coverage"]["repeated"], 11);
    }
    let told = project.call(&["check", "run", "all.syncscope"]).stdout;
    assert!(told.contains("11 recordings are of a process that another one is of"), "{told}");
}

#[test]
fn nothing_is_lost_by_mistake() {
    let project = Bank::project();
    store(&project, [Bank::correct()]);
    let recording = fs::read(project.path().join("run/0.syncscope")).unwrap();
    let over = project.call(&["merge", "run", "-o", "run/0.syncscope"]);
    assert_eq!(over.code, 2);
    assert!(over.stderr.contains("is no merged recording"), "{}", over.stderr);
    assert_eq!(fs::read(project.path().join("run/0.syncscope")).unwrap(), recording);

    fs::create_dir(project.path().join("empty")).unwrap();
    assert_eq!(project.call(&["merge", "empty", "-o", "none.syncscope"]).code, 3);
    assert!(!project.path().join("none.syncscope").exists());

    // What can be read is merged, and what cannot is named.
    project.write("run/bad.syncscope", b"#!/bin/sh\n");
    let some = project.call(&["merge", "run", "-o", "some.syncscope"]);
    assert_eq!(some.code, 4);
    assert!(some.stderr.contains("cannot read `run/bad.syncscope`"), "{}", some.stderr);
    assert_eq!(project.call(&["check", "some.syncscope"]).code, 0);
    let left: Vec<_> = fs::read_dir(project.path()).unwrap().flatten().collect();
    assert!(left.iter().all(|entry| entry.path().extension() != Some("new".as_ref())), "{left:?}");
}

#[test]
fn a_damaged_part_hides_no_other() {
    let project = Bank::project();
    store(&project, [Bank::correct(), Bank::half(true), Bank::half(false)]);
    merge(&project, &[]);
    let path = project.path().join("all.syncscope");
    let good = fs::read(&path).unwrap();
    let starts: Vec<usize> =
        (0..good.len() - 4).filter(|&at| good[at..].starts_with(b"SYPT")).collect();
    assert_eq!(starts.len(), 3);
    let mut bad = good.clone();
    // In the data of the first part.
    bad[starts[1] - 20] ^= 0xff;
    fs::write(&path, &bad).unwrap();
    let outcome = project.call(&["check", "all.syncscope"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("part 1 is damaged"), "{}", outcome.stdout);
    for cut in [4, 15, 16, 17, 40, starts[1] + 3, starts[2] + 31, good.len() - 1] {
        fs::write(&path, &good[..cut]).unwrap();
        let outcome = project.call(&["check", "all.syncscope"]);
        let expected = match cut {
            16 => 3,
            // Both halves are there by then, and a finding wins.
            cut if cut > starts[2] => 1,
            _ => 4,
        };
        assert_eq!(outcome.code, expected, "{cut}: {}", outcome.stdout);
    }
    let mut newer = good.clone();
    newer[8] += 1;
    fs::write(&path, &newer).unwrap();
    let outcome = project.call(&["check", "all.syncscope", "--format", "json"]);
    assert_eq!(outcome.code, 4);
    assert_eq!(outcome.json()["unreadable"][0]["reason"], "newer");
}

#[test]
fn the_document_says_what_is_written() {
    let project = Bank::project();
    store(&project, [Bank::correct()]);
    merge(&project, &["--events"]);
    let bytes = fs::read(project.path().join("all.syncscope")).unwrap();
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((&bytes[..8], &bytes[8..16]), (&b"SYNCSCOM"[..], &[1, 0, 0, 0, 0, 0, 0, 0][..]));
    assert_eq!(
        (&bytes[16..20], u32_at(20), u32_at(24)),
        (&b"SYPT"[..], 0, "run/0.syncscope".len())
    );
    let name_end = 48 + u32_at(24);
    assert_eq!(&bytes[48..name_end], b"run/0.syncscope");
    assert_eq!(name_end + u32_at(32), bytes.len());
    assert_eq!(
        u32_at(40) as u64,
        fs::metadata(project.path().join("run/0.syncscope")).unwrap().len()
    );
    assert_eq!(bytes[name_end], 0x78, "a zlib stream");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_parts_give_the_same_findings(picked in proptest::collection::vec(0_usize..11, 1..6)) {
        let project = Bank::project();
        store(&project, picked.iter().map(|&index| sorts().swap_remove(index)));
        merge(&project, &[]);
        prop_assert_eq!(report(&project, "check", "all.syncscope"), report(&project, "check", "run"));
    }

    #[test]
    fn damage_is_told_and_never_more(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let project = Bank::project();
        store(&project, [Bank::inverted(), Bank::deadlocked()]);
        merge(&project, &[]);
        let path = project.path().join("all.syncscope");
        let mut bytes = fs::read(&path).unwrap();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        fs::write(&path, &bytes).unwrap();
        for args in [
            &["check", "all.syncscope"][..],
            &["report", "all.syncscope"],
            &["order", "all.syncscope"],
            &["diff", "all.syncscope", "run"],
            &["merge", "all.syncscope", "-o", "again.syncscope"],
        ] {
            let code = project.call(args).code;
            prop_assert!([0, 1, 3, 4].contains(&code), "{args:?}: {code}");
        }
    }
}

#[test]
fn a_part_that_claims_to_be_huge_takes_no_memory() {
    let project = Project::new(&[]);
    // Zeros compress to a thousandth: a length is only believed when it is there.
    let mut part = Vec::new();
    part.extend_from_slice(b"SYNCSCOM\x01\0\0\0\0\0\0\0");
    part.extend_from_slice(b"SYPT\0\0\0\0\x01\0\0\0\0\0\0\0");
    part.extend_from_slice(&u64::MAX.to_le_bytes());
    part.extend_from_slice(&u64::MAX.to_le_bytes());
    part.extend_from_slice(b"x\x78\x9c");
    project.write("huge.syncscope", &part);
    assert_eq!(project.call(&["check", "huge.syncscope"]).code, 4);
}

#[test]
fn an_encoded_recording_loses_its_rings_and_nothing_else() {
    let bytes = encode(&of_process(deep(), 1));
    let smaller = cargo_syncscope::merged::compact(&bytes).unwrap();
    assert!(smaller.len() < bytes.len());
    let (old, new) = (
        syncscope_recording::read(&bytes, "").unwrap(),
        syncscope_recording::read(&smaller, "").unwrap(),
    );
    assert!(!old.streams.is_empty() && new.streams.is_empty());
    assert_eq!(format!("{:?}", old.board), format!("{:?}", new.board));
}
