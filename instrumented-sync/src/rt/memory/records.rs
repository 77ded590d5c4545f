//! The accesses on one side of a cell: in the cell itself where they fit, else in a list of blocks.

use super::cell::{BYTES, HALVES, Records, Word};
use super::contexts::Context;
use super::pool::{SMALLEST, Stash};
use super::sync::Sync;
use std::ptr::{NonNull, null_mut};

/// Accesses in a block.
const IN_BLOCK: usize = 4;
/// Accesses on one side; more replace each other, which can hide a race and never invents one.
const AT_MOST: usize = 64;

/// An access that a cell remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) word: Word,
    pub(super) place: Context,
}

/// A part of a list.
#[derive(Debug)]
#[repr(C)]
struct Block {
    words: [Word; IN_BLOCK],
    places: [Context; IN_BLOCK],
    next: *mut Block,
    /// Of the first block of the writes: the atomics in these eight bytes.
    atomics: *mut Sync,
}

const _: () = assert!(size_of::<Block>() == SMALLEST);

impl Records {
    /// The accesses in the cell itself: of one epoch, with a place for each half.
    fn inline(&self) -> [Record; 2] {
        let [low, high] = [0, 1].map(|half| Record {
            word: Word(self.word.epoch() | self.word.bytes() & HALVES[half]),
            place: self.places[half],
        });
        [low, high]
    }

    fn blocks(&self) -> Option<NonNull<Block>> {
        NonNull::new(self.word.list()? as *mut Block)
    }

    /// The first access that `is_wanted`.
    #[inline]
    pub(super) fn find(&self, is_wanted: impl Fn(Word) -> bool) -> Option<Record> {
        if self.word.0 == 0 {
            return None;
        }
        if self.word.list().is_some() {
            return self.find_in_list(is_wanted);
        }
        // The epoch is that of both halves.
        if !is_wanted(self.word) {
            return None;
        }
        self.inline().into_iter().find(|record| record.word.bytes() != 0 && is_wanted(record.word))
    }

    #[cold]
    fn find_in_list(&self, is_wanted: impl Fn(Word) -> bool) -> Option<Record> {
        let mut block = self.blocks();
        while let Some(at) = block {
            // SAFETY: blocks of a cell's list, which only who has the cell changes.
            let Block { words, places, next, .. } = unsafe { at.as_ref() };
            let found = words.iter().position(|word| word.bytes() != 0 && is_wanted(*word));
            if let Some(index) = found {
                return Some(Record { word: words[index], place: places[index] });
            }
            block = NonNull::new(*next);
        }
        None
    }

    /// Adds an access of `bytes` in the epoch. Those that `is_past`, which come before it in every way, are forgotten for these bytes.
    #[inline]
    pub(super) fn put(
        &mut self,
        stash: &Stash,
        epoch: u64,
        bytes: u64,
        place: Context,
        is_past: impl Fn(Word) -> bool,
    ) {
        let old = self.word;
        if old.list().is_none() {
            let rest = old.bytes() & !bytes;
            if old.0 == 0 || rest == 0 && is_past(old) {
                self.word = Word(epoch | bytes);
                self.places = [place; 2];
                return;
            }
            let has_room = |half: usize| {
                rest & HALVES[half] == 0 || bytes & HALVES[half] == 0 || self.places[half] == place
            };
            if old.epoch() == epoch && has_room(0) && has_room(1) {
                self.word = Word(old.0 | bytes);
                for (half, known) in self.places.iter_mut().enumerate() {
                    if bytes & HALVES[half] != 0 {
                        *known = place;
                    }
                }
                return;
            }
        }
        self.put_in_list(stash, Record { word: Word(epoch | bytes), place }, is_past);
    }

    /// Whether the list that stands in a cell's word begins with an access of all these bytes in the epoch.
    #[inline]
    pub(super) fn covers(word: Word, epoch: u64, bytes: u64) -> bool {
        let Some(block) = word.list().and_then(|block| NonNull::new(block as *mut Block)) else {
            return false;
        };
        // SAFETY: the first block of a cell's list, which only who has the cell changes.
        unsafe { block.as_ref() }.words.iter().any(|word| word.covers(epoch, bytes))
    }

    /// Whether the access in the cell itself, the only one, is one of these bytes in the epoch.
    #[inline]
    pub(super) fn has(&self, epoch: u64, bytes: u64) -> bool {
        self.word.0 == epoch | bytes
    }

