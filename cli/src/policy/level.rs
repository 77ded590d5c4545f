//! Levels by rule, group and grade.

use crate::escape;
use crate::settings::did_you_mean;
use syncscope_detector::finding::{Finding, Grade, Level, RuleId};

use super::UNUSED_ALLOW;

/// Which findings a level is for: `RULE`, `GROUP` or `all`, with `:GRADE` behind it for those of one grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selector {
    target: Target,
    grade: Option<Grade>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    All,
    Group(Group),
    Rule(RuleId),
    UnusedAllow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Deadlocks,
    Races,
    Times,
}

const GROUPS: [(&str, Group); 3] =
    [("deadlocks", Group::Deadlocks), ("races", Group::Races), ("times", Group::Times)];

const GRADES: [Grade; 4] = [Grade::Observed, Grade::Predicted, Grade::Possible, Grade::Refuted];

impl Group {
    const fn of(rule: RuleId) -> Self {
        match rule {
            RuleId::DataRace | RuleId::UnprotectedAccess => Self::Races,
            RuleId::LongWait | RuleId::LongHold => Self::Times,
            RuleId::Deadlock
            | RuleId::SelfDeadlock
            | RuleId::LockOrderInversion
            | RuleId::RecursiveRead
            | RuleId::DeclaredOrderViolation
            | RuleId::Stall => Self::Deadlocks,
        }
    }
}

impl Selector {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// When there is no such rule, group or grade, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, grade) = match text.split_once(':') {
            Some((name, grade)) => (name, Some(grade)),
            None => (text, None),
        };
        let grade = match grade {
            None => None,
            Some(word) => {
                let known = GRADES.into_iter().find(|grade| grade.name() == word);
                Some(known.ok_or_else(|| unknown("grade", word, GRADES.map(Grade::name)))?)
            }
        };
        let rule = RuleId::ALL.into_iter().find(|rule| rule.name() == name).map(Target::Rule);
        let group =
            || GROUPS.iter().find(|(word, _)| *word == name).map(|(_, g)| Target::Group(*g));
        let own = || match name {
            "all" => Some(Target::All),
            UNUSED_ALLOW if grade.is_none() => Some(Target::UnusedAllow),
            _ => None,
        };
        let target = rule.or_else(group).or_else(own).ok_or_else(|| {
            let groups = GROUPS.iter().map(|(word, _)| *word);
            let rules = RuleId::ALL.into_iter().map(RuleId::name);
            unknown("rule", name, rules.chain([UNUSED_ALLOW, "all"]).chain(groups))
        })?;
        Ok(Self { target, grade })
    }

    fn fits(self, finding: &Finding) -> bool {
        let target = match self.target {
            Target::All => true,
            Target::Group(group) => Group::of(finding.rule) == group,
            Target::Rule(rule) => finding.rule == rule,
            Target::UnusedAllow => false,
        };
        target && self.grade.is_none_or(|grade| finding.grade == grade)
    }

    /// A rule says more than a group, and a grade more than none.
    fn specificity(self) -> (u8, bool) {
        let target = match self.target {
            Target::All => 0,
            Target::Group(_) => 1,
            Target::Rule(_) | Target::UnusedAllow => 2,
        };
        (target, self.grade.is_some())
    }
}

fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let suggestion = did_you_mean(word, known.iter().copied());
    let word = escape::name(word);
    format!("unknown {what} `{word}`{suggestion}; it is one of: {}", known.join(", "))
}

/// The levels that were set. A nearer source wins; within one, the selector that says more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// From the nearest source to the farthest.
    sources: Vec<Vec<(Selector, Level)>>,
}

impl Levels {
    /// Adds a source that is farther than all before.
    ///
    /// # Errors
    ///
    /// When it gives one selector two levels: the index of the second.
    pub fn add(&mut self, source: Vec<(Selector, Level)>) -> Result<(), usize> {
        let differs = |at: usize| {
            source[..at]
                .iter()
                .any(|(known, level)| *known == source[at].0 && *level != source[at].1)
        };
        if let Some(twice) = (1..source.len()).find(|&at| differs(at)) {
            return Err(twice);
        }
        self.sources.push(source);
        Ok(())
    }

