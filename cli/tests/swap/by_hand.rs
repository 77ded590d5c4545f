//! Packages that use the drop-in themselves, beside others that do not: there is one runtime.

use crate::support::{Outcome, Project};
use std::path::{Path, PathBuf};

/// For all projects here, or the drop-in is built more than once. Nothing is looked up in it.
const PROFILE: &str = "[profile.dev]\ndebug = false\n";
const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A workspace of a program and a library that names the drop-in.
fn project(dependency: &str, library: &str) -> Project {
    let member = |name: &str, more: &str| {
        format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2021'\n{more}")
    };
    let project = Project::new(&[
        (
            "Cargo.toml",
            &format!("[workspace]\nmembers = ['app', 'library']\nresolver = '2'\n{PROFILE}"),
        ),
        ("app/Cargo.toml", &member("app", "[dependencies]\nlibrary.path = '../library'\n")),
        (
            "app/src/main.rs",
            "use std::sync::Mutex;\nstatic MINE: Mutex<u8> = Mutex::new(0);\nfn main() {\n\
             let mine = MINE.lock().unwrap(); let theirs = library::THEIRS.lock().unwrap();\n\
             drop((mine, theirs)); library::same(&MINE);\n\
             println!(\"{}\", library::name()); }\n",
        ),
        ("library/Cargo.toml", &member("library", &format!("[dependencies]\n{dependency}\n"))),
        ("library/src/lib.rs", library),
    ]);
    // The same versions as here, so that nothing is fetched.
    std::fs::copy(PathBuf::from(REPOSITORY).join("Cargo.lock"), project.path().join("Cargo.lock"))
        .unwrap();
    project
}

/// Runs it.
fn run(project: &Project) -> Outcome {
    with(project, "run -p app")
}

/// Calls the command. The target directory is shared, also with the tests of the shadow, so that the drop-in is built once.
fn with(project: &Project, line: &str) -> Outcome {
    let mut command = project.command(&format!("{line} --target-dir"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("by-hand");
    Outcome::of(command.arg(target).output().unwrap())
}

/// The path to a crate of the repository, for a manifest.
fn path(inside: &str) -> String {
    Path::new(REPOSITORY).join(inside).canonicalize().unwrap().display().to_string()
}

/// The order edge goes from a lock of one kind to a lock of the other: a second runtime would see none.
#[test]
fn a_dependency_that_was_edited() {
    for features in ["\"instrument\"", ""] {
        let dependency = format!(
            "instrumented-sync = {{ path = {:?}, features = [{features}] }}",
            path("instrumented-sync")
        );
        let library = "use instrumented_sync::Mutex;\npub static THEIRS: Mutex<u8> = Mutex::new(0);\n\
                       pub fn same(_: &Mutex<u8>) {}\n\
                       pub fn name() -> &'static str { std::any::type_name::<Mutex<u8>>() }\n";
        let project = project(&dependency, library);
        let outcome = run(&project);
        outcome.expect(0, &["instrumented_sync::sync::mutex::Mutex<u8>"]);
        outcome
            .expect(0, &["3 locks of 3 classes, 1 order edge, 1 thread, 1 recording, 0 findings"]);
    }
}

#[test]
fn a_dependency_with_the_line_in_its_manifest() {
    let dependency = format!(
        "std = {{ package = \"instrumented-std\", path = {:?} }}",
        path("instrumented-sync/std")
    );
    let library = "use std::sync::Mutex;\npub static THEIRS: Mutex<u8> = Mutex::new(0);\n\
                   pub fn same(_: &Mutex<u8>) {}\n\
                   pub fn name() -> &'static str { std::any::type_name::<Mutex<u8>>() }\n";
    let outcome = run(&project(&dependency, library));
    outcome.expect(0, &["3 locks of 3 classes, 1 order edge, 1 thread, 1 recording, 0 findings"]);
}

/// `ext::testing` over locks of std, in a package that knows the drop-in for its tests only: without the feature, and with it, where the
/// package is run as it is and the locks are those of the drop-in.
#[test]
fn tests_assert_the_order_of_their_locks() {
    let tests = "use instrumented_sync::ext::testing;\nuse app::Bank;\n\
        #[test] fn right() { let bank = Bank::default();\n\
        testing::assert_order(&bank.ledger, &bank.audit, || bank.book());\n\
        testing::assert_nothing_found(); }\n\
        #[test] fn wrong() { let bank = Bank::default();\n\
        testing::assert_order(&bank.audit, &bank.ledger, || bank.book()); }\n";
    for (features, locks) in [("", "std::sync"), ("\"instrument\"", "instrumented_sync")] {
        let manifest = format!(
            "{}[lib]\ndoctest = false\n[dependencies]\n\
             instrumented-sync = {{ path = {:?}, features = [{features}] }}\n{PROFILE}",
            crate::support::MANIFEST,
            path("instrumented-sync")
        );
        let library = "use LOCKS::Mutex;\n#[derive(Default)]\n\
            pub struct Bank { pub ledger: Mutex<i64>, pub audit: Mutex<Vec<i64>> }\n\
            impl Bank { pub fn book(&self) {\n\
            let mut ledger = self.ledger.lock().unwrap(); *ledger += 1;\n\
            self.audit.lock().unwrap().push(*ledger); } }\n";
        let library = library.replace("LOCKS", locks);
        let project = Project::new(&[
            ("Cargo.toml", &manifest),
            ("src/lib.rs", &library),
            ("tests/order.rs", tests),
        ]);
        std::fs::copy(
            PathBuf::from(REPOSITORY).join("Cargo.lock"),
            project.path().join("Cargo.lock"),
        )
        .unwrap();
        let outcome = with(&project, "test");
        let shown = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(shown.contains("test right ... ok"), "{shown}");
        assert!(shown.contains("test wrong ... FAILED"), "{shown}");
        let message =
            "the Mutex<i64> is taken before the Mutex<Vec<i64>>: the Mutex<i64> at src/lib.rs:";
        assert!(shown.contains(message), "{shown}");
    }
}
