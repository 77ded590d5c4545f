//! Accesses to memory that do not go well together, each kind by its rule.

use crate::checker::record;
use syncscope_detector::finding::{Finding, Level, StepKind};
use syncscope_detector::{Options, PlainSites, RuleId, analyze};
use syncscope_recording::model::{
    Access, Held, InstanceId, MemoryAccess, MemoryRace, MemoryRaceKind, RaceGuard, Site, SiteId,
    ThreadNum,
};

/// The finding from the accesses of threads, each with its line; a write if that is even.
fn finding(kind: MemoryRaceKind, accesses: &[(u32, u32)]) -> Finding {
    let mut recording = record("main: spawn t; join t\nt: lock A");
    let lock = Held {
        instance: InstanceId(1),
        class: recording.nodes.iter().find(|node| node.instance.0 == 1).map(|node| node.class),
        site: SiteId::default(),
        access: Access::default(),
        since_ticks: 0,
    };
    let accesses = accesses.iter().map(|&(thread, line)| {
        recording.sites.push(Site { file: "src/main.rs".into(), line, column: 1 });
        MemoryAccess {
            thread: ThreadNum(thread),
            is_write: line % 2 == 0,
            held: Some(vec![lock.clone()]),
            site: SiteId(recording.sites.len() as u32 - 1),
            ..MemoryAccess::default()
        }
    });
    let mut accesses: Vec<_> = accesses.collect();
    let later = accesses.pop().unwrap();
    let between = (accesses.len() > 1).then(|| accesses.pop().unwrap());
    let earlier = accesses.pop().unwrap();
    let name = Some("app::TOTAL".to_owned());
    let class = later.held.iter().flatten().next().and_then(|held| held.class);
    let guard = Some(RaceGuard { instance: InstanceId(1), class, held: 12 });
    let race = MemoryRace {
        kind,
        size: 4,
        name,
        earlier,
        between,
        later,
        guard,
        turns: 14,
        ..MemoryRace::default()
    };
    recording.memory_races.push(race);
    let analysis = analyze(&[recording], &Options::default(), &PlainSites);
    let [finding] = &analysis.findings[..] else { panic!("{:?}", analysis.findings) };
    finding.clone()
}

/// Who reads (`false`) or writes where, in the order in which that is told.
fn accesses(finding: &Finding) -> Vec<(usize, bool, u32)> {
    let is_access = |kind| matches!(kind, StepKind::Reads | StepKind::Writes);
    let steps = finding.steps.iter().filter(|step| is_access(step.kind));
    steps.map(|step| (step.thread, step.kind == StepKind::Writes, step.place.line)).collect()
}

#[test]
fn two_that_nothing_orders() {
    let race = finding(MemoryRaceKind::DataRace, &[(1, 11), (2, 20)]);
    assert_eq!((race.rule, race.level), (RuleId::DATA_RACE, Level::Deny));
    assert!(race.message.starts_with("data race on `app::TOTAL`: "), "{}", race.message);
    // That which was just seen comes first.
    assert_eq!(accesses(&race), [(0, true, 20), (1, false, 11)]);
}

#[test]
fn two_without_a_common_lock() {
    let race = finding(MemoryRaceKind::Unprotected, &[(1, 12), (2, 20)]);
    assert_eq!((race.rule, race.level), (RuleId::UNPROTECTED_ACCESS, Level::Warn));
    assert!(race.message.starts_with("no lock protects `app::TOTAL`: "), "{}", race.message);
    let turns = "`Mutex<A>` (locks/A.rs:1) was held on both sides in 12 of the 14 times that one thread accessed the place after another";
    assert!(race.notes.iter().any(|note| note == turns), "{:?}", race.notes);
}

/// What is a data race is told as that alone: of the same memory, or by an access from the same code without the lock.
#[test]
fn a_data_race_says_it_already() {
    let odd = |address, line| MemoryRace { address, ..race(MemoryRaceKind::Unprotected, line) };
    let is_told = |races: Vec<MemoryRace>| {
        let mut recording = record("main: spawn t; join t\nt: lock A");
        recording.sites.extend((1..9).map(site));
        recording.memory_races = races;
        let analysis = analyze(&[recording], &Options::default(), &PlainSites);
        analysis.findings.iter().any(|finding| finding.rule == RuleId::UNPROTECTED_ACCESS)
    };
    assert!(is_told(vec![odd(64, 2)]));
    let found = |address, line| MemoryRace { address, ..race(MemoryRaceKind::DataRace, line) };
    assert!(!is_told(vec![odd(64, 2), found(60, 4)]));
    assert!(!is_told(vec![odd(64, 2), found(1000, 2)]));
    assert!(is_told(vec![odd(64, 2), found(1000, 4)]));
}

fn site(line: u32) -> Site {
    Site { file: "src/main.rs".into(), line, column: 1 }
}

/// Eight bytes that the second thread writes to in one line, without a lock, and the first in the next, under one.
fn race(kind: MemoryRaceKind, line: u32) -> MemoryRace {
    let access = |thread, line, held| MemoryAccess {
        thread: ThreadNum(thread),
        is_write: true,
        held: Some(held),
        site: SiteId(line),
        ..MemoryAccess::default()
    };
    let lock = Held {
        instance: InstanceId(1),
        class: None,
        site: SiteId::default(),
        access: Access::default(),
        since_ticks: 0,
    };
    MemoryRace {
        kind,
        size: 8,
        earlier: access(1, line + 1, vec![lock]),
        later: access(2, line, Vec::new()),
        guard: Some(RaceGuard { instance: InstanceId(1), class: None, held: 12 }),
        turns: 14,
        ..MemoryRace::default()
    }
}

#[test]
fn three_in_the_order_in_which_they_came() {
    let lost = finding(MemoryRaceKind::LostUpdate, &[(1, 11), (2, 20), (1, 12)]);
    assert_eq!((lost.rule, lost.level), (RuleId::LOST_UPDATE, Level::Warn));
    assert!(lost.message.starts_with("lost update of `app::TOTAL`: "), "{}", lost.message);
    assert_eq!(accesses(&lost), [(0, false, 11), (1, true, 20), (0, true, 12)]);
    assert_eq!(lost.threads.len(), 2);
    let acted = finding(MemoryRaceKind::CheckThenAct, &[(1, 11), (2, 20), (1, 12)]);
    assert_eq!((acted.rule, acted.level), (RuleId::CHECK_THEN_ACT, Level::Warn));
    assert!(acted.message.contains(" reads `app::TOTAL` under `Mutex<A>` "), "{}", acted.message);
    assert_eq!(accesses(&acted), accesses(&lost));
    // They are told apart, and not by which is first in the source.
    let again = finding(MemoryRaceKind::LostUpdate, &[(1, 11), (2, 12), (1, 20)]);
    let prints = [lost, acted, again].map(|finding| finding.fingerprint);
    assert!(prints[0] != prints[1] && prints[0] != prints[2], "{prints:?}");
}
