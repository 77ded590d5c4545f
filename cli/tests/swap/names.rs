//! Locks are called as a reader of the source would call them, in all outputs alike.

use crate::support::{MANIFEST, Outcome, Project};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the two threads of each scenario take, by the name of the first.
const EXPECTED: [(&str, &str); 24] = [
    ("map", "two instances of `rooms`"),
    ("derived", "`prices` and `stock`"),
    ("boxed", "`left` and `right`"),
    ("resized", "two instances of `slots`"),
    ("mapped", "two instances of `cells`"),
    ("modules", "`cache::STATE` and `store::STATE`"),
    ("owners", "`FileSink::out` and `NetSink::out`"),
    ("generic", "`Guarded<String>::value` and `Guarded<u32>::value`"),
    ("parking", "`fuel` and `oil`"),
    ("statics", "`PLA` and `PLB`"),
    ("patterns", "`alpha` and `beta`"),
    ("lazy", "`CONF` and `LOGS`"),
    ("tuple", "`Ledger.0` and `Ledger.1`"),
    ("arrays", "`rows` and `seats`"),
    ("builder", "`queue` and `log`"),
    ("by_hand", "`peers` and `inbox`"),
    ("shorthand", "`parent` and `children`"),
    ("thread_local", "`GLOBAL` and `shared`"),
    ("helper", "`east` and `west`"),
    ("converted", "`ins` and `outs`"),
    ("nested", "two instances of `balance`"),
    ("fields", "`balance` and `history`"),
    ("collected", "`lanes` and `gates`"),
    ("parameters", "two instances of `accounts`"),
];

fn project() -> Project {
    let manifest =
        MANIFEST.replace("[workspace]", "[dependencies]\nparking_lot = '0.12'\n[workspace]");
    Project::new(&[
        ("Cargo.toml", &manifest),
        ("src/main.rs", include_str!("names/main.rs")),
        ("src/cache.rs", include_str!("names/cache.rs")),
        ("src/store.rs", include_str!("names/store.rs")),
    ])
}

/// The findings, by the first thread.
fn findings(outcome: &Outcome) -> BTreeMap<String, Value> {
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let by_thread = |finding: &Value| {
        let names = finding["threads"].as_array().unwrap().iter();
        let first = names.filter_map(|thread| thread["name"].as_str()).min().unwrap();
        (first.to_owned(), finding.clone())
    };
    report["findings"].as_array().unwrap().iter().map(by_thread).collect()
}

/// The names in backticks of a text.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn locks_have_the_names_of_the_source_whatever_is_known_of_lines() {
    let project = project();
    for debug in ["2", "'line-tables-only'", "0"] {
        let line =
            format!("run --format json --output dot=graph.dot --config profile.dev.debug={debug}");
        let outcome = project.call(&line);
        let found = findings(outcome.expect(1, &[]));
        let graph = std::fs::read_to_string(project.path().join("graph.dot")).unwrap();
        for (scenario, locks) in EXPECTED {
            let finding = found.get(scenario).unwrap_or_else(|| panic!("{scenario}: {found:?}"));
            let message = finding["message"].as_str().unwrap();
            let said = message.strip_prefix("lock order inversion between ").unwrap();
            // Where all instances were made, if it is one place.
            let said = said.split(" (").next().unwrap();
            assert_eq!(said, locks, "{scenario}, debug = {debug}");
            let help = finding["help"].as_str().unwrap();
            // For programs the order is that of the help.
            let order: Vec<_> = (finding["suggested_order"].as_array().unwrap().iter())
                .map(|name| name.as_str().unwrap())
                .collect();
            let is_one_class = locks.starts_with("two instances");
            assert_eq!(order, if is_one_class { vec![] } else { quoted(help) }, "{scenario}");
            for name in quoted(locks) {
                assert!(help.contains(&format!("`{name}`")), "{scenario}, debug = {debug}: {help}");
                assert!(graph.contains(&format!("label=\"{name}")), "{name}:\n{graph}");
            }
        }
        assert_eq!(found.len(), EXPECTED.len(), "{:?}", found.keys());
    }
    // No source but the project's is told to a reader.
    let text = project.call("run");
    text.lacks(&[
        "/rustc/",
        "rustlib",
        "parking_lot_0_12",
        "lock_api",
        "/sources/",
        "hook.rs",
        "instrumented-sync/",
    ]);
}

