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

macro_rules! words {
    ($($type:ident: $($value:ident = $word:literal),+;)+) => {
        $(
            impl Word for $type {
                const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$value)),+];
            }

            impl $type {
                /// The word, as the runtime reads it.
                #[must_use]
                pub const fn word(self) -> &'static str {
                    match self {
                        $(Self::$value => $word),+
                    }
                }
            }
        )+
    };
}

words! {
    Mode: Off = "off", Order = "order", Ring = "ring", Full = "full";
    OnDeadlock: Exit = "exit", Panic = "panic", Report = "report";
    OnStall: Exit = "exit", Report = "report";
    Redact: Secrets = "secrets", All = "all", None = "none";
}
