//! Colours and links, as streams and surroundings want them.

use crate::support::{Bank, Outcome, Project};
use std::process::Command;

fn project() -> Project {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    project
}

/// What goes into a pipe.
fn piped(project: &Project, args: &[&str], env: &[(&str, &str)]) -> Outcome {
    let mut command = project.command(&[&["check", "."], args].concat());
    for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color").envs(env.iter().copied());
    Outcome::of(command.output().unwrap(), &project.path())
}

const COLOUR: &str = "\u{1b}[";
const LINK: &str = "\u{1b}]8;;";

#[test]
fn a_pipe_has_neither_unless_asked_for() {
    let project = project();
    for (args, env, colour, link) in [
        (&[][..], &[][..], false, false),
        (&["--color", "always"], &[], true, false),
        (&["--color", "always"], &[("NO_COLOR", "1")], true, false),
        (&[], &[("FORCE_COLOR", "1")], true, false),
        (&[], &[("CLICOLOR_FORCE", "1")], true, false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false, false),
        (&["--color", "never"], &[("FORCE_COLOR", "1")], false, false),
        (&["--hyperlinks", "always"], &[], false, true),
        (&["--hyperlinks", "always", "--color", "always"], &[], true, true),
        (&["--hyperlinks", "never", "--color", "always"], &[("FORCE_HYPERLINK", "1")], true, false),
    ] {
        let outcome = piped(&project, args, env);
        let found = (outcome.stdout.contains(COLOUR), outcome.stdout.contains(LINK));
        assert_eq!((found, outcome.code), ((colour, link), 1), "{args:?} {env:?}");
    }
    // Without them it is the same text.
    let plain = piped(&project, &[], &[]).stdout;
    for args in [
        &["--color", "always"][..],
        &["--color", "always", "--hyperlinks", "always"],
        &["--hyperlinks", "always"],
    ] {
        let styled = piped(&project, args, &[]).stdout;
        assert_eq!(anstream::adapter::strip_str(&styled).to_string(), plain, "{args:?}");
    }
}

#[test]
fn links_lead_to_the_source_and_the_page() {
    let project = project();
    let text = piped(&project, &["--hyperlinks", "always"], &[]).stdout;
    let source =
        "\u{1b}]8;;file://[project]/src/main.rs\u{1b}\\src/main.rs:12:28\u{1b}]8;;\u{1b}\\";
    assert!(text.contains(source), "{text:?}");
    let page =
        "/cli/docs/rules/lock-order-inversion.md\u{1b}\\lock-order-inversion\u{1b}]8;;\u{1b}\\]";
    assert!(text.contains(page), "{text:?}");
}

#[test]
fn files_have_neither() {
    let project = project();
    let args = ["--hyperlinks", "always", "--color", "always", "--output", "human=out.txt"];
    piped(&project, &args, &[]);
    let text = std::fs::read_to_string(project.path().join("out.txt")).unwrap();
    assert!(!text.contains('\u{1b}'), "{text:?}");
    for form in [
        "json",
        "short",
        "markdown",
        "junit",
        "sarif",
        "github",
        "dot",
        "html",
        "rustc-json",
        "chrome-trace",
        "firefox",
    ] {
        let text = piped(&project, &["--hyperlinks", "always", "--format", form], &[]).stdout;
        assert!(!text.contains('\u{1b}'), "{form}: {text:?}");
    }
}

#[test]
fn errors_follow_the_same_rules() {
    let project = project();
    for (args, env, colour) in [
        (&[][..], &[][..], false),
        (&["--color", "always"], &[], true),
        (&[], &[("FORCE_COLOR", "1")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
    ] {
        let outcome = piped(&project, &[&["gone"], args].concat(), env);
        assert_eq!(
            (outcome.stderr.contains(COLOUR), outcome.code),
            (colour, 2),
            "{args:?} {env:?}"
        );
    }
}

/// On a terminal, which `script` makes, where it is installed.
#[test]
fn a_terminal_has_colours_unless_it_is_dumb() {
    let project = project();
    let binary = env!("CARGO_BIN_EXE_cargo-syncscope");
    let on_terminal = |env: &[(&str, &str)]| {
        let mut script = Command::new("script");
        script
            .args(["-qec", &format!("'{binary}' check ."), "/dev/null"])
            .current_dir(project.path());
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK"] {
            script.env_remove(name);
        }
        script.env("TERM", "xterm-256color").envs(env.iter().copied());
        let output = script.output().ok().filter(|output| output.status.code() == Some(1))?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(text) = on_terminal(&[]) else { return };
    assert!(text.contains(COLOUR), "{text:?}");
    // It was quick, so nothing was told of its progress.
    assert!(!text.contains("reading recordings"), "{text:?}");
    for env in [("TERM", "dumb"), ("NO_COLOR", "1"), ("CLICOLOR", "0")] {
        let text = on_terminal(&[env]).unwrap();
        assert!(!text.contains('\u{1b}'), "{env:?}: {text:?}");
    }
    let text = on_terminal(&[("FORCE_HYPERLINK", "1")]).unwrap();
    assert!(text.contains(LINK), "{text:?}");
}
