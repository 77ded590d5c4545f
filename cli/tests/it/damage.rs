//! Files that are no recordings, or not whole.

use crate::support::{Bank, Project};
use syncscope_recording::layout::{VERSION_MAJOR, header};
use syncscope_recording::testing::{FileBuilder, encode};

fn newer() -> Vec<u8> {
    FileBuilder::new().put(header::MAJOR, &(VERSION_MAJOR + 1).to_le_bytes()).finish()
}

#[test]
fn what_cannot_be_read_is_named_and_fails() {
    let bad: [(&str, Vec<u8>, &str, &str); 4] = [
        ("empty", Vec::new(), "empty", "empty"),
        ("foreign", b"#!/bin/sh\necho hello\n".to_vec(), "foreign", "not a recording"),
        ("newer", newer(), "newer", "newer version"),
        ("cut", encode(&Bank::inverted())[..20].to_vec(), "damaged", "damaged"),
    ];
    for (name, bytes, reason, words) in bad {
        let project = Project::new(&[]);
        project.write(&format!("{name}.syncscope"), &bytes);
        for command in ["check", "report"] {
            let outcome = project.call(&[command, "."]);
            assert_eq!(outcome.code, 4, "{command} {name}: {}", outcome.stdout);
            let file = format!("{name}.syncscope");
            assert!(outcome.stdout.contains(&file), "{name}: {}", outcome.stdout);
            assert!(outcome.stdout.contains(words), "{name}: {}", outcome.stdout);
        }
        let json = project.call(&["check", ".", "--format", "json"]).json();
        assert_eq!(
            (&json["unreadable"][0]["reason"], &json["exit_code"]),
            (&reason.into(), &4.into())
        );
    }
}

#[test]
fn the_readable_rest_is_still_checked() {
    let project = Bank::project();
    project.write("0.syncscope", b"");
    project.store("1.syncscope", Bank::correct());
    let outcome = project.call(&["check", "."]);
    assert_eq!(outcome.code, 4);
    assert!(outcome.stdout.contains("incomplete: 3 locks"), "{}", outcome.stdout);
    assert!(outcome.stdout.ends_with("; lost: 1 recording\n"), "{}", outcome.stdout);

    project.store("2.syncscope", Bank::inverted());
    let outcome = project.call(&["check", "."]);
    assert_eq!(outcome.code, 1, "a deny finding wins");
    assert!(outcome.stdout.contains("0.syncscope"), "{}", outcome.stdout);
}

#[test]
fn a_torn_file_is_read_as_far_as_it_goes() {
    let whole = encode(&Bank::inverted());
    let project = Bank::project();
    // Any cut behind the first page leaves a recording; none may end in a panic or without a word.
    for cut in (4096..whole.len()).step_by(1021) {
        project.write("1.syncscope", &whole[..cut]);
        for command in ["check", "report"] {
            let outcome = project.call(&[command, "."]);
            assert!([0, 1, 3].contains(&outcome.code), "{cut}: {}", outcome.code);
            assert!(!outcome.stdout.is_empty(), "{cut}");
        }
    }
}

/// Bytes changed at random: whatever is read from them, nothing may panic.
#[test]
fn mutated_files_never_end_in_a_panic() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let whole = [Bank::inverted(), Bank::deadlocked(), Bank::read_again()].map(|r| encode(&r));
    let project = Bank::project();
    for round in 0..6 {
        for file in 0..50 {
            let mut bytes = whole[random(whole.len())].clone();
            for _ in 0..=random(12) {
                // The chunks lie in a few hundred bytes at the start of pages.
                let page = random(bytes.len() / 4096) * 4096;
                let at = (page + random(1024)).min(bytes.len() - 1);
                bytes[at] = [0, 1, 0xFF, random(256) as u8][random(4)];
            }
            project.write(&format!("{file}.syncscope"), &bytes);
        }
        let outputs = [
            "short",
            "json",
            "sarif",
            "junit",
            "github",
            "markdown",
            "dot",
            "html",
            "rustc-json",
            "chrome-trace",
            "perfetto",
            "firefox",
        ];
        let outputs = outputs.map(|form| format!("--output={form}=out/{form}"));
        let mut args = vec!["report", ".", "--refuted"];
        args.extend(outputs.iter().map(String::as_str));
        let outcome = project.call(&args);
        assert!([0, 1, 3, 4].contains(&outcome.code), "round {round}: {}", outcome.stderr);
        assert_eq!(outcome.stderr, "", "round {round}");
    }
}

#[test]
fn checking_nothing_is_not_success() {
    let project = Bank::project();
    let outcome = project.call(&["check"]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stdout.starts_with("nothing checked: there is no recording"),
        "{}",
        outcome.stdout
    );
    project.write("0.syncscope", &FileBuilder::new().finish());
    let outcome = project.call(&["check", "."]);
    assert_eq!(outcome.code, 3);
    assert!(outcome.stdout.starts_with("nothing checked: no lock was used"), "{}", outcome.stdout);
}

#[test]
fn a_missing_path_is_a_mistake_of_the_caller() {
    let project = Bank::project();
    std::fs::create_dir(project.path().join("recordings")).unwrap();
    for args in [&["check", "recodrings"][..], &["report", "--dir", "recodrings"]] {
        let outcome = project.call(args);
        assert_eq!(outcome.code, 2);
        assert!(outcome.stderr.contains("(did you mean `recordings`?)"), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
}

/// What is not recorded cannot be found: the last line says so, and the settings say whether that fails.
#[test]
fn what_was_lost_is_no_ok() {
    let project = Bank::project();
    let mut recording = Bank::correct();
    recording.lost.nodes = 2;
    recording.lost.chunks = 1;
    project.store("1.syncscope", recording);
    let last = |args: &[&str]| {
        let outcome = project.call(args);
        (outcome.code, outcome.stdout.lines().last().unwrap_or_default().to_owned())
    };
    let (code, line) = last(&["check", "."]);
    assert_eq!(code, 0);
    assert!(line.starts_with("incomplete: 3 locks"), "{line}");
    assert!(line.ends_with(", 0 findings; lost: 2 nestings and 1 chunk"), "{line}");
    assert_eq!(last(&["-q", "check", "."]), (0, String::new()));

    for args in [&["check", ".", "--incomplete", "deny"][..], &["-q", "check", "."]] {
        project.write("syncscope.toml", b"incomplete = 'deny'\n");
        let (code, line) = last(args);
        assert_eq!(code, 1);
        assert!(line.starts_with("incomplete: ") && line.ends_with("1 chunk"), "{line}");
    }
    let junit = project.call(&["check", ".", "--format", "junit"]);
    assert!(junit.stdout.contains("lost: 2 nestings and 1 chunk"), "{}", junit.stdout);

    project.store("1.syncscope", Bank::correct());
    let (code, line) = last(&["check", "."]);
    assert!(code == 0 && line.starts_with("ok: "), "{line}");
}
