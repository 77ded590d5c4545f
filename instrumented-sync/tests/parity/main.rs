//! The crate offers what the standard library offers, name by name and signature by signature.
//!
//! `std-sync-api.tsv` lists the stable items of `std::sync` and `std::thread`, one a line: kind, path, since, const
//! since, flags, signature. The same list is made of this crate's own documentation, and the two are compared.
//! `exceptions.tsv` names each item that is not covered, with the reason; an exception that is not needed fails too.
#![cfg(feature = "instrument")]

mod compare;
mod extract;
mod html;
mod signature;

use extract::{Item, Source};
use std::path::{Path, PathBuf};
use std::process::Command;

const STD_API: &str = include_str!("std-sync-api.tsv");
const EXCEPTIONS: &str = include_str!("exceptions.tsv");
/// The release that `std-sync-api.tsv` was made of.
const STD_RELEASE: &str = "rustc 1.95.";

#[test]
fn everything_of_std_is_there() {
    // A folder of its own, so that features of other builds do not show.
    let root = document_this_crate(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity"));
    let ours = Source { root: &root, crate_name: "instrumented_sync" }.stable_items(&[""]);
    let difference = compare::missing_or_different(&parse(STD_API), &ours);

    let mut problems = Vec::new();
    let exceptions: Vec<_> = EXCEPTIONS.lines().filter(|line| !line.starts_with('#')).collect();
    let mut used = vec![false; exceptions.len()];
    for item in &difference {
        let listed = exceptions.iter().position(|line| {
            let mut columns = line.split('\t');
            columns.next() == Some(&item.kind)
                && columns.next() == Some(&item.path)
                && columns.next() == Some(&item.signature)
                && columns.next().is_some_and(|reason| !reason.is_empty())
        });
        match listed {
            Some(index) => used[index] = true,
            None => problems.push(format!("not covered: {item:?}")),
        }
    }
    for (line, used) in exceptions.iter().zip(used) {
        if !used {
            problems.push(format!("exception without need: {line}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The list and the extraction both hold against what the toolchain documents.
#[test]
fn the_list_is_what_this_toolchain_documents() {
    let release = output(Command::new("rustc").arg("--version"));
    if !release.starts_with(STD_RELEASE) {
        println!("notice: not compared, the list is of {STD_RELEASE}x and this is {release}");
        return;
    }
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]));
    let root = Path::new(sysroot.trim()).join("share/doc/rust/html");
    if !root.join("std/sync/index.html").exists() {
        println!("notice: not compared, the toolchain's documentation is not installed");
        return;
    }
    let source = Source { root: &root, crate_name: "std" };
    let mut documented = source.stable_items(&["sync", "thread"]);
    documented.extend(source.page("macro.thread_local.html"));
    let lines = |items: Vec<Item>| {
        let mut lines: Vec<String> = items.iter().map(Item::line).collect();
        lines.sort();
        lines
    };
    let (listed, documented) = (lines(parse(STD_API)), lines(documented));
    let only = |a: &[String], b: &[String]| {
        a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&listed, &documented), [""; 0], "listed, but not documented");
    assert_eq!(only(&documented, &listed), [""; 0], "documented, but not listed");
}

/// Runs rustdoc on this crate, instrumented; the root of what it wrote.
fn document_this_crate(target: &Path) -> PathBuf {
    output(
        Command::new(env!("CARGO"))
            .args(["doc", "--no-deps", "--lib", "--features", "instrument", "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .arg("--target-dir")
            .arg(target)
            // What the outer run decided about warnings is no matter of this list.
            .env_remove("RUSTDOCFLAGS"),
    );
    target.join("doc")
}

/// What a command that succeeds prints.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn parse(list: &str) -> Vec<Item> {
    list.lines().map(Item::parse).collect()
}
