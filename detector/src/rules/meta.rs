//! What is known of each rule without running it.

use crate::finding::{Grade, Level, RuleId};

/// A rule, for lists and for `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleMeta {
    /// Which.
    pub id: RuleId,
    /// What it is set by, together with others.
    pub group: Group,
    /// One line: what it finds; behind a semicolon, when its level is another.
    pub summary: &'static str,
    /// The level of findings that are not refuted.
    pub level: Level,
    /// The grades it gives, the surest first.
    pub grades: &'static [Grade],
}

impl RuleMeta {
    /// The grade of findings of which nothing else is known.
    pub(crate) const fn grade(&self) -> Grade {
        self.grades[0]
    }
}

/// Rules that are set together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Threads that cannot go on, or could come to that.
    Deadlocks,
    /// Accesses of memory.
    Races,
    /// What takes too long.
    Times,
}

impl Group {
    /// All groups.
    pub const ALL: [Self; 3] = [Self::Deadlocks, Self::Races, Self::Times];

    /// The word used in settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deadlocks => "deadlocks",
            Self::Races => "races",
            Self::Times => "times",
        }
    }
}
