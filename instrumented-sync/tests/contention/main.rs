//! What is measured of waits and holds, against what the program knows of them itself.
//!
//! Each case is a program of its own: this one, started again.

mod programs;

use std::process::Command;
use std::{env, fs};
use syncscope_recording::buckets;
use syncscope_recording::model::{Measure, Measured, Recording, WaitKind};

/// Tells a started copy which program it is.
const PROGRAM: &str = "CONTENTION_PROGRAM";

/// How much a percentile may be off.
const TOLERANCE: f64 = 0.05;

fn main() {
    if let Ok(name) = env::var(PROGRAM) {
        return programs::run(&name);
    }
    for mode in ["ring", "order", "full"] {
        waits_and_holds_of_a_mutex(mode);
    }
    readers_wait_for_the_writer();
    holds_are_sampled();
    a_wait_on_a_condition_is_no_hold();
    locks_inside_of_others_are_measured_too();
    nothing_is_measured_when_off();
    println!("contention: ok");
}

fn waits_and_holds_of_a_mutex(mode: &str) {
    let (recording, truth) = start("mutex", mode);
    let held = of_site(&recording, "// holder", is_held);
    assert_eq!((held.count, held.samples, held.variance), (300, 300, 0));
    same_percentiles("holds", &recording, held, truth.times("held"));
    let waited = of_site(&recording, "// waiter", is_waited);
    assert_eq!((waited.count, waited.samples), (300, 300));
    same_percentiles("waits", &recording, waited, truth.times("waited"));
    let Measured::Waited { behind: Some(behind), .. } = waited.what else {
        panic!("nobody was in the way")
    };
    assert!(is_marked(&recording, behind.site.0, "// holder"));
    // The thread that held the lock slept meanwhile, half of the time.
    let meanwhile = one(&recording, |measure| {
        matches!(measure.what, Measured::Meanwhile { wait: WaitKind::Sleep, .. })
    });
    let slept = sum(truth.times("slept"));
    let recorded = nanoseconds(&recording, meanwhile.total) as f64;
    assert!((recorded / slept - 1.0).abs() < TOLERANCE, "slept {slept}, recorded {recorded}");
    let between = one(&recording, |measure| matches!(measure.what, Measured::Threads { .. }));
    assert_eq!((between.count, between.total), (300, waited.total));
}

fn readers_wait_for_the_writer() {
    let (recording, truth) = start("rwlock", "ring");
    let waited = of_site(&recording, "// reader", is_waited);
    same_percentiles("waits of readers", &recording, waited, truth.times("waited"));
    let held = of_site(&recording, "// reader", is_held);
    assert_eq!(held.count, 100);
    let Measured::Held(place) = held.what else { panic!("{:?}", held.what) };
    assert!(place.access.shared);
    // And the writer for them, who are known by the board alone.
    let waited = of_site(&recording, "// writer", is_waited);
    let Measured::Waited { behind, .. } = waited.what else { panic!("{:?}", waited.what) };
    assert!(behind.is_some_and(|behind| behind.access.shared), "{behind:?}");
}

fn holds_are_sampled() {
    let (recording, truth) = start("often", "ring");
    let held = of_site(&recording, "// often", is_held);
    assert!(held.samples < 10_000 && held.samples > 100, "{} samples", held.samples);
    let error = (held.count as f64 - 50_000.0).abs();
    let deviation = (held.variance as f64).sqrt();
    assert!(deviation > 0.0 && error < 4.0 * deviation, "{}, by {deviation}", held.count);
    same_percentiles("sampled holds", &recording, held, truth.times("held"));
}

fn a_wait_on_a_condition_is_no_hold() {
    let (recording, truth) = start("condition", "ring");
    let before = of_site(&recording, "// before", is_held);
    same_percentiles("holds before a wait", &recording, before, truth.times("before"));
    let after = of_site(&recording, "// condition", is_held);
    let Measured::Held(place) = after.what else { panic!("{:?}", after.what) };
    assert!(place.access.reacquire);
    same_percentiles("holds after a wait", &recording, after, truth.times("after"));
}

fn locks_inside_of_others_are_measured_too() {
    let (recording, truth) = start("nested", "ring");
    for mark in ["outer", "inner"] {
        let held = of_site(&recording, &format!("// {mark}"), is_held);
        assert_eq!(held.count, 100);
        same_percentiles(mark, &recording, held, truth.times(mark));
    }
}

