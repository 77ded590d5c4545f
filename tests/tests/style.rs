//! The style rules, checked over the whole tree. The rules and their own tests are in `src/style`.

use std::path::Path;
use std::sync::LazyLock;
use syncscope_tests::style::tree::{Text, sources, texts};
use syncscope_tests::style::{Source, Violation, rules};

static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(texts);
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(sources);

/// Files that a lock call passes through.
const HOT: [&str; 19] = [
    "instrumented-sync/src/rt/hook/lock.rs",
    "instrumented-sync/src/rt/life/enter.rs",
    "instrumented-sync/src/rt/machine/clock.rs",
    "instrumented-sync/src/rt/object/lock.rs",
    "instrumented-sync/src/rt/object/meta.rs",
    "instrumented-sync/src/rt/record/acquire.rs",
    "instrumented-sync/src/rt/record/extend.rs",
    "instrumented-sync/src/rt/record/hot.rs",
    "instrumented-sync/src/rt/thread/beat/mod.rs",
    "instrumented-sync/src/rt/thread/chain.rs",
    "instrumented-sync/src/rt/thread/emit.rs",
    "instrumented-sync/src/rt/thread/held.rs",
    "instrumented-sync/src/rt/thread/local.rs",
    "instrumented-sync/src/rt/thread/ring.rs",
    "instrumented-sync/src/rt/thread/site_cache.rs",
    "instrumented-sync/src/rt/thread/time.rs",
    "instrumented-sync/src/sync/mutex.rs",
    "instrumented-sync/src/sync/rwlock.rs",
    "instrumented-sync/src/sync/rwlock_guard.rs",
];

/// Roots of the crates without unsafe code.
const SAFE: [&str; 4] =
    ["cli/src/lib.rs", "cli/src/main.rs", "detector/src/lib.rs", "tests/src/lib.rs"];

fn source(path: &str) -> &'static Source {
    let found = SOURCES.iter().find(|source| source.path == Path::new(path));
    found.unwrap_or_else(|| panic!("{path} is gone"))
}

/// Fails with all lines that break a rule.
fn assert_none(violations: impl IntoIterator<Item = Violation>) {
    let lines: Vec<_> = violations.into_iter().map(|violation| format!("  {violation}")).collect();
    assert!(lines.is_empty(), "{} lines break the rule:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn the_hot_path_neither_allocates_nor_locks_nor_formats() {
    assert_none(SOURCES.iter().flat_map(rules::hot_path));
}

#[test]
fn the_files_of_the_hot_path_are_marked() {
    let bare = HOT.into_iter().filter(|path| !rules::marked(source(path)));
    assert_none(bare.map(|path| source(path).violation(0, format!("no `{}`", rules::MARKER))));
}

#[test]
fn unsafe_code_stays_in_its_rooms() {
    assert_none(SOURCES.iter().flat_map(rules::unsafe_outside_rooms));
    assert_none(SAFE.into_iter().filter_map(|path| rules::forbidden_in_crate(source(path))));
}

#[test]
fn unsafe_code_says_why_it_is_sound() {
    assert_none(SOURCES.iter().flat_map(rules::safety_comments));
}

#[test]
fn orderings_say_what_they_pair_with() {
    assert_none(SOURCES.iter().flat_map(rules::orderings));
}

#[test]
fn tables_of_bits_are_whole() {
    assert_none(SOURCES.iter().flat_map(rules::bit_tables));
}

#[test]
fn files_are_short() {
    assert_none(SOURCES.iter().filter_map(rules::length));
}

#[test]
fn every_test_runs() {
    assert_none(SOURCES.iter().flat_map(rules::ignored_tests));
}

#[test]
fn lints_are_expected_and_not_allowed() {
    assert_none(SOURCES.iter().flat_map(rules::allowed_lints));
}

#[test]
fn nothing_is_left_for_later() {
    assert_none(TEXTS.iter().flat_map(rules::unfinished));
}

#[test]
fn nothing_belongs_to_one_machine() {
    assert_none(TEXTS.iter().flat_map(rules::machine_paths));
    assert_none(TEXTS.iter().flat_map(rules::foreign_registries));
}
