//! Data races of the whole program.

use crate::support::{Outcome, Project};

const MANIFEST: &str = "\
[package]
name = \"app\"
version = \"0.1.0\"
edition = \"2024\"
autobins = false
[[bin]]
name = \"correct\"
path = \"src/correct.rs\"
[[bin]]
name = \"racy\"
path = \"src/racy.rs\"
[[bin]]
name = \"unprotected\"
path = \"src/unprotected.rs\"
[[bin]]
name = \"modified\"
path = \"src/modified.rs\"
[profile.release]
lto = \"fat\"
debug = true
[workspace]
";

const POOLS: &str = "\
[package]
name = \"pools\"
version = \"0.1.0\"
edition = \"2024\"
[dependencies]
flume = \"0.11\"
kanal = \"0.1\"
r2d2 = \"0.8\"
rayon = \"1\"
[workspace]
";

/// A package that marks a race.
const MARKS: &str = concat!(
    "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2024'\n[workspace]\n[dependencies]\ninstrumented-sync.path = '",
    env!("CARGO_MANIFEST_DIR"),
    "/../instrumented-sync'\n"
);

const RACY: &str = include_str!("races/racy.rs.txt");
const UNPROTECTED: &str = include_str!("races/unprotected.rs.txt");

fn project() -> Project {
    Project::new(&[
        ("Cargo.toml", MANIFEST),
        ("src/shared.rs", include_str!("races/shared.rs.txt")),
        ("src/correct.rs", include_str!("races/correct.rs.txt")),
        ("src/racy.rs", RACY),
        ("src/unprotected.rs", UNPROTECTED),
        ("src/modified.rs", include_str!("races/modified.rs.txt")),
    ])
}

fn run(project: &Project, program: &std::path::Path, which: &str) -> Outcome {
    let mut command = project.command("exec --format json --");
    Outcome::of(command.arg(program).arg(which).output().unwrap())
}

/// The lines of the source that are marked so.
fn marked(name: &str) -> Vec<u64> {
    let lines = RACY.lines().zip(1..);
    lines.filter(|(line, _)| line.ends_with(&format!("// {name}"))).map(|(_, at)| at).collect()
}

/// Each race is found, at its places and nowhere else.
fn expect_race(project: &Project, program: &std::path::Path, name: &str) {
    let outcome = run(project, program, name);
    outcome.expect(1, &["\"data-race\""]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let marked = marked(name);
    assert!(!marked.is_empty(), "{name}");
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["rule"], "data-race", "{name}: {finding}");
        let sites = finding["sites"].as_array().unwrap().iter();
        let accesses = sites.filter(|site| site["role"] == "reads" || site["role"] == "writes");
        let lines: Vec<_> = accesses.map(|site| site["line"].as_u64().unwrap()).collect();
        assert_eq!(lines.len(), 2, "{name}: {finding}");
        assert!(lines.iter().all(|line| marked.contains(line)), "{name}: {lines:?}");
    }
}

#[test]
fn races_are_found_and_nothing_else() {
    let project = project();
    project.call("build --races").expect(0, &["built under"]);
    let correct = project.built("debug", "correct");
    for _ in 0..3 {
        run(&project, &correct, "").expect(0, &["\"findings\": []"]);
    }
    let racy = project.built("debug", "racy");
    let names = RACY.lines().filter_map(|line| line.strip_prefix("        (\"")?.split('"').next());
    let names: Vec<_> = names.collect();
    assert!(names.len() > 10, "{names:?}");
    names.iter().for_each(|name| expect_race(&project, &racy, name));
    expect_places(&project, "debug");
    expect_operations(&project);
    // The static has its name.
    run(&project, &racy, "static_counter").expect(1, &["data race on `racy::TOTAL`"]);
    // Both lines are shown, wherever in them debug information has the access.
    let told = Outcome::of(project.command("exec --").arg(&racy).arg("freed").output().unwrap());
    told.expect(1, &["(*other.0)[3] }); // freed\n", "Box::from_raw(block.0) }); // freed\n"]);
    // And where the memory came from.
    let told = Outcome::of(project.command("exec --").arg(&racy).arg("one_byte").output().unwrap());
    let line =
        RACY.lines().position(|line| line.contains("let bytes: Arc<[Shared<u8>; 8]>")).unwrap() + 1;
    let allocated = format!("that thread `main` allocated at src/racy.rs:{line}\n");
    told.expect(1, &["the memory lies at byte 21 of a block of 24 bytes ", &allocated]);
    // So are the locks that both threads held.
    let told =
        Outcome::of(project.command("exec --").arg(&racy).arg("two_locks").output().unwrap());
    assert!(told.stdout.matches(", taken here").count() >= 2, "{}", told.stdout);
    for (name, condition, code) in [
        ("static_counter", "memory = ['racy::TOT*']", 0),
        ("static_counter", "memory = ['racy::OTHER']", 1),
        ("mixed", "functions = ['racy::mixed']", 0),
        ("mixed", "functions = ['racy::mixe']", 1),
        ("freed", "crates = ['racy']", 0),
        ("freed", "crates = ['rac']", 1),
    ] {
        let allow = format!("[[allow]]\nreason = 'on purpose'\n{condition}\n");
        project.write("syncscope.toml", &allow);
        assert_eq!(run(&project, &racy, name).code, code, "{name}: {condition}");
    }
}

