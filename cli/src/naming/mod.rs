//! What the source calls the locks of recordings: found once, before anything is judged, so that all that is told of a lock uses
//! one name.
//!
//! A lock is called as what it is created for: a field, a static, a variable. Where its creation does not tell (it was made inside std, by
//! a derived `Default`, by a function that hands it on), it is called as what it is taken by, and locks of one class that are taken by
//! different fields become different classes.

mod accesses;
mod choose;
mod creations;
mod deliberate;
mod kept;
mod qualify;
mod regroup;
mod spawns;
mod told;
mod uses;

pub use kept::{Names, Recorded};

use crate::source::Sources;
use crate::symbols::Symbols;
use syncscope_recording::Recording;

/// Puts the names into the classes of the recordings.
pub fn name_locks(recordings: &mut [Recording], sources: &Sources, symbols: &Symbols) {
    recordings.iter_mut().for_each(|recording| accesses::locate(recording, sources, symbols));
    recordings.iter_mut().for_each(|recording| spawns::locate(recording, sources, symbols));
    let uses: Vec<_> =
        recordings.iter().map(|recording| uses::Uses::of(recording, sources, symbols)).collect();
    let answers = sources.answers(uses.iter().flat_map(uses::Uses::questions).collect());
    let mut creations = creations::Creations::new(&uses, sources);
    let mut named = Vec::new();
    for (process, (recording, uses)) in recordings.iter_mut().zip(&uses).enumerate() {
        let chosen = choose::choose(recording, uses, &answers);
        let created = creations.of(uses, &chosen);
        let classes = regroup::regroup(recording, chosen, &created);
        named.extend(classes.into_iter().map(|class| qualify::Named { process, ..class }));
    }
    qualify::qualify(recordings, &named);
}
