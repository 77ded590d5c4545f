//! `explain` and `rules`.

use crate::support::{Bank, golden};
use cargo_syncscope::pages;

#[test]
fn the_page_of_a_rule_is_printed() {
    let outcome = Bank::project().call(&["explain", "deadlock"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, pages::page("deadlock")));
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
