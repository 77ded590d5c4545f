//! Whose findings fail: those of the workspace, or those of dependencies too.

use syncscope_detector::finding::{Finding, Grade, Level, Place};

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
    let mut origins = finding.steps.iter().filter_map(|step| origin(&step.place)).peekable();
    origins.peek().is_some() && origins.all(|origin| origin == Origin::Dependency)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Workspace,
    Dependency,
}

/// Where a file comes from, by its path: cargo gives the compiler paths relative to the workspace for what lies in it, and
/// absolute ones for registries, git and vendored copies. What std calls on behalf of others is unknown.
fn origin(place: &Place) -> Option<Origin> {
    let file = place.file.replace('\\', "/");
    if place.line == 0 || file.starts_with("/rustc/") {
        return None;
    }
    let is_absolute = file.starts_with('/') || file.get(1..3) == Some(":/");
    let foreign = ["/registry/src/", "/git/checkouts/", "/vendor/"];
    if is_absolute && foreign.iter().any(|folder| file.contains(folder)) {
        return Some(Origin::Dependency);
    }
    Some(Origin::Workspace)
}

#[cfg(test)]
mod tests {
    use super::super::level::tests::finding;
    use super::*;
    use syncscope_detector::RuleId;
    use syncscope_detector::finding::{Step, StepKind};

    fn at(files: &[&str], grade: Grade) -> Finding {
        let mut finding = finding(RuleId::LockOrderInversion, grade);
        finding.steps = (files.iter())
            .map(|file| Step {
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
