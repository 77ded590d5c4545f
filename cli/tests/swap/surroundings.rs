//! What else is set: wrappers, flags, folders.

use crate::support::{INVERTED, MANIFEST, Outcome, Project, host};
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
    outcome.expect(0, &["2 locks of 2 classes,"]);
    assert!(fs::read_to_string(&calls).unwrap().lines().any(|name| name == "app"));

    fs::remove_file(&calls).unwrap();
    fs::remove_dir_all(project.path().join("target")).unwrap();
    project.write(".cargo/config.toml", "[build]\nrustc-wrapper = 'tools/wrap'\n");
    project.call("run").expect(0, &["2 locks of 2 classes,"]);
    assert!(fs::read_to_string(&calls).unwrap().lines().any(|name| name == "app"));
}

#[test]
fn flags_of_the_environment_and_of_the_files() {
    let project = Project::program(MAIN);
    let mut command = project.command("run");
    let outcome = Outcome::of(command.env("RUSTFLAGS", "--cfg chosen").output().unwrap());
    outcome.expect(0, &["true", "2 locks of 2 classes,"]);
    project.write(".cargo/config.toml", "[build]\nrustflags = ['--cfg', 'chosen']\n");
    project.call("run").expect(0, &["true", "2 locks of 2 classes,"]);
}

#[test]
fn the_target_directory_of_the_user() {
    let project = Project::new(&[("Cargo.toml", MANIFEST), ("src/main.rs", MAIN)]);
    let outside = project.outside().canonicalize().unwrap().join("out");
    let line = format!("run --target-dir {}", outside.display());
    project.call(&line).expect(0, &["false", "2 locks of 2 classes,"]);
    assert!(outside.join("syncscope/runs").is_dir() && outside.join("syncscope/build").is_dir());
    assert!(!project.path().join("target").exists());
}

/// All that `.cargo/config.toml` has for a build applies: folders, targets, flags, variables, profiles, runners.
#[cfg(unix)]
#[test]
fn the_files_of_cargo() {
    use std::os::unix::fs::PermissionsExt;
    let main = "use std::sync::Mutex;\nfn main() {\n\
        let m = Mutex::new((cfg!(chosen), env!(\"BUILT_WITH\"), cfg!(debug_assertions)));\n\
        println!(\"{:?} {:?}\", m.lock().unwrap(), std::env::var(\"RUN_BY\")); }\n";
    let project = Project::program(main);
    let runner = project.write("tools/run", "#!/bin/sh\nRUN_BY=runner exec \"$@\"\n");
    fs::set_permissions(&runner, fs::Permissions::from_mode(0o755)).unwrap();
    let host = &crate::support::host();
    let config = format!(
        "[build]\ntarget = '{host}'\ntarget-dir = 'elsewhere'\n[env]\nBUILT_WITH = 'env'\n\
         [target.{host}]\nrustflags = ['--cfg', 'chosen']\nrunner = 'tools/run'\n\
         [profile.dev]\ndebug-assertions = false\n"
    );
    project.write(".cargo/config.toml", &config);
    project
        .call("run")
        .expect(0, &["(true, \"env\", false) Ok(\"runner\")", "2 locks of 2 classes,"]);
    assert!(project.path().join("elsewhere/syncscope/runs").is_dir());
    assert!(!project.path().join("target").exists());
    // The same triple by name, and settings of the command line before those of files.
    let line = format!("run --target {host} --config profile.dev.debug-assertions=true");
    project
        .call(&line)
        .expect(0, &["(true, \"env\", true) Ok(\"runner\")", "2 locks of 2 classes,"]);
}

/// Settings of the command line come last in cargo; the swap is not switched off by them.
#[cfg(unix)]
#[test]
fn settings_of_the_command_line() {
    let project = Project::program(MAIN);
    let wrapper = wrapper(&project);
    let mut command = project.command("run --config");
    command.arg(format!("build.rustc-wrapper='{wrapper}'"));
    command.args(["--config", "build.target-dir='out'"]);
    Outcome::of(command.output().unwrap()).expect(0, &["2 locks of 2 classes,"]);
    let calls = fs::read_to_string(project.path().join("tools/calls")).unwrap();
    assert!(calls.lines().any(|name| name == "app"));
    assert!(project.path().join("out/syncscope/runs").is_dir());
}

