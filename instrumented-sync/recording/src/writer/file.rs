//! The file of a recording.

use super::{Chunk, LogRecord, patient};
use crate::layout::{self, PAGE, chunk, chunk_kind, header};
use memmap2::{MmapOptions, MmapRaw};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A chunk from this size on is that of a thread that fills it soon.
const POPULATED: usize = 1 << 20;

/// Bytes of the file that are mapped at once, ahead of its end: the kernel allows a process some tens of thousands of mappings, of
/// which each thread takes several for its stack.
const WINDOW: usize = 16 << 20;

/// Bytes of a log chunk, unless a record needs more.
const LOG_CHUNK: usize = 64 * 1024;

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
    file: Option<File>,
    path: PathBuf,
    header: Chunk,
    /// The lock orders growth: chunks lie one behind the other without holes.
    growth: Mutex<Growth>,
    log: Mutex<Log>,
    warned: AtomicBool,
    cap: u64,
}

/// Where the file ends, and what is mapped beyond.
#[derive(Debug)]
struct Growth {
    /// End of the file.
    end: u64,
    window: Option<Window>,
}

/// A mapped piece of the file. What lies beyond the file's end is not accessed before the file has grown over it.
#[derive(Clone, Copy, Debug)]
struct Window {
    start: *mut u8,
    offset: u64,
    len: usize,
}

