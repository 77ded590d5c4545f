//! Projects that do not compile, and places that are none.

use crate::support::{MANIFEST, Outcome, Project};

#[test]
fn a_project_that_does_not_compile() {
    // An error that the swap may have caused: what is shown is the plain build's, which knows nothing of ours.
    let project = Project::program("fn main() { let m: std::sync::Mutex<u8> = 1; }");
    let doubtful = "building without it";
    for line in ["run", "build", "test"] {
        let outcome = project.call(line);
        outcome.expect(5, &["error[E0308]", "could not compile `app`", doubtful]);
        outcome.lacks(&["instrumented_sync", "bug"]);
    }
    // All others are told at once.
    let project = Project::program("fn main() { missing(); }");
    for line in ["run", "build", "test"] {
        let outcome = project.call(line);
        outcome.expect(5, &["error[E0425]", "could not compile `app`"]);
        outcome.lacks(&["instrumented_sync", "bug", "features", doubtful]);
        assert_eq!(outcome.stderr.matches("error[E0425]").count(), 1, "{}", outcome.stderr);
    }
}

#[test]
fn arguments_that_cargo_refuses() {
    let project = Project::program("fn main() {}");
    let outcome = project.call("run --bin other");
    outcome.expect(5, &["no bin target named `other`"]).lacks(&["bug", "building without it"]);
}

/// Nothing that a program may rely on, but something it can see.
#[test]
fn what_only_compiles_without_us_is_our_bug() {
    let main = "const _: () = assert!(size_of::<std::sync::Mutex<u64>>() == 16);\nfn main() {}\n";
    let outcome = Project::program(main).call("run");
    outcome.expect(101, &["evaluation panicked", "that is a bug of cargo-syncscope", "/issues"]);
}

#[test]
fn outside_of_any_project() {
    let project = Project::new(&[("notes.txt", "")]);
    for line in ["run", "test", "nextest run", "bench", "build"] {
        project.call(line).expect(2, &["there is no Cargo.toml in "]);
    }
    project.write("Cargo.toml", "[package\n");
    project.call("run").expect(5, &["unclosed table"]);
}

#[test]
fn another_machine() {
    let project = Project::program("fn main() {}");
    let outcome = project.call("build --target thumbv6m-none-eabi");
    outcome.expect(2, &["only programs for this machine"]);
}

#[cfg(unix)]
#[test]
fn compilers_that_cannot_be_used() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("Cargo.toml", MANIFEST), ("src/main.rs", "fn main() {}")]);
    let compiler = |text: &str| {
        let path = project.write("rustc", &format!("#!/bin/sh\n{text}\n"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Outcome::of(project.command("build").env("RUSTC", path).output().unwrap())
    };
    let old = "echo rustc 1.70.0; echo release: 1.70.0; echo host: x86_64-unknown-linux-gnu";
    compiler(old).expect(2, &["rustc 1.70.0 is too old", "the oldest that works is 1.95"]);
    compiler("echo broken >&2; exit 1").expect(2, &["cannot ask", "broken"]);
}