/// The readers of a seqlock race with its writer on purpose.
#[test]
fn races_that_are_marked_are_left_alone() {
    let seqlock = include_str!("races/seqlock.rs.txt");
    let project = Project::new(&[("Cargo.toml", MARKS), ("src/main.rs", seqlock)]);
    // The same versions as here, so that nothing is fetched.
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
    std::fs::copy(lock, project.path().join("Cargo.lock")).unwrap();
    for profile in ["", "--release"] {
        project
            .call(&format!("run --races {profile} -- marked"))
            .expect(0, &["ok: ", " 0 findings"]);
        project.call(&format!("run --races {profile} -- bare")).expect(1, &["error[data-race]"]);
        // Only the place itself is left out.
        project.call(&format!("run --races {profile} -- beside")).expect(1, &["error[data-race]"]);
    }
}

/// A block goes from thread to thread inside an allocator that is not seen.
#[cfg(target_arch = "x86_64")]
#[test]
fn the_programs_own_allocator_gives_memory_a_new_owner() {
    let manifest = "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2024'\n[workspace]\n";
    let source = include_str!("races/allocator.rs.txt");
    let project = Project::new(&[("Cargo.toml", manifest), ("src/main.rs", source)]);
    for (profile, folder) in [("", "debug"), ("--release", "release")] {
        project.call(&format!("build --races {profile}")).expect(0, &["built under"]);
        let app = project.built(folder, "app");
        for which in ["owners", "neighbours"] {
            run(&project, &app, which).expect(0, &["\"findings\": []"]);
        }
        run(&project, &app, "freed").expect(1, &["\"data-race\""]);
    }
}

/// What code orders by the C library's own locks, also inside of an allocator.
#[test]
fn locks_of_the_c_library_order() {
    let manifest = "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2024'\n[workspace]\n";
    let source = include_str!("races/c_library.rs.txt");
    let project = Project::new(&[("Cargo.toml", manifest), ("src/main.rs", source)]);
    for (profile, folder) in [("", "debug"), ("--release", "release")] {
        project.call(&format!("build --races {profile}")).expect(0, &["built under"]);
        let app = project.built(folder, "app");
        for which in ["lock", "readers", "condition", "barrier", "semaphore"] {
            run(&project, &app, which).expect(0, &["\"findings\": []", "\"lost\": 0"]);
        }
        run(&project, &app, "none").expect(1, &["\"data-race\""]);
    }
}

/// A race that happens all the time is in each part of it. The probability that none of fifteen parts has it is that of no such part at all.
#[test]
fn races_are_found_in_a_part_of_the_time() {
    let manifest = "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2024'\n[workspace]\n";
    let source = include_str!("races/sampled.rs.txt");
    let project = Project::new(&[("Cargo.toml", manifest), ("src/main.rs", source)]);
    let note = "note: accesses to memory were checked in 10 ms of each 200 ms";
    project.call("run --races=sampled -- correct").expect(0, &[note, " 0 findings"]);
    let told = project.call("run --races=sampled --format json -- racy");
    told.expect(1, &["\"data-race\"", &note[6..]]);
    project.call("run --races=some").expect(2, &["[possible values: all, sampled]"]);
}

/// What other crates wait with, which the swap leaves unrecorded.
#[test]
fn pools_of_other_crates_order() {
    let project =
        Project::new(&[("Cargo.toml", POOLS), ("src/main.rs", include_str!("races/pools.rs.txt"))]);
    project.call("run --races").expect(0, &["499500 40 90\n", " 0 findings"]);
}

