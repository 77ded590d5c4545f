//! What was measured of locks, as it is shown and as profiles.

use crate::support::{Bank, Project};
use flate2::read::GzDecoder;
use prost::Message;
use std::fs;
use std::io::Read;
use syncscope_recording::model::{Access, ClassId, LockPlace, Measure, Measured, WaitKind};
use syncscope_recording::{Recording, buckets};

/// A lock that was waited for three times, for so many milliseconds each; and held five times, as long. The holder slept for half of that.
pub(crate) fn measured(millis: u64) -> Recording {
    let mut recording = Bank::waiting(5);
    let class = recording.nodes[0].class;
    let [at, behind] = [0, 1]
        .map(|node| LockPlace { site: recording.nodes[node].site, access: Access::default() });
    let ticks = millis * recording.process.ticks_per_second / 1000;
    let measure = |what, count: u64, ticks: u64| Measure {
        class,
        what,
        count,
        samples: count,
        variance: 0,
        total: ticks * count,
        longest: ticks,
        histogram: Vec::new(),
    };
    let with_histogram = |measure: Measure| {
        let histogram = vec![(buckets::place(measure.longest), measure.count)];
        Measure { histogram, ..measure }
    };
    let [waiter, holder] = [1, 2].map(syncscope_recording::model::ThreadNum);
    let meanwhile = Measured::Meanwhile { behind, wait: WaitKind::Sleep, site: at.site };
    recording.measures = vec![
        with_histogram(measure(Measured::Held(at), 5, ticks)),
        with_histogram(measure(Measured::Waited { at, behind: Some(behind) }, 3, ticks)),
        measure(meanwhile, 3, ticks / 2),
        measure(Measured::Threads { waiter, holder: Some(holder) }, 3, ticks),
    ];
    recording
}

fn of(recording: Recording) -> Project {
    let project = Bank::project();
    project.store("1.syncscope", recording);
    project
}

fn read(project: &Project, file: &str) -> Vec<u8> {
    fs::read(project.path().join(file)).unwrap()
}