    /// Puts an access of one thread in place of its last one, where the rest may stay as it is. `false` when it is not there.
    #[inline]
    pub(super) fn renew(&mut self, epoch: u64, bytes: u64, place: Context) -> bool {
        if self.word.list().is_some() {
            return Self::renew_in_list(self.word, epoch, bytes, place);
        }
        let is_possible = self.word.0 != 0 && self.word.may_become(Word(epoch | bytes));
        if is_possible {
            (self.word, self.places) = (Word(epoch | bytes), [place; 2]);
        }
        is_possible
    }

    /// As [`renew`](Self::renew), in a list that stands in a cell's word.
    #[inline]
    pub(super) fn renew_in_list(word: Word, epoch: u64, bytes: u64, place: Context) -> bool {
        let new = Word(epoch | bytes);
        let mut block = word.list().map_or(null_mut(), |block| block as *mut Block);
        while let Some(mut at) = NonNull::new(block) {
            // SAFETY: blocks of a cell's list, which only who has the cell changes.
            let Block { words, places, next, .. } = unsafe { at.as_mut() };
            if let Some(at) = words.iter().position(|word| word.may_become(new)) {
                (words[at], places[at]) = (new, place);
                return true;
            }
            block = *next;
        }
        false
    }

    #[cold]
    fn put_in_list(&mut self, stash: &Stash, new: Record, is_past: impl Fn(Word) -> bool) {
        let mut all = All::default();
        let add = |all: &mut All, record: Record| {
            let gone = if is_past(record.word) { new.word.bytes() } else { 0 };
            all.add(Record { word: Word(record.word.0 & !gone), ..record });
        };
        self.each(|record| add(&mut all, record));
        all.add(new);
        self.store(stash, &all);
    }

    /// Calls `body` with each access.
    pub(super) fn each(&self, mut body: impl FnMut(Record)) {
        let Some(mut block) = self.blocks() else {
            if self.word.0 != 0 {
                self.inline().into_iter().filter(|r| r.word.bytes() != 0).for_each(body);
            }
            return;
        };
        loop {
            // SAFETY: blocks of a cell's list, which only who has the cell changes.
            let Block { words, places, next, .. } = unsafe { block.as_ref() };
            for (&word, &place) in words.iter().zip(places) {
                if word.bytes() != 0 {
                    body(Record { word, place });
                }
            }
            let Some(next) = NonNull::new(*next) else { return };
            block = next;
        }
    }

    /// Replaces all accesses.
    fn store(&mut self, stash: &Stash, all: &All) {
        let atomics = self.atomics();
        self.free(stash);
        if atomics.is_null() && all.put_inline(self) {
            return;
        }
        let mut next: *mut Block = null_mut();
        let records = &all.records[..all.count];
        // The first block is made last, and for atomics there is one even without accesses.
        let count = records.len().div_ceil(IN_BLOCK).max(1);
        for index in (0..count).rev() {
            let mut block = Block {
                words: [Word::default(); IN_BLOCK],
                places: [Context::NONE; IN_BLOCK],
                next,
                atomics: if index == 0 { atomics } else { null_mut() },
            };
            let part = records.iter().skip(index * IN_BLOCK).take(IN_BLOCK);
            for (at, record) in part.enumerate() {
                (block.words[at], block.places[at]) = (record.word, record.place);
            }
            let Some(at) = stash.take(SMALLEST) else { break };
            // SAFETY: a block of its own, large enough and aligned.
            unsafe { at.cast::<Block>().write(block) };
            next = at.as_ptr().cast();
        }
        self.word = if next.is_null() { Word::default() } else { Word::of_list(next as usize) };
    }

    /// Gives the blocks back and forgets all accesses; atomics stay where they are.
    fn free(&mut self, stash: &Stash) {
        let mut block = self.blocks();
        while let Some(at) = block {
            // SAFETY: blocks of a cell's list, which only who has the cell changes; nothing refers to them any more.
            unsafe {
                block = NonNull::new(at.as_ref().next);
                stash.give(at.cast(), SMALLEST);
            }
        }
        *self = Self::default();
    }

