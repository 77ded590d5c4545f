//! The file of a recording.

use super::disk::Disk;
use super::room::Room;
use super::{Chunk, FixedRecord, LogRecord, bounded_lock};
use crate::layout::{self, PAGE, chunk, chunk_kind, header};
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

/// Bytes of a log chunk, unless a record needs more.
const LOG_CHUNK: usize = 64 * 1024;

/// Log chunks take at most one byte in so many of those that a recording may have: who starts threads for ever has a log without end.
const LOG_SHARE: u64 = 40;
/// Bytes of the log beyond that which records of findings may take.
const LOG_RESERVE: u64 = 1 << 20;

/// What the header says from the start.
#[derive(Clone, Debug, Default)]
pub struct HeaderInit {
    /// Process id.
    pub pid: u32,
    /// Nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// Clock at start.
    pub start_ticks: u64,
    /// See [`layout::mode`].
    pub mode: u32,
    /// `exe`, `arg`, `cwd` … and their values.
    pub strings: Vec<(String, String)>,
}

/// One recording being written. Shared by all threads of the process; never closed.
#[derive(Debug)]
pub struct RecordingFile {
    room: Room,
    header: Chunk,
    log: Mutex<Log>,
    /// What is to tell of [`Self::trouble`], and what has been told, in bits.
    trouble: AtomicU8,
    why: Mutex<String>,
}

/// Something found no room.
const NO_ROOM: u8 = 1;
/// ... and that was told.
const NO_ROOM_TOLD: u8 = 2;
/// It was told that the file was cut.
const CUT_TOLD: u8 = 4;

#[derive(Debug)]
struct Log {
    chunk: Option<Chunk>,
    used: usize,
    /// Bytes of all log chunks so far.
    total: usize,
}

impl RecordingFile {
    /// Creates `path` with mode 0600 and writes the header. At most `cap` bytes are ever used.
    ///
    /// # Errors
    ///
    /// When the file cannot be created or its first page cannot be reserved.
    pub fn create(path: &Path, init: &HeaderInit, cap: u64) -> io::Result<Self> {
        // Under another name until the header is there: a process that is killed before has left nothing that is taken for a
        // recording.
        let draft = path.with_extension("starting");
        let disk = Disk::create(&draft)?;
        let begin = || {
            let room = Room::new(Some(disk), cap);
            let header = room.in_file(PAGE)?;
            let mut this = Self::with_header(room, header);
            this.write_header(init);
            this.room.rename(path)?;
            Ok(this)
        };
        begin().inspect_err(|_| _ = std::fs::remove_file(&draft))
    }

    /// A recording that no file holds: for when none can be created. The order graph and the checks work; nothing survives.
    ///
    /// # Errors
    ///
    /// When there is no memory.
    pub fn in_memory(init: &HeaderInit) -> io::Result<Self> {
        let room = Room::new(None, 0);
        let header = room.in_memory(PAGE).ok_or(io::ErrorKind::OutOfMemory)?;
        let this = Self::with_header(room, header);
        this.write_header(init);
        Ok(this)
    }

    fn with_header(room: Room, header: Chunk) -> Self {
        Self {
            room,
            header,
            log: Mutex::new(Log { chunk: None, used: 0, total: 0 }),
            trouble: AtomicU8::new(0),
            why: Mutex::default(),
        }
    }

