//! Which packages may depend on which, as `ARCHITECTURE.md` says, and which do.

use std::collections::{BTreeMap, BTreeSet};

/// What the page says of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// The folder of its manifest.
    pub folder: String,
    /// Packages that its code may name.
    pub code: BTreeSet<String>,
    /// Packages that its manifest may name, too: those in parentheses.
    pub manifest: BTreeSet<String>,
}

/// What the table of rooms says, by package. A row without a package is about the one above it.
#[must_use]
pub fn allowed(page: &str) -> BTreeMap<String, Allowed> {
    let rows: Vec<Vec<&str>> = (page.lines())
        .skip_while(|line| !line.starts_with("| folder | package |"))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let mut folders = BTreeMap::new();
    let mut package = "";
    let mut all: BTreeMap<String, Allowed> = BTreeMap::new();
    for row in &rows {
        let Some(folder) = ticked(row[0]).next() else { continue };
        if let Some(own) = ticked(row[1]).next() {
            package = own;
            let folder = folder.split("/src").next().unwrap_or(folder).to_owned();
            folders.insert(package, folder.clone());
            all.insert(package.to_owned(), Allowed { folder, ..Allowed::default() });
        }
    }
    let all_folders = folders;
    for row in &rows {
        package = ticked(row[1]).next().unwrap_or(package);
        let Some(own) = all.get_mut(package) else { continue };
        let (code, manifest) = parted(row.last().unwrap_or(&""));
        for (text, to) in [(code, &mut own.code), (manifest, &mut own.manifest)] {
            to.extend(named(&text, &all_folders));
        }
        own.code.remove(package);
    }
    all
}

/// The packages of ours that a manifest names, but for tests.
#[must_use]
pub fn dependencies(manifest: &str, ours: &BTreeSet<String>) -> BTreeSet<String> {
    let mut is_table = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            is_table = table == "dependencies" || table.ends_with(".dependencies");
        } else if is_table {
            let name = line.split([' ', '=', '.']).next().unwrap_or_default();
            found.extend(ours.get(name).cloned());
        }
    }
    found
}

/// A cell without its parentheses, and what stands in them.
fn parted(cell: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    for (index, part) in cell.split(['(', ')']).enumerate() {
        if index % 2 == 0 { &mut outside } else { &mut inside }.push_str(part);
    }
    (outside, inside)
}

/// The packages that a text names, by themselves or by their folders; `all` names all.
fn named(text: &str, folders: &BTreeMap<&str, String>) -> Vec<String> {
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || "-/".contains(c))).collect();
    let is_named = |package: &str, folder: &str| {
        let short = folder.rsplit('/').next().unwrap_or(folder);
        words.iter().any(|word| *word == package || *word == short || *word == "all")
    };
    let named = folders.iter().filter(|(package, folder)| is_named(package, folder));
    named.map(|(package, _)| (*package).to_owned()).collect()
}

/// What stands in backticks.
fn ticked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "text\n\n| folder | package | what | may depend on |\n| --- | --- | --- | --- |\n\
        | `low/src/a`, `low/src/b` | `low` | x | nothing |\n| `low/src/c` | | x | middle |\n\
        | `in/middle` | `the-middle` | x | nothing |\n| `high` | `high` | x | low (of which `middle` is not linked) |\n";

    #[test]
    fn the_page_is_read() {
        let all = allowed(PAGE);
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(all["low"].folder, "low");
        assert_eq!(all["low"].code, set(&["the-middle"]));
        assert_eq!(
            all["the-middle"],
            Allowed { folder: "in/middle".to_owned(), ..Allowed::default() }
        );
        assert_eq!(
            (&all["high"].code, &all["high"].manifest),
            (&set(&["low"]), &set(&["the-middle"]))
        );
    }

    #[test]
    fn manifests_are_read() {
        let manifest = "[package]\nc = 1\n[dependencies]\na = \"1\"\nb.workspace = true\nx = 1\n\
            [target.'cfg(unix)'.dependencies]\nc = { a = 1 }\n[dev-dependencies]\nd = 1\n";
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(dependencies(manifest, &set(&["a", "b", "c", "d"])), set(&["a", "b", "c"]));
    }
}