// SAFETY: a window is an address and says what is mapped there for the rest of the process's life; it gives no access.
unsafe impl Send for Window {}

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
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // Under another name until the header is there: a process that is killed before has left nothing that is taken for a
        // recording.
        let draft = path.with_extension("starting");
        let file = options.open(&draft)?;
        let header = map_first(&file, PAGE)?;
        let this = Self::with_header(Some(file), path.to_owned(), header, cap);
        this.write_header(init);
        std::fs::rename(&draft, path)?;
        Ok(this)
    }

    /// A recording that no file holds: for when none can be created. The order graph and the checks work; nothing survives.
    ///
    /// # Errors
    ///
    /// When there is no memory.
    pub fn in_memory(init: &HeaderInit, cap: u64) -> io::Result<Self> {
        let header = map_private(PAGE)?;
        let this = Self::with_header(None, PathBuf::new(), header, cap);
        this.write_header(init);
        Ok(this)
    }

    fn with_header(file: Option<File>, path: PathBuf, header: Chunk, cap: u64) -> Self {
        Self {
            file,
            path,
            header,
            growth: Mutex::new(Growth { end: PAGE as u64, window: None }),
            log: Mutex::new(Log { chunk: None, used: 0, total: 0 }),
            warned: AtomicBool::new(false),
            cap,
        }
    }

    /// The file's path; empty when there is none.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
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

    /// A new chunk of at least `len` bytes, all zero. Private memory when the file cannot grow; that is counted.
    /// `None` when there is no memory either.
    pub fn chunk(&self, kind: u32, owner: u32, index: u32, len: usize) -> Option<Chunk> {
        let len = len.next_multiple_of(PAGE);
        let chunk = match self.grow(len) {
            Ok(chunk) => chunk,
            Err(error) => {
                self.count(header::LOST_CHUNKS, 1);
                self.warn_once(&error);
                map_private(len).ok()?
            }
        };
        chunk.begin(kind, owner, index);
        Some(chunk)
    }

    /// Appends a record to the log. `false` when there was no room; that is counted.
    pub fn append(&self, record: LogRecord) -> bool {
        let bytes = record.finish();
        let Some(mut log) = patient(&self.log) else {
            self.count(header::LOST_RECORDS, 1);
            return false;
        };
        let fits = log.chunk.is_some_and(|chunk| log.used + bytes.len() <= chunk.len());
        if !fits {
            let len = LOG_CHUNK.max(bytes.len() + chunk::PAYLOAD);
            let Some(chunk) = self.chunk(chunk_kind::LOG, 0, 0, len) else {
                self.count(header::LOST_RECORDS, 1);
                return false;
            };
            log.total += chunk.len();
            log.chunk = Some(chunk);
            log.used = chunk::PAYLOAD;
        }
        let Some(target) = log.chunk else { return false };
        target.write(log.used, &bytes);
        log.used += bytes.len();
        // Release: pairs with a reader of the live mapping, which loads the length before the records.
        target.u64(chunk::USED).store((log.used - chunk::PAYLOAD) as u64, Ordering::Release);
        true
    }

    fn grow(&self, len: usize) -> io::Result<Chunk> {
        let file = self.file.as_ref().ok_or_else(|| io::Error::other("no file"))?;
        let mut growth =
            patient(&self.growth).ok_or_else(|| io::Error::other("another thread grows it"))?;
        let offset = growth.end;
        if offset + len as u64 > self.cap {
            return Err(io::Error::other("the recording has reached its size limit"));
        }
        reserve(file, offset, len)?;
        let chunk = match growth.window.and_then(|window| window.chunk(offset, len)) {
            Some(chunk) => chunk,
            None => {
                let window = Window::map(file, offset, len)?;
                growth.window = Some(window);
                window
                    .chunk(offset, len)
                    .ok_or_else(|| io::Error::other("the window is too small"))?
            }
        };
        if len >= POPULATED {
            populate(&chunk);
        }
        growth.end += len as u64;
        Ok(chunk)
    }

    /// One line on standard error, the first time something does not fit.
    fn warn_once(&self, error: &io::Error) {
        // Relaxed: only decides who prints.
        if !self.warned.swap(true, Ordering::Relaxed) && self.file.is_some() {
            let text = format!(
                "syncscope: warning: the recording cannot grow ({error}); later events are lost\n"
            );
            _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
        }
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
            // The page ends somewhere: later entries (long command lines) are left out, whole.
            if header::STRINGS + 4 + strings.len() + entry.len() <= PAGE {
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

impl Window {
    /// Maps the file from `offset` on: `len` bytes, which it has, and beyond its end what it may grow into.
    fn map(file: &File, offset: u64, len: usize) -> io::Result<Self> {
        let map = |len: usize| MmapOptions::new().offset(offset).len(len).map_raw(file);
        let wanted = len.max(WINDOW);
        // A process may have little room for addresses.
        let (map, len) = match map(wanted) {
            Ok(map) => (map, wanted),
            Err(_) => (map(len)?, len),
        };
        let start = map.as_mut_ptr();
        std::mem::forget(map);
        Ok(Self { start, offset, len })
    }

    /// The chunk at an offset of the file, which the file has grown over. `None` when it is not in this window.
    fn chunk(self, offset: u64, len: usize) -> Option<Chunk> {
        let at = usize::try_from(offset.checked_sub(self.offset)?).ok()?;
        (at.checked_add(len)? <= self.len).then(|| {
            // SAFETY:
            // - the window is mapped readable and writable, and leaked, so it stays for the rest of the process's life;
            // - the chunk lies inside of it, at a multiple of a page, and the file covers the chunk.
            unsafe { Chunk::new(self.start.add(at), len, offset) }
        })
    }
}

/// Reserves the first `len` bytes of the file and maps them, shared.
fn map_first(file: &File, len: usize) -> io::Result<Chunk> {
    reserve(file, 0, len)?;
    let map: MmapRaw = MmapOptions::new().len(len).map_raw(file)?;
    Ok(leak(map, len))
}

/// Takes all pages now: at once they cost half of what each costs when it is first written to. A kernel that cannot say so, and no
/// harm is done.
#[cfg(target_os = "linux")]
fn populate(chunk: &Chunk) {
    // SAFETY: the chunk is mapped; the advice changes nothing of its content.
    unsafe { libc::madvise(chunk.as_ptr().cast(), chunk.len(), libc::MADV_POPULATE_WRITE) };
}

#[cfg(not(target_os = "linux"))]
fn populate(_: &Chunk) {}

/// Private memory in the shape of a chunk.
fn map_private(len: usize) -> io::Result<Chunk> {
    let map: MmapRaw = MmapOptions::new().len(len).map_anon()?.into();
    Ok(leak(map, len))
}

/// The chunk at the beginning of a file, or of memory without a file.
fn leak(map: MmapRaw, len: usize) -> Chunk {
    let start = map.as_mut_ptr();
    std::mem::forget(map);
    // SAFETY:
    // - the mapping was just made, readable and writable, page-aligned and `len` (at least a page) long;
    // - it is leaked, so it stays for the rest of the process's life.
    unsafe { Chunk::new(start, len, 0) }
}

/// Makes room on the disk now: a store to a sparse page of a full disk is SIGBUS, not an error.
#[cfg(target_os = "linux")]
fn reserve(file: &File, offset: u64, len: usize) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    loop {
        // SAFETY: the descriptor is open; the call has no memory operands.
        let code = unsafe { libc::posix_fallocate(file.as_raw_fd(), offset as i64, len as i64) };
        match code {
            0 => return Ok(()),
            libc::EINTR => {}
            code => return Err(io::Error::from_raw_os_error(code)),
        }
    }
}

/// Elsewhere: written zeros take the room.
#[cfg(not(target_os = "linux"))]
fn reserve(file: &File, offset: u64, len: usize) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = file;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(&vec![0; len])
}