    /// The file's path, absolute; empty when there is none.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.room.path()
    }

    /// Whether the file is still where it was made: nobody has deleted it, or put another one in its place.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.room.is_there()
    }

    /// Whether somebody has deleted the file, or put another one in its place, or there never was one. Not when the program has merely
    /// changed its root or its user and cannot see it.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.room.is_gone()
    }

    /// The header page, for its counters.
    #[must_use]
    pub fn header(&self) -> Chunk {
        self.header
    }

    /// Adds to a counter of the header (an offset of [`header`]). A shared cache line: cold paths only.
    pub fn count(&self, counter: usize, by: u64) {
        // Relaxed: a statistic; nothing is published through it.
        self.header.u64(counter).fetch_add(by, Ordering::Relaxed);
    }

    /// A new chunk of at least `len` bytes, all zero. Where the file cannot grow, what the process itself looks at again is private
    /// memory, up to a bound; that is counted. `None` when there is none.
    pub fn chunk(&self, kind: u32, owner: u32, index: u32, len: usize) -> Option<Chunk> {
        let len = len.next_multiple_of(PAGE);
        let chunk = match self.room.in_file(len) {
            Ok(chunk) => chunk,
            Err(error) => {
                self.note_trouble(&error);
                // Only readers of the file look at these; whoever wants one counts what is lost.
                use chunk_kind::{BUCKETS, LOG, MEASURES, RING, SEGMENT};
                if matches!(kind, LOG | RING | SEGMENT | MEASURES | BUCKETS) {
                    return None;
                }
                self.count(header::LOST_CHUNKS, 1);
                self.room.in_memory(len)?
            }
        };
        chunk.begin(kind, owner, index);
        Some(chunk)
    }

    /// What has gone wrong since this was last asked, in words: that the file cannot grow, that it was cut.
    pub fn trouble(&self) -> Option<String> {
        // Relaxed: the text is behind a lock.
        let (told, cut) = (self.trouble.load(Ordering::Relaxed), self.room.is_cut());
        if cut && told & CUT_TOLD == 0 {
            self.trouble.fetch_or(CUT_TOLD, Ordering::Relaxed);
            self.count(header::LOST_CHUNKS, 1);
            return Some(
                "the recording was cut while the program ran; what was behind is lost".into(),
            );
        }
        // Whoever deletes a recording is told of that alone.
        if told & (NO_ROOM | NO_ROOM_TOLD) != NO_ROOM || self.is_gone() {
            return None;
        }
        self.trouble.fetch_or(NO_ROOM_TOLD, Ordering::Relaxed);
        let why = bounded_lock(&self.why).map(|why| why.clone()).unwrap_or_default();
        Some(format!("the recording cannot grow ({why}); later events are lost"))
    }

    fn note_trouble(&self, error: &io::Error) {
        // Relaxed: as above. The text first: whoever is to tell it finds it.
        if self.trouble.load(Ordering::Relaxed) & NO_ROOM == 0 {
            if let Some(mut why) = bounded_lock(&self.why) {
                *why = error.to_string();
            }
            self.trouble.fetch_or(NO_ROOM, Ordering::Relaxed);
        }
    }

    /// Looks whether somebody has cut the file, and replaces what it has lost. Not for threads of the program: it asks the kernel.
    pub fn check(&self) {
        self.room.check();
    }

    /// The process ends: gives back what was reserved in vain.
    pub fn trim(&self) {
        self.room.trim();
    }

    /// In the child of a fork: closes what the parent may have had open just then. The child has no use for the recording.
    pub fn close_inherited(&self) {
        self.room.close_inherited();
    }

    /// Appends a record to the log. `false` when there was no room; that is counted.
    pub fn append(&self, record: LogRecord) -> bool {
        let tells_finding = record.tells_finding();
        self.append_bytes(&record.finish(), tells_finding)
    }

    /// As [`append`](Self::append), of a record that needed no allocation.
    pub fn append_fixed(&self, record: &mut FixedRecord) -> bool {
        self.append_bytes(record.finish(), true)
    }

    fn append_bytes(&self, bytes: &[u8], tells_finding: bool) -> bool {
        let limit = self.room.cap() / LOG_SHARE + if tells_finding { LOG_RESERVE } else { 0 };
        let Some(mut log) = bounded_lock(&self.log) else {
            self.count(header::LOST_RECORDS, 1);
            return false;
        };
        let fits = log.chunk.is_some_and(|chunk| log.used + bytes.len() <= chunk.len());
        if !fits {
            let len = LOG_CHUNK.max(bytes.len() + chunk::PAYLOAD);
            let has_room = (log.total + len) as u64 <= limit.max(LOG_CHUNK as u64);
            let chunk = has_room.then(|| self.chunk(chunk_kind::LOG, 0, 0, len)).flatten();
            let Some(chunk) = chunk else {
                self.count(header::LOST_RECORDS, 1);
                return false;
            };
            log.total += chunk.len();
            log.chunk = Some(chunk);
            log.used = chunk::PAYLOAD;
        }
        let Some(target) = log.chunk else { return false };
        target.write(log.used, bytes);
        log.used += bytes.len();
        // Release: pairs with a reader of the live mapping, which loads the length before the records.
        target.u64(chunk::USED).store((log.used - chunk::PAYLOAD) as u64, Ordering::Release);
        true
    }

    fn write_header(&self, init: &HeaderInit) {
        let page = self.header;
        // Relaxed: published by the magic.
        let put32 = |at, value| page.u32(at).store(value, Ordering::Relaxed);
        let put64 = |at, value| page.u64(at).store(value, Ordering::Relaxed);
        put32(
            header::MAJOR,
            u32::from(layout::VERSION_MAJOR) | u32::from(layout::VERSION_MINOR) << 16,
        );
        put32(header::ENDIAN, 0x0102_0304);
        put32(header::PID, init.pid);
        put32(header::POINTER_BITS, usize::BITS);
        put64(header::START_UNIX_NS, init.start_unix_ns);
        put64(header::START_TICKS, init.start_ticks);
        put32(header::MODE, init.mode);
        let mut strings = Vec::new();
        for (key, value) in &init.strings {
            let entry = format!("{key}={}\0", value.replace('\0', " "));
            // The room ends somewhere: later entries (long command lines) are left out, whole.
            if header::STRINGS + 4 + strings.len() + entry.len() <= header::ASKED {
                strings.extend(entry.into_bytes());
            }
        }
        let mut field = (strings.len() as u32).to_le_bytes().to_vec();
        field.extend(strings);
        page.write(header::STRINGS, &field);
        // Release: the magic is stored last, so that a reader sees a whole header or none.
        page.u64(header::MAGIC).store(u64::from_le_bytes(layout::FILE_MAGIC), Ordering::Release);
    }
}
