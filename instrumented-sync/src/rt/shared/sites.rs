//! Sites: places in the source, interned to 24-bit numbers.

use super::list::List;
use crate::rt::object::Site;
use dashmap::DashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::layout::log;
use syncscope_recording::writer::{LogRecord, RecordingFile};

/// File, line, column.
type Place = (&'static str, u32, u32);

/// All sites of the process.
#[derive(Debug)]
pub(crate) struct Sites {
    next: AtomicU32,
    by_address: DashMap<usize, u32>,
    by_content: DashMap<Place, u32>,
    /// For the child of a fork.
    numbered: List<(u32, Site)>,
}

impl Sites {
    pub(crate) fn new() -> Self {
        Self {
            next: AtomicU32::new(1),
            by_address: DashMap::new(),
            by_content: DashMap::new(),
            numbered: List::default(),
        }
    }

    /// All sites: file, line, column, number. Cold; leaves out what another thread is just adding.
    pub(crate) fn known(&self) -> Vec<(&'static str, u32, u32, u32)> {
        let entry = |entry: dashmap::mapref::multiple::RefMulti<'_, Place, u32>| {
            let (file, line, column) = *entry.key();
            (file, line, column, *entry.value())
        };
        self.by_content.iter().map(entry).collect()
    }

    /// The number of a site; 0, unknown, when another thread is just inside the table or the 24 bits are used up.
    #[cold]
    pub(crate) fn intern(&self, file: &RecordingFile, site: Site) -> u32 {
        let address = std::ptr::from_ref(site) as usize;
        if let Some(known) = self.by_address.try_get(&address).try_unwrap() {
            return *known;
        }
        let (number, is_new) = self.number(file, (site.file(), site.line(), site.column()));
        if is_new {
            self.numbered.add((number, site));
        }
        if number != 0
            && let Some(entry) = self.by_address.try_entry(address)
        {
            entry.or_insert(number);
        }
        number
    }

    /// The same, of a place that is told; the few that there are stay in memory.
    #[cold]
    pub(crate) fn intern_told(
        &self,
        file: &RecordingFile,
        (name, line, column): (&str, u32, u32),
    ) -> u32 {
        self.number(file, (name.to_owned().leak(), line, column)).0
    }

    /// The number of a place, and whether it is new; 0 where there is none.
    fn number(&self, file: &RecordingFile, place: Place) -> (u32, bool) {
        // A few tries: a site that stays unknown is a poor report.
        for _ in 0..1000 {
            match self.by_content.try_entry(place) {
                Some(dashmap::Entry::Occupied(known)) => return (*known.get(), false),
                Some(dashmap::Entry::Vacant(vacant)) => {
                    // Relaxed: hands out numbers.
                    let number = self.next.fetch_add(1, Ordering::Relaxed);
                    if number >= 1 << 24 {
                        return (0, false);
                    }
                    vacant.insert(number);
                    let (name, line, column) = place;
                    let record = LogRecord::new(log::SITE).u32(number).u32(line).u32(column);
                    file.append(record.string(name));
                    return (number, true);
                }
                None => std::thread::yield_now(),
            }
        }
        (0, false)
    }

    /// The place with this number, also in the child of a fork.
    #[cold]
    pub(crate) fn find(&self, number: u32) -> Option<Site> {
        self.numbered.iter().find(|(known, _)| *known == number).map(|(_, site)| *site)
    }
}
