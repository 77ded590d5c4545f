//! What was lost, as far as verdicts rest on it.
//!
//! A refutation is a claim over *all* contexts. Nestings that were refused, threads without a slot, chunks that stayed
//! in memory, records without room and damage may hide contexts, so they weaken it. Events do not: nestings are not
//! kept in the event rings.

use crate::text::{count_of, join_and};
use syncscope_recording::Recording;

/// The loss in words, if it can hide contexts.
pub(crate) fn hidden_contexts(recording: &Recording) -> Option<String> {
    let lost = &recording.lost;
    let damage = lost.damage.len() as u64;
    let parts = [
        (lost.nodes, "nesting", "nestings"),
        (lost.threads, "thread", "threads"),
        (lost.chunks, "chunk", "chunks"),
        (lost.records, "record", "records"),
        (damage, "damaged place", "damaged places"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|part| part.0 > 0)
        .map(|(n, one, many)| count_of(n, one, many))
        .collect();
    (!parts.is_empty()).then(|| join_and(&parts))
}

/// Everything that is missing, one sentence fragment each, for the coverage.
pub(crate) fn all_losses(recording: &Recording) -> Vec<String> {
    let mut losses = Vec::new();
    if recording.lost.events > 0 {
        losses.push(format!("{} without room", count_of(recording.lost.events, "event", "events")));
    }
    if let Some(hidden) = hidden_contexts(recording) {
        losses.push(format!("{hidden} lost"));
    }
    losses.extend(recording.lost.all_damage().map(str::to_owned));
    losses
}
