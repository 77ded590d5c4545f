//! The file with the schedule, mapped.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use syncscope_recording::schedule::layout::{
    self, CHOICE, HEADER, IS_CHOSEN, SEGMENT, STEP, header,
};

/// The mapped file. What lies in it is looked at before it is used.
#[derive(Debug)]
pub(super) struct Shared {
    base: *mut u8,
    len: usize,
    pub(super) options: u32,
    pub(super) strategy: u32,
    pub(super) depth: u64,
    pub(super) length: u64,
    pub(super) limit: u64,
    pub(super) beginning: u64,
    pub(super) debugged: u64,
    pub(super) steps: u64,
    followed: (usize, usize),
    trace: (usize, u64),
    sites: (usize, usize),
    used: usize,
    known: [(usize, u32); KNOWN],
    places: u32,
    hash: u64,
}

// SAFETY: the mapping stays for good; it is used under the gate's lock.
unsafe impl Send for Shared {}

/// Places that are found again at once.
const KNOWN: usize = 1024;

impl Shared {
    pub(super) const fn none() -> Self {
        Self {
            base: std::ptr::null_mut(),
            len: 0,
            options: 0,
            strategy: 0,
            depth: 0,
            length: 0,
            limit: 0,
            beginning: 0,
            debugged: 0,
            steps: 0,
            followed: (0, 0),
            trace: (0, 0),
            sites: (0, 0),
            used: 0,
            known: [(0, 0); KNOWN],
            places: 0,
            hash: 0xCBF2_9CE4_8422_2325,
        }
    }

    /// Takes over a mapping, of a whole header at least. `false` when it is of another kind, or another process follows it.
    pub(super) fn take(&mut self, base: *mut u8, len: usize, pid: u32) -> bool {
        (self.base, self.len) = (base, len);
        let magic = u64::from_le_bytes(layout::MAGIC);
        if self.read_u64(0) != magic || self.read(header::VERSION) != layout::VERSION {
            return false;
        }
        let owner = self.atomic(header::PID);
        // Relaxed: it only decides whose it is.
        if owner.compare_exchange(0, pid, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return false;
        }
        self.options = self.read(header::OPTIONS);
        self.strategy = self.read(header::STRATEGY);
        self.depth = u64::from(self.read(header::DEPTH));
        self.length = self.read_u64(header::LENGTH).max(1);
        self.limit = self.read_u64(header::LIMIT);
        self.beginning = self.read_u64(header::BEGINNING);
        self.debugged = self.read_u64(header::DEBUGGED);
        self.followed = self.region(header::FOLLOWED, header::FOLLOWED_LEN, SEGMENT);
        let (trace, room) = self.region(header::TRACE, header::TRACE_ROOM, STEP);
        self.trace = (trace, room as u64);
        self.sites = self.region(header::SITES, header::SITES_ROOM, 1);
        true
    }

    /// Where a region begins, and how much of it lies in the file.
    fn region(&self, at: usize, len: usize, size: usize) -> (usize, usize) {
        let at = usize::try_from(self.read_u64(at)).unwrap_or(usize::MAX);
        let len = usize::try_from(self.read_u64(len)).unwrap_or(usize::MAX);
        if at < HEADER || at % size != 0 {
            return (0, 0);
        }
        (at, len.min(self.len.saturating_sub(at) / size))
    }

    /// A number of the header.
    pub(super) fn read(&self, at: usize) -> u32 {
        // Relaxed: written before the process began.
        self.atomic(at).load(Ordering::Relaxed)
    }

    pub(super) fn read_u64(&self, at: usize) -> u64 {
        // Relaxed: as above.
        self.atomic_u64(at).load(Ordering::Relaxed)
    }

    /// Whose number in the kernel this thread has.
    pub(super) fn note_thread(&self, thread: usize, tid: u32) {
        if thread < header::TIDS_ROOM {
            self.write(header::TIDS + thread * 4, tid);
        }
    }

    /// For the command, which reads it when the process has ended, or waits for a debugger.
    pub(super) fn write(&self, at: usize, value: u32) {
        if !self.base.is_null() {
            // Relaxed: whoever looks at it waits for nothing else.
            self.atomic(at).store(value, Ordering::Relaxed);
        }
    }

    fn write_u64(&self, at: usize, value: u64) {
        // Relaxed: as above.
        self.atomic_u64(at).store(value, Ordering::Relaxed);
    }

    pub(super) fn count(&self, at: usize) {
        self.write(at, self.read(at).wrapping_add(1));
    }

