//! What the swap does not see, so that "no finding" can be read for what it is.

use super::overlay::{self, Sight};
use std::collections::BTreeSet;
use std::path::Path;
use toml::{Table, Value};

/// In every program.
pub const ALWAYS: [&str; 3] = [
    "locks inside std itself (those of the standard streams are seen)",
    "synchronisation made of atomics (the locks of the package spin are seen)",
    "code in other languages",
];

/// Packages that bring locks of their own, and what exactly is not seen.
const PACKAGES: [(&str, &str); 14] = [
    ("async-lock", "its locks, which suspend a task and block no thread"),
    ("crossbeam-channel", "who waits for its messages and for room"),
    ("crossbeam-utils", "its sharded locks (its parking, scopes and wait groups are seen)"),
    ("event-listener", "waits for its events by tasks"),
    ("flume", "who waits for its messages and for room"),
    ("futures-util", "its locks, which suspend a task and block no thread"),
    ("futures-locks", "its locks, which suspend a task and block no thread"),
    ("kanal", "who waits for its messages and for room"),
    ("lock_api", "locks that are built on it"),
    ("parking_lot", "its locks"),
    ("parking_lot_core", "locks made with it"),
    ("spin", "its locks, which spin"),
    ("tokio", "tokio::sync, whose locks suspend a task and block no thread"),
    ("usync", "its locks"),
];

/// How a program is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Built by the command, with all that it depends on.
    Swapped,
    /// By the drop-in in its own code: other crates are as they are.
    ByHand,
}

/// Packages of which most users use something else: a file or folder of the sources that are meant.
const PARTS: [(&str, &str); 2] =
    [("crossbeam-utils", "sharded_lock.rs"), ("futures-util", "src/lock")];

/// Packages on which seen locks are built. What is not seen of them matters where others use them.
const GROUND: [&str; 2] = ["lock_api", "parking_lot_core"];

/// The packages of a lock file.
#[derive(Debug)]
pub struct Packages<'a> {
    /// The project's target directory: there are the notes of what became of overlays.
    target: Option<&'a Path>,
    way: Way,
    table: Table,
}

impl<'a> Packages<'a> {
    /// Those of a lock file; `target` is the project's target directory.
    #[must_use]
    pub fn of_lock_file(text: &str, way: Way, target: Option<&'a Path>) -> Self {
        Self { target, way, table: text.parse().unwrap_or_default() }
    }

    /// One line for each that brings locks which are not seen.
    #[must_use]
    pub fn unseen(&self) -> Vec<String> {
        self.unseen_where(|_, _, _| true)
    }

    /// The same, of those of which `is_used` says so, by name and version, and by the part of the sources that is not seen, where it
    /// is a part.
    #[must_use]
    pub fn unseen_where(&self, is_used: impl Fn(&str, &str, Option<&str>) -> bool) -> Vec<String> {
        self.lines(|package, all| {
            let (name, version) = (package.name, package.version);
            let known = PACKAGES.iter().find(|(known, _)| *known == name);
            let part = PARTS.iter().find(|(known, _)| *known == name).map(|(_, part)| *part);
            let why = match self.sight(package) {
                Some(Sight { not_seen: None, .. }) => None,
                Some(Sight { sees, not_seen: Some(why), .. }) => Some(format!("{sees}: {why}")),
                None if GROUND.contains(&name) && self.is_below_seen(package, all) => None,
                None => known.map(|(_, what)| (*what).to_owned()),
            };
            let why = why.filter(|_| package.is_local || is_used(name, version, part))?;
            Some(format!("{name} {version}: {}", crate::escape::text(&why)))
        })
    }

    /// One line for each whose own locks are seen, although they are not std's.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        self.lines(|package, _| {
            let sight = self.sight(package).filter(|sight| sight.not_seen.is_none())?;
            let untried = if sight.is_tested { "" } else { " (not tried)" };
            Some(format!("{} {}{untried}: {}", package.name, package.version, sight.sees))
        })
    }

    /// How a package's own locks are seen, if they may be.
    fn sight(&self, package: &Package<'_>) -> Option<Sight> {
        let Package { name, version, .. } = *package;
        (self.way == Way::Swapped).then(|| overlay::sight(name, version, self.target))?
    }

    /// Whether all that depend on a package are seen themselves.
    fn is_below_seen(&self, package: &Package<'_>, all: &[Package<'_>]) -> bool {
        let mut above = all
            .iter()
            .filter(|one| one.dependencies.iter().any(|dependency| package.is_named(dependency)))
            .peekable();
        above.peek().is_some()
            && above.all(|one| {
                let is_seen = self.sight(one).is_some_and(|sight| sight.not_seen.is_none());
                is_seen
                    || GROUND.contains(&one.name)
                    || self.way == Way::ByHand && one.name == "parking_lot"
            })
    }

    /// What is to be said of each.
    fn lines(&self, line: impl Fn(&Package<'_>, &[Package<'_>]) -> Option<String>) -> Vec<String> {
        let packages: Vec<Package<'_>> = self
            .table
            .get("package")
            .and_then(|packages| packages.as_array())
            .into_iter()
            .flatten()
            .filter_map(Package::read)
            .collect();
        let own = below(&packages, RUNTIME);
        let of_others = packages.iter().enumerate().filter(|(index, _)| !own.contains(index));
        let mut lines: Vec<String> =
            of_others.filter_map(|(_, package)| line(package, &packages)).collect();
        lines.sort();
        lines
    }
}

