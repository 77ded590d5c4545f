//! The values that settings can have.

/// What the runtime records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    Off,
    /// The order graph and statistics.
    Order,
    /// Plus a bounded flight recorder per thread.
    #[default]
    Ring,
    /// Every event.
    Full,
}

/// What the runtime does on an observed deadlock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDeadlock {
    /// End the process with code 66.
    #[default]
    Exit,
    /// Panic in the thread that closes the cycle.
    Panic,
    /// Record it and go on.
    Report,
}

/// What the runtime does on a stall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStall {
    /// End the process with code 66.
    Exit,
    /// Record it and go on.
    Report,
}

/// What of a program's arguments is not recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redact {
    /// What looks like a secret.
    #[default]
    Secrets,
    /// All of them.
    All,
    /// They are recorded as they are.
    None,
}

/// A setting whose values are words.
pub(super) trait Word: Copy + PartialEq + 'static {
    /// All values with their words.
    const ALL: &'static [(&'static str, Self)];

    /// The value of a word.
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|&(_, value)| value)
    }

    /// The words.
    fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|&(name, _)| name).collect()
    }
}

impl Word for Mode {
    const ALL: &'static [(&'static str, Self)] =
        &[("off", Self::Off), ("order", Self::Order), ("ring", Self::Ring), ("full", Self::Full)];
}

impl Word for OnDeadlock {
    const ALL: &'static [(&'static str, Self)] =
        &[("exit", Self::Exit), ("panic", Self::Panic), ("report", Self::Report)];
}

impl Word for OnStall {
    const ALL: &'static [(&'static str, Self)] = &[("exit", Self::Exit), ("report", Self::Report)];
}

impl Word for Redact {
    const ALL: &'static [(&'static str, Self)] =
        &[("secrets", Self::Secrets), ("all", Self::All), ("none", Self::None)];
}

impl Mode {
    /// The word, as the runtime reads it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Order => "order",
            Self::Ring => "ring",
            Self::Full => "full",
        }
    }
}

impl Redact {
    /// The word, as the runtime reads it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::All => "all",
            Self::None => "none",
        }
    }
}

impl OnDeadlock {
    /// The word, as the runtime reads it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exit => "exit",
            Self::Panic => "panic",
            Self::Report => "report",
        }
    }
}

impl OnStall {
    /// The word, as the runtime reads it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exit => "exit",
            Self::Report => "report",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_values_agree() {
        for &(word, value) in Mode::ALL {
            assert_eq!((value.word(), Mode::parse(word)), (word, Some(value)));
        }
        for &(word, value) in OnDeadlock::ALL {
            assert_eq!((value.word(), OnDeadlock::parse(word)), (word, Some(value)));
        }
        for &(word, value) in Redact::ALL {
            assert_eq!((value.word(), Redact::parse(word)), (word, Some(value)));
        }
        for &(word, value) in OnStall::ALL {
            assert_eq!((value.word(), OnStall::parse(word)), (word, Some(value)));
        }
    }
}
