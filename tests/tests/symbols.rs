//! Names and lines of recorded stacks: with the program, on "another machine" with the same build, and without it.

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use syncscope_tests::build::{Artifacts, workspace_artifacts};
use syncscope_tests::command::Tool;

static BUILT: LazyLock<Artifacts> = LazyLock::new(|| {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    workspace_artifacts(scratch)
});

/// The program as it was built, recorded where it will not stay.
struct Recorded {
    tool: Tool,
    program: PathBuf,
}

impl Recorded {
    fn new() -> Self {
        let tool = Tool::among_sources(BUILT.executable("cargo-syncscope"));
        let program = tool.folder().join("bank");
        // By another process: what another test starts meanwhile would have our file open for writing, and the program could not be started.
        let copied = Command::new("cp").arg(BUILT.executable("bank-broken")).arg(&program).status();
        assert!(copied.expect("cp starts").success());
        let run =
            Command::new(&program).env("SYNCSCOPE_DIR", tool.folder().join("recordings")).output();
        assert!(run.expect("it starts").status.success());
        Self { tool, program }
    }

    /// The stacks of the inversion of `LEDGER` and `AUDIT`, by the thread that was there.
    fn stacks(&self, arguments: &[&OsStr]) -> Vec<(String, Vec<Value>)> {
        let recordings = self.tool.folder().join("recordings");
        let mut all = vec![recordings.as_os_str()];
        all.extend(["--format", "json", "--frames", "all"].map(OsStr::new));
        all.extend(arguments);
        all.insert(0, "check".as_ref());
        let report: Value = serde_json::from_str(&self.tool.call(&all).stdout).expect("a report");
        let findings = report["findings"].as_array().expect("findings");
        let finding = findings.iter().find(|finding| finding["locks"][0]["name"] == "LEDGER");
        let finding = finding.unwrap_or_else(|| panic!("{report:#}"));
        let sites = finding["sites"].as_array().expect("sites").iter();
        let stacks = sites.map(|site| {
            let thread = site["thread"].as_u64().unwrap_or_default() as usize;
            let name = finding["threads"][thread]["name"].as_str().unwrap_or_default();
            (name.to_owned(), site["stack"].as_array().cloned().unwrap_or_default())
        });
        stacks.filter(|(_, stack)| !stack.is_empty()).collect()
    }

    fn text(&self, arguments: &[&OsStr]) -> String {
        let recordings = self.tool.folder().join("recordings");
        let all = [&["check".as_ref(), recordings.as_os_str()][..], arguments].concat();
        self.tool.call(&all).stdout
    }
}

fn functions(stack: &[Value]) -> Vec<&str> {
    let own = stack.iter().filter(|frame| frame["origin"] == "user");
    own.filter_map(|frame| frame["function"].as_str()).collect()
}

fn assert_named(stacks: &[(String, Vec<Value>)]) {
    assert_eq!(stacks.len(), 2, "one of each side: {stacks:#?}");
    for (thread, stack) in stacks {
        let functions = functions(stack);
        let first = if thread == "auditor" { "bank_broken::report" } else { "bank_broken::book" };
        assert!(functions[0].starts_with(first), "{thread}: {functions:?}");
        let frame = stack.iter().find(|frame| frame["origin"] == "user").unwrap();
        assert_eq!(
            frame["file"], "tests/apps/bank/src/bin/bank-broken.rs",
            "as in recorded places"
        );
        let expected = if thread == "auditor" { 28 } else { 21 };
        assert_eq!(frame["line"], expected, "the line of the call, not the one behind it");
        for origin in ["runtime", "std"] {
            assert!(stack.iter().any(|frame| frame["origin"] == origin), "{origin}: {stack:#?}");
        }
    }
}

#[test]
fn each_side_has_the_way_that_its_own_thread_went() {
    let recorded = Recorded::new();
    assert_named(&recorded.stacks(&[]));
    let text = recorded.text(&[]);
    assert!(text.contains("bank_broken::transfer  "), "{text}");
    assert!(!text.contains("instrumented_sync::"), "{text}");
    let full = recorded.text(&["--full".as_ref()]);
    assert!(full.contains("instrumented_sync::") && full.contains("core::ops::function"), "{full}");
}

#[test]
fn without_the_program_addresses_are_given_and_the_reason() {
    let recorded = Recorded::new();
    fs::remove_file(&recorded.program).expect("it can be deleted");
    for (_, stack) in recorded.stacks(&[]) {
        for frame in
            stack.iter().filter(|frame| frame["module"].as_str() == recorded.program.to_str())
        {
            assert_eq!((&frame["function"], &frame["origin"]), (&Value::Null, &"unknown".into()));
        }
    }
    let text = recorded.text(&[]);
    assert!(text.contains("the file is not here; `--symbols PATH`"), "{text}");
    assert!(recorded.text(&["--full".as_ref()]).contains("        bank+0x"));
}

#[test]
fn on_another_machine_the_build_id_finds_the_symbols() {
    let recorded = Recorded::new();
    fs::remove_file(&recorded.program).expect("it can be deleted");
    let store = recorded.tool.folder().join("symbols");
    fs::create_dir(&store).expect("the folder is writable");
    fs::copy(BUILT.executable("bank-broken"), store.join("bank")).expect("it can be copied");
    assert_named(&recorded.stacks(&["--symbols".as_ref(), store.as_os_str()]));
    let file = BUILT.executable("bank-broken").as_os_str();
    assert_named(&recorded.stacks(&["--symbols".as_ref(), file]));
}

#[test]
fn another_build_at_the_same_path_is_not_believed() {
    let recorded = Recorded::new();
    fs::remove_file(&recorded.program).expect("it can be deleted");
    fs::copy(BUILT.executable("bank-correct"), &recorded.program).expect("it can be copied");
    let text = recorded.text(&[]);
    assert!(!text.contains("bank_correct::"), "{text}");
    assert!(text.contains("another build") || text.contains("was changed after"), "{text}");
}
