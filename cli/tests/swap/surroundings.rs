//! What else is set: wrappers, flags, folders.

use crate::support::{MANIFEST, Outcome, Project};
use std::fs;

const MAIN: &str =
    "fn main() { let m = std::sync::Mutex::new(cfg!(chosen)); println!(\"{:?}\", m.lock()); }\n";

/// A script that notes for which crates it was called, then calls the compiler.
#[cfg(unix)]
fn wrapper(project: &Project) -> String {
    use std::os::unix::fs::PermissionsExt;
    let script = "#!/bin/sh\necho \"$*\" | sed -n 's/.*--crate-name \\([a-z_]*\\).*/\\1/p' >> \"$(dirname \"$0\")/calls\"\n\
                  exec \"$@\"\n";
    let path = project.write("tools/wrap", script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[cfg(unix)]
#[test]
fn the_users_wrapper_is_called_too() {
    let project = Project::program(MAIN);
    let wrapper = wrapper(&project);
    let calls = project.path().join("tools/calls");
    let outcome =
        Outcome::of(project.command("run").env("RUSTC_WRAPPER", wrapper).output().unwrap());
    outcome.expect(0, &["2 locks,"]);
    assert!(fs::read_to_string(&calls).unwrap().lines().any(|name| name == "app"));

    fs::remove_file(&calls).unwrap();
    fs::remove_dir_all(project.path().join("target")).unwrap();
    project.write(".cargo/config.toml", "[build]\nrustc-wrapper = 'tools/wrap'\n");
    project.call("run").expect(0, &["2 locks,"]);
    assert!(fs::read_to_string(&calls).unwrap().lines().any(|name| name == "app"));
}

#[test]
fn flags_of_the_environment_and_of_the_files() {
    let project = Project::program(MAIN);
    let mut command = project.command("run");
    let outcome = Outcome::of(command.env("RUSTFLAGS", "--cfg chosen").output().unwrap());
    outcome.expect(0, &["true", "2 locks,"]);
    project.write(".cargo/config.toml", "[build]\nrustflags = ['--cfg', 'chosen']\n");
    project.call("run").expect(0, &["true", "2 locks,"]);
}

#[test]
fn the_target_directory_of_the_user() {
    let project = Project::new(&[("Cargo.toml", MANIFEST), ("src/main.rs", MAIN)]);
    let outside = project.outside().canonicalize().unwrap().join("out");
    let line = format!("run --target-dir {}", outside.display());
    project.call(&line).expect(0, &["false", "2 locks,"]);
    assert!(outside.join("syncscope/runs").is_dir() && outside.join("syncscope/build").is_dir());
    assert!(!project.path().join("target").exists());
}

/// A test that calls cargo in turn gets the real one.
#[test]
fn what_a_program_starts_is_not_swapped() {
    let main = "fn main() {\n\
        let set: Vec<_> = std::env::vars().filter(|(n, v)| n.contains(\"WRAPPER\") || v.contains(\"syncscope-rustc\")).collect();\n\
        println!(\"{set:?}\"); }\n";
    Project::program(main).call("run").expect(0, &["[]"]);
}

#[test]
fn doctor_tells_what_is_not_seen() {
    let project = Project::program(MAIN);
    let lock = "version = 4\n[[package]]\nname = \"spin\"\nversion = \"0.9.8\"\n\
                [[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"spin\"]\n";
    project.write("Cargo.lock", lock);
    let outcome = project.call("doctor");
    outcome.expect(0, &["rustc 1.", "project", "not seen   spin 0.9.8", "spin locks"]);
}
