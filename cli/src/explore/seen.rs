//! Whether a run brought anything new.

use std::collections::{BTreeSet, HashSet};
use syncscope_recording::Recording;

/// A nesting, as places: where the outer lock was taken, where the inner one.
type Nesting = (String, String);

/// What all runs have shown.
#[derive(Debug, Default)]
pub struct Seen {
    schedules: HashSet<u64>,
    nestings: BTreeSet<Nesting>,
    /// Runs since the last new schedule.
    stale: u64,
}

impl Seen {
    /// A run had these steps.
    pub fn add_schedule(&mut self, hash: u64) {
        self.stale = if self.schedules.insert(hash) { 0 } else { self.stale + 1 };
    }

    /// A run had these nestings; whether one of them is new.
    pub fn add_nestings(&mut self, recording: &Recording) -> bool {
        let place = |site: syncscope_recording::model::SiteId| {
            recording
                .sites
                .get(site.0 as usize)
                .map(|site| format!("{}:{}:{}", site.file, site.line, site.column))
        };
        let mut is_new = false;
        for node in &recording.nodes {
            let parent = node.parent.and_then(|parent| recording.nodes.get(parent.0 as usize));
            if let Some(parent) = parent
                && let (Some(outer), Some(inner)) = (place(parent.site), place(node.site))
            {
                is_new |= self.nestings.insert((outer, inner));
            }
        }
        is_new
    }

    /// Different schedules so far.
    #[must_use]
    pub fn schedules(&self) -> usize {
        self.schedules.len()
    }

    /// Nestings of locks so far.
    #[must_use]
    pub fn nestings(&self) -> usize {
        self.nestings.len()
    }

    /// Runs since the last new schedule.
    #[must_use]
    pub const fn stale(&self) -> u64 {
        self.stale
    }
}
