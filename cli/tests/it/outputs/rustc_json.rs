//! Messages for editors, read by the reader that rust-analyzer has.

use super::forms::Forms;
use crate::support::{Bank, Project, SOURCE};
use cargo_metadata::Message;
use cargo_metadata::diagnostic::{Applicability, Diagnostic, DiagnosticLevel, DiagnosticSpan};
use std::fs;

/// The diagnostics, and whether the check has passed.
pub(super) fn validate(text: &str) -> (Vec<Diagnostic>, bool) {
    let (mut diagnostics, mut success) = (Vec::new(), None);
    for message in Message::parse_stream(text.as_bytes()) {
        match message.unwrap() {
            Message::CompilerMessage(message) => {
                assert!(message.message.spans.iter().any(|span| span.is_primary));
                diagnostics.push(message.message);
            }
            Message::BuildFinished(finished) => success = Some(finished.success),
            other => panic!("{other:?}"),
        }
    }
    (diagnostics, success.unwrap())
}

fn diagnostics(project: &Project) -> (Vec<Diagnostic>, bool) {
    validate(Forms::of(project, &[]).get("rustc-json"))
}

/// What a span marks, by its bytes.
fn marked<'a>(text: &'a str, span: &DiagnosticSpan) -> &'a str {
    &text[span.byte_start as usize..span.byte_end as usize]
}

#[test]
fn a_finding_is_at_the_line_to_change() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let (diagnostics, success) = diagnostics(&project);
    assert!(!success);
    let [finding] = &diagnostics[..] else { panic!("{diagnostics:?}") };
    assert_eq!(finding.level, DiagnosticLevel::Error);
    assert_eq!(finding.code.as_ref().unwrap().code, "lock-order-inversion");
    assert!(finding.rendered.as_ref().unwrap().starts_with("error[lock-order-inversion]: "));
    let primary: Vec<_> = finding.spans.iter().filter(|span| span.is_primary).collect();
    assert_eq!(primary.len(), 1);
    assert_eq!((primary[0].line_start, primary[0].column_start), (16, 28));
    assert_eq!(finding.spans.len(), 4, "the others are told with it");
    for span in &finding.spans {
        assert_eq!(span.file_name, "src/main.rs");
        assert_eq!(marked(SOURCE, span), "lock");
        assert_eq!(span.column_end - span.column_start, 4);
    }
    assert!(primary[0].label.as_ref().unwrap().contains("holds `audit`, taken here"));
    let help: Vec<_> =
        finding.children.iter().filter(|one| one.message.starts_with("take ")).collect();
    assert!(help[0].message.starts_with("take `LEDGER` before `audit` everywhere"));
    assert_eq!(help[0].level, DiagnosticLevel::Help);
}

/// Applies what is suggested.
fn applied(text: &str, diagnostic: &Diagnostic) -> Option<String> {
    let suggested = |span: &&DiagnosticSpan| span.suggested_replacement.is_some();
    let mut spans: Vec<_> =
        diagnostic.children.iter().flat_map(|child| &child.spans).filter(suggested).collect();
    spans.sort_by_key(|span| std::cmp::Reverse(span.byte_start));
    let mut text = text.to_owned();
    for span in &spans {
        assert_eq!(span.suggestion_applicability, Some(Applicability::MaybeIncorrect));
        let range = span.byte_start as usize..span.byte_end as usize;
        text.replace_range(range, span.suggested_replacement.as_ref().unwrap());
    }
    (!spans.is_empty()).then_some(text)
}

#[test]
fn lines_change_places_where_that_is_plain() {
    // The tests' source has comments behind the two statements, which would stay or go with the wrong one.
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    assert_eq!(applied(SOURCE, &diagnostics(&project).0[0]), None);

    let plain = SOURCE.replace(" // the review", "").replace(" // the other way round", "");
    let expected = plain.replace(
        "    let audit = bank.audit.lock().unwrap();\n    let ledger = LEDGER.lock().unwrap();\n",
        "    let ledger = LEDGER.lock().unwrap();\n    let audit = bank.audit.lock().unwrap();\n",
    );
    assert_ne!(plain, expected);
    for line_end in ["\n", "\r\n"] {
        let text = plain.replace('\n', line_end);
        let project = Project::new(&[("src/main.rs", &text)]);
        project.store("1.syncscope", Bank::inverted());
        let applied = applied(&text, &diagnostics(&project).0[0]).unwrap();
        assert_eq!(applied, expected.replace('\n', line_end));
    }
}

#[test]
fn what_has_no_place_is_at_the_manifest() {
    let mut recording = Bank::inverted();
    recording.sites.iter_mut().for_each(|site| site.file.clear());
    let project = Bank::project();
    project.store("1.syncscope", recording);
    let (diagnostics, _) = diagnostics(&project);
    assert!(diagnostics[0].spans[0].file_name.ends_with("/Cargo.toml"));
}

#[test]
fn a_correct_run_is_a_build_that_has_passed() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::correct());
    let (diagnostics, success) = diagnostics(&project);
    assert!(diagnostics.is_empty() && success);
    assert!(fs::exists(project.path().join("out/messages.json")).unwrap());
}