#[test]
fn people_see_who_waited_for_whom() {
    let outcome = of(measured(20)).call(&["report", ".", "--locks"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for part in [
        "60.0 ms      3  60.0 %",
        "`LEDGER`, created at src/main.rs",
        "acquired 5 times\n",
        "waits: 3 times, 60.0 ms together, 20.0 ms at most",
        "holds: 5 times, 100.0 ms together, 20.0 ms at most",
        "behind who had taken it at src/main.rs",
        "meanwhile it was in sleep at src/main.rs",
        " for 30.0 ms\n",
        "waited for ",
    ] {
        assert!(outcome.stdout.contains(part), "{part:?} in\n{}", outcome.stdout);
    }
}

#[test]
fn a_recording_without_measures_says_so() {
    let project = of(Bank::correct());
    let outcome = project.call(&["report", ".", "--locks", "--profile", "flamegraph=none.svg"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("no lock was measured"), "{}", outcome.stdout);
    let svg = String::from_utf8(read(&project, "none.svg")).unwrap();
    assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
}

#[test]
fn estimates_are_told_as_such() {
    let mut recording = measured(20);
    let held = &mut recording.measures[0];
    (held.count, held.samples, held.variance) = (6400, 100, 100 * 64 * 63);
    let outcome = of(recording).call(&["report", ".", "--locks"]);
    let told = "acquired 6,400 times, by 100 that were looked at (19 times out of 20 off by 1,270 at most)";
    assert!(outcome.stdout.contains(told), "{}", outcome.stdout);
}

#[test]
fn counts_that_make_no_sense_end_all_the_same() {
    let mut recording = measured(20);
    for measure in &mut recording.measures {
        (measure.count, measure.total, measure.longest) = (u64::MAX, u64::MAX, u64::MAX);
        measure.variance = u64::MAX;
        measure.histogram.iter_mut().for_each(|(_, count)| *count = u64::MAX);
    }
    recording.measures.push(Measure { class: ClassId(2), ..recording.measures[1].clone() });
    let profiles = ["pprof=a", "collapsed=b", "flamegraph=c"].map(|to| format!("--profile={to}"));
    let args = ["report", ".", "--locks"].into_iter().chain(profiles.iter().map(String::as_str));
    let outcome = of(recording).call(&args.collect::<Vec<_>>());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

/// As much of pprof's `profile.proto` as a viewer of this profile needs.
#[derive(Clone, PartialEq, Message)]
struct Profile {
    #[prost(message, repeated, tag = "1")]
    sample_type: Vec<ValueType>,
    #[prost(message, repeated, tag = "2")]
    sample: Vec<Sample>,
    #[prost(message, repeated, tag = "4")]
    location: Vec<Location>,
    #[prost(message, repeated, tag = "5")]
    function: Vec<Function>,
    #[prost(string, repeated, tag = "6")]
    string_table: Vec<String>,
    #[prost(int64, tag = "14")]
    default_sample_type: i64,
}

#[derive(Clone, PartialEq, Message)]
struct ValueType {
    #[prost(int64, tag = "1")]
    kind: i64,
    #[prost(int64, tag = "2")]
    unit: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Sample {
    #[prost(uint64, repeated, tag = "1")]
    location_id: Vec<u64>,
    #[prost(int64, repeated, tag = "2")]
    value: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Location {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(message, repeated, tag = "4")]
    line: Vec<Line>,
}

#[derive(Clone, PartialEq, Message)]
struct Line {
    #[prost(uint64, tag = "1")]
    function_id: u64,
    #[prost(int64, tag = "2")]
    line: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Function {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "2")]
    name: i64,
    #[prost(int64, tag = "3")]
    system_name: i64,
    #[prost(int64, tag = "4")]
    filename: i64,
    #[prost(int64, tag = "5")]
    start_line: i64,
}

#[test]
fn pprof_reads_the_profile() {
    let project = of(measured(20));
    assert_eq!(project.call(&["report", ".", "--profile", "pprof=out/w.pb.gz"]).code, 0);
    let mut bytes = Vec::new();
    GzDecoder::new(&read(&project, "out/w.pb.gz")[..]).read_to_end(&mut bytes).unwrap();
    let profile = Profile::decode(&bytes[..]).unwrap();
    let text = |at: i64| profile.string_table[at as usize].as_str();
    assert_eq!(text(0), "");
    let kinds: Vec<_> = profile.sample_type.iter().map(|t| (text(t.kind), text(t.unit))).collect();
    assert_eq!(kinds, [("contentions", "count"), ("delay", "nanoseconds")]);
    assert_eq!(text(profile.default_sample_type), "delay");
    let sum = |value: usize| profile.sample.iter().map(|sample| sample.value[value]).sum::<i64>();
    assert_eq!((sum(0), sum(1)), (3, 60_000_000));
    for sample in &profile.sample {
        let names = sample.location_id.iter().rev().map(|id| {
            let location = profile.location.iter().find(|location| location.id == *id).unwrap();
            let function = location.line[0].function_id;
            let function = profile.function.iter().find(|known| known.id == function).unwrap();
            assert_eq!(text(function.filename), "src/main.rs");
            assert_eq!(function.start_line, location.line[0].line);
            text(function.name)
        });
        let names: Vec<_> = names.collect();
        assert_eq!(names[0], "`LEDGER`");
        assert!(names[1].starts_with("waits at src/main.rs:"), "{names:?}");
        assert!(names[2].starts_with("behind who took it at src/main.rs:"), "{names:?}");
    }
}

#[test]
fn stacks_are_told_on_lines_and_drawn() {
    let project = of(measured(20));
    let outcome = project.call(&[
        "report",
        ".",
        "--profile=collapsed=waits.txt",
        "--profile=flamegraph=waits.svg",
    ]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let lines = String::from_utf8(read(&project, "waits.txt")).unwrap();
    let times: Vec<u64> =
        lines.lines().map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap()).collect();
    assert_eq!(times, [30_000_000, 30_000_000]);
    let svg = String::from_utf8(read(&project, "waits.svg")).unwrap();
    let svg = roxmltree::Document::parse(&svg).unwrap();
    let titles: Vec<_> =
        svg.descendants().filter(|node| node.has_tag_name("title")).map(|n| n.text()).collect();
    let told = |text: &str| titles.iter().flatten().any(|title| title.contains(text));
    assert!(told("`LEDGER`: 60.0 ms, 100.0 %") && told("which was in sleep"), "{titles:?}");
    assert!(!svg.descendants().any(|node| node.has_tag_name("script")));
}

#[test]
fn hostile_names_stay_text() {
    let mut recording = measured(20);
    for class in &mut recording.classes {
        class.name = Some("\u{1b}[2J;`\n</title><script>x\u{202e}".to_owned());
    }
    for site in recording.sites.iter_mut().filter(|site| site.line > 0) {
        site.file = "src/\u{1b}]8;;http://x\u{7}<b>&\"main.rs".to_owned();
    }
    let project = of(recording);
    let profiles = ["--profile=collapsed=w.txt", "--profile=flamegraph=w.svg", "--profile=pprof=w"];
    let outcome = project.call(&[&["report", ".", "--locks"], &profiles[..]].concat());
    let lines = String::from_utf8(read(&project, "w.txt")).unwrap();
    let svg = String::from_utf8(read(&project, "w.svg")).unwrap();
    let is_hostile = |c: char| c != '\n' && cargo_syncscope::escape::is_hostile(c);
    for text in [&outcome.stdout, &lines, &svg] {
        assert!(!text.contains(is_hostile), "{text:?}");
    }
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.lines().all(|line| line.matches(';').count() <= 3), "{lines}");
    let svg = roxmltree::Document::parse(&svg).unwrap();
    assert!(!svg.descendants().any(|node| node.has_tag_name("script")));
}
