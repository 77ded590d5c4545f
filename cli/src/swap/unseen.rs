//! What the swap does not see, so that "no finding" can be read for what it is.

use super::facade::Facade;
use std::collections::BTreeSet;
use toml::{Table, Value};

/// In every program.
pub const ALWAYS: [&str; 3] = [
    "locks inside std itself (those of the standard streams are seen)",
    "spin locks and other synchronisation made of atomics",
    "code in other languages",
];

/// Packages that bring locks of their own, and what exactly is not seen.
const PACKAGES: [(&str, &str); 12] = [
    ("async-lock", "its locks, which suspend a task and block no thread"),
    ("crossbeam-channel", "waits for its messages and for room"),
    ("crossbeam-utils", "its locks (its parking, scopes and wait groups are seen)"),
    ("event-listener", "waits for its events by tasks"),
    ("flume", "waits for its messages by tasks"),
    ("futures-util", "its locks, which suspend a task and block no thread"),
    ("futures-locks", "its locks, which suspend a task and block no thread"),
    ("parking_lot", "its locks"),
    ("parking_lot_core", "locks made with it"),
    ("spin", "its locks, which spin"),
    ("tokio", "tokio::sync, whose locks suspend a task and block no thread"),
    ("usync", "its locks"),
];

/// One line for each package of a lock file that brings locks which are not seen.
#[must_use]
pub fn of_lock_file(text: &str) -> Vec<String> {
    of_lock_file_where(text, |_, _| true)
}

/// The same, of the packages of which `is_used` says so, by name and version.
#[must_use]
pub fn of_lock_file_where(text: &str, is_used: impl Fn(&str, &str) -> bool) -> Vec<String> {
    lines(text, |name, version| {
        let (_, what) = PACKAGES.iter().find(|(known, _)| *known == name)?;
        let is_unseen = !Facade::records(name, version) && is_used(name, version);
        is_unseen.then(|| format!("{name} {version}: {what}"))
    })
}

/// One line for each package of a lock file whose own locks are seen, although they are not std's.
#[must_use]
pub fn seen_of_lock_file(text: &str) -> Vec<String> {
    lines(text, |name, version| {
        Facade::records(name, version).then(|| format!("the locks of {name} {version}"))
    })
}

/// What is to be said of the packages of a lock file, by name and version.
fn lines(text: &str, line: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let Ok(table) = text.parse::<Table>() else { return Vec::new() };
    let packages: Vec<Package<'_>> = table
        .get("package")
        .and_then(|packages| packages.as_array())
        .into_iter()
        .flatten()
        .filter_map(Package::read)
        .collect();
    let own = below(&packages, RUNTIME);
    let of_others = packages.iter().enumerate().filter(|(index, _)| !own.contains(index));
    let mut lines: Vec<String> =
        of_others.filter_map(|(_, package)| line(package.name, package.version)).collect();
    lines.sort();
    lines
}

/// The runtime, where a project has swapped in by hand. What it is made of is no lock of the program's.
const RUNTIME: &str = "instrumented-sync";

/// A package of a lock file.
#[derive(Debug)]
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    dependencies: Vec<&'a str>,
}

impl<'a> Package<'a> {
    fn read(package: &'a Value) -> Option<Self> {
        let text = |key| package.get(key)?.as_str();
        let dependencies = package.get("dependencies").and_then(|all| all.as_array());
        Some(Self {
            name: text("name")?,
            version: text("version")?,
            dependencies: dependencies
                .into_iter()
                .flatten()
                .filter_map(|one| one.as_str())
                .collect(),
        })
    }

    /// Whether an entry among dependencies names this one: the name, and the version where the name alone is not enough.
    fn is_named(&self, dependency: &str) -> bool {
        let mut words = dependency.split(' ');
        words.next() == Some(self.name)
            && words.next().is_none_or(|version| version == self.version)
    }
}

/// Where the packages are that the one of this name depends on, directly or not.
fn below(packages: &[Package<'_>], name: &str) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Package<'_>> = packages.iter().filter(|one| one.name == name).collect();
    while let Some(package) = open.pop() {
        for dependency in &package.dependencies {
            for (index, other) in packages.iter().enumerate() {
                if other.is_named(dependency) && found.insert(index) {
                    open.push(other);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_a_lock_file() {
        let text = "version = 4\n[[package]]\nname = \"spin\"\nversion = \"0.9.8\"\n\
                    [[package]]\nname = \"libc\"\nversion = \"0.2.1\"\n";
        assert_eq!(of_lock_file(text), ["spin 0.9.8: its locks, which spin"]);
        let of_parking_lot = |version: &str| {
            of_lock_file(&format!("[[package]]\nname = \"parking_lot\"\nversion = \"{version}\"\n"))
        };
        assert_eq!(of_parking_lot("0.11.2"), ["parking_lot 0.11.2: its locks"]);
        assert!(of_parking_lot("0.12.5").is_empty());
        let text = "[[package]]\nname = \"parking_lot\"\nversion = \"0.12.5\"\n";
        assert_eq!(seen_of_lock_file(text), ["the locks of parking_lot 0.12.5"]);
        assert!(seen_of_lock_file(&text.replace("0.12.5", "0.11.2")).is_empty());
        let by_hand = "[[package]]\nname = \"instrumented-sync\"\nversion = \"0.1.0\"\n\
                       dependencies = [\"dashmap\"]\n\
                       [[package]]\nname = \"dashmap\"\nversion = \"6.2.1\"\n\
                       dependencies = [\"parking_lot_core 0.9.12\"]\n\
                       [[package]]\nname = \"parking_lot_core\"\nversion = \"0.9.12\"\n\
                       [[package]]\nname = \"parking_lot_core\"\nversion = \"0.8.0\"\n";
        assert_eq!(of_lock_file(by_hand), ["parking_lot_core 0.8.0: locks made with it"]);
        assert!(of_lock_file("broken [").is_empty() && of_lock_file("").is_empty());
    }
}
