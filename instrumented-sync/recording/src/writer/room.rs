//! Where chunks come from: mapped pieces of the file, or, where there is no room in it, memory.

use super::disk::{Disk, Opened};
use super::reserve::{reserve, room, shorten};
use super::{Chunk, bounded_lock, fault};
use crate::layout::{PAGE, chunk_kind};
use memmap2::{MmapOptions, MmapRaw};
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The file grows by as much as there is of it, in these bounds: so it is opened a few times only, and what is reserved in vain
/// in a process that is killed is no more than what it used.
const SMALLEST_STEP: u64 = 512 << 10;
const LARGEST_STEP: u64 = 8 << 20;

/// A chunk from this size on is that of a thread that fills it soon.
const POPULATED: usize = 1 << 20;

/// Bytes of memory at most for what finds no room in the file.
const MOST_MEMORY: usize = 32 << 20;

/// Requests that are refused at once after growing has failed again and again, at most.
const MOST_PATIENCE: u32 = 1 << 10;

/// All room of a recording.
#[derive(Debug)]
pub(super) struct Room {
    disk: Option<Disk>,
    /// Tells the mappings of several recordings apart.
    number: usize,
    cap: u64,
    state: Mutex<State>,
    memory: AtomicUsize,
    /// The file never grows again: asked for without the lock, since in a process that goes on so each request is refused.
    is_closed: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// How long the file is.
    end: u64,
    /// What of it is mapped and not used yet: its end.
    spare: Option<Chunk>,
    /// Why the file does not grow now.
    refusal: Option<Refusal>,
    /// How often that has been so.
    failures: u32,
}

#[derive(Debug)]
struct Refusal {
    reason: String,
    /// Requests until it is tried again; `None`: never.
    left: Option<u32>,
}

impl Room {
    /// Bytes of the file, at most.
    pub(super) fn cap(&self) -> u64 {
        self.cap
    }

    /// In a new file, of which at most `cap` bytes are ever used; or in memory alone.
    pub(super) fn new(disk: Option<Disk>, cap: u64) -> Self {
        static NUMBERS: AtomicUsize = AtomicUsize::new(0);
        let state = State { end: 0, spare: None, refusal: None, failures: 0 };
        // Relaxed: hands out numbers.
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        Self {
            is_closed: AtomicBool::new(disk.is_none()),
            disk,
            number,
            cap,
            state: Mutex::new(state),
            memory: AtomicUsize::new(0),
        }
    }

    /// The file's path, absolute; empty when there is none.
    pub(super) fn path(&self) -> &Path {
        self.disk.as_ref().map_or(Path::new(""), Disk::path)
    }

    /// Gives the file another name.
    pub(super) fn rename(&mut self, path: &Path) -> io::Result<()> {
        self.disk.as_mut().map_or(Ok(()), |disk| disk.rename(path))
    }

    /// Whether the file is still at its path.
    pub(super) fn is_there(&self) -> bool {
        self.disk.as_ref().is_some_and(|disk| disk.len_by_path().is_some())
    }

    /// Whether the file is surely not at its path any more, or never was.
    pub(super) fn is_gone(&self) -> bool {
        self.disk.as_ref().is_none_or(Disk::is_gone)
    }

    /// Whether somebody has cut the file.
    pub(super) fn is_cut(&self) -> bool {
        fault::is_cut(self.number)
    }

    /// A chunk of the file, `len` bytes long, which is a multiple of [`PAGE`]. It has no header yet.
    pub(super) fn in_file(&self, len: usize) -> io::Result<Chunk> {
        // Relaxed: a late view takes the lock once more.
        let disk = self.disk.as_ref().filter(|_| !self.is_closed.load(Ordering::Relaxed));
        let disk = disk.ok_or(io::ErrorKind::Other)?;
        let mut state =
            bounded_lock(&self.state).ok_or_else(|| io::Error::other("another thread grows it"))?;
        if state.spare.is_none_or(|spare| spare.len() < len) {
            state.may_grow()?;
            match self.step(disk, &mut state, len) {
                Ok(()) => state.failures = 0,
                Err(error) => return Err(state.refuse(error)),
            }
        }
        let spare = state.spare.take().ok_or_else(|| io::Error::other("there is no room"))?;
        let (chunk, rest) = spare.split(len);
        state.spare = rest;
        drop(state);
        if len >= POPULATED {
            populate(chunk);
        }
        Ok(chunk)
    }

