//! Findings that are allowed on purpose: `[[allow]]` in the configuration.

use super::{Date, Evidence, glob};
use syncscope_detector::finding::{Finding, RuleId, StepKind};

/// An `[[allow]]`: each of its conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// The rule.
    pub rule: Option<RuleId>,
    /// Patterns for names of locks: each matches a lock of the finding, and each lock is matched.
    pub locks: Vec<String>,
    /// Patterns for `file` or `file:line`: each acquisition is at one of them.
    pub sites: Vec<String>,
    /// Patterns for paths of functions: one of the finding's accesses or acquisitions was made in such a function, or called from one.
    pub functions: Vec<String>,
    /// Patterns for names of crates: one of them was made by the code of such a crate.
    pub crates: Vec<String>,
    /// Patterns for names of what was accessed, such as statics.
    pub memory: Vec<String>,
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
            && self.matches_code(finding, evidence)
            && self.matches_memory(finding, labels)
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

    fn matches_code(&self, finding: &Finding, evidence: &Evidence<'_>) -> bool {
        if self.functions.is_empty() && self.crates.is_empty() {
            return true;
        }
        let is_listed = |list: &[String], names: &[String]| {
            list.is_empty() || names.iter().any(|name| list.iter().any(|p| glob::matches(p, name)))
        };
        finding.steps.iter().any(|step| {
            let functions = evidence.functions(finding, step);
            let own = functions.first().map(|function| vec![crate_of(function).to_owned()]);
            is_listed(&self.functions, &functions)
                && is_listed(&self.crates, &own.unwrap_or_default())
        })
    }

    fn matches_memory(&self, finding: &Finding, labels: &[String]) -> bool {
        let is_access = |kind| matches!(kind, StepKind::Reads | StepKind::Writes);
        let accessed = finding.steps.iter().filter(|step| is_access(step.kind));
        let mut names = accessed.filter_map(|step| labels.get(step.lock));
        self.memory.is_empty()
            || names.any(|name| self.memory.iter().any(|p| glob::matches(p, name)))
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

/// The crate of a function, by its path, which may begin with a type.
fn crate_of(function: &str) -> &str {
    let path = function.trim_start_matches(|c: char| "<&*(".contains(c));
    let path =
        ["mut ", "dyn ", "impl "].iter().fold(path, |path, word| path.trim_start_matches(word));
    path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::level::tests::finding;
    use super::*;
    use syncscope_detector::Grade;
    use syncscope_detector::finding::{Place, Step, StepKind};

    #[test]
    fn functions_belong_to_crates() {
        for function in ["app::f", "<app::T<u8> as core::clone::Clone>::clone", "<&mut app::T>::f"]
        {
            assert_eq!(crate_of(function), "app", "{function}");
        }
    }

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