/// The runtime, where a project has swapped in by hand. What it is made of is no lock of the program's.
const RUNTIME: &str = "instrumented-sync";

/// A package of a lock file.
#[derive(Debug)]
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    /// In a folder of the user's, which may be called anything.
    is_local: bool,
    dependencies: Vec<&'a str>,
}

impl<'a> Package<'a> {
    fn read(package: &'a Value) -> Option<Self> {
        let text = |key| package.get(key)?.as_str();
        let dependencies = package.get("dependencies").and_then(|all| all.as_array());
        Some(Self {
            name: text("name")?,
            version: text("version")?,
            is_local: package.get("source").is_none(),
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

    fn unseen(text: &str) -> Vec<String> {
        Packages::of_lock_file(text, Way::Swapped, None).unseen()
    }

    fn package(name: &str, version: &str, dependencies: &str) -> String {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [{dependencies}]\n"
        )
    }

    #[test]
    fn packages_of_a_lock_file() {
        let text = format!(
            "version = 4\n{}{}",
            package("spin", "0.5.2", ""),
            package("libc", "0.2.1", "")
        );
        assert_eq!(unseen(&text), ["spin 0.5.2: its locks, which spin"]);
        assert_eq!(
            unseen(&package("parking_lot", "0.10.2", "")),
            ["parking_lot 0.10.2: its locks"]
        );
        let text = package("parking_lot", "0.12.5", "");
        let all = Packages::of_lock_file(&text, Way::Swapped, None);
        assert!(all.unseen().is_empty());
        let what = "its locks, condition variables and one-time initialisations";
        assert_eq!(all.seen(), [format!("parking_lot 0.12.5: {what}")]);
        let text = package("parking_lot", "0.12.99", "");
        let seen = Packages::of_lock_file(&text, Way::Swapped, None).seen();
        assert_eq!(seen, [format!("parking_lot 0.12.99 (not tried): {what}")]);
        assert!(unseen("broken [").is_empty() && unseen("").is_empty());
    }

    #[test]
    fn what_the_runtime_is_made_of_is_its_own() {
        let text = [
            package("instrumented-sync", "0.1.0", "\"dashmap\""),
            package("dashmap", "6.2.1", "\"parking_lot_core 0.9.12\""),
            package("parking_lot_core", "0.9.12", ""),
            package("parking_lot_core", "0.8.0", ""),
        ];
        assert_eq!(unseen(&text.concat()), ["parking_lot_core 0.8.0: locks made with it"]);
    }

    #[test]
    fn the_ground_of_seen_locks_matters_to_others_only() {
        let seen = package("parking_lot", "0.12.5", "\"parking_lot_core\"");
        let ground = package("parking_lot_core", "0.9.12", "");
        assert!(unseen(&(seen.clone() + &ground)).is_empty());
        let other = package("own-locks", "1.0.0", "\"parking_lot_core\"");
        assert_eq!(
            unseen(&(seen + &ground + &other)),
            ["parking_lot_core 0.9.12: locks made with it"]
        );
    }

    #[test]
    fn an_overlay_that_did_not_fit_is_told() {
        let target = tempfile::tempdir().unwrap();
        let notes = target.path().join("syncscope/build/key/overlays/notes");
        std::fs::create_dir_all(&notes).unwrap();
        std::fs::write(notes.join("lock_api-0.4.14"), "its source is unknown").unwrap();
        let text = package("lock_api", "0.4.14", "");
        let all = Packages::of_lock_file(&text, Way::Swapped, Some(target.path()));
        assert_eq!(
            all.unseen(),
            ["lock_api 0.4.14: all locks that are built on it: its source is unknown"]
        );
        assert!(all.seen().is_empty());
    }

    #[test]
    fn by_hand_other_crates_are_as_they_are() {
        let text = package("parking_lot", "0.12.5", "\"parking_lot_core\"")
            + &package("parking_lot_core", "0.9.12", "");
        let all = Packages::of_lock_file(&text, Way::ByHand, None);
        assert_eq!(all.unseen(), ["parking_lot 0.12.5: its locks"]);
        assert!(all.seen().is_empty());
    }

    #[test]
    fn only_the_part_that_is_not_seen_counts() {
        let text = "[[package]]\nname = \"crossbeam-utils\"\nversion = \"0.8.20\"\nsource = \"registry\"\n";
        let with = |linked: bool| {
            Packages::of_lock_file(text, Way::ByHand, None).unseen_where(|name, version, part| {
                assert_eq!(
                    (name, version, part),
                    ("crossbeam-utils", "0.8.20", Some("sharded_lock.rs"))
                );
                linked
            })
        };
        assert_eq!((with(true).len(), with(false).len()), (1, 0));
    }
}
