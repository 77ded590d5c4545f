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
