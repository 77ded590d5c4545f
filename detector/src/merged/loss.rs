//! What was lost, as far as verdicts rest on it.
//!
//! A refutation is a claim over *all* contexts. Nestings that were refused, threads without a slot, chunks that stayed
//! in memory, records without room and damage may hide contexts, so they weaken it. Events do not: nestings are not
//! kept in the event rings.

use super::identity::LockId;
use super::initialisers::Grafts;
use crate::text::{count_of, join_and};
use std::collections::BTreeSet;
use syncscope_recording::Recording;
use syncscope_recording::model::Class;

/// The loss in words, if it can hide contexts.
pub(crate) fn hidden_contexts(recording: &Recording, grafts: &Grafts) -> Option<String> {
    let lost = &recording.lost;
    let damage = lost.damage.len() as u64;
    let parts = [
        (lost.nodes.saturating_add(grafts.left_out), "nesting", "nestings"),
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
    (!parts.is_empty()).then(|| format!("{} lost", join_and(&parts)))
}

/// Locks of classes whose guards moved. The same lock may have other classes in other processes.
pub(crate) fn wandering(
    recordings: &[Recording],
    node_locks: &[Vec<Option<LockId>>],
) -> BTreeSet<LockId> {
    let moves = |class: &Class| class.guards_move;
    recordings
        .iter()
        .zip(node_locks)
        .filter(|(recording, _)| recording.classes.iter().any(moves))
        .flat_map(|(recording, locks)| {
            recording.nodes.iter().zip(locks).map(move |n| (recording, n))
        })
        .filter(|(recording, (node, _))| recording.class(node.class).is_some_and(moves))
        .filter_map(|(_, (_, lock))| *lock)
        .collect()
}

/// Everything that is missing, one sentence fragment each, for the coverage.
pub(crate) fn all_losses(recording: &Recording) -> Vec<String> {
    let mut losses = Vec::new();
    if recording.lost.events > 0 {
        losses.push(format!("{} without room", count_of(recording.lost.events, "event", "events")));
    }
    if let Some(hidden) = hidden_contexts(recording, &Grafts::default()) {
        losses.push(hidden);
    }
    let wandering = recording.classes.iter().filter(|class| class.guards_move).count();
    if wandering > 0 {
        losses.push(format!(
            "guards of {} moved between threads: what is taken under them is known in part",
            count_of(wandering as u64, "class of locks", "classes of locks")
        ));
    }
    losses.extend(recording.lost.all_damage().map(str::to_owned));
    losses
}
