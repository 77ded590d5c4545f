//! What was lost of what verdicts rest on, and whether that fails.

use crate::recordings::Recordings;
use crate::words;
use syncscope_recording::model::Lost;

/// What it means that something was lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Incomplete {
    /// The report says so.
    #[default]
    Warn,
    /// It fails as a finding does.
    Deny,
}

impl Incomplete {
    /// The values, for messages.
    pub const FORM: &str = "warn or deny";

    /// What a word means.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "warn" => Some(Self::Warn),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }
}

/// What was lost, one fragment for each kind: nothing where a report is complete. What a ring overwrites is not lost, and what
/// damage costs events only is none of it.
#[must_use]
pub fn lost(recordings: &Recordings) -> Vec<String> {
    let sum = |of: fn(&Lost) -> u64| {
        let counts = recordings.readable.iter().map(|recording| of(&recording.lost));
        counts.fold(0_u64, u64::saturating_add)
    };
    let kinds = [
        (sum(|lost| lost.nodes), "nesting", "nestings"),
        (sum(|lost| lost.threads), "thread", "threads"),
        (sum(|lost| lost.chunks), "chunk", "chunks"),
        (sum(|lost| lost.records), "record", "records"),
        (sum(|lost| lost.events), "event", "events"),
        (sum(|lost| lost.damage.len() as u64), "damaged place", "damaged places"),
        (recordings.unreadable.len() as u64, "recording", "recordings"),
    ];
    let kinds = kinds.into_iter().filter(|(count, ..)| *count > 0);
    kinds.map(|(count, one, many)| words::count(count, one, many)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::Recording;

    #[test]
    fn each_loss_is_told() {
        let mut recordings = Recordings::default();
        recordings.readable.extend([Recording::default(), Recording::default()]);
        recordings.readable[0].lost.overwritten = 7;
        recordings.readable[0].lost.event_damage.push("an event".to_owned());
        assert_eq!(lost(&recordings), [""; 0]);
        recordings.readable[0].lost.nodes = 1;
        recordings.readable[1].lost = Lost { nodes: 2, chunks: 1, events: 5, ..Lost::default() };
        assert_eq!(lost(&recordings), ["3 nestings", "1 chunk", "5 events"]);
    }
}