    fn count_u64(&self, at: usize) {
        self.write_u64(at, self.read_u64(at).wrapping_add(1));
    }

    fn atomic(&self, at: usize) -> &AtomicU32 {
        assert!(at + 4 <= self.len, "inside of what is mapped");
        // SAFETY: it lies in the mapping, which is never given back, and all access to it is atomic; fields are aligned.
        unsafe { &*self.base.add(at).cast::<AtomicU32>() }
    }

    fn atomic_u64(&self, at: usize) -> &AtomicU64 {
        assert!(at + 8 <= self.len, "inside of what is mapped");
        // SAFETY: as above.
        unsafe { &*self.base.add(at).cast::<AtomicU64>() }
    }

    /// A segment of what is followed: the thread, the steps (none: it is the one that is woken).
    pub(super) fn segment(&self, index: usize) -> Option<(usize, Option<u32>)> {
        let (at, len) = self.followed;
        if index >= len {
            return None;
        }
        let both = self.read_u64(at + index * SEGMENT);
        let (thread, steps) = (both as u32, (both >> 32) as u32);
        Some((thread as usize, (steps & IS_CHOSEN == 0).then_some(steps)))
    }

    /// Notes a step: before it is made, so that it is known however it ends.
    pub(super) fn note(&mut self, thread: usize, (op, site): (u8, u32), is_choice: bool) {
        let flags = if is_choice { CHOICE } else { 0 };
        let entry = thread as u64 & 0xFFFF
            | u64::from(op) << 16
            | u64::from(flags) << 24
            | u64::from(site) << 32;
        if self.steps < self.trace.1 {
            self.write_u64(self.trace.0 + self.steps as usize * STEP, entry);
        }
        self.steps += 1;
        self.hash = (self.hash ^ entry).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
        self.write_u64(header::STEPS, self.steps);
        self.write_u64(header::HASH, self.hash);
        if is_choice {
            self.count_u64(header::CHOICES);
        }
    }

    pub(super) fn note_switch(&self) {
        self.count_u64(header::SWITCHES);
    }

    /// The number of a place; 0 when there is no room for another.
    pub(super) fn site(&mut self, site: Option<&'static std::panic::Location<'static>>) -> u32 {
        let Some(site) = site else { return 0 };
        let address = std::ptr::from_ref(site).addr();
        let start = (address >> 3).wrapping_mul(0x9E37_79B1) % KNOWN;
        for probe in 0..KNOWN {
            let entry = (start + probe) % KNOWN;
            match self.known[entry] {
                (known, number) if known == address => return number,
                (0, _) => {
                    let number = self.add(site);
                    self.known[entry] = (address, number);
                    return number;
                }
                _ => {}
            }
        }
        0
    }

    /// Writes `file:line:column` behind the others. No allocation: the program's allocator may be what is waited for.
    fn add(&mut self, site: &std::panic::Location<'_>) -> u32 {
        let (at, room) = self.sites;
        let file = site.file().as_bytes();
        if self.used + file.len() + 24 > room {
            return 0;
        }
        for byte in file {
            self.put(at, *byte);
        }
        for number in [site.line(), site.column()] {
            self.put(at, b':');
            let mut digits = [0; 10];
            let mut len = 0;
            let mut left = number;
            loop {
                digits[len] = b'0' + (left % 10) as u8;
                len += 1;
                left /= 10;
                if left == 0 {
                    break;
                }
            }
            (0..len).rev().for_each(|digit| self.put(at, digits[digit]));
        }
        self.put(at, 0);
        self.write_u64(header::SITES_LEN, self.used as u64);
        self.places += 1;
        self.places
    }

    fn put(&mut self, at: usize, byte: u8) {
        assert!(at + self.used < self.len, "inside of what is mapped");
        // SAFETY: it lies in the mapping, and is written here only.
        let place = unsafe { &*self.base.add(at + self.used).cast::<AtomicU8>() };
        // Relaxed: nobody else looks at it while the process lives.
        place.store(byte, Ordering::Relaxed);
        self.used += 1;
    }

    /// The bytes of the places to steer to.
    pub(super) fn steered(&self) -> &[u8] {
        let (at, len) = self.region(header::STEERED, header::STEERED_LEN, 1);
        // SAFETY: it lies in the mapping; the command has written it before, and nobody does so now.
        unsafe { std::slice::from_raw_parts(self.base.add(at), len) }
    }
}
