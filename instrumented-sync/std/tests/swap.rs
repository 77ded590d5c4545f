//! Programs that are not edited run against the drop-in, both ways that the crate's documentation names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MANIFEST_DIR: &str = env!("CARGO_MANIFEST_DIR");

/// A program, an edition it is written for, and what it prints, but for the names of types.
struct Case {
    name: &'static str,
    edition: &'static str,
    source: &'static str,
    output: &'static str,
}

const MODERN: &str = include_str!("programs/modern.rs");
const MODERN_OUTPUT: &str = "3 3 Some(\"main\") 1\nSome(Entry { key: \"w0\", values: [0, 0] }) 3\n";
const OLD: &str = include_str!("programs/old.rs");
const OLD_OUTPUT: &str = "5 [0, 1, 2, 3, 4]\n1\n";

const CASES: [Case; 3] = [
    Case { name: "edition-2015", edition: "2015", source: OLD, output: OLD_OUTPUT },
    Case { name: "edition-2021", edition: "2021", source: MODERN, output: MODERN_OUTPUT },
    Case { name: "edition-2024", edition: "2024", source: MODERN, output: MODERN_OUTPUT },
];

#[test]
fn one_line_in_the_manifest() {
    let package = tempfile::tempdir().expect("a temporary directory");
    let mut manifest = format!(
        "[package]\nname = \"unedited\"\nversion = \"0.0.0\"\nedition = \"2015\"\n\n[workspace]\n\n\
         [dependencies]\nstd = {{ package = \"instrumented-std\", path = {MANIFEST_DIR:?} }}\n"
    );
    for Case { name, edition, source, .. } in CASES {
        let file = format!("{name}.rs");
        fs::write(package.path().join(&file), source).expect("the source is written");
        manifest +=
            &format!("\n[[bin]]\nname = {name:?}\npath = {file:?}\nedition = {edition:?}\n");
    }
    fs::write(package.path().join("Cargo.toml"), manifest).expect("the manifest is written");
    // The same versions as here, so that nothing is fetched.
    let lock = Path::new(MANIFEST_DIR).join("../../Cargo.lock");
    fs::copy(lock, package.path().join("Cargo.lock")).expect("the lock file is copied");
    let manifest = package.path().join("Cargo.toml");
    // As a user's package builds it, without the profile of this workspace; so do the command's tests of such packages.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("by-hand");
    output(cargo("build", &target).arg("--bins").arg("--manifest-path").arg(manifest));
    for case in CASES {
        check(&case, &target.join("debug").join(case.name));
    }
}

#[test]
fn an_argument_of_rustc() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let rlib = build_shadow();
    for case in CASES {
        let file = folder.path().join(format!("{}.rs", case.name));
        fs::write(&file, case.source).expect("the source is written");
        let program = folder.path().join(case.name);
        output(
            Command::new("rustc")
                .args(["--edition", case.edition, "--crate-name", "unedited", "-o"])
                .arg(&program)
                .arg("--extern")
                .arg(format!("std={}", rlib.display()))
                .arg("-L")
                .arg(format!("dependency={}", rlib.with_file_name("").display()))
                .arg(&file),
        );
        check(&case, &program);
    }
}

/// Runs a program: it prints what it should, and its types are the drop-in's.
fn check(case: &Case, program: &Path) {
    let printed = output(&mut Command::new(program));
    let types = printed.strip_prefix(case.output).unwrap_or_else(|| panic!("{printed}"));
    assert!(types.contains("Mutex<u8>"), "{printed}");
    for name in types.lines() {
        assert!(name.starts_with("instrumented_sync::"), "{name}");
    }
}

/// Builds the shadow as a library, with the features that the build of the whole workspace has given it: that may be there already. The file.
fn build_shadow() -> PathBuf {
    let messages = output(
        cargo("build", outer_target())
            .args(["--workspace", "--lib", "--example", "pack", "--message-format", "json"])
            .arg("--manifest-path")
            .arg(Path::new(MANIFEST_DIR).join("../../Cargo.toml")),
    );
    let metadata = messages
        .split('"')
        .filter(|text| text.contains("libinstrumented_std-"))
        .find(|text| text.ends_with(".rmeta"))
        .expect("cargo names the library's metadata");
    Path::new(metadata).with_extension("rlib")
}

/// A command of cargo that builds in a folder.
fn cargo(command: &str, target: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.arg(command).arg("--target-dir").arg(target);
    cargo
}

/// Where the outer build has built this crate.
fn outer_target() -> &'static Path {
    let inside = Path::new(env!("CARGO_TARGET_TMPDIR"));
    inside.parent().expect("it is in the target folder")
}

/// What a command that succeeds prints.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).expect("UTF-8")
}
