//! Nothing in the tree belongs to the machine of one developer.

use super::super::tree::Text;
use super::super::{Source, Violation};

/// Folders of people and of machines. In pieces, so that this file passes its own check.
const FOLDERS: [&str; 5] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers\\"),
];

/// The one registry.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Lines with an absolute path of somebody's machine.
#[must_use]
pub fn machine_paths(text: &Text) -> Vec<Violation> {
    let source = Source::new(&text.path, "");
    let lines = text.text.lines().enumerate();
    let found = lines.filter(|(_, line)| FOLDERS.iter().any(|folder| has_path(line, folder)));
    found.map(|(line, _)| source.violation(line, "a path of somebody's machine")).collect()
}

/// Sources of packages other than crates.io: in lock files, manifests and cargo's configuration.
#[must_use]
pub fn foreign_registries(text: &Text) -> Vec<Violation> {
    let source = Source::new(&text.path, "");
    let lines = text.text.lines().enumerate();
    let found = lines.filter(|(_, line)| match text.path.extension().and_then(|e| e.to_str()) {
        Some("lock") => {
            line.strip_prefix("source = ").is_some_and(|from| from.trim_matches('"') != REGISTRY)
        }
        Some("toml") => ["registry", "registry-index", "index", "replace-with", "git"]
            .iter()
            .any(|key| sets(line, key)),
        _ => false,
    });
    found
        .map(|(line, _)| source.violation(line, "a package from elsewhere than crates.io"))
        .collect()
}

/// Whether an absolute path starts here; `src/home/` and `https://host/home/` are none.
fn has_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|last| last.is_alphanumeric() || "._-/}$*".contains(last))
    })
}

/// Whether a line of TOML sets a key, in a table of its own or in braces.
fn sets(line: &str, key: &str) -> bool {
    let code = line.split('#').next().unwrap_or_default();
    code.split(['{', ',']).any(|part| {
        part.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, text: impl Into<String>) -> Text {
        Text { path: path.into(), text: text.into() }
    }

    #[test]
    fn paths_of_machines_are_found() {
        for folder in FOLDERS {
            assert_eq!(machine_paths(&text("a.md", format!("a\nin {folder}x\n"))).len(), 1);
            assert_eq!(machine_paths(&text("a.md", format!("in src{folder}x\n"))), []);
        }
    }

    #[test]
    fn other_registries_are_found() {
        let lock = format!("name = \"a\"\nsource = \"{REGISTRY}\"\n");
        assert_eq!(foreign_registries(&text("Cargo.lock", lock)), []);
        let other = "source = \"git+https://host/a\"\nsource = \"registry+https://host/index\"\n";
        assert_eq!(foreign_registries(&text("Cargo.lock", other)).len(), 2);
        let manifest = "a = { version = \"1\", registry = \"host\" }\nb = { git = \"x\" }\n";
        assert_eq!(foreign_registries(&text("Cargo.toml", manifest)).len(), 2);
        assert_eq!(foreign_registries(&text("Cargo.toml", "git2 = \"1\" # git = x\n")), []);
    }
}
