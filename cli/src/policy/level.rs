//! Levels by rule, group and grade.

use super::own_rules::OwnRule;
use crate::escape;
use crate::suggest::did_you_mean;
use syncscope_detector::finding::{Finding, Grade, Level, RuleId};
use syncscope_detector::{Group, rules};

/// Which findings a level is for: `RULE`, `GROUP` or `all`, with `:GRADE` behind it for those of one grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selector {
    target: Target,
    grade: Option<Grade>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    All,
    Group(Group),
    Rule(RuleId),
    Own(OwnRule),
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
                let known = Grade::ALL.into_iter().find(|grade| grade.name() == word);
                Some(known.ok_or_else(|| unknown("grade", word, Grade::ALL.map(Grade::name)))?)
            }
        };
        let rule = RuleId::named(name).map(Target::Rule);
        let group = || Group::ALL.into_iter().find(|group| group.name() == name).map(Target::Group);
        let own = || match name {
            "all" => Some(Target::All),
            name => OwnRule::named(name).filter(|_| grade.is_none()).map(Target::Own),
        };
        let target = rule.or_else(group).or_else(own).ok_or_else(|| {
            let groups = Group::ALL.into_iter().map(Group::name);
            let rules = rules().map(|rule| rule.id.name());
            let own = OwnRule::ALL.map(|rule| rule.name);
            unknown("rule", name, rules.chain(own).chain(["all"]).chain(groups))
        })?;
        Ok(Self { target, grade })
    }

    fn fits(self, finding: &Finding) -> bool {
        let target = match self.target {
            Target::All => true,
            Target::Group(group) => {
                rules().any(|rule| rule.id == finding.rule && rule.group == group)
            }
            Target::Rule(rule) => finding.rule == rule,
            Target::Own(_) => false,
        };
        target && self.grade.is_none_or(|grade| finding.grade == grade)
    }

    /// A rule says more than a group, and a grade more than none.
    fn specificity(self) -> (u8, bool) {
        let target = match self.target {
            Target::All => 0,
            Target::Group(_) => 1,
            Target::Rule(_) | Target::Own(_) => 2,
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

    /// The level of what a rule about the policy says.
    #[must_use]
    pub fn of_own(&self, rule: OwnRule) -> Level {
        let fits = |selector: Selector| {
            let is_it = selector.target == Target::Own(rule) || selector.target == Target::All;
            is_it && selector.grade.is_none()
        };
        self.find(fits).unwrap_or(rule.level)
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
            level: if grade == Grade::Refuted {
                Level::Allow
            } else {
                rules().find(|known| known.id == rule).unwrap().level
            },
            fingerprint: "0123456789abcdef".to_owned(),
            count: 1,
            message: String::new(),
            locks: Vec::new(),
            threads: Vec::new(),
            steps: Vec::new(),
            refutation: None,
            causes: Vec::new(),
            notes: Vec::new(),
            help: String::new(),
            order: Vec::new(),
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
        let inversion = finding(RuleId::LOCK_ORDER_INVERSION, Grade::Possible);
        let race = finding(RuleId::DATA_RACE, Grade::Observed);
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
        let refuted = finding(RuleId::LOCK_ORDER_INVERSION, Grade::Refuted);
        assert_eq!(levels(&[&[("all", Level::Deny)]]).of(&refuted), Level::Allow);
    }

    #[test]
    fn rules_about_the_policy_have_levels_of_their_own() {
        let of = |selector, rule| levels(&[&[(selector, Level::Deny)]]).of_own(rule);
        assert_eq!(of("unused-allow", OwnRule::UNUSED_ORDER), Level::Warn);
        assert_eq!(of("unused-order", OwnRule::UNUSED_ORDER), Level::Deny);
        assert_eq!(Levels::default().of_own(OwnRule::UNUSED_ALLOW), Level::Warn);
        assert_eq!(of("unused-allow", OwnRule::UNUSED_ALLOW), Level::Deny);
        assert_eq!(of("races", OwnRule::UNUSED_ALLOW), Level::Warn);
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
}
