//! The examples for CI, in `docs/ci`, as a CI system runs them.
#![cfg(unix)]

use crate::support::{INVERTED, MANIFEST, Outcome, Project};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

const WORKFLOW: &str = include_str!("../../../docs/ci/github-actions.yml");
const SCRIPT: &str = include_str!("../../../docs/ci/check.sh");

/// A project with a test; the test is of what is called.
fn project(call: &str) -> Project {
    let test = format!("#[test]\nfn it_works() {{ app::{call}(); }}\n");
    Project::new(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", INVERTED),
        ("tests/all.rs", &test),
        ("check.sh", SCRIPT),
    ])
}

/// A shell of a machine on which the command is installed.
fn shell(project: &Project, program: &str, args: &[&str]) -> Command {
    // The surroundings are those of our command; another program sees them, too.
    let ours = project.command("rules");
    let mut shell = Command::new(program);
    shell.args(args).current_dir(project.path());
    for (name, value) in ours.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let installed = Path::new(env!("CARGO_BIN_EXE_cargo-syncscope")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(installed).chain(std::env::split_paths(&path));
    shell.env("PATH", std::env::join_paths(path).unwrap());
    shell
}

#[test]
fn the_shell_script_ends_with_the_code_of_the_check() {
    let out = |project: &Project, name: &str| project.path().join("target/locks").join(name);
    let run = |project: &Project| {
        Outcome::of(shell(project, "sh", &["check.sh", "--workspace"]).output().unwrap())
    };
    let good = project("forth");
    run(&good).expect(0, &["locks: checked, nothing to deny", "ok: 2 locks"]);
    assert!(fs::read_to_string(out(&good, "syncscope.xml")).unwrap().contains("failures=\"0\""));
    assert!(!out(&good, "recordings.syncscope").exists());

    let bad = project("both");
    run(&bad).expect(1, &["locks: findings; the report is above", "between `A` and `B`"]);
    assert!(fs::read_to_string(out(&bad, "syncscope.xml")).unwrap().contains("failures=\"1\""));
    // What is kept can be looked at elsewhere.
    let kept = out(&bad, "recordings.syncscope");
    bad.call(&format!("report {}", kept.display()))
        .expect(1, &["between `A` and `B`", "last events"]);

    bad.call("baseline write").expect(0, &["1 accepted"]);
    bad.write("syncscope.toml", "baseline = \"syncscope-baseline.json\"\n");
    run(&bad).expect(0, &["locks: checked, nothing to deny", "1 accepted"]);
    bad.write("syncscope.toml", "baselin = \"x\"\n");
    run(&bad).expect(2, &["locks: usage or configuration error", "did you mean `baseline`?"]);

    let broken = project("gone");
    run(&broken)
        .expect(5, &["locks: not checked: cargo refused its arguments, or the build failed"]);

    let fails = project("forth");
    fails.write("tests/all.rs", "#[test]\nfn fails() { app::forth(); panic!(); }\n");
    run(&fails).expect(101, &["locks: nothing to deny, but the tests failed (code 101)"]);
    run(&fails).expect(101, &["tests failed: 2 locks"]).lacks(&["ok: 2 locks"]);
}

/// A step of the workflow.
struct Step {
    run: Option<String>,
    uses: Option<String>,
    on: String,
    with: Vec<(String, String)>,
}

fn steps() -> Vec<Step> {
    let documents = YamlLoader::load_from_str(WORKFLOW).unwrap();
    let [workflow] = &documents[..] else { panic!("one document") };
    let text = |yaml: &Yaml| yaml.as_str().map(str::to_owned);
    let steps = workflow["jobs"]["locks"]["steps"].as_vec().unwrap();
    let step = |step: &Yaml| Step {
        run: text(&step["run"]),
        uses: text(&step["uses"]),
        on: text(&step["if"]).unwrap_or_else(|| "success()".to_owned()),
        with: (step["with"].as_hash().into_iter().flatten())
            .map(|(key, value)| (text(key).unwrap(), text(value).unwrap()))
            .collect(),
    };
    steps.iter().map(step).collect()
}

/// Runs the steps as a runner would; gives whether the job failed, what it printed, and the job's summary.
fn job(project: &Project) -> (bool, String, String) {
    let summary = project.outside().join("summary.md");
    fs::write(&summary, "").unwrap();
    let (mut failed, mut printed, mut runs) = (false, String::new(), 0);
    for step in steps() {
        let is_due = match step.on.as_str() {
            "always()" => true,
            "failure()" => failed,
            "success()" => !failed,
            other => panic!("unknown condition {other}"),
        };
        let Some(run) = step.run.filter(|_| is_due) else { continue };
        runs += 1;
        // That is what it is about here, and it is there already.
        if run.starts_with("cargo install --locked ") && run.ends_with(" cargo-syncscope") {
            continue;
        }
        // The shell of a runner.
        let mut command = shell(project, "bash", &["-e", "-c", &run]);
        command.env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_OUTPUT", project.outside().join("outputs"));
        let outcome = Outcome::of(command.output().unwrap());
        failed |= outcome.code != 0;
        printed.push_str(&outcome.stdout);
    }
    assert!(runs >= 3);
    (failed, printed, fs::read_to_string(&summary).unwrap())
}

#[test]
fn the_workflow_does_what_it_says() {
    let bad = project("both");
    let (failed, printed, summary) = job(&bad);
    assert!(failed, "{printed}");
    assert!(
        printed.lines().any(|line| line.starts_with("::error file=src/lib.rs,line=")),
        "{printed}"
    );
    assert!(summary.starts_with("## Syncscope"), "{summary}");
    assert!(summary.contains("| **deny** | lock-order-inversion |"), "{summary}");
    // The files that later steps take are there, where those look for them.
    let named: Vec<PathBuf> = steps()
        .iter()
        .flat_map(|step| step.with.clone())
        .filter(|(key, path)| (key == "sarif_file" || key == "path") && !path.starts_with('~'))
        .map(|(_, path)| bad.path().join(path))
        .collect();
    assert_eq!(named.len(), 2);
    assert!(named.iter().all(|path| path.exists()), "{named:?}");
    let sarif: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&named[0]).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1);
    assert!(named[1].join("recordings.syncscope").exists());

    // What a key of the cache is made of.
    let outputs = fs::read_to_string(bad.outside().join("outputs")).unwrap();
    let key = outputs.trim().strip_prefix("key=rustc-1.").unwrap();
    assert!(key.contains("cargo-syncscope-") && !key.contains(' '), "{outputs}");

    let broken = project("gone");
    let (failed, printed, _) = job(&broken);
    assert!(failed && printed.contains("::error::not checked"), "{printed}");

    let good = project("forth");
    let (failed, printed, summary) = job(&good);
    assert!(!failed && !printed.contains("::error"), "{printed}");
    assert!(summary.contains("0 findings"), "{summary}");
    assert!(!good.path().join("target/locks/recordings.syncscope").exists());
}

#[test]
fn the_workflow_uses_only_what_it_may() {
    let used: Vec<String> = steps().into_iter().filter_map(|step| step.uses).collect();
    assert!(
        used.iter().all(|action| action.split_once('@').is_some_and(|(name, version)| {
            (name.starts_with("actions/") || name.starts_with("github/"))
                && version.starts_with('v')
        })),
        "{used:?}"
    );
}

#[test]
fn the_page_shows_what_is_there() {
    let page = include_str!("../../../docs/ci.md");
    let shown = |text: &str| page.contains(text.trim_end());
    assert!(shown(WORKFLOW.split_once('\n').unwrap().1), "docs/ci.md shows another workflow");
    assert!(shown(SCRIPT), "docs/ci.md shows another script");
}
