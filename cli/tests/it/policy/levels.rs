//! Levels from flags and file, and the scope.

use crate::support::Bank;

#[test]
fn flags_and_file_set_levels() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let code = |args: &[&str]| project.call(&[&["check", "."], args].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["-W", "lock-order-inversion"]), 0);
    assert_eq!(code(&["-Wlock-order-inversion"]), 0);
    assert_eq!(code(&["-A", "all", "-D", "deadlocks:possible"]), 1);
    project.write("syncscope.toml", b"[levels]\nlock-order-inversion = 'warn'\n");
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&["-D", "all"]), 1, "the command line wins");
    let shown = project.call(&["check", "."]).stdout;
    assert!(shown.starts_with("warning[lock-order-inversion]"), "{shown}");
    let silenced = project.call(&["check", ".", "-A", "deadlocks"]).stdout;
    assert!(silenced.ends_with("0 findings (1 silenced)\n"), "{silenced}");
    assert!(!silenced.contains("lock-order-inversion"), "{silenced}");
}

#[test]
fn mistakes_end_with_2() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    for (args, expected) in [
        (&["-D", "deadlok"][..], "--deny: unknown rule `deadlok` (did you mean `deadlock`?)"),
        (&["-D", "all", "-W", "all"], "`all` is given two levels"),
        (&["-D", "all", "-A", "all"], "`all` is given two levels"),
        (&["--scope", "mine"], "--scope: unknown value `mine`"),
    ] {
        let outcome = project.call(&[&["check", "."], args].concat());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}");
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
}

#[test]
fn a_mistake_is_told_before_the_program_runs() {
    let project = Bank::project();
    let outcome = project.call(&["exec", "-D", "deadlok", "--", "touch", "ran"]);
    assert_eq!(outcome.code, 2);
    assert!(!project.path().join("ran").exists());
}

#[test]
fn an_inversion_inside_a_dependency_warns() {
    let mut recording = Bank::inverted();
    for site in recording.sites.iter_mut().skip(1) {
        site.file = format!("/opt/cargo/registry/src/index-1/bank-1.0.0/{}", site.file);
    }
    let project = Bank::project();
    project.store("1.syncscope", recording);
    let outcome = project.call(&["check", "."]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.stdout.contains("warning[lock-order-inversion]"), "{}", outcome.stdout);
    assert_eq!(project.call(&["check", ".", "--scope", "all"]).code, 1);
    project.write("syncscope.toml", b"scope = 'all'\n");
    assert_eq!(project.call(&["check", "."]).code, 1);
}
