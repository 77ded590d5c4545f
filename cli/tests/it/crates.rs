//! The page of the crates whose sources are edited says what the edits say. `SYNCSCOPE_BLESS=1` writes it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What goes before the table.
const HEAD: &str = "\
# Crates whose locks are seen

When the command builds a project, it compiles the sources of these crates with a few edits, so that they tell what they do. `cargo syncscope doctor`
says which of them a project uses, and whether the edits fit. A version that is not listed is tried, too: where an edit does not fit, or the
result does not compile, the crate is compiled as it is, and reports say that it is not seen. The edits fit all releases since December 2024
that were not withdrawn, but for `spin` 0.7.2 and 0.8.1. Those of `tokio` and
`futures-util` that are not listed were not compiled.

This page is written from the edits (`instrumented-sync/std/overlays`), by `SYNCSCOPE_BLESS=1 cargo test -p cargo-syncscope --test it crates`.

| crate | versions | what is seen | compiled with |
| --- | --- | --- | --- |
";

/// An overlay, as far as the page tells of it.
struct Overlay {
    package: String,
    /// What versions begin with.
    version: String,
    sees: String,
    tested: Vec<String>,
}

fn overlays() -> Vec<Overlay> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../instrumented-sync/std/overlays");
    let mut files: Vec<PathBuf> = Vec::new();
    for package in std::fs::read_dir(root).unwrap() {
        let entries = std::fs::read_dir(package.unwrap().path()).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    let read = |file: &PathBuf| -> toml::Table {
        std::fs::read_to_string(file).unwrap().parse().unwrap_or_else(|e| panic!("{file:?}: {e}"))
    };
    let tables: BTreeMap<_, _> = files.iter().map(|file| (file.clone(), read(file))).collect();
    let overlays = tables.iter().map(|(file, table)| {
        let text = |table: &toml::Table, key: &str| {
            table.get(key).and_then(|value| value.as_str()).map(str::to_owned)
        };
        let like = text(table, "like").map(|like| &tables[&file.with_file_name(like)]);
        let sees = text(table, "sees").or_else(|| like.and_then(|like| text(like, "sees")));
        let tested = table.get("tested").and_then(|tested| tested.as_array());
        let tested = tested.into_iter().flatten().map(|one| one.as_str().unwrap().to_owned());
        Overlay {
            package: file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned(),
            version: file.file_stem().unwrap().to_str().unwrap().to_owned(),
            sees: sees.unwrap_or_else(|| panic!("{file:?} says what is seen")),
            tested: tested.collect(),
        }
    });
    let mut overlays: Vec<_> = overlays.collect();
    overlays.sort_by_key(|one| (one.package.clone(), numbers(&one.version)));
    overlays
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|number| number.parse().unwrap_or(0)).collect()
}

#[test]
fn the_page_of_crates_has_all_overlays() {
    let overlays = overlays();
    assert!(overlays.len() > 15, "they are not where they were");
    let mut page = HEAD.to_owned();
    for Overlay { package, version, sees, tested } in &overlays {
        for one in tested {
            let fits = one.strip_prefix(version.as_str()).is_some_and(|rest| rest.starts_with('.'));
            assert!(fits, "{package} {one} is no version {version}");
        }
        let tested = tested.join(", ");
        writeln!(page, "| `{package}` | {version} | {sees} | {tested} |").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/crates.md");
    if std::env::var_os("SYNCSCOPE_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    } else {
        let now = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(now, page, "docs/crates.md; SYNCSCOPE_BLESS=1 writes it");
    }
}
