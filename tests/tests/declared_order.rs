//! Locks taken against their declared order, whichever way it was declared.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use syncscope_tests::build::{Artifacts, Compiler, workspace, workspace_artifacts};
use syncscope_tests::command::Tool;
use syncscope_tests::report::{Finding, Report};

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs")
}

fn exec(tool: &Tool, program: &Path) -> (Option<i32>, Report) {
    let recordings = tool.folder().join("recordings");
    let arguments: [&OsStr; 4] =
        ["--dir".as_ref(), recordings.as_ref(), "--".as_ref(), program.as_ref()];
    let (ran, report) = tool.report("exec", &arguments);
    (ran.code, report)
}

fn lines(finding: &Finding) -> Vec<(&str, u32)> {
    finding.sites.iter().map(|site| (site.role.as_str(), site.line)).collect()
}

#[test]
fn in_the_settings_by_the_names_of_the_source() {
    let source = Path::new("tests/programs/order_in_source.rs");
    let compiler = Compiler::shadowed(folder(), BUILT.library("instrumented_std"));
    let program = compiler.compile(source).unwrap_or_else(|error| panic!("{error}"));

    let tool = Tool::new(BUILT.executable("cargo-syncscope"));
    let copy = tool.folder().join(source);
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::copy(workspace().join(source), copy).unwrap();
    let declare = |order: &str| fs::write(tool.folder().join("syncscope.toml"), order).unwrap();

    declare("[order]\nmoney = ['LEDGER', 'order_in_source.rs:AUDIT']\n");
    let (code, report) = exec(&tool, &program);
    assert_eq!((code, report.findings.len()), (Some(1), 1), "{:#?}", report.findings);
    let finding = &report.findings[0];
    let kind = (&*finding.rule, &*finding.level, &*finding.grade);
    assert_eq!(kind, ("declared-order-violation", "deny", "observed"));
    assert_eq!(lines(finding), [("holds", 8), ("wants", 9)]);
    assert_eq!(
        finding.message,
        "`LEDGER` is taken while `AUDIT` is held, against the declared order"
    );

    declare("[order]\nmoney = ['AUDIT', 'LEDGER']\n");
    let (code, report) = exec(&tool, &program);
    assert_eq!((code, report.findings.len()), (Some(0), 0), "{:#?}", report.findings);
}

#[test]
fn in_the_program_by_given_names() {
    let compiler = Compiler::by_hand(folder(), BUILT.library("instrumented_sync"));
    let program = compiler.compile(Path::new("tests/programs/order_in_code.rs"));
    let program = program.unwrap_or_else(|error| panic!("{error}"));
    let tool = Tool::new(BUILT.executable("cargo-syncscope"));
    let (code, report) = exec(&tool, &program);
    assert_eq!((code, report.findings.len()), (Some(1), 1), "{:#?}", report.findings);
    let finding = &report.findings[0];
    assert_eq!((&*finding.rule, finding.count), ("declared-order-violation", 3));
    assert_eq!(lines(finding), [("holds", 14), ("wants", 18)]);

    // What was declared is in the recording: later it is judged the same.
    let recordings = tool.folder().join("recordings");
    let (_, again) = tool.report("check", &[recordings.as_os_str()]);
    assert_eq!(again.findings[0].fingerprint, finding.fingerprint);
}