    /// The level of a finding. What is refuted stays so.
    #[must_use]
    pub fn of(&self, finding: &Finding) -> Level {
        if finding.grade == Grade::Refuted {
            return finding.level;
        }
        self.find(|selector| selector.fits(finding)).unwrap_or(finding.level)
    }

    /// The level of an `[[allow]]` that matched nothing.
    #[must_use]
    pub fn of_unused_allow(&self) -> Level {
        let fits = |selector: Selector| {
            matches!(selector.target, Target::UnusedAllow | Target::All) && selector.grade.is_none()
        };
        self.find(fits).unwrap_or(Level::Warn)
    }

    fn find(&self, fits: impl Fn(Selector) -> bool) -> Option<Level> {
        self.sources.iter().find_map(|source| {
            let fitting = source.iter().filter(|(selector, _)| fits(*selector));
            fitting.max_by_key(|(selector, _)| selector.specificity()).map(|&(_, level)| level)
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn finding(rule: RuleId, grade: Grade) -> Finding {
        Finding {
            rule,
            grade,
            level: if grade == Grade::Refuted { Level::Allow } else { rule.meta().level },
            fingerprint: "0123456789abcdef".to_owned(),
            count: 1,
            message: String::new(),
            locks: Vec::new(),
            threads: Vec::new(),
            steps: Vec::new(),
            refutation: None,
            notes: Vec::new(),
            help: String::new(),
            processes: Vec::new(),
        }
    }

    fn levels(sources: &[&[(&str, Level)]]) -> Levels {
        let mut levels = Levels::default();
        for source in sources {
            let source =
                source.iter().map(|(text, level)| (Selector::parse(text).unwrap(), *level));
            levels.add(source.collect()).unwrap();
        }
        levels
    }

    #[test]
    fn what_says_more_wins_and_nearer_sources_first() {
        use Level::{Allow, Deny, Warn};
        let inversion = finding(RuleId::LockOrderInversion, Grade::Possible);
        let race = finding(RuleId::DataRace, Grade::Observed);
        let of = |sources: &[&[(&str, Level)]], finding| levels(sources).of(finding);
        assert_eq!(of(&[], &inversion), Deny);
        assert_eq!(of(&[&[("all", Allow), ("lock-order-inversion", Warn)]], &inversion), Warn);
        assert_eq!(of(&[&[("all", Allow), ("lock-order-inversion", Warn)]], &race), Allow);
        assert_eq!(of(&[&[("deadlocks", Warn), ("all", Allow)]], &inversion), Warn);
        assert_eq!(of(&[&[("deadlocks", Warn)]], &race), Deny);
        let graded = [("lock-order-inversion:possible", Allow), ("lock-order-inversion", Deny)];
        assert_eq!(of(&[&graded], &inversion), Allow);
        assert_eq!(of(&[&[("all", Warn)], &[("lock-order-inversion", Allow)]], &inversion), Warn);
    }

    #[test]
    fn what_is_refuted_stays_allowed() {
        let refuted = finding(RuleId::LockOrderInversion, Grade::Refuted);
        assert_eq!(levels(&[&[("all", Level::Deny)]]).of(&refuted), Level::Allow);
    }

    #[test]
    fn unused_allows_have_a_level_of_their_own() {
        assert_eq!(Levels::default().of_unused_allow(), Level::Warn);
        assert_eq!(levels(&[&[("unused-allow", Level::Deny)]]).of_unused_allow(), Level::Deny);
        assert_eq!(levels(&[&[("races", Level::Deny)]]).of_unused_allow(), Level::Warn);
    }

    #[test]
    fn mistakes_are_mended() {
        for (text, expected) in [
            ("dead-lock", "unknown rule `dead-lock` (did you mean `deadlock`?)"),
            ("deadlock:sure", "unknown grade `sure`"),
            ("unused-allow:possible", "unknown rule `unused-allow`"),
        ] {
            let error = Selector::parse(text).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
        let twice = ["all", "races", "all"].map(|text| Selector::parse(text).unwrap());
        let twice = twice.into_iter().zip([Level::Deny, Level::Deny, Level::Warn]).collect();
        assert_eq!(Levels::default().add(twice), Err(2));
    }

    #[test]
    fn no_group_has_the_name_of_a_rule() {
        for (group, _) in GROUPS {
            assert!(RuleId::ALL.into_iter().all(|rule| rule.name() != group));
        }
    }
}