    /// A chunk of memory. `None` when there is no more, or none for us.
    pub(super) fn in_memory(&self, len: usize) -> Option<Chunk> {
        // Relaxed: an amount; nothing is published through it.
        let taken = self.memory.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
            taken.checked_add(len).filter(|taken| *taken <= MOST_MEMORY)
        });
        taken.ok()?;
        let map: MmapRaw = MmapOptions::new().len(len).map_anon().ok()?.into();
        Some(leak(map, len, 0))
    }

    /// Lets the file grow, by at least `len` bytes.
    fn step(&self, disk: &Disk, state: &mut State, len: usize) -> io::Result<()> {
        let opened = disk.open()?;
        let (end, needed) = (state.end, len as u64);
        self.look(disk, state)?;
        let most = self.cap.saturating_sub(end);
        if most < needed {
            return Err(io::Error::other("the recording has reached its size limit"));
        }
        let most = most.min(room(&opened, end)?) / PAGE as u64 * PAGE as u64;
        let wanted = end.clamp(SMALLEST_STEP, LARGEST_STEP).max(needed);
        let step = wanted.min(most);
        if step < needed {
            return Err(io::ErrorKind::StorageFull.into());
        }
        // Disk or addresses may be short.
        let (map, len) = match reserve_and_map(&opened, end, step) {
            Err(_) if step > needed => (reserve_and_map(&opened, end, needed)?, len),
            map => (map?, step as usize),
        };
        if !opened.is_ours() {
            // Another thread of the program closes what it did not open, and opens something else. What is mapped may be that.
            return Err(io::Error::other("its descriptor was closed"));
        }
        let fresh = leak(map, len, end);
        fault::protect(self.number, fresh.as_ptr(), len, end);
        if let Some(rest) = state.spare.replace(fresh) {
            rest.begin(chunk_kind::FREE, 0, 0);
        }
        state.end = end + len as u64;
        Ok(())
    }

    /// Looks whether somebody has cut the file, and replaces what it has lost.
    pub(super) fn check(&self) {
        if let Some(disk) = &self.disk
            && let Some(mut state) = bounded_lock(&self.state)
        {
            _ = self.look(disk, &mut state);
        }
    }

    /// The file is as long as we made it, or it is not ours to write any more.
    fn look(&self, disk: &Disk, state: &mut State) -> io::Result<()> {
        let len = disk.len_by_path();
        if len.is_none_or(|len| len == state.end) {
            return Ok(());
        }
        let len = len.unwrap_or_default();
        if len < state.end {
            fault::replace_from(self.number, len);
            state.end = len;
        }
        state.spare = None;
        let reason = "somebody else has changed its length";
        state.refusal = Some(Refusal { reason: reason.into(), left: None });
        // Relaxed: as in `in_file`.
        self.is_closed.store(true, Ordering::Relaxed);
        Err(io::Error::other(reason))
    }

    /// Gives back what was reserved in vain. The file may still grow afterwards.
    pub(super) fn trim(&self) {
        if let Some(disk) = &self.disk
            && let Some(mut state) = bounded_lock(&self.state)
            && self.look(disk, &mut state).is_ok()
            && let Some(spare) = state.spare
            && let Ok(opened) = disk.open()
        {
            // Nobody uses these pages: they were never handed out.
            state.spare = None;
            state.end = spare.offset();
            shorten(&opened, state.end);
        }
    }

    /// In the child of a fork: nothing of the parent's stays open.
    pub(super) fn close_inherited(&self) {
        if let Some(disk) = &self.disk {
            disk.close_inherited();
        }
    }
}

impl State {
    /// An error while it is of no use to try.
    fn may_grow(&mut self) -> io::Result<()> {
        let Some(refusal) = &mut self.refusal else { return Ok(()) };
        match &mut refusal.left {
            Some(0) => {
                self.refusal = None;
                Ok(())
            }
            left => {
                *left = left.map(|left| left - 1);
                Err(io::Error::other(refusal.reason.clone()))
            }
        }
    }

    fn refuse(&mut self, error: io::Error) -> io::Error {
        if self.refusal.is_none() {
            self.failures = (self.failures * 2).clamp(1, MOST_PATIENCE);
            let left = Some(self.failures - 1);
            self.refusal = Some(Refusal { reason: error.to_string(), left });
        }
        error
    }
}

/// Lets the file grow from `end` on, and maps what is new.
fn reserve_and_map(file: &Opened<'_>, end: u64, len: u64) -> io::Result<MmapRaw> {
    reserve(file, end, len)?;
    let map = MmapOptions::new().offset(end).len(len as usize).map_raw(file.descriptor());
    map.inspect_err(|_| shorten(file, end))
}

/// Takes all pages now: at once they cost half of what each costs when it is first written to. A kernel that cannot says so, and no
/// harm is done.
fn populate(chunk: Chunk) {
    // SAFETY: the memory is that of a chunk, whose content the call does not change.
    unsafe { libc::madvise(chunk.as_ptr().cast(), chunk.len(), libc::MADV_POPULATE_WRITE) };
}

fn leak(map: MmapRaw, len: usize, offset: u64) -> Chunk {
    let start = map.as_mut_ptr();
    std::mem::forget(map);
    // SAFETY:
    // - the mapping was just made, readable and writable, page-aligned and `len` (at least a page) long;
    // - it is leaked, so it stays for the rest of the process's life.
    unsafe { Chunk::new(start, len, offset) }
}
