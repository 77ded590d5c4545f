//! Packs the sources of the runtime into one text: the four crates that a swapped program links, their workspace's
//! manifest and lock file.
//!
//! Each file is a line `=== <length> <path>`, its text, and a newline. Tests and what only they need stay out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The crates, from the root of the workspace.
pub(crate) const CRATES: [&str; 4] =
    ["detector", "instrumented-sync", "instrumented-sync/recording", "instrumented-sync/std"];

/// What a crate has beside its own sources: those of crates that the swap puts in the place of others, and what it does to the sources
/// of others.
pub(crate) const BESIDE: [&str; 2] = ["facades", "overlays"];

/// Features, and the packages that they bring, which the runtime is built without.
const OFF: [&str; 2] = ["subscriber", "tracing-subscriber"];

/// The archive of the workspace at `root`; the same for the same sources.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn pack(root: &Path) -> io::Result<String> {
    let mut archive = String::new();
    let mut add = |path: &str, text: &str| {
        archive.push_str(&format!("=== {} {path}\n{text}\n", text.len()));
    };
    add("Cargo.toml", &workspace_manifest(&fs::read_to_string(root.join("Cargo.toml"))?));
    add("Cargo.lock", &fs::read_to_string(root.join("Cargo.lock"))?);
    for name in CRATES {
        let folder = root.join(name);
        let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
        add(&format!("{name}/Cargo.toml"), &crate_manifest(&manifest));
        let mut files = sources(&folder.join("src"))?;
        for beside in BESIDE.map(|beside| folder.join(beside)) {
            if beside.is_dir() {
                files.extend(sources(&beside)?);
            }
        }
        for file in files {
            let inside = file.strip_prefix(root).map_err(io::Error::other)?;
            let inside: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
            add(&inside.join("/"), &fs::read_to_string(&file)?);
        }
    }
    Ok(archive)
}

/// All files below a folder, sorted.
fn sources(top: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![top.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
            list.push(entry.path());
        }
    }
    files.retain(|file| {
        file.extension().is_some_and(|ext| ext == "rs" || ext == "md" || ext == "toml")
    });
    files.sort();
    Ok(files)
}

/// The workspace's manifest, with the crates of the runtime as its only members and without profiles.
fn workspace_manifest(manifest: &str) -> String {
    let members: Vec<String> = CRATES.iter().map(|name| format!("{name:?}")).collect();
    let mut packed = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    packed.push_str(&sections(manifest, |name| name.starts_with("workspace.")));
    packed
}

/// A crate's manifest without what only its tests and benchmarks need, and without what is switched off in the runtime:
/// such a package does not come with the command, so cargo could not even ask for its versions without the network.
fn crate_manifest(manifest: &str) -> String {
    let manifest = sections(manifest, |name| {
        !name.contains("dev-dependencies") && !["test", "bench", "example"].contains(&name)
    });
    let is_on = |line: &&str| !OFF.iter().any(|name| line.starts_with(&format!("{name} =")));
    manifest.lines().filter(is_on).map(|line| format!("{line}\n")).collect()
}

/// The sections whose names (without brackets) are kept.
fn sections(manifest: &str, keep: impl Fn(&str) -> bool) -> String {
    let (mut kept, mut keeping) = (String::new(), false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            keeping = keep(line.trim_end().trim_matches(['[', ']']));
        }
        if keeping {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}
