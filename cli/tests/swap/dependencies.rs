//! Deadlocks whose waits lie in a dependency: the line of the workspace's own code is told, too.

use crate::support::{Outcome, Project, line_of};
use serde_json::Value;

/// A crate as it comes from a registry.
const HELPER: &str = r#"
use std::collections::HashMap;
use std::sync::mpsc::{channel, Sender};
use std::sync::{Barrier, Condvar, Mutex, MutexGuard};
use std::thread;

#[derive(Default)]
pub struct Cache {
    map: Mutex<HashMap<String, u64>>,
}

impl Cache {
    pub fn lock(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.map.lock().unwrap()
    }
    pub fn with<R>(&self, f: impl FnOnce(&mut HashMap<String, u64>) -> R) -> R {
        f(&mut self.map.lock().unwrap())
    }
}

pub struct Actor(Sender<(u64, Sender<u64>)>);

impl Actor {
    pub fn start() -> Self {
        let (sender, receiver) = channel::<(u64, Sender<u64>)>();
        thread::spawn(move || {
            let mut kept = Vec::new();
            for (question, answer) in receiver {
                if question < 5 { answer.send(question).unwrap() } else { kept.push(answer) }
            }
        });
        Self(sender)
    }
    pub fn call(&self, question: u64) -> u64 {
        let (sender, receiver) = channel();
        self.0.send((question, sender)).unwrap();
        receiver.recv().unwrap()
    }
}

pub struct Pool {
    items: Mutex<Vec<u32>>,
    ready: Condvar,
}

impl Pool {
    pub fn new(size: u32) -> Self {
        Self { items: Mutex::new((0..size).collect()), ready: Condvar::new() }
    }
    pub fn get(&self) -> u32 {
        let mut items = self.items.lock().unwrap();
        while items.is_empty() {
            items = self.ready.wait(items).unwrap();
        }
        items.pop().unwrap()
    }
}

pub fn meet(barrier: &Barrier) {
    barrier.wait();
}

pub fn sleep() {
    thread::park();
}
"#;

/// The name of each program, its text, and what is called from the marked line.
const PROGRAMS: [(&str, &str, &str); 6] = [
    (
        // The same two places were nested before without harm, on two caches.
        "itself",
        "use helper::Cache;
         fn copy(from: &Cache, to: &Cache) {
             from.with(|map| {
                 *to.lock() = map.clone(); // here
             });
         }
         fn main() {
             let (a, b) = (Cache::default(), Cache::default());
             copy(&a, &b);
             copy(&a, &a);
         }",
        "self-deadlock",
    ),
    (
        "channel",
        "use helper::Actor;
         fn ask(actor: &Actor, question: u64) -> u64 {
             actor.call(question) // here
         }
         fn main() {
             let actor = Actor::start();
             println!(\"{}\", ask(&actor, 1) + ask(&actor, 7));
         }",
        "deadlock",
    ),
    (
        "pool",
        "use helper::Pool;
         fn main() {
             let pool = Pool::new(1);
             let one = pool.get();
             let other = pool.get(); // here
             println!(\"{}\", one + other);
         }",
        "deadlock",
    ),
    (
        "barrier",
        "use std::sync::Barrier;
         fn main() {
             let barrier = Barrier::new(2);
             helper::meet(&barrier); // here
         }",
        "deadlock",
    ),
    (
        "park",
        "fn rest() {
             helper::sleep(); // here
         }
         fn main() {
             rest();
         }",
        "deadlock",
    ),
    (
        "order",
        "use helper::Cache;
         use std::sync::Barrier;
         fn main() {
             let (a, b, both) = (Cache::default(), Cache::default(), Barrier::new(2));
             let cross = |one: &Cache, other: &Cache| {
                 one.with(|_| {
                     both.wait();
                     drop(other.lock()); // here
                 });
             };
             std::thread::scope(|scope| {
                 scope.spawn(|| cross(&a, &b));
                 scope.spawn(|| cross(&b, &a));
             });
         }",
        "deadlock",
    ),
];

#[test]
fn the_line_of_the_workspace_is_told_beside_that_of_a_dependency() {
    let manifest = |name: &str, more: &str| {
        format!(
            "[package]\nname = '{name}'\nversion = '1.0.0'\nedition = '2024'\n{more}[workspace]\n"
        )
    };
    let helper = "../registry/src/index-0123/helper-1.0.0";
    let dependency = format!("[dependencies]\nhelper.path = '{helper}'\n");
    let project = Project::new(&[
        ("Cargo.toml", &manifest("app", &dependency)),
        (&format!("{helper}/Cargo.toml"), &manifest("helper", "")),
        (&format!("{helper}/src/lib.rs"), HELPER),
    ]);
    for (name, text, _) in PROGRAMS {
        project.write(&format!("src/bin/{name}.rs"), text);
    }
    for (name, text, rule) in PROGRAMS {
        let file = format!("src/bin/{name}.rs");
        let line = 1 + text.lines().position(|line| line.ends_with("// here")).unwrap();
        let outcome = project.call(&format!("run --bin {name} --format json-v1"));
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| {
            panic!("{name}: {error}\n{}\n{}", outcome.stdout, outcome.stderr)
        });
        let finding = &report["findings"][0];
        assert_eq!(finding["rule"], rule, "{name}: {finding:#}");
        let sites = finding["sites"].as_array().unwrap();
        let waits = sites.iter().filter(|site| site["role"] == "wants");
        let called: Vec<_> = waits.filter_map(|site| site["caller"].as_object()).collect();
        let is_here = |caller: &&serde_json::Map<String, Value>| {
            caller["file"] == file.as_str() && caller["line"] == line
        };
        assert!(!called.is_empty() && called.iter().all(is_here), "{name}: {sites:#?}");
        // In the forms that point to one place, it is that of the workspace.
        let place = format!("{file}:{line}:");
        let short = project.call("check --format short");
        assert!(short.stdout.starts_with(&place), "{name}: {}", short.stdout);
        let github = project.call("check --format github");
        assert!(github.stdout.contains(&format!("file={file},line={line},")), "{}", github.stdout);
        // The source of the dependency is not one that is read: it is none of Cargo's own folders.
        project.call("check").expect(1, &[&format!("--> {file}:{line}:"), "called from here"]);
        let at = format!("called from {place}");
        project.call("report").expect(1, &[&at]);
    }
}

