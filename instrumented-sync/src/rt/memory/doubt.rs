//! Orders that are only looked for where a race would be told.

use super::accessor::Accessor;
use super::cell::GRANULE;
use super::found::How;
use super::records::Record;
use super::slots;
use super::{shadow, sync};

/// The earlier access, unless something orders the two after all:
///
/// - The exchange by which a lock is taken has failed, and the rest was done by code that does not tell, as std's locks do when somebody else
///   has them. Then this thread knows what the last owner told.
/// - The other thread has ended, and was begun by code that does not tell, so whoever waited for its end does not tell either.
#[cold]
pub(super) fn confirmed(accessor: &Accessor, earlier: (Record, How)) -> Option<(Record, How)> {
    if slots::has_left_untold(earlier.0.word.slot(), earlier.0.word.time()) {
        return None;
    }
    for address in accessor.refused() {
        let cell = shadow::known(address).filter(|_| address != 0);
        cell.into_iter().for_each(|cell| {
            cell.with(|open| {
                let byte = (address % GRANULE) as u8;
                sync::find(open, |sync| (sync.byte() == byte).then(|| sync.was_taken(accessor)));
            });
        });
    }
    (!accessor.knows(earlier.0.word)).then_some(earlier)
}
