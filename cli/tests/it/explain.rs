//! `explain` and `rules`.

use crate::support::{Bank, golden};
use syncscope_detector::RuleId;

#[test]
fn every_rule_has_a_page_with_all_its_parts() {
    let project = Bank::project();
    for rule in RuleId::ALL {
        let outcome = project.call(&["explain", rule.name()]);
        assert_eq!(outcome.code, 0);
        let page = outcome.stdout;
        assert!(page.starts_with(&format!("# {}\n", rule.name())), "{page}");
        for part in [
            "## A wrong program",
            "## What is proved, what is assumed",
            "## What is not seen",
            "## How to fix it",
            "## Grades and levels",
            "## How to silence it",
        ] {
            assert!(page.contains(&format!("\n{part}\n")), "{}: no {part}", rule.name());
        }
    }
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let outcome = Bank::project().call(&["explain", "lock-order-inversoin"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(
        outcome.stderr.contains("(did you mean `lock-order-inversion`?)"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn rules_are_listed_with_their_levels() {
    golden("rules.txt", &Bank::project().call(&["rules"]).stdout);
}

#[test]
fn the_index_of_the_pages_is_complete() {
    let index = include_str!("../../../docs/rules/README.md");
    for rule in RuleId::ALL {
        let link = format!("(../../cli/docs/rules/{}.md)", rule.name());
        assert!(index.contains(&link), "{link}");
    }
}
