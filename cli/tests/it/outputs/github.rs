//! Annotations, read as the runner reads them.

use super::forms::Forms;
use crate::support::Bank;
use std::collections::BTreeMap;

/// An annotation.
#[derive(Debug)]
pub(super) struct Annotation {
    pub(super) command: String,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) message: String,
}

/// The commands of a log: a line that starts with `::` after white space is one, whatever it says.
pub(super) fn parse(log: &str) -> Vec<Annotation> {
    let commands = log.split(['\r', '\n']).filter_map(|line| line.trim_start().strip_prefix("::"));
    commands
        .map(|line| {
            let (head, message) = line.split_once("::").unwrap_or_else(|| panic!("{line}"));
            let (command, properties) = head.split_once(' ').unwrap_or((head, ""));
            let properties = properties
                .split(',')
                .map(|property| {
                    let (key, value) = property.split_once('=').unwrap_or_else(|| panic!("{line}"));
                    (key.to_owned(), decode(value))
                })
                .collect();
            Annotation { command: command.to_owned(), properties, message: decode(message) }
        })
        .collect()
}

fn decode(text: &str) -> String {
    let escapes = [("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    escapes.iter().fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain))
}

#[test]
fn a_finding_is_one_annotation_at_its_place() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let forms = Forms::of(&project, &[]);
    let annotations = parse(forms.get("github"));
    let [annotation] = &annotations[..] else { panic!("{annotations:?}") };
    assert_eq!(annotation.command, "error");
    let expected =
        [("col", "28"), ("file", "src/main.rs"), ("line", "12"), ("title", "lock-order-inversion")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(annotation.properties, BTreeMap::from(expected));
    assert!(
        annotation.message.starts_with("lock order inversion between `LEDGER` and `audit`\n(1) ")
    );
    assert!(forms.get("github").ends_with("1 finding (1 deny)\n"));
}

#[test]
fn a_supervised_program_cannot_give_commands() {
    let project = Bank::project();
    let outcome = project.call(&["exec", "--format=github", "--", "echo", "::error::forged"]);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    let token = lines[0].strip_prefix("::stop-commands::").unwrap();
    assert!(token.len() >= 32, "{token}");
    let forged = lines.iter().position(|line| *line == "::error::forged").unwrap();
    let resumed = lines.iter().position(|line| *line == format!("::{token}::")).unwrap();
    assert!(0 < forged && forged < resumed, "{lines:?}");
    let again = project.call(&["exec", "--format=github", "--", "true"]);
    assert!(!again.stdout.contains(token), "every run has a token of its own");
}