/// Variables of one name in one function are told apart by their lines, and the parts of a tuple by their numbers.
#[test]
fn what_a_function_calls_alike_has_lines_and_parts_of_tuples_have_numbers() {
    let project = Project::program(
        "\
use std::sync::{Arc, Condvar, Mutex, mpsc::channel};
fn channels() {
    let handle = {
        let (tx, rx) = channel::<u8>();
        let (there, inbox) = (tx, rx);
        let (tx, rx) = channel::<u8>();
        let echo = move || for value in inbox.iter().take(1) { tx.send(value).unwrap(); };
        // Its place is in core.
        let handle = Some(echo).map(std::thread::spawn).unwrap();
        there.send(rx.recv().unwrap()).unwrap();
        handle
    };
    handle.join().unwrap();
}
fn tuples() {
    let shared = Arc::new((Mutex::new(0), Condvar::new()));
    let other = shared.clone();
    let failed = std::thread::spawn(move || {
        let _results = other.0.lock().unwrap();
        panic!(\"no room\");
    });
    failed.join().unwrap_err();
    let (results, ready) = &*shared;
    drop(ready.wait(results.lock().unwrap_or_else(|poisoned| poisoned.into_inner())));
}
fn main() {
    if std::env::args().len() == 1 { channels() } else { tuples() }
}
",
    );
    let channels = project.call("run");
    channels.expect(1, &["2 threads wait over `tx (line 6)` and `tx (line 4)`, and none"]);
    channels.expect(1, &["`tx (line 4)` was never sent to", "`tx (line 6)` was never sent to"]);
    channels.expect(1, &["spawned at src/main.rs:9:"]);
    let tuples = project.call("run -- tuples");
    tuples.expect(1, &["waits for `shared.1`", "`shared.0`,"]);
}

#[test]
fn statics_of_one_name_in_two_crates_are_told_by_the_crate() {
    let manifest = "[workspace]\nmembers = ['alpha', 'sea-beta', 'app']\nresolver = '3'\n";
    let member = |name: &str, more: &str| {
        format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2024'\n{more}")
    };
    let of_app =
        "[dependencies]\nalpha = { path = '../alpha' }\nsea-beta = { path = '../sea-beta' }\n";
    let library = "static STATE: std::sync::Mutex<u8> = std::sync::Mutex::new(0);
        pub fn with(f: impl FnOnce()) { let _state = STATE.lock().unwrap(); f() }";
    let tests = "
        #[test] fn forth() { alpha::with(|| sea_beta::with(|| ())) }
        #[test] fn back() { sea_beta::with(|| alpha::with(|| ())) }";
    let in_module = "
        mod cache {
            static STATE: std::sync::Mutex<u8> = std::sync::Mutex::new(0);
            pub fn with(f: impl FnOnce()) { let _state = STATE.lock().unwrap(); f() }
        }
        #[test] fn forth() { alpha::with(|| cache::with(|| ())) }
        #[test] fn back() { cache::with(|| alpha::with(|| ())) }";
    let project = Project::new(&[
        ("Cargo.toml", manifest),
        ("alpha/Cargo.toml", &member("alpha", "")),
        ("alpha/src/lib.rs", library),
        ("sea-beta/Cargo.toml", &member("sea-beta", "")),
        ("sea-beta/src/lib.rs", library),
        ("app/Cargo.toml", &member("app", of_app)),
        ("app/src/lib.rs", ""),
        ("app/tests/orders.rs", tests),
        ("app/tests/module.rs", in_module),
    ]);
    // One after the other: at once they could truly deadlock.
    let outcome = project.call("test -q --test orders -- --test-threads=1");
    outcome.expect(1, &["between `alpha::STATE` and `sea_beta::STATE`\n"]);
    project.write("syncscope.toml", "[order]\nstate = ['alpha::STATE', 'sea_beta::STATE']\n");
    project.call("check").expect(1, &["`alpha::STATE` is taken while `sea_beta::STATE` is held"]);
    // At the top of a crate and in a module of another: neither is just `STATE`.
    let outcome = project.call("test -q --test module -- --test-threads=1");
    outcome.expect(1, &["between `alpha::STATE` and `cache::STATE`\n"]);
}

/// A lock that is made late has a name, and so has what makes it: it is the lock that is meant.
#[test]
fn a_declared_order_holds_for_locks_in_lazy_statics() {
    let project = Project::program(
        "\
use std::sync::{LazyLock, Mutex, OnceLock, RwLock};
static USERS: LazyLock<RwLock<Vec<u8>>> = LazyLock::new(RwLock::default);
static SESSIONS: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();
fn sessions() -> &'static Mutex<Vec<u8>> {
    SESSIONS.get_or_init(|| Mutex::new(Vec::new()))
}
fn main() {
    let login = || {
        let users = USERS.read().unwrap();
        sessions().lock().unwrap().extend(&*users);
    };
    let purge = || {
        let sessions = sessions().lock().unwrap();
        USERS.write().unwrap().extend(&*sessions);
    };
    match std::env::args().nth(1) {
        None => std::thread::spawn(login).join().unwrap(),
        Some(_) => std::thread::spawn(purge).join().unwrap(),
    }
}
",
    );
    project.call("run").expect(0, &[]);
    project.call("order --write").expect(0, &[]);
    let written = std::fs::read_to_string(project.path().join("syncscope.toml")).unwrap();
    assert!(written.contains("observed-1 = [\"USERS\", \"SESSIONS\"]\n"), "{written}");
    let outcome = project.call("run -- purge");
    outcome.expect(1, &["`USERS` is taken while `SESSIONS` is held"]);
    outcome.lacks(&["no lock", "unused"]);
}