/// Of a package that gives guards away.
const GIVER: &str = "\
use std::sync::{Mutex, MutexGuard};
#[derive(Default)]
pub struct Registry { entries: Mutex<Vec<u32>>, log: Mutex<String> }
impl Registry {
    pub fn entries(&self) -> MutexGuard<'_, Vec<u32>> {
        self.entries.lock().unwrap()
    }
    pub fn log(&self) -> MutexGuard<'_, String> {
        self.log.lock().unwrap()
    }
}
";

const TAKER: &str = "\
use giver::Registry;
use std::sync::Barrier;
fn forth(registry: &Registry, both: &Barrier) {
    let entries = registry.entries(); // has the entries
    both.wait();
    registry.log().push_str(&entries.len().to_string()); // wants the log
}
fn back(registry: &Registry, both: &Barrier) {
    let log = registry.log(); // has the log
    both.wait();
    registry.entries().push(log.len() as u32); // wants the entries
}
fn main() {
    let (registry, both) = (Registry::default(), Barrier::new(2));
    std::thread::scope(|scope| {
        scope.spawn(|| forth(&registry, &both));
        scope.spawn(|| back(&registry, &both));
    });
}
";

/// The function that took the lock has returned: whoever keeps what it returned is told.
#[test]
fn guards_that_a_dependency_gives_away_are_told_where_they_are_kept() {
    for giver in ["../home/registry/src/index-0123/giver-1.0.0", "../beside/giver"] {
        let package = |name: &str| {
            format!("[package]\nname = '{name}'\nversion = '1.0.0'\nedition = '2024'\n")
        };
        let dependency = format!("[dependencies]\ngiver.path = '{giver}'\n");
        let project = Project::new(&[
            ("Cargo.toml", &(package("app") + &dependency)),
            ("src/main.rs", TAKER),
            (&format!("{giver}/Cargo.toml"), &package("giver")),
            (&format!("{giver}/src/lib.rs"), GIVER),
        ]);
        // Built by now, so nothing of the registry is needed where there is none.
        Project::program("fn main() {}").call("build").expect(0, &[]);
        let mut command = project.command("run");
        command.env("CARGO_HOME", project.outside().join("home"));
        let outcome = Outcome::of(command.output().unwrap());
        outcome.expect(1, &["error[deadlock]", "`entries`", "`log`"]);
        // The source of a package beside the workspace is read as that of the workspace is.
        outcome.expect(1, &["self.entries.lock().unwrap()"]);
        if giver.contains("registry") {
            for end in ["has the entries", "wants the log", "has the log", "wants the entries"] {
                let line = line_of(TAKER, end).replace("src/main.rs:", "");
                let shown = format!("{line} |");
                assert!(outcome.stdout.contains(&shown), "{end}: {}", outcome.stdout);
            }
            outcome.expect(1, &["(1) called from here"]);
        }
    }
}

#[test]
fn a_wait_that_std_asks_for_is_told_where_the_program_called_std() {
    let text = "\
use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};
fn join_all(workers: Vec<JoinHandle<u32>>) -> u32 {
    workers.into_iter().map(JoinHandle::join).map(Result::unwrap).sum() // here
}
fn main() {
    let (sender, receiver) = channel::<u32>();
    let worker = thread::spawn(move || receiver.recv().unwrap_or(0));
    println!(\"{}\", join_all(vec![worker]));
    drop(sender);
}
";
    let project = Project::program(text);
    let outcome = project.call("run --format json-v1");
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let sites = report["findings"][0]["sites"].as_array().unwrap();
    let place = |site: &Value| (site["file"].clone(), site["line"].clone());
    let joins = sites.iter().find(|site| site["call"] == "join").map(place);
    assert_eq!(joins, Some(("src/main.rs".into(), 4.into())), "{sites:#?}");
    project.call("check").expect(1, &["-> src/main.rs:4:"]).lacks(&["/rustc/"]);
}