/// Nothing is written beside the sources, so they may be where nothing can be.
#[cfg(unix)]
#[test]
fn sources_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let lock = "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n";
    let project = Project::new(&[
        ("Cargo.toml", MANIFEST),
        ("Cargo.lock", lock),
        ("src/main.rs", MAIN),
        (
            "src/lib.rs",
            "/// ```\n/// assert!(std::sync::Mutex::new(1).lock().is_ok());\n/// ```\npub fn f() {}\n",
        ),
    ]);
    let set = |mode| {
        for folder in ["src", ""] {
            let path = project.path().join(folder);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let target = project.outside().join("somewhere else");
    set(0o555);
    for line in ["run", "test"] {
        let mut command = project.command(line);
        let outcome = Outcome::of(command.env("CARGO_TARGET_DIR", &target).output().unwrap());
        outcome.expect(0, &["0 findings"]);
    }
    set(0o755);
    let names = |folder: &str| {
        let entries = fs::read_dir(project.path().join(folder)).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(""), ["Cargo.lock", "Cargo.toml", "src"]);
    assert_eq!(names("src"), ["lib.rs", "main.rs"]);
}

/// A dependency that is a repository of git.
#[test]
fn git_dependencies() {
    let library = Project::called(
        "library of git",
        &[
            ("Cargo.toml", "[package]\nname = 'library'\nversion = '0.1.0'\nedition = '2018'\n"),
            ("src/lib.rs", crate::support::INVERTED),
        ],
    );
    let git = |args: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]).args(args);
        assert!(git.current_dir(library.path()).output().unwrap().status.success(), "{args:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "first"]);
    let url = format!("file://{}", library.path().display());
    let manifest = format!("{MANIFEST}[dependencies]\nlibrary.git = {url:?}\n");
    let project = Project::new(&[
        ("Cargo.toml", &manifest),
        ("src/main.rs", "fn main() { library::both() }\n"),
    ]);
    // Built by now, so nothing of the registry is needed where there is none.
    Project::program("fn main() {}").call("build").expect(0, &[]);
    let home = project.outside().join("home");
    let mut command = project.command("run --scope all");
    // A copy of its own, since cargo keeps what it fetches.
    command.env("CARGO_NET_OFFLINE", "false").env("CARGO_HOME", &home);
    let outcome = Outcome::of(command.output().unwrap());
    outcome.expect(1, &["error[lock-order-inversion]", "`A`", "`B`"]);
    // Its sources lie in a dependency, which the user cannot mend.
    let mut command = project.command("run");
    command.env("CARGO_HOME", &home);
    Outcome::of(command.output().unwrap()).expect(0, &["warning[lock-order-inversion]"]);
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
    let lock = "version = 4\n[[package]]\nname = \"usync\"\nversion = \"0.2.1\"\n\
                [[package]]\nname = \"parking_lot\"\nversion = \"0.12.5\"\n\
                [[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"usync\"]\n";
    project.write("Cargo.lock", lock);
    let outcome = project.call("doctor");
    outcome.expect(0, &["rustc 1.", "project", "not seen   usync 0.2.1", "made of atomics"]);
    outcome
        .expect(0, &["builds ", "recorded   parking_lot 0.12.5: its locks, condition variables"]);
    outcome.lacks(&["wrapper", "sccache"]);
    if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        outcome.expect(0, &["races      `--races` works with this compiler"]);
    }
    let mut command = project.command("doctor");
    let outcome = Outcome::of(command.env("RUSTC_WRAPPER", "sccache").output().unwrap());
    outcome.expect(0, &["wrapper    sccache, which ours calls"]);
}

/// Where nothing was checked, that is most likely the reason.
#[test]
fn what_is_not_seen_is_told_where_nothing_was_checked() {
    let manifest = format!("{MANIFEST}[dependencies]\nusync.path = 'usync'\n");
    let project = Project::new(&[
        ("Cargo.toml", &manifest),
        (
            "src/main.rs",
            "fn main() { if std::env::args().len() > 1 { std::thread::spawn(usync::lock).join().unwrap() } else { usync::lock() } }",
        ),
        ("usync/Cargo.toml", "[package]\nname = 'usync'\nversion = '0.2.1'\nedition = '2024'\n"),
        ("usync/src/lib.rs", "pub fn lock() {}\n"),
    ]);
    let not_seen = "not recorded in full, if it is used: usync 0.2.1; `cargo syncscope doctor`";
    project.call("run").expect(0, &["nothing checked: nothing was recorded", not_seen]);
    // A thread was, but no lock.
    project.call("run -- threads").expect(0, &["nothing checked: no lock was used", not_seen]);
    let machine = project.call("run --format json");
    machine.expect(0, &["\"usync 0.2.1: its locks\""]);
    // Of no run, there is nothing to tell.
    project.call("check").lacks(&["usync"]);
}

#[test]
fn a_program_that_is_started_by_hand_is_found_in_a_project_that_only_we_have_built() {
    let main = format!("{INVERTED}fn main() {{ both() }}");
    let project = Project::program(&main);
    project.call("build").expect(0, &[]);
    let builds = fs::read_dir(project.path().join("target/syncscope/build")).unwrap();
    let build = builds.map(|build| build.unwrap().path()).next().unwrap();
    let program = build.join(host()).join("debug/app");
    let inside = project.path().join("src");
    let by_hand = std::process::Command::new(program).current_dir(inside).output().unwrap();
    assert!(by_hand.status.success(), "{by_hand:?}");
    project.call("check").expect(1, &["between `A` and `B`", "1 recording, 1 finding"]);
}
