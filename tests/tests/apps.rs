//! The sample applications, built with cargo and run under the command, as their authors would.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use syncscope_tests::build::{Artifacts, workspace, workspace_artifacts};
use syncscope_tests::command::Tool;
use syncscope_tests::report::{Finding, Report};

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

/// Runs an application under `exec`; what it printed is in the first string.
fn exec(app: &str) -> (i32, String, Report) {
    let tool = Tool::among_sources(BUILT.executable("cargo-syncscope"));
    let recordings = tool.folder().join("recordings");
    let program = BUILT.executable(app);
    let arguments = ["--dir".as_ref(), recordings.as_os_str(), "--".as_ref(), program.as_os_str()];
    let (ran, report) = tool.report("exec", &arguments);
    let code = ran.code.expect("it ended");
    assert_eq!(report.exit_code, code, "{app}");
    assert!(report.coverage.locks > 0 && report.coverage.events > 0, "{app}: nothing was seen");
    (code, ran.stderr, report)
}

fn names(finding: &Finding) -> BTreeSet<&str> {
    finding.threads.iter().filter_map(|thread| thread.name.as_deref()).collect()
}

fn locks(finding: &Finding) -> BTreeSet<&str> {
    finding.locks.iter().map(|lock| lock.name.trim_matches('`')).collect()
}

fn set<const N: usize>(words: [&'static str; N]) -> BTreeSet<&'static str> {
    words.into()
}

/// The only finding of an application that deadlocks; other rules may see the same locks.
fn deadlock(app: &str) -> Finding {
    let (code, _, report) = exec(app);
    assert_eq!(code, 1, "{app}");
    let mut found: Vec<_> = report.findings.into_iter().filter(|f| f.rule == "deadlock").collect();
    assert_eq!(found.len(), 1, "{app}: {found:#?}");
    let finding = found.remove(0);
    assert_eq!((&*finding.level, &*finding.grade), ("deny", "observed"), "{app}");
    finding
}

#[test]
fn bank_broken_has_two_inversions_and_does_not_hang() {
    let (code, printed, report) = exec("bank-broken");
    assert_eq!(code, 1);
    assert!(printed.contains("total 40000"), "{printed}");
    let rules: Vec<_> = report.denied().map(|f| (&*f.rule, f.grade != "observed")).collect();
    assert_eq!(rules, [("lock-order-inversion", true); 2]);
    let books = report.denied().find(|f| locks(f) == set(["LEDGER", "AUDIT"]));
    let books = books.unwrap_or_else(|| panic!("{:#?}", report.findings));
    assert!(names(books).contains("auditor"), "{books:#?}");
    let accounts = report.denied().find(|f| names(f) == set(["early-teller", "late-teller"]));
    let accounts = accounts.unwrap_or_else(|| panic!("{:#?}", report.findings));
    assert_eq!(accounts.sites.len(), 4);
    assert!(accounts.sites.iter().all(|site| site.file.ends_with("lib.rs") || site.line > 0));
}

#[test]
fn the_readme_and_its_picture_show_what_bank_broken_prints() {
    let page = fs::read_to_string(workspace().join("README.md")).unwrap();
    let report = page.split("```text\n").find(|text| text.starts_with("error[")).unwrap();
    let report = report.split("\n```").next().unwrap();
    // The stacks behind them depend on the build.
    let marks = report.split("\n  stacks of").next().unwrap();

    let tool = Tool::among_sources(BUILT.executable("cargo-syncscope"));
    let recordings = tool.folder().join("recordings");
    let program = BUILT.executable("bank-broken");
    let ran = tool.call(&[
        "exec".as_ref(),
        "--dir".as_ref(),
        recordings.as_os_str(),
        "--".as_ref(),
        program.as_os_str(),
    ]);
    assert!(ran.stdout.contains(marks), "{}\nThe README shows\n{marks}", ran.stdout);

    let picture = fs::read_to_string(workspace().join("docs/report.svg")).unwrap();
    let drawn: Vec<_> = picture.lines().filter(|line| line.starts_with("<text")).collect();
    assert!(drawn.len() > 20, "{picture}");
    for line in drawn {
        let text: String =
            line.split('<').filter_map(|part| part.split_once('>')?.1.into()).collect();
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert!(report.lines().any(|shown| shown == text), "only the picture has: {text}");
    }
}

#[test]
fn cache_broken_has_an_inversion_and_a_recursive_reader() {
    let (code, printed, report) = exec("cache-broken");
    assert_eq!(code, 1);
    assert!(printed.contains("12 evicted"), "{printed}");
    let rules: BTreeSet<_> = report.findings.iter().map(|f| (&*f.rule, &*f.level)).collect();
    assert_eq!(rules, [("lock-order-inversion", "deny"), ("recursive-read", "warn")].into());
    let inversion = report.denied().next().expect("there is one");
    assert!(names(inversion).contains("janitor"), "{inversion:#?}");
}

#[test]
fn philosophers_broken_deadlock_in_a_ring_of_five() {
    let finding = deadlock("philosophers-broken");
    let guests = set(["Aristotle", "Bacon", "Confucius", "Descartes", "Epicurus"]);
    assert_eq!(names(&finding), guests);
    assert_eq!((finding.locks.len(), finding.sites.len()), (5, 10));
}

#[test]
fn pool_broken_is_a_nested_monitor() {
    let finding = deadlock("pool-broken");
    assert!(names(&finding).is_superset(&set(["worker-1", "worker-2"])), "{finding:#?}");
    assert!(locks(&finding).contains("statistics"), "{finding:#?}");
}

#[test]
fn pipeline_broken_waits_for_room_under_a_lock() {
    let finding = deadlock("pipeline-broken");
    assert!(names(&finding).is_superset(&set(["reader", "worker"])), "{finding:#?}");
    assert!(locks(&finding).contains("progress"), "{finding:#?}");
}

#[test]
fn correct_versions_have_no_finding_at_all() {
    let printed = [
        ("bank-correct", "total 40000\n"),
        ("cache-correct", "true\n"),
        ("philosophers-correct", "[200, 200, 200, 200, 200]\n"),
        ("pipeline-correct", "174 words in 60 of 60 lines\n"),
        ("pool-correct", "300 out, 300 back\n"),
    ];
    for (app, expected) in printed {
        let (code, printed, report) = exec(app);
        assert_eq!(code, 0, "{app}: {:#?}", report.findings);
        assert!(report.findings.is_empty(), "{app}: {:#?}", report.findings);
        assert!(printed.contains(expected), "{app}: {printed}");
    }
}

/// The applications print the same without the command: nothing is recorded, nothing is reported, nothing ends them.
#[test]
fn correct_versions_run_by_themselves() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for app in ["bank-correct", "pool-correct"] {
        let mut program = std::process::Command::new(BUILT.executable(app));
        program.current_dir(folder.path()).env("SYNCSCOPE_DIR", OsStr::new("recordings"));
        let output = program.output().expect("it starts");
        assert!(output.status.success(), "{app}: {output:?}");
        assert!(!output.stdout.is_empty());
    }
}
