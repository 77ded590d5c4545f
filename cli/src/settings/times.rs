//! The times that the runtime watches.

use crate::time::Time;

/// The times that are watched; `None`: the runtime's own default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// `stall`.
    pub stall: Option<Time>,
    /// `long-wait`.
    pub long_wait: Option<Time>,
    /// `long-hold`.
    pub long_hold: Option<Time>,
    /// `blocking`.
    pub blocking: Option<Time>,
}

impl Times {
    /// Those that are set, with the names of their variables.
    pub fn variables(self) -> impl Iterator<Item = (&'static str, String)> {
        let all = [
            ("SYNCSCOPE_STALL", self.stall),
            ("SYNCSCOPE_LONG_WAIT", self.long_wait),
            ("SYNCSCOPE_LONG_HOLD", self.long_hold),
            ("SYNCSCOPE_BLOCKING", self.blocking),
        ];
        all.into_iter().filter_map(|(name, time)| Some((name, time?.word())))
    }
}
