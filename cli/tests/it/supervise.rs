//! `exec` and `run`: programs, their codes and signals. The programs are shell scripts that leave a recording.
#![cfg(unix)]

use crate::support::{Bank, Outcome, Project};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::Stdio;

/// Leaves the stored recording, as an instrumented program would, then goes on with `then`.
fn leaving(then: &str) -> String {
    format!("cp one \"$SYNCSCOPE_DIR/$$.syncscope\"; {then}")
}

fn project(recording: syncscope_recording::Recording) -> Project {
    let project = Bank::project();
    project.store("one", recording);
    project
}

fn exec(project: &Project, script: &str) -> Outcome {
    project.call(&["exec", "--", "sh", "-c", script])
}

#[test]
fn the_programs_code_passes_through() {
    let project = project(Bank::correct());
    for (then, code, verdict) in [
        ("exit 0", 0, "ok"),
        ("exit 7", 7, "ok"),
        ("exit 66", 66, "ok"),
        ("kill -9 $$", 137, "interrupted"),
    ] {
        let outcome = exec(&project, &leaving(then));
        assert_eq!(outcome.code, code, "{then}: {}", outcome.stdout);
        let verdict = format!("{verdict}: 3 locks");
        assert!(outcome.stdout.contains(&verdict), "{}", outcome.stdout);
    }
}

#[test]
fn a_finding_fails_whatever_the_program_returned() {
    let project = project(Bank::inverted());
    for then in ["exit 0", "exit 7", "kill -TERM $$"] {
        let outcome = exec(&project, &leaving(then));
        assert_eq!(outcome.code, 1, "{then}");
        assert!(outcome.stdout.contains("[lock-order-inversion]"), "{}", outcome.stdout);
    }
    let outcome = exec(&project, &leaving("exit 7"));
    assert!(outcome.stdout.contains("`sh` ended with code 7"), "{}", outcome.stdout);
}

#[test]
fn nothing_recorded_is_a_note() {
    let project = project(Bank::correct());
    for code in [0, 5] {
        let outcome = exec(&project, &format!("exit {code}"));
        assert_eq!(outcome.code, code);
        assert!(outcome.stdout.contains("nothing was recorded"), "{}", outcome.stdout);
    }
}

#[test]
fn json_stands_alone_on_stdout() {
    let project = project(Bank::inverted());
    let script = leaving("echo from the program; kill -9 $$");
    let outcome = project.call(&["exec", "--format", "json", "--", "sh", "-c", &script]);
    let json = outcome.json();
    assert_eq!(json["program"]["signal"], 9);
    assert_eq!(json["program"]["command"][0], "sh");
    assert_eq!((&json["exit_code"], outcome.code), (&1.into(), 1));
    assert!(outcome.stderr.contains("from the program\n"));
}

#[test]
fn check_reads_the_latest_run() {
    let project = project(Bank::correct());
    assert_eq!(exec(&project, &leaving("exit 0")).code, 0);
    project.store("one", Bank::inverted());
    assert_eq!(exec(&project, &leaving("exit 0")).code, 1);
    let outcome = project.call(&["check"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("1 recording, 1 finding (1 deny)"), "{}", outcome.stdout);
    assert!(project.path().join("target/syncscope/runs/latest").is_file());
}

#[test]
fn a_chosen_folder_holds_many_runs_and_each_is_checked_alone() {
    let project = project(Bank::inverted());
    let run = |recording| {
        project.store("one", recording);
        let script = leaving("exit 0");
        project.call(&["exec", "--dir", "all/of them", "--", "sh", "-c", &script]).code
    };
    assert_eq!((run(Bank::inverted()), run(Bank::correct())), (1, 0));
    assert_eq!(project.call(&["check", "--dir", "all/of them"]).code, 1);
}

#[test]
fn a_program_that_is_not_there() {
    let outcome = Bank::project().call(&["exec", "--", "no-such-program"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.contains("cannot start `no-such-program`"), "{}", outcome.stderr);
}

/// A signal to the command alone reaches the program; what was recorded until then is checked.
#[test]
fn signals_are_passed_on() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let project = project(Bank::correct());
        // `exec` makes the script's process the one that waits, so that it gets the signal.
        let script = leaving("echo ready; exec tail -f /dev/null");
        let mut command = project.command(&["exec", "--", "sh", "-c", &script]);
        // A group of its own is never in the foreground of a terminal, as in a CI system.
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        let kill = format!("kill -{signal} {}", child.id());
        assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{rest:?}");
        assert!(rest.iter().any(|line| line.starts_with("interrupted: 3 locks")), "{rest:?}");
    }
}

/// GNU `timeout` signals its child and then the group, a service manager goes on until all are gone: neither ends the check.
#[test]
fn a_burst_of_signals_does_not_end_the_check() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let project = project(Bank::correct());
        let script = leaving("echo ready; exec tail -f /dev/null");
        let mut command = project.command(&["exec", "--", "sh", "-c", &script]);
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        // One to the command, then to the group as long as there is one.
        let kill = format!(
            "kill -{signal} {0}; for i in 1 2 3 4 5 6 7 8 9; do kill -{signal} -- -{0}; sleep 0.02; done",
            child.id()
        );
        let mut killer = std::process::Command::new("sh")
            .args(["-c", &kill])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{rest:?}");
        assert!(rest.iter().any(|line| line.starts_with("interrupted: 3 locks")), "{rest:?}");
        killer.wait().unwrap();
    }
}

/// A program that needs its time to end, and takes a second signal as an order to drop everything, gets one of a burst.
#[test]
fn of_a_burst_one_signal_is_passed_on() {
    let project = project(Bank::correct());
    let script = leaving(
        "trap 'count=$((count + 1)); test $count -gt 1 && exit 99' TERM; echo ready; \
         until test -n \"$count\"; do sleep 0.01; done; sleep 0.2; exit 3",
    );
    let mut command = project.command(&["exec", "--", "sh", "-c", &script]);
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    let kill = format!("for i in 1 2 3; do kill -TERM {}; sleep 0.01; done", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{rest:?}");
}

/// `run` calls cargo with the arguments that are not ours, and finds the target directory cargo uses.
#[test]
fn run_is_cargo_run() {
    let project = Project::new(&[
        ("Cargo.toml", "[package]\nname = \"app\"\nedition = \"2024\"\n[workspace]\n"),
        (
            "src/main.rs",
            r#"fn main() {
    let dir = std::env::var("SYNCSCOPE_DIR").unwrap();
    std::fs::copy("one", format!("{dir}/1.syncscope")).unwrap();
    println!("{:?}", std::env::args().skip(1).collect::<Vec<_>>());
    std::process::exit(9);
}
"#,
        ),
    ]);
    project.store("one", Bank::correct());
    let outcome =
        project.call(&["syncscope", "run", "--offline", "--mode", "full", "--", "--x", "y"]);
    assert_eq!(outcome.code, 9, "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("[\"--x\", \"y\"]\n"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("ok: 3 locks"), "{}", outcome.stdout);
    assert!(
        outcome.stderr.contains("recorded in [project]/target/syncscope/runs/"),
        "{}",
        outcome.stderr
    );
    assert_eq!(project.call(&["check"]).code, 0);
}
