//! A process with a deadlock of two, a thread behind it, one that sleeps and one that runs; its names are hostile.

use super::*;
use crate::postmortem::{self, Look};
use crate::symbols::Symbols;
use std::collections::BTreeMap;
use syncscope_detector::contention::contention;
use syncscope_detector::{Options, PlainSites, analyze};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, BoardSlot, Class, ClassId, Deadlock, Held, InstanceId, LockPlace, Measure, Measured,
    Participant, Primitive, Process as Recorded, Site, SiteId, Thread, ThreadNum, Wait, WaitKind,
};

const SECOND: u64 = 1_000_000_000;

fn held(instance: u32) -> Held {
    Held {
        instance: InstanceId(instance),
        class: Some(ClassId(instance)),
        site: SiteId(1),
        since_ticks: SECOND,
        ..Held::default()
    }
}

fn wait(kind: WaitKind, object: u32, since: u64) -> Wait {
    let class = (kind == WaitKind::Mutex).then_some(ClassId(object));
    Wait { kind, object, class, site: SiteId(2), since_ticks: since * SECOND, ..Wait::default() }
}

fn slot(thread: u32, holds: Option<u32>, wait: Option<Wait>) -> BoardSlot {
    let held = holds.into_iter().map(held).collect();
    BoardSlot { thread: ThreadNum(thread), held, wait, ..BoardSlot::default() }
}

pub(in crate::top) fn recording() -> Recording {
    let names = ["main", "\u{1b}[2Jpayer\u{202e}", "世界", "sleeper", "worker"];
    let threads = (1..).zip(names).map(|(number, name)| {
        let thread = Thread {
            number: ThreadNum(number),
            os_tid: 100 + number,
            name: Some(name.to_owned()),
            is_main: number == 1,
            ..Thread::default()
        };
        (thread.number, thread)
    });
    let site = |line| Site { file: "src/bank.rs".to_owned(), line, column: 5 };
    let class = |name: &str| Class {
        primitive: Primitive::Mutex,
        name: Some(name.to_owned()),
        site: SiteId(3),
        instances: 1,
        ..Class::default()
    };
    let participant = |thread, wants, since, holds| Participant {
        thread: ThreadNum(thread),
        wait: wait(WaitKind::Mutex, wants, since),
        holds: Some(held(holds)),
        ..Participant::default()
    };
    let place = LockPlace { site: SiteId(2), access: Access::default() };
    let waited = Measure {
        class: ClassId(1),
        what: Measured::Waited { at: place, behind: None },
        count: 4,
        samples: 4,
        total: 8 * SECOND,
        longest: 3 * SECOND,
        ..Measure::default()
    };
    Recording {
        process: Recorded {
            pid: 4711,
            exe: "/opt/bank".to_owned(),
            ticks_per_second: SECOND,
            start_ticks: 1,
            alive_ticks: Some(12 * SECOND),
            ..Recorded::default()
        },
        sites: vec![Site::default(), site(10), site(20), site(30)],
        classes: vec![Class::default(), class("alice"), class("\u{1b}]0;bob\u{7}")],
        threads: threads.collect(),
        board: vec![
            slot(1, None, Some(wait(WaitKind::Join, 2, 2))),
            slot(2, Some(1), Some(wait(WaitKind::Mutex, 2, 3))),
            slot(3, Some(2), Some(wait(WaitKind::Mutex, 1, 4))),
            slot(4, None, Some(wait(WaitKind::Sleep, 0, 11))),
            slot(5, None, None),
        ],
        deadlocks: vec![Deadlock {
            thread: ThreadNum(3),
            ticks: 4 * SECOND,
            participants: vec![participant(2, 2, 3, 1), participant(3, 1, 4, 2)],
            ..Deadlock::default()
        }],
        measures: vec![waited],
        ..Recording::default()
    }
}

pub(in crate::top) fn of(recording: &Recording) -> Model {
    let recordings = std::slice::from_ref(recording);
    let symbols = Symbols::default();
    let analysis = analyze(recordings, &Options::default(), &PlainSites);
    Model::new(&Seen {
        recording,
        end: &postmortem::end(recording, Look { events: 0, symbols: &symbols, live: None }),
        contention: &contention(recordings, &PlainSites),
        findings: &analysis.findings,
        since: &BTreeMap::new(),
    })
}

fn cells<'a>(table: &'a Table, title: &str) -> Vec<&'a str> {
    let at = table.columns.iter().position(|column| column.title == title).expect("a column");
    table.rows.iter().map(|row| row.cells[at].text.as_str()).collect()
}

#[test]
fn those_that_are_stuck_come_first() {
    let Model { threads, process, .. } = of(&recording());
    assert_eq!(cells(&threads, "state"), ["stuck", "stuck", "stuck", "runs", "sleeps"]);
    assert_eq!(cells(&threads, "for"), ["10.0 s", "9.0 s", "8.0 s", "", "1.0 s"]);
    assert_eq!(cells(&threads, "behind"), ["", "2", "1", "", ""]);
    assert_eq!(process.threads, "5 threads: 3 stuck, 1 runs, 1 sleeps");
    assert!(process.ended.is_some(), "nobody says that it runs");
}

#[test]
fn threads_tell_what_they_wait_for_and_who_has_it() {
    let Model { threads, .. } = of(&recording());
    let wanted = cells(&threads, "waits for");
    assert_eq!(wanted[0], "thread #2 `\\u{1b}[2Jpayer\\u{202e}` (join)");
    assert_eq!(wanted[2], "`alice` (lock), held by #2 `\\u{1b}[2Jpayer\\u{202e}`");
    let detail = threads.rows[2].detail.join("\n");
    assert!(detail.contains("thread #3 `世界`, 103 in the kernel"), "{detail}");
    assert!(detail.contains("held by #2") && detail.contains("holds "), "{detail}");
}

#[test]
fn locks_tell_who_waits_and_what_was_measured() {
    let Model { locks, .. } = of(&recording());
    assert_eq!(cells(&locks, "lock"), ["alice", "\\u{1b}]0;bob\\u{7}"]);
    assert_eq!(cells(&locks, "waiting"), ["1", "1"]);
    assert_eq!(cells(&locks, "longest"), ["8.0 s", "9.0 s"]);
    assert_eq!(cells(&locks, "waited"), ["8.0 s", ""]);
    assert_eq!(cells(&locks, "waits"), ["4", ""]);
    assert!(cells(&locks, "held by")[0].starts_with("#2 "));
}

#[test]
fn findings_come_with_what_is_known_of_them() {
    let Model { findings, waits, .. } = of(&recording());
    assert_eq!(cells(&findings, "rule"), ["deadlock"]);
    assert_eq!(findings.rows[0].tone, Tone::Error);
    assert!(findings.rows[0].detail.iter().any(|line| line.starts_with("help: ")));
    let tree: Vec<&str> = waits.rows.iter().map(|row| row.cells[0].text.as_str()).collect();
    assert_eq!(tree[0], "deadlock: the two wait for each other");
    assert!(tree[3].starts_with("    #1 `main` waits for thread #2"), "{tree:?}");
}

#[test]
fn nothing_hostile_is_left() {
    let model = of(&recording());
    for table in [&model.threads, &model.locks, &model.findings, &model.waits] {
        for row in &table.rows {
            let texts = row.cells.iter().map(|cell| &cell.text).chain(&row.detail);
            for text in texts {
                assert!(!text.contains(crate::escape::is_hostile), "{text:?}");
            }
        }
    }
}