fn nothing_is_measured_when_off() {
    let folder = tempfile::tempdir().expect("a folder");
    _ = run("mutex", "off", folder.path());
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

fn is_held(what: &Measured) -> Option<u32> {
    let Measured::Held(place) = what else { return None };
    Some(place.site.0)
}

fn is_waited(what: &Measured) -> Option<u32> {
    let Measured::Waited { at, .. } = what else { return None };
    Some(at.site.0)
}

/// What was measured at the marked line.
fn of_site<'a>(
    recording: &'a Recording,
    mark: &str,
    site: impl Fn(&Measured) -> Option<u32>,
) -> &'a Measure {
    one(recording, |measure| {
        site(&measure.what).is_some_and(|site| is_marked(recording, site, mark))
    })
}

/// The greatest, if there are several: what happens by chance is small.
#[track_caller]
fn one(recording: &Recording, is_it: impl Fn(&Measure) -> bool) -> &Measure {
    let found = recording.measures.iter().filter(|measure| is_it(measure));
    found.max_by_key(|measure| measure.count).expect("a measure")
}

fn is_marked(recording: &Recording, site: u32, mark: &str) -> bool {
    recording.sites.get(site as usize).is_some_and(|site| programs::is_marked(site.line, mark))
}

fn nanoseconds(recording: &Recording, ticks: u64) -> u64 {
    (ticks as f64 * 1e9 / recording.process.ticks_per_second as f64) as u64
}

/// The percentiles of what was recorded are those of what the program has seen itself.
#[track_caller]
fn same_percentiles(what: &str, recording: &Recording, measure: &Measure, truth: &[u64]) {
    // Of a sample the rarest are a matter of chance.
    let percents: &[usize] =
        if measure.samples < measure.count { &[50, 90] } else { &[50, 90, 99] };
    let mut sorted = truth.to_vec();
    sorted.sort_unstable();
    let count: u64 = measure.histogram.iter().map(|(_, count)| count).sum();
    for &percent in percents {
        // Who is kept from running just between its own clock and ours has one time in a hundred that differs.
        let [least_seen, most_seen] = [percent - 1, percent + 1]
            .map(|percent| sorted[(sorted.len() * percent).div_ceil(100) - 1] as f64);
        let mut seen = 0;
        let reaches = |(_, here): &&(u16, u64)| {
            seen += here;
            seen * 100 >= count * percent as u64
        };
        let (bucket, _) = measure.histogram.iter().find(reaches).expect("a bucket");
        let (least, greatest) = buckets::bounds(*bucket).expect("a bucket of ours");
        let found = nanoseconds(recording, least.midpoint(greatest)) as f64;
        assert!(
            found >= least_seen * (1.0 - TOLERANCE) && found <= most_seen * (1.0 + TOLERANCE),
            "{what}, {percent} %: recorded {found} ns, seen {least_seen} to {most_seen} ns",
        );
    }
}

fn sum(times: &[u64]) -> f64 {
    times.iter().sum::<u64>() as f64
}

/// What the program has seen itself.
struct Truth(Vec<(String, Vec<u64>)>);

impl Truth {
    fn times(&self, of: &str) -> &[u64] {
        let found = self.0.iter().find(|(name, _)| name == of);
        &found.unwrap_or_else(|| panic!("times of {of}")).1
    }
}

fn run(program: &str, mode: &str, folder: &std::path::Path) -> Truth {
    let output = Command::new(env::current_exe().expect("this program"))
        .env(PROGRAM, program)
        .env("SYNCSCOPE_DIR", folder)
        .env("SYNCSCOPE_MODE", mode)
        .output()
        .expect("a copy of this program");
    assert!(output.status.success(), "{program}: {output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let line = |line: &str| {
        let (name, times) = line.split_once(' ').expect("a name and times");
        let times = times.split(' ').map(|time| time.parse().expect("a time")).collect();
        (name.to_owned(), times)
    };
    Truth(text.lines().map(line).collect())
}

/// Runs a program; gives its recording, and what it has seen.
fn start(program: &str, mode: &str) -> (Recording, Truth) {
    let folder = tempfile::tempdir().expect("a folder");
    let truth = run(program, mode, folder.path());
    let file = fs::read_dir(folder.path()).expect("the folder").next().expect("a recording");
    let recording =
        syncscope_recording::read_file(&file.expect("a file").path()).expect("readable");
    assert!(!recording.lost.is_any() && recording.lost.measures == 0, "{:?}", recording.lost);
    (recording, truth)
}
