//! std's own examples of `std::sync` and `std::thread` pass with this crate's paths.
//!
//! They are read from the toolchain's installed documentation: its source pages, which hold the hidden lines too.
//! All of them go to one run of `rustdoc --test`, so attributes such as `should_panic` and `compile_fail` count.
#![cfg(feature = "instrument")]

mod extract;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The pages below `src/std`.
const PAGES: &[&str] = &[
    "sync/barrier.rs",
    "sync/lazy_lock.rs",
    "sync/mod.rs",
    "sync/mpsc.rs",
    "sync/once.rs",
    "sync/once_lock.rs",
    "sync/poison.rs",
    "sync/poison/condvar.rs",
    "sync/poison/mutex.rs",
    "sync/poison/rwlock.rs",
    "thread/builder.rs",
    "thread/current.rs",
    "thread/functions.rs",
    "thread/id.rs",
    "thread/join_handle.rs",
    "thread/local.rs",
    "thread/mod.rs",
    "thread/scoped.rs",
    "thread/thread.rs",
];

/// Fewer than this, and the pages were not understood.
const AT_LEAST: usize = 120;

#[test]
fn examples_of_std_pass() {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]));
    let source = Path::new(sysroot.trim()).join("share/doc/rust/html/src/std");
    if !source.exists() {
        println!("notice: no examples, the toolchain's documentation is not installed");
        return;
    }
    let mut library = String::from("#![allow(unused)]\n");
    let mut count = 0;
    for page in PAGES {
        let html = fs::read_to_string(source.join(format!("{page}.html")))
            .unwrap_or_else(|error| panic!("{page}: {error}"));
        for (index, example) in extract::examples(&html).into_iter().enumerate() {
            if example.uses_unstable_features() {
                continue;
            }
            count += 1;
            let name: String = page.replace(['/', '.'], "_");
            for line in example.with_our_paths().lines() {
                writeln!(library, "/// {line}").expect("a string grows");
            }
            writeln!(library, "pub fn {name}_{index}() {{}}").expect("a string grows");
        }
    }
    assert!(count >= AT_LEAST, "only {count} examples found");

    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("examples.rs");
    fs::write(&file, library).expect("the examples are written");
    let rlib = build_this_crate();
    let run = Command::new("rustdoc")
        .args(["--test", "--edition", "2024", "--crate-name", "examples", "--extern"])
        .arg(format!("instrumented_sync={}", rlib.display()))
        .arg("-L")
        .arg(format!("dependency={}", rlib.with_file_name("").display()))
        .arg(&file)
        .output()
        .expect("rustdoc starts");
    let report = String::from_utf8_lossy(&run.stdout);
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{report}\n{errors}");
    println!("{count} examples of std pass");
}

/// Builds this crate as a library, with the features that the build of the whole workspace has given it: that may be there already. The file.
fn build_this_crate() -> PathBuf {
    let target =
        Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the target folder");
    let messages = output(
        Command::new(env!("CARGO"))
            .args([
                "build",
                "--workspace",
                "--lib",
                "--example",
                "pack",
                "--message-format",
                "json",
            ])
            .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")])
            .arg("--target-dir")
            .arg(target),
    );
    // Of the files that cargo names, the one whose name no build with other features overwrites.
    let metadata = messages
        .split('"')
        .filter(|text| text.contains("libinstrumented_sync-"))
        .find(|text| text.ends_with(".rmeta"))
        .expect("cargo names the library's metadata");
    Path::new(metadata).with_extension("rlib")
}

/// What a command that succeeds prints.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).expect("UTF-8")
}
