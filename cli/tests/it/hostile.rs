//! Names that try to forge output.

use crate::support::Bank;
use syncscope_recording::Recording;

const HOSTILE: &str = "\u{1b}[2J\u{1b}[31mx\n::error::forged\r\u{9b}31m\u{202e}evil`";

/// Every text of the recording that a program can choose.
fn hostile(mut recording: Recording) -> Recording {
    for thread in recording.threads.values_mut() {
        thread.name = Some(HOSTILE.to_owned());
    }
    for class in &mut recording.classes {
        class.name = Some(HOSTILE.to_owned());
        class.type_name = HOSTILE.to_owned();
    }
    for site in recording.sites.iter_mut().skip(1) {
        site.file = format!("{HOSTILE}.rs");
    }
    recording.process.exe = HOSTILE.to_owned();
    recording.process.args = vec![HOSTILE.to_owned()];
    recording.process.test = Some(HOSTILE.to_owned());
    recording.notes = vec![HOSTILE.to_owned()];
    recording
}

#[test]
fn no_form_of_the_report_lets_them_through() {
    for recording in [Bank::inverted(), Bank::deadlocked(), Bank::relocked(), Bank::read_again()] {
        let project = Bank::project();
        project.store("\u{1b}[31m.syncscope", hostile(recording));
        project.write("\u{1b}[32m\n::error::x.syncscope", b"foreign");
        for command in ["check", "report"] {
            for format in ["human", "short", "json"] {
                let outcome = project.call(&[command, ".", "--format", format]);
                let lines = outcome.stdout.replace('\n', "");
                assert!(
                    !lines.contains(cargo_syncscope::escape::is_hostile),
                    "{format}: {lines:?}"
                );
                assert!(!outcome.stdout.contains("\n::"), "{format}: {}", outcome.stdout);
                assert!(outcome.stdout.contains("forged"), "the name is shown");
            }
        }
    }
}

#[test]
fn hostile_source_lines_are_shown_harmless() {
    let code = crate::support::SOURCE.replace("// the review", "// \u{1b}[31m\u{202e} ::error::");
    let project = crate::support::Project::new(&[("src/main.rs", &code)]);
    project.store("1.syncscope", Bank::inverted());
    let outcome = project.call(&["check", "."]);
    assert!(outcome.stdout.contains("bank.audit.lock().unwrap(); // "), "{}", outcome.stdout);
    let lines = outcome.stdout.replace('\n', "");
    assert!(!lines.contains(cargo_syncscope::escape::is_hostile), "{lines:?}");
}

#[test]
fn mistakes_are_told_without_control_characters() {
    let project = Bank::project();
    let hostile = "\u{1b}]0;evil\u{7}\u{202e}\n::error::forged";
    let flag = format!("--{hostile}");
    for args in [
        &["check", &flag][..],
        &[hostile],
        &["check", hostile],
        &["check", "--format", hostile, "."],
        &["explain", hostile],
        &["attach", hostile],
        &["exec", "--mode", hostile, "true"],
        &["exec", hostile],
        &["merge", "--out", hostile, hostile],
    ] {
        let outcome = project.call(args);
        assert_eq!(outcome.code, 2, "{args:?}: {}", outcome.stderr);
        let lines = outcome.stderr.replace('\n', "");
        assert!(!lines.contains(cargo_syncscope::escape::is_hostile), "{args:?}: {lines:?}");
        assert!(!outcome.stderr.contains("\n::"), "{args:?}: {}", outcome.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_recording_is_neither_waited_for_nor_read_without_end() {
    use std::os::unix::fs::symlink;
    let project = Bank::project();
    project.store("good.syncscope", Bank::inverted());
    let path = |name: &str| project.path().join(name);
    let good = std::fs::read(path("good.syncscope")).unwrap();
    // Very little of it is stored.
    std::fs::File::create(path("hole.syncscope")).unwrap().set_len(1 << 40).unwrap();
    project.write("long.syncscope", &good);
    let long = std::fs::File::options().append(true).open(path("long.syncscope")).unwrap();
    long.set_len(1 << 40).unwrap();
    symlink("loop.syncscope", path("loop.syncscope")).unwrap();
    symlink("/dev/zero", path("zero.syncscope")).unwrap();
    let odd = [
        "hole.syncscope",
        "long.syncscope",
        "loop.syncscope",
        "zero.syncscope",
        "/proc/kmsg",
        "/dev/zero",
    ];
    for file in odd {
        for args in [
            &["check", file][..],
            &["report", file],
            &["order", file],
            &["diff", "good.syncscope", file],
            &["attach", "--once", file],
            &["merge", "--out", "merged", file],
            &["check", "--baseline", file, "good.syncscope"],
        ] {
            let outcome = project.call(args);
            assert!(outcome.code < 66, "{args:?}: {} {}", outcome.code, outcome.stderr);
        }
        let merged = path("merged");
        assert!(std::fs::metadata(&merged).is_ok_and(|m| m.len() < 1 << 20) || !merged.exists());
        _ = std::fs::remove_file(merged);
    }
}
