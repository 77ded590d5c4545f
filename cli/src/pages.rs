//! The pages of the rules, as they are in `docs/rules/` of this package.

use syncscope_detector::RuleId;

/// The page of a rule, in Markdown.
#[must_use]
pub const fn page(rule: RuleId) -> &'static str {
    match rule {
        RuleId::Deadlock => include_str!("../docs/rules/deadlock.md"),
        RuleId::SelfDeadlock => include_str!("../docs/rules/self-deadlock.md"),
        RuleId::LockOrderInversion => include_str!("../docs/rules/lock-order-inversion.md"),
        RuleId::DeclaredOrderViolation => {
            include_str!("../docs/rules/declared-order-violation.md")
        }
        RuleId::RecursiveRead => include_str!("../docs/rules/recursive-read.md"),
        RuleId::DataRace => include_str!("../docs/rules/data-race.md"),
        RuleId::Stall => include_str!("../docs/rules/stall.md"),
        RuleId::LongWait => include_str!("../docs/rules/long-wait.md"),
        RuleId::LongHold => include_str!("../docs/rules/long-hold.md"),
        RuleId::UnprotectedAccess => include_str!("../docs/rules/unprotected-access.md"),
    }
}

/// The page of the policy's own rule.
pub const UNUSED_ALLOW_PAGE: &str = include_str!("../docs/rules/unused-allow.md");

/// What it finds, in one line.
pub const UNUSED_ALLOW_SUMMARY: &str = "an [[allow]] in syncscope.toml that matches no finding";

/// Where the page of a rule is on the web.
#[must_use]
pub fn url(rule: &str) -> String {
    format!("{}/blob/main/cli/docs/rules/{rule}.md", env!("CARGO_PKG_REPOSITORY"))
}
