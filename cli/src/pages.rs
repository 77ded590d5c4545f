//! The pages of the rules, as they are in `docs/rules/` of this package.

macro_rules! pages {
    ($($rule:literal),+ $(,)?) => {
        &[$(($rule, include_str!(concat!("../docs/rules/", $rule, ".md")))),+]
    };
}

/// One line for each rule; a test compares it with what there is.
const PAGES: &[(&str, &str)] = pages![
    "deadlock",
    "self-deadlock",
    "futurelock",
    "lock-order-inversion",
    "held-across-pool",
    "guard-across-await",
    "permit-leak",
    "declared-order-violation",
    "recursive-read",
    "data-race",
    "unprotected-access",
    "lost-update",
    "check-then-act",
    "stall",
    "blocking-in-task",
    "long-wait",
    "long-hold",
    "unused-allow",
    "unused-order",
];

/// The page of a rule, in Markdown; nothing where there is no such rule.
#[must_use]
pub fn page(rule: &str) -> &'static str {
    PAGES.iter().find(|(name, _)| *name == rule).map_or("", |(_, page)| page)
}

/// Where the page of a rule is on the web.
#[must_use]
pub fn url(rule: &str) -> String {
    format!("{}/blob/main/cli/docs/rules/{rule}.md", env!("CARGO_PKG_REPOSITORY"))
}
