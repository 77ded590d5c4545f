//! Cuts a file into chunks and finds the next one behind damage.

use super::bytes::{u32_at, u64_at};
use super::damage::Damage;
use crate::layout::{CHUNK_MAGIC, PAGE, chunk, chunk_kind};

/// One chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'a> {
    /// Where it starts in the file.
    pub(super) offset: usize,
    /// See [`chunk_kind`].
    pub(super) kind: u32,
    /// Thread number, or 0.
    pub(super) owner: u32,
    /// By kind.
    pub(super) index: u32,
    /// By kind.
    pub(super) used: u64,
    /// By kind.
    pub(super) base: u64,
    /// Bytes as it was written: more than `bytes` where the file is cut.
    pub(super) len: u64,
    /// All of it that is there, header included: at least [`chunk::PAYLOAD`] bytes.
    pub(super) bytes: &'a [u8],
}

/// The chunks of `file` in the order of their offsets. They never overlap.
pub(super) fn walk<'a>(file: &'a [u8], damage: &mut Damage) -> Vec<Chunk<'a>> {
    let mut chunks = Vec::new();
    let mut stray = Stray::default();
    let mut at = PAGE;
    while at < file.len() {
        if has_magic(file, at) {
            stray.report(damage);
            let chunk = chunk_at(file, at, damage);
            at += chunk.bytes.len();
            chunks.push(chunk);
        } else {
            let page = &file[at..file.len().min(at + PAGE)];
            if !is_unused(page) {
                stray.add(at, page.len());
            }
            at += PAGE;
        }
    }
    stray.report(damage);
    chunks
}

/// Used pages in a row that belong to no chunk.
#[derive(Debug, Default)]
struct Stray {
    from: usize,
    bytes: usize,
}

impl Stray {
    fn add(&mut self, at: usize, len: usize) {
        if self.bytes == 0 {
            self.from = at;
        }
        self.bytes += len;
    }

    fn report(&mut self, damage: &mut Damage) {
        if self.bytes > 0 {
            let Self { from, bytes } = self;
            damage.add(format!("{bytes} bytes from offset {from} on belong to no readable chunk"));
        }
        self.bytes = 0;
    }
}

fn chunk_at<'a>(file: &'a [u8], at: usize, damage: &mut Damage) -> Chunk<'a> {
    let (end, len) = extent(file, at, damage);
    let bytes = &file[at..end];
    Chunk {
        offset: at,
        kind: u32_at(bytes, chunk::KIND),
        owner: u32_at(bytes, chunk::OWNER),
        index: u32_at(bytes, chunk::INDEX),
        used: u64_at(bytes, chunk::USED),
        base: u64_at(bytes, chunk::BASE),
        len,
        bytes,
    }
}

fn has_magic(file: &[u8], at: usize) -> bool {
    file.len() - at >= chunk::PAYLOAD && u32_at(file, at + chunk::MAGIC) == CHUNK_MAGIC
}

/// Whether a page was reserved but never became a chunk. A writer stores the magic last, so the rest of the header may
/// be there.
fn is_unused(page: &[u8]) -> bool {
    let is_zero = |part: &[u8]| part.iter().all(|&byte| byte == 0);
    is_zero(&page[..page.len().min(chunk::KIND)])
        && is_zero(page.get(chunk::PAYLOAD..).unwrap_or_default())
}

/// Where the chunk at `at` ends in the file, and how long it was: as it says, unless that is damaged.
fn extent(file: &[u8], at: usize, damage: &mut Damage) -> (usize, u64) {
    let claimed = claimed_end(file, at);
    let limit = claimed.map_or(file.len(), |end| end.min(file.len()));
    // A header inside of a chunk means that the length is wrong: it would swallow its successors.
    let next = header_between(file, first_foreign_page(file, at), limit);
    match (next, claimed) {
        (None, Some(end)) => {
            if end > file.len() {
                damage.add(format!("the file ends inside the chunk at offset {at}"));
            }
            (limit, (end - at) as u64)
        }
        (next, _) => {
            damage.add(format!("the length of the chunk at offset {at} is damaged"));
            let end = next.unwrap_or(limit);
            (end, (end - at) as u64)
        }
    }
}

/// Where the chunk at `at` says that it ends; `None` when that makes no sense.
fn claimed_end(file: &[u8], at: usize) -> Option<usize> {
    let len = usize::try_from(u64_at(file, at + chunk::LEN)).ok()?;
    let is_valid = len >= PAGE && len.is_multiple_of(PAGE);
    is_valid.then(|| at.checked_add(len)).flatten()
}

/// The first page of the chunk at `at` that could hold another chunk's header. The part of a log that is in use holds
/// text of the program, which must not be taken for a header.
fn first_foreign_page(file: &[u8], at: usize) -> usize {
    let used = match u32_at(file, at + chunk::KIND) {
        chunk_kind::LOG => u64_at(file, at + chunk::USED),
        _ => 0,
    };
    let start = at + chunk::PAYLOAD;
    usize::try_from(used)
        .ok()
        .and_then(|used| start.checked_add(used)?.checked_next_multiple_of(PAGE))
        // More in use than the file has is damage too, and protects nothing.
        .filter(|&end| end <= file.len())
        .unwrap_or(at + PAGE)
}

/// The first page in `from..to` that starts a chunk which fits into the file.
fn header_between(file: &[u8], from: usize, to: usize) -> Option<usize> {
    (from..to).step_by(PAGE).find(|&at| {
        has_magic(file, at)
            && (chunk_kind::BOARD..=chunk_kind::FREE).contains(&u32_at(file, at + chunk::KIND))
            && claimed_end(file, at).is_some_and(|end| end <= file.len())
    })
}
