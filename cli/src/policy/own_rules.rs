//! The rules about the policy itself: they look at `syncscope.toml`, not at what was recorded.

use std::path::PathBuf;
use syncscope_detector::Level;

/// A rule about the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnRule {
    /// Kebab-case.
    pub name: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Its usual level.
    pub level: Level,
}

impl OwnRule {
    /// An `[[allow]]` that matches nothing.
    pub const UNUSED_ALLOW: Self = Self {
        name: "unused-allow",
        summary: "an [[allow]] in syncscope.toml that matches no finding",
        level: Level::Warn,
    };

    /// A name in `[order]` that checks nothing.
    pub const UNUSED_ORDER: Self = Self {
        name: "unused-order",
        summary: "a name under [order] in syncscope.toml that means no lock",
        level: Level::Warn,
    };

    /// All of them.
    pub const ALL: [Self; 2] = [Self::UNUSED_ALLOW, Self::UNUSED_ORDER];

    /// The one with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name == name)
    }
}

/// Something that is wrong with the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// By which rule.
    pub rule: OwnRule,
    /// Its level.
    pub level: Level,
    /// What is wrong; the text of the file in it is escaped.
    pub message: String,
    /// The file.
    pub file: PathBuf,
    /// 1-based.
    pub line: usize,
}
