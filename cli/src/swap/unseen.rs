//! What the swap does not see, so that "no finding" can be read for what it is.

use super::facade::Facade;
use toml::Table;

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
    lines(text, |name, version| {
        let (_, what) = PACKAGES.iter().find(|(known, _)| *known == name)?;
        (!Facade::records(name, version)).then(|| format!("{name} {version}: {what}"))
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
    let packages = table.get("package").and_then(|packages| packages.as_array());
    let mut lines: Vec<String> = packages
        .into_iter()
        .flatten()
        .filter_map(|package| {
            line(package.get("name")?.as_str()?, package.get("version")?.as_str()?)
        })
        .collect();
    lines.sort();
    lines
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
        assert!(of_lock_file("broken [").is_empty() && of_lock_file("").is_empty());
    }
}
