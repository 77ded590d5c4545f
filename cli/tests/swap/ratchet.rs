//! The ratchet on a real project: built, run and recorded each time.

use crate::support::{MANIFEST, Outcome, Project};
use std::fs;

const FILE: &str = "syncscope-baseline.json";

/// A module with an inversion of its own, below so many lines.
fn module(n: usize, above: usize) -> String {
    format!(
        "{}use std::sync::Mutex;\nstatic LEFT_{n}: Mutex<u8> = Mutex::new(0);\nstatic RIGHT_{n}: Mutex<u8> = Mutex::new(0);\n\
         pub fn forth() {{\n    let left = LEFT_{n}.lock().unwrap();\n    drop(RIGHT_{n}.lock().unwrap());\n    drop(left);\n}}\n\
         pub fn back() {{\n    let right = RIGHT_{n}.lock().unwrap();\n    drop(LEFT_{n}.lock().unwrap());\n    drop(right);\n}}\n",
        "// A remark.\n".repeat(above)
    )
}

/// A program that goes through all of them, first forth and then back, in two threads that nothing orders for the detector.
fn program(modules: &[(usize, &str)]) -> String {
    let mut text = String::new();
    for (n, path) in modules {
        text.push_str(&format!("#[path = \"{path}\"]\nmod m{n};\n"));
    }
    let calls =
        |what: &str| modules.iter().map(|(n, _)| format!("m{n}::{what}(); ")).collect::<String>();
    text.push_str(&format!(
        "use std::sync::atomic::{{AtomicBool, Ordering::SeqCst}};\nfn main() {{\n    let gate = AtomicBool::new(false);\n    \
         std::thread::scope(|scope| {{\n        scope.spawn(|| {{ {}gate.store(true, SeqCst); }});\n        scope.spawn(|| {{\n            \
         while !gate.load(SeqCst) {{ std::thread::yield_now(); }}\n            {}\n        }});\n    }});\n}}\n",
        calls("forth"),
        calls("back"),
    ));
    text
}

/// A project with `count` inversions, moved down and into other files as said, in a folder of this name.
fn project(folder: &str, count: usize, above: usize, place: fn(usize) -> String) -> Project {
    let paths: Vec<String> = (0..count).map(place).collect();
    let modules: Vec<(usize, &str)> =
        paths.iter().enumerate().map(|(n, path)| (n, path.as_str())).collect();
    let project =
        Project::called(folder, &[("Cargo.toml", MANIFEST), ("src/main.rs", &program(&modules))]);
    for (n, path) in modules {
        project.write(&format!("src/{path}"), &module(n, above));
    }
    project
}

fn flat(n: usize) -> String {
    format!("m{n}.rs")
}

fn deep(n: usize) -> String {
    format!("banking/part_{}/m{n}_renamed.rs", n % 3)
}

/// Runs it with the baseline of another project; the findings that count, those that are accepted, the exit code.
fn run(project: &Project, baseline: &str) -> (usize, usize, Outcome) {
    project.write(FILE, baseline);
    let outcome = project.call(&format!("run --baseline {FILE} --format json"));
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let count = |key: &str| report[key].as_array().unwrap().len();
    assert_eq!(report["summary"]["unseen"], 0, "{report:#}");
    (count("findings"), count("suppressed"), outcome)
}

#[test]
fn twelve_stay_accepted_wherever_they_go_and_the_thirteenth_is_the_one_finding() {
    let old = project("app", 12, 0, flat);
    old.call("run").expect(1, &["12 findings (12 deny)"]);
    let args = "baseline write --reason measured-first --owner storage";
    old.call(args).expect(0, &["12 accepted", "12 new"]);
    let baseline = fs::read_to_string(old.path().join(FILE)).unwrap();
    old.call(&format!("check --baseline {FILE}")).expect(0, &["0 findings (12 accepted)"]);

    for (folder, above, place) in [
        ("app", 100, flat as fn(usize) -> String),
        ("another folder", 0, flat),
        ("moved", 0, deep),
        ("all_of_it", 103, deep),
    ] {
        let (findings, accepted, outcome) = run(&project(folder, 12, above, place), &baseline);
        assert_eq!((findings, accepted, outcome.code), (0, 12, 0), "{folder}");
    }
    for (above, place) in [(0, flat as fn(usize) -> String), (100, deep)] {
        let new = project("new", 13, above, place);
        let (findings, accepted, outcome) = run(&new, &baseline);
        assert_eq!((findings, accepted, outcome.code), (1, 12, 1));
        let shown = new.call(&format!("check --baseline {FILE}"));
        shown.expect(1, &["between `LEFT_12` and `RIGHT_12`", "1 finding (1 deny, 12 accepted)"]);
        assert_eq!(shown.stdout.matches("error[").count(), 1, "{}", shown.stdout);
    }
}
