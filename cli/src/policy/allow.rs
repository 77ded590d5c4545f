//! Findings that are allowed on purpose: `[[allow]]` in the configuration.

use super::{Date, Evidence, glob};
use syncscope_detector::finding::{Finding, RuleId};

/// An `[[allow]]`: each of its conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// The rule.
    pub rule: Option<RuleId>,
    /// Patterns for names of locks: each matches a lock of the finding, and each lock is matched.
    pub locks: Vec<String>,
    /// Patterns for `file` or `file:line`: each acquisition is at one of them.
    pub sites: Vec<String>,
    /// The finding itself.
    pub fingerprint: Option<String>,
    /// Why it is allowed.
    pub reason: String,
    /// The last day on which it is.
    pub expires: Option<Date>,
    /// Where it is in the file; 1-based.
    pub line: usize,
}

impl Allow {
    /// Whether it is about this finding, whose locks have these labels.
    #[must_use]
    pub fn matches(&self, finding: &Finding, labels: &[String], evidence: &Evidence<'_>) -> bool {
        self.rule.is_none_or(|rule| finding.rule == rule)
            && self.matches_locks(finding, labels)
            && self.matches_sites(finding)
            && self.fingerprint.as_ref().is_none_or(|print| {
                *print == finding.fingerprint || evidence.former(finding) == Some(print)
            })
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.expires.is_some_and(Date::is_past)
    }

    fn matches_locks(&self, finding: &Finding, labels: &[String]) -> bool {
        if self.locks.is_empty() {
            return true;
        }
        let used = |index: &usize| {
            finding.steps.is_empty() || finding.steps.iter().any(|step| step.lock == *index)
        };
        let names: Vec<&str> =
            (0..labels.len()).filter(used).map(|index| labels[index].as_str()).collect();
        // `forks#3` is one of several that are called `forks`.
        let is = |pattern: &str, name: &str| {
            let plain = name.rsplit_once('#').map_or(name, |(plain, _)| plain);
            glob::matches(pattern, name) || glob::matches(pattern, plain)
        };
        !names.is_empty()
            && self.locks.iter().all(|pattern| names.iter().any(|name| is(pattern, name)))
            && names.iter().all(|name| self.locks.iter().any(|pattern| is(pattern, name)))
    }

    fn matches_sites(&self, finding: &Finding) -> bool {
        if self.sites.is_empty() {
            return true;
        }
        let is_listed = |file: &str, line: u32| {
            let with_line = format!("{file}:{line}");
            self.sites.iter().any(|p| glob::matches(p, file) || glob::matches(p, &with_line))
        };
        !finding.steps.is_empty()
            && finding.steps.iter().all(|step| is_listed(&step.place.file, step.place.line))
    }
}

#[cfg(test)]
mod tests {
    use super::super::level::tests::finding;
    use super::*;
    use syncscope_detector::Grade;
    use syncscope_detector::finding::{Place, Step, StepKind};

    fn inversion() -> (Finding, [String; 2]) {
        let mut finding = finding(RuleId::LOCK_ORDER_INVERSION, Grade::Possible);
        for (lock, line) in [(0, 11), (1, 12)] {
            let place = Place { file: "src/pay.rs".to_owned(), line, column: 9, stack: Vec::new() };
            let kind = StepKind::Holds;
            finding.steps.push(Step {
                caller: None,
                thread: 0,
                lock,
                kind,
                call: "lock",
                place,
                stack: Vec::new(),
                count: 1,
            });
        }
        (finding, ["LEDGER".to_owned(), "forks#3".to_owned()])
    }

    #[test]
    fn every_condition_must_hold() {
        let (finding, labels) = inversion();
        let sources = crate::source::Sources::default();
        let evidence = Evidence::new(&sources, &[], None, syncscope_detector::Options::default());
        let check = |allow: Allow, expected| {
            assert_eq!(allow.matches(&finding, &labels, &evidence), expected, "{allow:?}");
        };
        let strings =
            |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let locks = |texts: &[&str]| Allow { locks: strings(texts), ..Allow::default() };
        let sites = |texts: &[&str]| Allow { sites: strings(texts), ..Allow::default() };
        check(locks(&["LEDGER", "forks"]), true);
        check(locks(&["LEDGER", "forks#3"]), true);
        check(locks(&["LEDG*", "fork*"]), true);
        check(locks(&["LEDGER"]), false);
        check(locks(&["LEDGER", "forks", "audit"]), false);
        check(sites(&["src/pay.rs"]), true);
        check(sites(&["src/*:11", "src/pay.rs:12"]), true);
        check(sites(&["src/pay.rs:11"]), false);
        let rule = Some(RuleId::DATA_RACE);
        check(Allow { rule, ..locks(&["LEDGER", "forks"]) }, false);
        let fingerprint =
            |text: &str| Allow { fingerprint: Some(text.to_owned()), ..Allow::default() };
        check(fingerprint("0123456789abcdef"), true);
        check(fingerprint("0123456789abcde0"), false);
    }
}
