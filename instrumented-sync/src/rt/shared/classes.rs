//! All classes, and the numbers of instances.
//!
//! An instance is a number given at the first use and never reused. A class is creation site, primitive, type and name.
//! Classes are interned; instances are only counted, per class: a lock that is part of no nesting costs no memory
//! beyond its own 24 bytes.

use super::list::List;
use crate::rt::object::Site;
use crate::rt::object::group;
use dashmap::DashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{chunk, chunk_kind, class_counter};
use syncscope_recording::writer::{Chunk, RecordingFile, bounded_lock};

/// Class counters in a chunk of a page.
const COUNTERS: u32 = ((4096 - chunk::PAYLOAD) / class_counter::SIZE) as u32;

/// All classes.
#[derive(Debug)]
pub(crate) struct Classes {
    pub(crate) next_instance: AtomicU32,
    pub(crate) next_class: AtomicU32,
    /// By the addresses of location and type name, which a program repeats; several keys may mean the same class.
    pub(crate) by_address: DashMap<Key, u32>,
    /// By content.
    pub(crate) by_content: DashMap<String, u32>,
    counters: Mutex<Vec<Chunk>>,
    pub(crate) watched: AtomicU32,
    /// For the child of a fork.
    pub(crate) defined: List<Definition>,
}

/// A class.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) class: u32,
    pub(crate) key: Key,
    pub(crate) site: Option<Site>,
    pub(crate) flags: u32,
    pub(crate) type_name: &'static str,
    pub(crate) name: Option<&'static str>,
    pub(crate) stack: Vec<u64>,
    pub(crate) counter: Option<&'static AtomicU64>,
}

/// Location, type name, kind, hash of a stack (0 when none), name (address and length).
pub(crate) type Key = (usize, usize, Kind, u64, (usize, usize));

/// What kind of lock a class is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Kind {
    pub(crate) primitive: u32,
    pub(crate) readers_pass: bool,
    pub(crate) poisons: bool,
    /// 0 when its locks come in no groups, see [`crate::rt::object::group`].
    pub(crate) group_bits: u32,
}

impl Definition {
    pub(crate) const fn kind(&self) -> Kind {
        self.key.2
    }
}

impl Classes {
    pub(crate) fn new() -> Self {
        Self {
            next_instance: AtomicU32::new(1),
            next_class: AtomicU32::new(1),
            by_address: DashMap::new(),
            by_content: DashMap::new(),
            counters: Mutex::new(Vec::new()),
            watched: AtomicU32::new(0),
            defined: List::default(),
        }
    }

    /// The first number of the group of this lock, or the lock's own when it is of none. Not quick where it is of one.
    pub(crate) fn group_of(&self, class: u32, instance: u32) -> u32 {
        let is_of_group = group::NUMBERS.contains(&instance);
        let bits = if is_of_group { self.group_bits(class) } else { 0 };
        instance >> bits << bits
    }

    /// By how many bits the locks of a group of this class differ; 0 when they come in no groups.
    pub(crate) fn group_bits(&self, class: u32) -> u32 {
        let definition = self.defined.iter().find(|definition| definition.class == class);
        definition.map_or(0, |definition| definition.kind().group_bits)
    }

    /// The counter of a class's instances.
    pub(crate) fn counter(&self, file: &RecordingFile, class: u32) -> Option<&'static AtomicU64> {
        let (page, index) = ((class - 1) / COUNTERS, (class - 1) % COUNTERS);
        let mut chunks = bounded_lock(&self.counters)?;
        while chunks.len() <= page as usize {
            let first = chunks.len() as u32 * COUNTERS;
            chunks.push(file.chunk(chunk_kind::CLASSES, 0, first, 4096)?);
        }
        let chunk = chunks[page as usize];
        drop(chunks);
        let at = chunk::PAYLOAD + index as usize * class_counter::SIZE;
        // Relaxed: the id is the same whoever stores it.
        chunk.u32(at).store(class + 1, Ordering::Relaxed);
        Some(chunk.u64(at + 8))
    }
}