    /// Forgets the accesses to some of the bytes.
    #[cold]
    pub(super) fn forget(&mut self, stash: &Stash, bytes: u64) {
        if self.blocks().is_none() {
            self.word.0 &= !bytes;
            if self.word.bytes() == 0 {
                *self = Self::default();
            }
            return;
        }
        let mut all = All::default();
        self.each(|record| all.add(Record { word: Word(record.word.0 & !bytes), ..record }));
        self.store(stash, &all);
    }

    /// Forgets all, atomics included: they are the caller's now.
    pub(super) fn clear(&mut self, stash: &Stash) -> *mut Sync {
        let atomics = self.atomics();
        self.free(stash);
        atomics
    }

    /// The atomics in these bytes; of the writes' side.
    #[inline]
    pub(super) fn atomics(&self) -> *mut Sync {
        // SAFETY: the first block of a cell's list, which only who has the cell changes.
        self.blocks().map_or(null_mut(), |block| unsafe { block.as_ref().atomics })
    }

    /// As [`atomics`](Self::atomics), if all accesses are in one block and have `passed`.
    #[inline]
    pub(super) fn atomics_if(
        word: Word,
        have_passed: impl Fn(Word) -> bool,
    ) -> Option<NonNull<Sync>> {
        let block = NonNull::new(word.list()? as *mut Block)?;
        // SAFETY: the first block of a cell's list, which only who has the cell changes.
        let Block { words, next, atomics, .. } = unsafe { block.as_ref() };
        if !next.is_null() || !words.iter().all(|word| have_passed(*word)) {
            return None;
        }
        NonNull::new(*atomics)
    }

    /// Sets them.
    pub(super) fn set_atomics(&mut self, stash: &Stash, atomics: *mut Sync) {
        if self.blocks().is_none() {
            let mut all = All::default();
            self.each(|record| all.add(record));
            let Some(block) = stash.take(SMALLEST) else { return };
            let mut first = Block {
                words: [Word::default(); IN_BLOCK],
                places: [Context::NONE; IN_BLOCK],
                next: null_mut(),
                atomics,
            };
            for (at, record) in all.records[..all.count].iter().enumerate() {
                (first.words[at], first.places[at]) = (record.word, record.place);
            }
            // SAFETY: a block of its own, large enough and aligned.
            unsafe { block.cast::<Block>().write(first) };
            self.word = Word::of_list(block.as_ptr() as usize);
        } else if let Some(mut block) = self.blocks() {
            // SAFETY: the first block of a cell's list, which only who has the cell changes.
            unsafe { block.as_mut().atomics = atomics };
        }
    }
}

/// All accesses of a side, while they are changed.
#[derive(Debug)]
struct All {
    records: [Record; AT_MOST],
    count: usize,
}

impl Default for All {
    fn default() -> Self {
        Self { records: [Record::default(); AT_MOST], count: 0 }
    }
}

impl All {
    fn add(&mut self, record: Record) {
        if record.word.bytes() == 0 {
            return;
        }
        let is_same = |known: &&mut Record| {
            known.word.epoch() == record.word.epoch() && known.place == record.place
        };
        if let Some(known) = self.records[..self.count].iter_mut().find(is_same) {
            known.word = Word(known.word.0 | record.word.bytes());
        } else if self.count < AT_MOST {
            self.records[self.count] = record;
            self.count += 1;
        } else {
            // The oldest goes.
            self.records.rotate_left(1);
            self.records[AT_MOST - 1] = record;
        }
    }

    /// Puts them into the cell itself, if they fit.
    fn put_inline(&self, into: &mut Records) -> bool {
        let records = &self.records[..self.count];
        let Some(first) = records.first() else {
            *into = Records::default();
            return true;
        };
        let mut made = Records { word: Word(first.word.epoch()), places: [Context::NONE; 2] };
        for record in records {
            let bytes = record.word.bytes();
            for (half, of_half) in HALVES.into_iter().enumerate() {
                let is_taken = made.word.bytes() & of_half != 0;
                if bytes & of_half != 0 && is_taken && made.places[half] != record.place {
                    return false;
                }
                if bytes & of_half != 0 {
                    made.places[half] = record.place;
                }
            }
            if record.word.epoch() != made.word.epoch() || made.word.bytes() & bytes != 0 {
                return false;
            }
            made.word = Word(made.word.0 | bytes & BYTES);
        }
        *into = made;
        true
    }
}
