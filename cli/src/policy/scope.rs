//! Whose findings fail: those of the workspace, or those of dependencies too.

use crate::whose::{Whose, whose};
use syncscope_detector::finding::{Finding, Grade, Level};

/// Which findings may be at `deny`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those with a site outside of dependencies. What *happened* fails in either scope: the program did it.
    #[default]
    Workspace,
    /// All.
    All,
}

impl Scope {
    /// The values, for messages.
    pub const FORM: &str = "workspace or all";

    /// The scope of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "workspace" => Some(Self::Workspace),
            "all" => Some(Self::All),
            _ => None,
        }
    }

    /// The level that a finding may have at most.
    #[must_use]
    pub fn limit(self, finding: &Finding) -> Level {
        let happened = finding.grade == Grade::Observed;
        if self == Self::All || happened || !is_of_dependencies(finding) {
            return Level::Deny;
        }
        Level::Warn
    }
}

/// Whether every site that is known lies in a dependency, and one is known.
fn is_of_dependencies(finding: &Finding) -> bool {
    let known = finding.steps.iter().map(|step| &step.place).filter(|place| place.line != 0);
    // What std calls on behalf of others is unknown.
    let owners = known.map(|place| whose(&place.file)).filter(|owner| *owner != Whose::Std);
    let mut owners = owners.peekable();
    owners.peek().is_some() && owners.all(|owner| owner == Whose::Dependency)
}

#[cfg(test)]
mod tests {
    use super::super::level::tests::finding;
    use super::*;
    use syncscope_detector::RuleId;
    use syncscope_detector::finding::{Place, Step, StepKind};

    fn at(files: &[&str], grade: Grade) -> Finding {
        let mut finding = finding(RuleId::LOCK_ORDER_INVERSION, grade);
        finding.steps = (files.iter())
            .map(|file| Step {
                caller: None,
                thread: 0,
                lock: 0,
                kind: StepKind::Holds,
                call: "lock",
                place: Place { file: (*file).to_owned(), line: 1, column: 1, stack: Vec::new() },
                stack: Vec::new(),
                count: 1,
            })
            .collect();
        finding
    }

    const POOL: &str = "/opt/cargo/registry/src/index-0123/pool-1.0.0/src/lib.rs";

    #[test]
    fn one_site_of_the_workspace_is_enough() {
        let limit = |files: &[&str]| Scope::Workspace.limit(&at(files, Grade::Possible));
        assert_eq!(limit(&[POOL, "src/main.rs"]), Level::Deny);
        assert_eq!(limit(&[POOL, POOL]), Level::Warn);
        assert_eq!(limit(&[POOL, "/rustc/01/library/core/src/x.rs"]), Level::Warn);
        assert_eq!(limit(&["/rustc/01/library/core/src/x.rs"]), Level::Deny, "nothing is known");
        assert_eq!(limit(&["/w/app/vendor/pool/src/lib.rs"]), Level::Warn);
        assert_eq!(limit(&["vendor/own/src/lib.rs"]), Level::Deny, "a member");
        assert_eq!(limit(&["/elsewhere/lib.rs"]), Level::Deny, "a path dependency");
        assert_eq!(limit(&["C:\\x\\registry\\src\\i\\p\\lib.rs"]), Level::Warn);
    }

    #[test]
    fn what_happened_fails_wherever_it_was() {
        assert_eq!(Scope::Workspace.limit(&at(&[POOL], Grade::Observed)), Level::Deny);
        assert_eq!(Scope::All.limit(&at(&[POOL], Grade::Possible)), Level::Deny);
    }
}
