//! Names made of whatever could break a form: each is read back by the reader of that form.

use super::{dot, forms::Forms, github, html, junit, markdown, rustc_json, sarif};
use crate::support::Bank;
use proptest::prelude::*;
use proptest::test_runner::Config;
use syncscope_recording::Recording;

/// Pieces of hostile names.
const PIECES: [&str; 42] = [
    "\u{1b}[31m",
    "\u{1b}]8;;http://x\u{7}",
    "\u{9b}2J",
    "\u{0}",
    "\r",
    "\n",
    "\r\n",
    "\u{2028}",
    "\u{202e}",
    "\u{200f}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e0041}",
    "::error file=a,line=1::x",
    "::stop-commands::x",
    "%0A::",
    "%",
    "<script>",
    "</script><img src=x onerror=alert(1)>",
    "</style>",
    "</details>",
    "]]>",
    "<!--",
    "&amp;",
    "&#10;",
    "\"",
    "'",
    "\\",
    "\\N",
    "\"];x->y[",
    "```",
    "`",
    "|",
    "[x](1)",
    "](http://x)",
    "*",
    "_",
    "- ",
    "# ",
    "{0}",
    "ä世",
];

fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 1..6)
        .prop_map(|pieces| pieces.concat())
}

/// Every text of the recording that a program can choose.
fn with_names(mut recording: Recording, name: &str, file: &str) -> Recording {
    for thread in recording.threads.values_mut() {
        thread.name = Some(name.to_owned());
    }
    let count = recording.classes.len();
    for (index, class) in recording.classes.iter_mut().enumerate().skip(1) {
        // Half of them are known by their type.
        class.name = (index * 2 < count).then(|| name.to_owned());
        class.type_name = format!("{name}{index}");
    }
    for site in recording.sites.iter_mut().skip(1) {
        site.file = format!("src/{file}");
    }
    recording.process.test = Some(name.to_owned());
    recording.notes = vec![name.to_owned()];
    recording
}

proptest! {
    #![proptest_config(Config { cases: 32, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_form_is_read_back(name in name(), file in name()) {
        let recordings = [Bank::inverted(), Bank::deadlocked(), Bank::read_again()];
        let project = Bank::project();
        for (index, recording) in recordings.into_iter().enumerate() {
            project.store(&format!("{index}.syncscope"), with_names(recording, &name, &file));
        }
        project.write("9.syncscope", b"");
        let forms = Forms::of(&project, &[]);
        for (form, text) in forms.all() {
            let lines = text.replace('\n', "");
            prop_assert!(!lines.contains(cargo_syncscope::escape::is_hostile), "{}: {:?}", form, lines);
        }

        let json: serde_json::Value = serde_json::from_str(forms.get("json")).unwrap();
        let findings = json["findings"].as_array().unwrap();
        prop_assert!(findings.len() >= 2);
        let types = findings.iter().flat_map(|finding| finding["locks"].as_array().unwrap());
        let mut types = types.filter_map(|lock| lock["type"].as_str());
        prop_assert!(types.all(|of| of.starts_with(&name)), "JSON loses nothing");

        let log = sarif::validate(forms.get("sarif"));
        prop_assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), findings.len());

        let suites = junit::validate(forms.get("junit"));
        prop_assert_eq!(suites.suites[0].errors, 1, "the unreadable file");

        let annotations = github::parse(forms.get("github"));
        prop_assert_eq!(annotations.len(), findings.len());
        for annotation in annotations {
            prop_assert!(["error", "warning"].contains(&annotation.command.as_str()), "{:?}", annotation);
            prop_assert!(annotation.properties.keys().eq(["col", "file", "line", "title"]), "{:?}", annotation);
        }

        let (rows, blocks) = markdown::validate(forms.get("markdown"));
        prop_assert_eq!((rows, blocks.len()), (findings.len(), findings.len()));

        let (page, data) = html::validate(forms.get("html"));
        prop_assert_eq!(html::ids(&page).len(), findings.len());
        prop_assert!(data["graph"]["locks"].as_array().unwrap().len() >= 2);

        let (messages, _) = rustc_json::validate(forms.get("rustc-json"));
        prop_assert_eq!(messages.len(), findings.len());
        for trace in ["chrome-trace", "firefox"] {
            prop_assert!(serde_json::from_str::<serde_json::Value>(forms.get(trace)).is_ok());
        }

        let drawing = dot::parse(forms.get("dot"));
        prop_assert!(drawing.labels.len() >= 2);
        prop_assert!(forms.get("short").lines().filter(|l| l.contains("[lock-order-inversion]: ")).count() <= 1);
    }
}
