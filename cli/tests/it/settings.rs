//! Flags, environment and file.

use crate::support::{Bank, Outcome};

#[test]
fn mistakes_end_with_2_and_a_suggestion() {
    let project = Bank::project();
    for (args, expected) in [
        (&["chekc"][..], "check"),
        (&["check", "--formt", "json"], "--format"),
        (&["check", "--format", "jsn"], "json"),
        (&["exec", "--mode", "rnig", "--", "true"], "(did you mean `ring`?)"),
        (&["exec", "--on-deadlock", "pnaic", "--", "true"], "(did you mean `panic`?)"),
        (&["exec", "--on-stall", "repot", "--", "true"], "(did you mean `report`?)"),
        (&["exec", "--long-hold", "soon", "--", "true"], "--long-hold: unknown value `soon`"),
        (&["exec"], "PROGRAM"),
    ] {
        let outcome = project.call(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}");
        assert!(outcome.stderr.contains(expected), "{args:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_wrong_file_is_located() {
    let project = Bank::project();
    project.write(".config/syncscope.toml", b"# mine\non-deadlok = 'exit'\n");
    for command in [&["check", "."][..], &["exec", "--", "true"]] {
        let outcome = project.call(command);
        assert_eq!(outcome.code, 2);
        assert_eq!(
            outcome.stderr,
            "error: [project]/.config/syncscope.toml:2:1: unknown key `on-deadlok` (did you mean `on-deadlock`?); the keys are: dir, mode, on-deadlock, stall, on-stall, long-wait, long-hold, blocking, redact, scope, incomplete, baseline, wrappers, levels, allow, order\n"
        );
    }
}

#[test]
fn a_wrong_variable_is_named() {
    let project = Bank::project();
    let mut command = project.command(&["exec", "--", "true"]);
    command.env("SYNCSCOPE_MODE", "al");
    let outcome = Outcome::of(command.output().unwrap(), &project.path());
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.stderr.starts_with("error: SYNCSCOPE_MODE: unknown value `al`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn help_and_version_are_no_errors() {
    let project = Bank::project();
    for args in [&["--help"][..], &["--version"], &["syncscope", "run", "--help"]] {
        let outcome = project.call(args);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args:?}");
        assert!(!outcome.stdout.is_empty());
    }
}

#[test]
fn help_is_a_command_too() {
    let project = Bank::project();
    let said = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let outcome = project.call(&words);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{line}");
        outcome.stdout
    };
    assert_eq!(said("syncscope help"), said("--help"));
    for command in ["run", "nextest", "check", "baseline write"] {
        assert_eq!(said(&format!("help {command}")), said(&format!("{command} --help")));
    }
    assert_eq!(project.call(&["help", "rn"]).code, 2);
}

#[cfg(unix)]
mod unix {
    use super::{Bank, Outcome};

    #[test]
    fn the_program_sees_what_is_in_force() {
        let project = Bank::project();
        project.write("syncscope.toml", b"mode = 'full'\non-deadlock = 'report'\ndir = 'out'\n");
        let show = "echo $SYNCSCOPE_MODE $SYNCSCOPE_ON_DEADLOCK $SYNCSCOPE_DIR; test -n \"$SYNCSCOPE_RUN\"";
        let mut command =
            project.command(&["-q", "exec", "--on-deadlock", "panic", "--", "sh", "-c", show]);
        command.env("SYNCSCOPE_MODE", "order");
        let outcome = Outcome::of(command.output().unwrap(), &project.path());
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "order panic [project]/out\n");
    }

    #[test]
    fn times_come_from_the_nearest_source() {
        let project = Bank::project();
        project.write("syncscope.toml", b"stall = '7s'\nlong-wait = '7s'\nlong-hold = '7s'\n");
        let show =
            "echo $SYNCSCOPE_STALL $SYNCSCOPE_LONG_WAIT $SYNCSCOPE_LONG_HOLD $SYNCSCOPE_ON_STALL";
        let args = ["-q", "exec", "--long-hold", "2m", "--", "sh", "-c", show];
        let mut command = project.command(&args);
        command.env("SYNCSCOPE_LONG_WAIT", "off").env("SYNCSCOPE_LONG_HOLD", "8s");
        let outcome = Outcome::of(command.output().unwrap(), &project.path());
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "7000ms off 120000ms report\n");
    }

    #[test]
    fn a_closed_stdout_is_no_error() {
        let project = Bank::project();
        project.store("1.syncscope", Bank::inverted());
        let binary = env!("CARGO_BIN_EXE_cargo-syncscope");
        let script = format!("'{binary}' check . | true; echo \"${{PIPESTATUS[0]}}\"");
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &script]).current_dir(project.path());
        let outcome = Outcome::of(command.output().unwrap(), &project.path());
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("1\n", ""));
    }
}
