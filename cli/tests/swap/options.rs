//! Each option of cargo's commands works, or is refused in cargo's own words.

use crate::support::{MANIFEST, Project, host};

const LIBRARY: &str = "\
/// ```
/// assert_eq!(*app::COUNT.lock().unwrap(), 0);
/// ```
pub static COUNT: std::sync::Mutex<u8> = std::sync::Mutex::new(0);
#[test]
fn counts() { *COUNT.lock().unwrap() += 1; }
";
const MAIN: &str = "fn main() {
    let count = *app::COUNT.lock().unwrap();
    println!(\"{count} {:?}\", std::env::args().skip(1).collect::<Vec<_>>());
}
";
const BENCH: &str = "fn main() { *app::COUNT.lock().unwrap() += 1; }\n";

fn project() -> Project {
    let manifest = format!(
        "{MANIFEST}[features]\nextra = []\n[[bench]]\nname = 'speed'\nharness = false\n\
         [profile.quick]\ninherits = 'dev'\n"
    );
    Project::new(&[
        ("Cargo.toml", &manifest),
        ("src/lib.rs", LIBRARY),
        ("src/main.rs", MAIN),
        ("tests/other.rs", "#[test]\nfn other() { *app::COUNT.lock().unwrap() += 1; }\n"),
        ("examples/shown.rs", MAIN),
        ("benches/speed.rs", BENCH),
    ])
}

/// What a line of options does.
#[derive(Clone, Copy)]
enum Then {
    /// Something is recorded.
    Works,
    /// Something is done, but no lock is used.
    Nothing,
    /// Refused; it says so.
    Refused(&'static str),
}
use Then::{Nothing, Refused, Works};

fn check(project: &Project, command: &str, lines: &[(&str, Then)]) {
    let wrong: Vec<String> =
        lines.iter().filter_map(|line| failure(project, command, *line)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn failure(project: &Project, command: &str, (line, then): (&str, Then)) -> Option<String> {
    let line = format!("{command} {}", line.replace("HOST", &host()));
    let outcome = project.call(&line);
    let said = format!("{line}\n{}\n{}", outcome.stdout, outcome.stderr);
    let (code, words) = match then {
        Works => (0, "ok: "),
        Nothing => (0, ""),
        Refused(words) => (5, words),
    };
    let unsaid = ["building without it", "that is a bug"];
    let is_right = outcome.code == code
        && said.contains(words)
        && !unsaid.iter().any(|words| said.contains(words));
    (!is_right).then(|| format!("{} instead of {code}: {said}", outcome.code))
}

/// Those of all commands that build; several at a time, since each line is a build and a run.
const BUILDING: [(&str, Then); 7] = [
    ("", Works),
    ("-v -j 1 --package app --features extra --ignore-rust-version", Works),
    ("--all-features --color never --offline --locked", Works),
    ("--no-default-features --frozen", Works),
    ("--release --target HOST", Works),
    ("--manifest-path Cargo.toml -F extra --config profile.dev.debug=1", Works),
    ("--nope", Refused("unexpected argument '--nope' found")),
];

#[test]
fn of_cargo_run() {
    let project = project();
    check(&project, "run", &BUILDING);
    check(
        &project,
        "run",
        &[
            ("--bin app --profile quick", Works),
            ("--example shown --message-format short --timings", Works),
            ("--bin app --example shown", Refused("")),
            ("-p other", Refused("package(s) `other` not found")),
        ],
    );
    let outcome = project.call("run -p app word --release -- --more");
    outcome.expect(0, &["0 [\"word\", \"--release\", \"--\", \"--more\"]", "ok: "]);
}

#[test]
fn of_cargo_test() {
    let project = project();
    check(&project, "test", &BUILDING);
    check(
        &project,
        "test",
        &[
            ("--no-run", Nothing),
            ("--no-fail-fast --future-incompat-report --workspace --exclude nobody", Works),
            ("--doc", Works),
            ("--doc --no-fail-fast --release", Works),
            ("--doc --no-run", Refused("can't skip running doc tests with --no-run")),
            ("--doc --lib", Refused("can't mix --doc with other target selecting options")),
            ("--bins", Nothing),
            ("--bin app --example shown", Nothing),
            ("--examples", Nothing),
            ("--tests", Works),
            ("--test other --profile quick", Works),
            ("--benches --message-format json", Works),
            ("--all-targets", Works),
            ("counts", Works),
            ("counts --lib", Works),
            ("counts other", Refused("unexpected argument 'other' found")),
            ("--test gone", Refused("no test target named `gone`")),
        ],
    );
}

#[test]
fn of_cargo_bench() {
    let project = project();
    check(
        &project,
        "bench",
        &[
            ("", Nothing),
            ("--bench speed", Works),
            ("--bench speed --no-fail-fast", Works),
            ("--bench speed --profile quick", Works),
            ("--no-run", Nothing),
            ("--bench gone", Refused("no bench target named `gone`")),
            ("--nope", Refused("unexpected argument '--nope' found")),
        ],
    );
}

#[test]
fn of_nextest() {
    let project = project();
    // Its other commands do not become filters of tests.
    project.call("nextest list").expect(2, &["runs no tests that could be recorded"]);
    if project.call("nextest run").stderr.contains("cargo-nextest is not installed") {
        return;
    }
    check(&project, "nextest run", &BUILDING[2..6]);
    check(
        &project,
        "nextest run",
        &[
            ("--no-run", Nothing),
            ("--no-fail-fast", Works),
            ("--nff --cargo-quiet", Works),
            ("--fail-fast", Works),
            ("--max-fail 2 --cargo-verbose", Works),
            ("--max-fail=1", Works),
            ("--fail-fast --no-fail-fast --lib", Works),
            ("--retries 1 --test-threads 1 --run-ignored all --partition hash:1/1", Works),
            ("--no-capture", Works),
            ("--cargo-profile quick --cargo-message-format short", Works),
            ("--no-tests pass nothing_like_it", Nothing),
            ("-E test(counts) --profile default", Works),
            ("--failure-output final --success-output final --status-level all", Works),
            ("--final-status-level all --show-progress none --no-input-handler", Works),
            ("--no-output-indent --max-progress-running 2", Works),
            ("--stress-count 2", Works),
            ("--max-fail 1 --fail-fast", Refused("cannot be used with")),
            ("--nope", Refused("unexpected argument '--nope' found")),
        ],
    );
}
