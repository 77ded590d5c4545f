//! When colours and links are wanted, as users say it.

use clap::ValueEnum;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// When the output is a terminal that can, and the environment does not object
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// The word of what was chosen, which cargo knows, too.
    #[must_use]
    pub const fn chosen(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Always => Some("always"),
            Self::Never => Some("never"),
        }
    }
}

/// When to make links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Hyperlinks {
    /// When the output is a terminal that is known to show them, and it is coloured
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
