//! Applies the policy to what was found.

use super::baseline::{Baseline, Entry};
use super::{Allow, Date, Evidence, Incomplete, Levels, OwnRule, Remark, Scope};
use crate::names;
use std::path::PathBuf;
use syncscope_detector::{Finding, Grade, Level, Unused, UnusedName};

/// What is in force.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Levels by rule.
    pub levels: Levels,
    /// Whose findings fail.
    pub scope: Scope,
    /// What it means that something was lost.
    pub incomplete: Incomplete,
    /// What is allowed on purpose.
    pub allows: Vec<Allow>,
    /// The file that says so.
    pub file: PathBuf,
    /// What was accepted before.
    pub baseline: Option<Baseline>,
}

/// Findings as the policy leaves them.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Those that count, worst first.
    pub findings: Vec<Finding>,
    /// Those that were taken out, and why.
    pub suppressed: Vec<Suppressed>,
    /// What is wrong with the policy itself.
    pub remarks: Vec<Remark>,
    /// How many accepted findings were not seen.
    pub unseen: usize,
}

/// A finding that does not count.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// As the detector gave it.
    pub finding: Finding,
    /// Why it does not count.
    pub by: By,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Its level is `allow`.
    Level,
    /// An `[[allow]]`.
    Allow(Allow),
    /// The baseline.
    Baseline(Entry),
}

impl Policy {
    /// Sorts findings out. An `[[allow]]` that matches nothing, and a name in `[order]`, is only remarked upon when something was checked.
    #[must_use]
    pub fn judge(
        &self,
        findings: Vec<Finding>,
        unused: &[UnusedName],
        evidence: &Evidence<'_>,
        checked: bool,
    ) -> Judged {
        let mut judged = Judged::default();
        let mut hits = vec![0_usize; self.allows.len()];
        for mut finding in findings {
            finding.level = self.levels.of(&finding).min(self.scope.limit(&finding));
            // What is refuted is there because it was asked for.
            if finding.grade == Grade::Refuted {
                judged.findings.push(finding);
                continue;
            }
            let labels = names::labels(&finding);
            let matching = |allow: &&Allow| allow.matches(&finding, &labels, evidence);
            let mut allowed = None;
            for (index, allow) in self.allows.iter().enumerate().filter(|(_, a)| matching(a)) {
                hits[index] += 1;
                if !allow.is_expired() {
                    allowed = allowed.or(Some(allow));
                }
            }
            match allowed {
                Some(allow) => {
                    let by = By::Allow(allow.clone());
                    judged.suppressed.push(Suppressed { finding, by });
                }
                None if finding.level == Level::Allow => {
                    judged.suppressed.push(Suppressed { finding, by: By::Level });
                }
                None => judged.findings.push(finding),
            }
        }
        self.accept(&mut judged, evidence);
        judged.findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        if checked {
            judged.remarks = self.unused_allows(&hits);
            judged.remarks.extend(self.unused_orders(unused));
            judged.remarks.retain(|remark| remark.level != Level::Allow);
        }
        judged
    }

    /// Takes out what the baseline accepts.
    fn accept(&self, judged: &mut Judged, evidence: &Evidence<'_>) {
        let Some(baseline) = &self.baseline else { return };
        let counted = |finding: &&Finding| finding.grade != Grade::Refuted;
        let findings: Vec<&Finding> = judged.findings.iter().filter(counted).collect();
        let mut entries = baseline.entries_of(&findings, evidence).into_iter();
        let mut seen = 0;
        for mut finding in std::mem::take(&mut judged.findings) {
            let entry = if counted(&&finding) { entries.next().flatten() } else { None };
            let Some(entry) = entry.map(|index| &baseline.entries[index]) else {
                judged.findings.push(finding);
                continue;
            };
            seen += 1;
            match entry.expires.as_deref().and_then(Date::parse).filter(|date| date.is_past()) {
                Some(date) => {
                    let owner = if entry.owner.is_empty() { "" } else { ", owner " };
                    finding.notes.push(format!(
                        "it was accepted until {date}{owner}{}: {}",
                        entry.owner,
                        if entry.reason.is_empty() { "no reason given" } else { &entry.reason }
                    ));
                    judged.findings.push(finding);
                }
                None => {
                    let by = By::Baseline(entry.clone());
                    judged.suppressed.push(Suppressed { finding, by });
                }
            }
        }
        judged.unseen = baseline.entries.len() - seen;
    }

    fn unused_allows(&self, hits: &[usize]) -> Vec<Remark> {
        let rule = OwnRule::UNUSED_ALLOW;
        let level = self.levels.of_own(rule);
        let remark = |(allow, &hits): (&Allow, &usize)| {
            let reason = crate::escape::text(&allow.reason);
            let message = match allow.expires.filter(|_| allow.is_expired()) {
                Some(date) => format!("this [[allow]] ended on {date}: {reason}"),
                None if hits == 0 => format!("this [[allow]] matches no finding: {reason}"),
                None => return None,
            };
            Some(Remark { rule, level, message, file: self.file.clone(), line: allow.line })
        };
        self.allows.iter().zip(hits).filter_map(remark).collect()
    }

    fn unused_orders(&self, unused: &[UnusedName]) -> impl Iterator<Item = Remark> {
        let rule = OwnRule::UNUSED_ORDER;
        let level = self.levels.of_own(rule);
        unused.iter().map(move |one| {
            let name = crate::escape::name(&one.name);
            let origin = crate::escape::text(&one.origin);
            let why = match one.why {
                Unused::NoLock => "no lock that was used is called so".to_owned(),
                Unused::SeveralSorts => {
                    "different locks are called so; write the file too, as in `bank.rs:LEDGER`"
                        .to_owned()
                }
            };
            let message = format!("{origin} says `{name}`, which checks nothing: {why}");
            Remark { rule, level, message, file: self.file.clone(), line: one.line }
        })
    }
}

impl Suppressed {
    /// The finding as it is shown on request: at level `allow`, with the reason.
    #[must_use]
    pub fn shown(&self) -> Finding {
        let mut finding = self.finding.clone();
        finding.level = Level::Allow;
        finding.notes.push(self.by.words());
        finding
    }
}

impl By {
    /// One sentence fragment, escaped.
    #[must_use]
    pub fn words(&self) -> String {
        let text = |text: &str| crate::escape::text(text).into_owned();
        match self {
            Self::Level => "allowed: its level is `allow`".to_owned(),
            Self::Allow(allow) => {
                format!("allowed in line {} of syncscope.toml: {}", allow.line, text(&allow.reason))
            }
            Self::Baseline(entry) => {
                let mut words = "accepted in the baseline".to_owned();
                if !entry.reason.is_empty() {
                    words.push_str(&format!(": {}", text(&entry.reason)));
                }
                let more = [("owner", Some(&entry.owner)), ("until", entry.expires.as_ref())];
                let more = more.into_iter().filter_map(|(word, value)| {
                    let value = value.filter(|value| !value.is_empty())?;
                    Some(format!("{word} {}", text(value)))
                });
                let more = more.collect::<Vec<_>>().join(", ");
                if more.is_empty() { words } else { format!("{words} ({more})") }
            }
        }
    }

    /// One word for machines.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Allow(_) => "allow",
            Self::Baseline(_) => "baseline",
        }
    }
}
