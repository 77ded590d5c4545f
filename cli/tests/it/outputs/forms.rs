//! All forms of one report, written by one call.

use crate::support::{Outcome, Project};
use std::fs;

/// The forms and the files they go to.
pub(super) const FORMS: [(&str, &str); 13] = [
    ("human", "out/report.txt"),
    ("short", "out/short.txt"),
    ("json", "out/report.json"),
    ("json-v1", "out/v1.json"),
    ("sarif", "out/report.sarif"),
    ("github", "out/github.txt"),
    ("junit", "out/junit.xml"),
    ("markdown", "out/summary.md"),
    ("dot", "out/graph.dot"),
    ("html", "out/report.html"),
    ("rustc-json", "out/messages.json"),
    ("chrome-trace", "out/chrome.json"),
    ("firefox", "out/firefox.json"),
];

/// What was written, by form.
pub(super) struct Forms {
    texts: Vec<String>,
    pub(super) outcome: Outcome,
}

impl Forms {
    /// Checks what lies in the project.
    pub(super) fn of(project: &Project, more: &[&str]) -> Self {
        let outputs: Vec<String> =
            FORMS.iter().map(|(form, file)| format!("--output={form}={file}")).collect();
        let mut args = vec!["check", "."];
        args.extend(more);
        args.extend(outputs.iter().map(String::as_str));
        let outcome = project.call(&args);
        assert_eq!(outcome.stderr, "");
        let read =
            |(_, file): &(&str, &str)| fs::read_to_string(project.path().join(file)).unwrap();
        Self { texts: FORMS.iter().map(read).collect(), outcome }
    }

    pub(super) fn get(&self, form: &str) -> &str {
        let at = FORMS.iter().position(|(name, _)| *name == form).unwrap();
        &self.texts[at]
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        FORMS.iter().map(|(form, _)| *form).zip(self.texts.iter().map(String::as_str))
    }
}

#[test]
fn one_call_writes_all_forms_and_prints_one() {
    let project = crate::support::Bank::project();
    project.store("1.syncscope", crate::support::Bank::inverted());
    let forms = Forms::of(&project, &[]);
    assert_eq!(forms.outcome.code, 1);
    assert_eq!(
        forms.outcome.stdout,
        forms.get("human").replace(&project.path().display().to_string(), "[project]")
    );
    assert_eq!(forms.get("json"), forms.get("json-v1"));
    for (form, text) in forms.all() {
        let printed = project.call(&["check", ".", "--format", form]).stdout;
        let text = text.replace(&project.path().display().to_string(), "[project]");
        assert_eq!(printed, text, "{form}: on stdout and in the file");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let project = crate::support::Bank::project();
    project.store("1.syncscope", crate::support::Bank::correct());
    let outcome = project.call(&["check", ".", "--output", "json=src/main.rs/x.json"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("cannot write `src/main.rs/x.json`"), "{}", outcome.stderr);
}
