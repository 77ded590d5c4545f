//! The small traces of the literature (`tests/micro`), with their known happens-before races.

use crate::script::{Event, Op, conflicts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syncscope_detector::race::ConflictKind;

/// Traces with places that race by happens-before, and how many. All others have none: where exhaustive reordering finds a
/// race in those, a lock ordered it as it was recorded.
const RACY: [(&str, usize); 8] = [
    ("pwr_ex6", 2),
    ("race_2", 1),
    ("race_2b", 1),
    ("race_3", 1),
    ("race_3b", 1),
    ("race_4", 1),
    ("race_5", 1),
    ("race_6", 1),
];

#[test]
fn racy_places_are_those_that_are_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/micro");
    let mut checked = 0;
    for entry in std::fs::read_dir(folder).expect("the traces") {
        let path = entry.expect("an entry").path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".std"))
        else {
            continue;
        };
        let trace = parse(&std::fs::read_to_string(&path).expect("the trace"));
        let races = conflicts(&trace);
        let racy: BTreeSet<_> = races
            .iter()
            .filter(|conflict| conflict.kind == ConflictKind::Race)
            .map(|conflict| match trace[conflict.later.site as usize].1 {
                Op::Read(place) | Op::Write(place) => place,
                op => panic!("{op:?} is no access"),
            })
            .collect();
        let known = RACY.iter().find(|(racy, _)| *racy == name).map_or(0, |(_, count)| *count);
        assert_eq!(racy.len(), known, "{name}");
        checked += 1;
    }
    assert_eq!(checked, 24);
}

/// `T1|acq(L2)|7` on each line.
fn parse(text: &str) -> Vec<Event> {
    let mut threads = Numbers::default();
    let mut objects = Numbers::default();
    text.lines()
        .map(|line| {
            let mut fields = line.split('|');
            let (thread, op) = (fields.next().expect("a thread"), fields.next().expect("an op"));
            let (verb, noun) =
                op.strip_suffix(')').and_then(|op| op.split_once('(')).expect("`verb(noun)`");
            let thread = threads.of(thread);
            let op = match verb {
                "acq" => Op::Lock(objects.of(noun) as u32),
                "rel" => Op::Unlock(objects.of(noun) as u32),
                "r" => Op::Read(objects.of(noun) as u32),
                "w" => Op::Write(objects.of(noun) as u32),
                "fork" => Op::Spawn(threads.of(noun)),
                "join" => Op::Join(threads.of(noun)),
                _ => panic!("no operation `{verb}`"),
            };
            (thread, op)
        })
        .collect()
}

#[derive(Default)]
struct Numbers(BTreeMap<String, usize>);

impl Numbers {
    fn of(&mut self, name: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}