/// A lock that is forgotten where others have kept the accesses apart, and nothing where memory is handed over.
fn expect_places(project: &Project, folder: &str) {
    let app = project.built(folder, "unprotected");
    let names = run(project, &app, "list").stderr;
    let (mut wrong, mut correct) = (0, 0);
    for (kind, name) in names.lines().filter_map(|line| line.split_once(' ')) {
        if kind == "wrong" {
            expect_unprotected(project, &app, name);
            wrong += 1;
        } else if kind == "correct" {
            run(project, &app, name).expect(0, &["\"findings\": []"]);
            correct += 1;
        }
    }
    assert!(wrong >= 10 && correct >= 20, "{wrong} {correct}");
}

/// One place is told, by the access that is marked and another one.
fn expect_unprotected(project: &Project, program: &std::path::Path, name: &str) {
    let outcome = run(project, program, name);
    outcome.expect(0, &["\"unprotected-access\""]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let mark = format!("// {name}");
    let marked = UNPROTECTED.lines().position(|line| line.ends_with(&mark)).unwrap() as u64 + 1;
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{name}: {}", outcome.stdout);
    let sites = findings[0]["sites"].as_array().unwrap().iter();
    let accesses = sites.filter(|site| site["role"] == "reads" || site["role"] == "writes");
    let lines: Vec<_> = accesses.map(|site| site["line"].as_u64().unwrap()).collect();
    assert!(lines.len() == 2 && lines.contains(&marked), "{name}: {lines:?}");
}

/// Each form in which an operation that reads and writes an atomic is compiled, with the ordering that it has.
fn expect_operations(project: &Project) {
    let app = project.built("debug", "modified");
    let names = run(project, &app, "list").stderr;
    let names: Vec<_> = names.lines().filter_map(|line| line.strip_prefix("form ")).collect();
    assert!(names.len() >= 29, "{names:?}");
    for (name, orderings) in names.iter().flat_map(|name| ORDERINGS.map(|both| (name, both))) {
        // How these order is not told, or not believed, see docs/races.md.
        let is_assumed = name.ends_with("max") || name.ends_with("min");
        let is_refused = *name == "compare_exchange_failed" && orderings[1] == "relaxed";
        let orders = is_assumed || is_refused || !orderings.contains(&"relaxed");
        let mut command = project.command("exec --format json --");
        let outcome = Outcome::of(command.arg(&app).arg(name).args(orderings).output().unwrap());
        let (code, told) = if orders { (0, "\"findings\": []") } else { (1, "\"data-race\"") };
        assert_eq!(outcome.code, code, "{name} {orderings:?}: {}", outcome.stdout);
        assert!(outcome.stdout.contains(told), "{name} {orderings:?}: {}", outcome.stdout);
    }
}

/// How one thread tells, and the other one learns.
const ORDERINGS: [[&str; 2]; 3] =
    [["release", "acquire"], ["relaxed", "acquire"], ["release", "relaxed"]];

#[test]
fn optimised_programs_are_checked_too() {
    let project = project();
    project.call("build --races --release").expect(0, &["built under"]);
    run(&project, &project.built("release", "correct"), "").expect(0, &["\"findings\": []"]);
    let racy = project.built("release", "racy");
    for name in ["static_counter", "relaxed_flag", "two_locks", "freed"] {
        run(&project, &racy, name).expect(1, &["\"data-race\""]);
    }
    expect_places(&project, "release");
}

/// One run tells both.
#[test]
fn a_race_and_a_deadlock() {
    let project = Project::program(
        "\
use std::sync::{Barrier, Mutex};
static mut COUNT: u64 = 0;
static A: Mutex<()> = Mutex::new(());
static B: Mutex<()> = Mutex::new(());
static BOTH: Barrier = Barrier::new(2);
fn take(first: &Mutex<()>, second: &Mutex<()>) {
    unsafe { COUNT += 1 };
    let _first = first.lock().unwrap();
    BOTH.wait();
    let _second = second.lock().unwrap();
}
fn main() {
    std::thread::scope(|scope| {
        scope.spawn(|| take(&A, &B));
        scope.spawn(|| take(&B, &A));
    });
}
",
    );
    let said = project.call("run --races");
    said.expect(1, &["error[deadlock]", "error[data-race]: data race on `app::COUNT`"]);
}

#[test]
fn what_cannot_be_checked_is_refused() {
    let project = Project::program("fn main() {}");
    project.call("run --races --no-swap").expect(2, &["cannot be used with"]);
}
