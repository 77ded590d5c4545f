//! A cache for many readers: entries behind one `RwLock`, the order of use behind another lock, and a janitor that
//! evicts what was not used for long.

use instrumented_sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::collections::HashMap;

/// Values by key.
pub type Entries = HashMap<u32, String>;

/// Which keys were used, the latest last.
#[derive(Debug, Default)]
pub struct Recent {
    keys: Vec<u32>,
    /// Lookups that found something.
    pub hits: u64,
}

impl Recent {
    /// Notes a use.
    pub fn touch(&mut self, key: u32) {
        self.keys.retain(|k| *k != key);
        self.keys.push(key);
        self.hits += 1;
    }

    /// The key that was not used for longest, if there are more than `keep`; forgets it.
    pub fn oldest_beyond(&mut self, keep: usize) -> Option<u32> {
        (self.keys.len() > keep).then(|| self.keys.remove(0))
    }
}

/// The parts of a cache; the programs decide how its locks nest.
#[derive(Debug, Default)]
pub struct Cache {
    entries: RwLock<Entries>,
    recent: Mutex<Recent>,
}

impl Cache {
    /// Reads the entries.
    pub fn read(&self) -> RwLockReadGuard<'_, Entries> {
        self.entries.read().unwrap()
    }

    /// Changes the entries.
    pub fn write(&self) -> RwLockWriteGuard<'_, Entries> {
        self.entries.write().unwrap()
    }

    /// Locks the order of use.
    pub fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap()
    }
}

/// Makes the value of a key: slow, in a real program.
#[must_use]
pub fn load(key: u32) -> String {
    format!("value {key}")
}
