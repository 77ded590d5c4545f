//! The pages of the rules, as they are in `docs/rules/` of this package.

use syncscope_detector::RuleId;

/// The page of a rule, in Markdown.
#[must_use]
pub const fn page(rule: RuleId) -> &'static str {
    match rule {
        RuleId::Deadlock => include_str!("../docs/rules/deadlock.md"),
        RuleId::SelfDeadlock => include_str!("../docs/rules/self-deadlock.md"),
        RuleId::LockOrderInversion => include_str!("../docs/rules/lock-order-inversion.md"),
        RuleId::RecursiveRead => include_str!("../docs/rules/recursive-read.md"),
    }
}

/// What the rule finds, in a few words.
#[must_use]
pub const fn title(rule: RuleId) -> &'static str {
    match rule {
        RuleId::Deadlock => "threads that wait for each other",
        RuleId::SelfDeadlock => "a thread that waits for itself",
        RuleId::LockOrderInversion => "locks taken in opposite orders",
        RuleId::RecursiveRead => "a reader that reads again",
    }
}

/// The default level, with what it depends on.
#[must_use]
pub const fn levels(rule: RuleId) -> &'static str {
    match rule {
        RuleId::Deadlock | RuleId::SelfDeadlock => "deny",
        RuleId::LockOrderInversion => "deny; allow when refuted",
        RuleId::RecursiveRead => "warn; allow when refuted",
    }
}
