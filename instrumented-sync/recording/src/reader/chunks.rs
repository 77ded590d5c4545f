//! Cuts a file into chunks and finds the next one behind damage.

use super::bytes::{u32_at, u64_at};
use super::damage::Damage;
use super::source::Source;
use super::window::Window;
use crate::layout::{CHUNK_MAGIC, PAGE, chunk, chunk_kind};
use std::borrow::Cow;
use std::io;
use std::ops::Deref;

/// What is known of a chunk without its content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
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
    /// Bytes as it was written: more than are there where the file is cut.
    pub(super) len: u64,
    /// Where it ends in the file.
    pub(super) end: usize,
}

/// One chunk with its content.
#[derive(Clone, Debug)]
pub(super) struct Chunk<'a> {
    head: Head,
    /// All of it that is there, header included.
    pub(super) bytes: Cow<'a, [u8]>,
}

impl Deref for Chunk<'_> {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Head {
    /// Reads the numbers of a header, which may have changed since the chunk was found. `None` when it is another chunk
    /// by now.
    pub(super) fn again(self, source: &impl Source) -> io::Result<Option<Self>> {
        let header = source.load(self.offset..self.end.min(self.offset + chunk::PAYLOAD))?;
        Ok(self.is_of(&header).then(|| self.with_numbers(&header)))
    }

    /// What the chunk is now: one that was in no use may be of another kind.
    pub(super) fn of_now(self, source: &impl Source) -> io::Result<Self> {
        let header = source.load(self.offset..self.end.min(self.offset + chunk::PAYLOAD))?;
        let kind = u32_at(&header, chunk::KIND);
        Ok(Self { kind, ..self }.with_numbers(&header))
    }

    /// Reads the chunk. `None` when it is another one by now.
    pub(super) fn load<S: Source>(self, source: &S) -> io::Result<Option<Chunk<'_>>> {
        let bytes = source.load(self.offset..self.end)?;
        Ok(self.is_of(&bytes).then(|| Chunk { head: self.with_numbers(&bytes), bytes }))
    }

    fn is_of(&self, header: &[u8]) -> bool {
        u32_at(header, chunk::MAGIC) == CHUNK_MAGIC && u32_at(header, chunk::KIND) == self.kind
    }

    fn with_numbers(self, header: &[u8]) -> Self {
        Self {
            owner: u32_at(header, chunk::OWNER),
            index: u32_at(header, chunk::INDEX),
            used: u64_at(header, chunk::USED),
            base: u64_at(header, chunk::BASE),
            ..self
        }
    }
}

/// The chunks of a file from some page on, in the order of their offsets. They never overlap.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) heads: Vec<Head>,
    /// Up to here nothing becomes a chunk any more.
    pub(super) settled: usize,
}

/// Finds the chunks. The content of rings and segments is left alone, unless their length looks damaged.
pub(super) fn walk(source: &impl Source, from: usize, damage: &mut Damage) -> io::Result<Walk> {
    let mut file = Window::new(source)?;
    let mut heads = Vec::new();
    let mut settled = None;
    let mut stray = Stray::default();
    let mut at = from;
    while at < file.len() {
        let page = file.page(at)?;
        if page.is_empty() {
            // Somebody cuts the file while it is read.
            break;
        }
        if has_magic(page) {
            stray.report(damage);
            let chunk = chunk_at(&mut file, at, damage)?;
            at = chunk.end;
            heads.push(chunk);
        } else {
            if !is_unused(page) {
                stray.add(at, page.len());
            }
            settled = settled.or(Some(at));
            at = file.next_stored(at + PAGE);
        }
    }
    stray.report(damage);
    Ok(Walk { heads, settled: settled.unwrap_or(at) })
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

fn chunk_at<S: Source>(
    file: &mut Window<'_, S>,
    at: usize,
    damage: &mut Damage,
) -> io::Result<Head> {
    let page = file.page(at)?;
    let head = Head {
        offset: at,
        kind: u32_at(page, chunk::KIND),
        owner: 0,
        index: 0,
        used: 0,
        base: 0,
        len: u64_at(page, chunk::LEN),
        end: at,
    }
    .with_numbers(page);
    let (end, len) = extent(file, &head, damage)?;
    Ok(Head { end, len, ..head })
}

/// Whether a page, or what there is of it, starts a chunk.
fn has_magic(page: &[u8]) -> bool {
    page.len() >= chunk::PAYLOAD && u32_at(page, chunk::MAGIC) == CHUNK_MAGIC
}

/// Whether a page was reserved but never became a chunk. A writer stores the magic last, so the rest of the header may
/// be there.
fn is_unused(page: &[u8]) -> bool {
    let is_zero = |part: &[u8]| part.iter().all(|&byte| byte == 0);
    is_zero(&page[..page.len().min(chunk::KIND)])
        && is_zero(page.get(chunk::PAYLOAD..).unwrap_or_default())
}

/// Where a chunk ends in the file, and how long it was: as it says, unless that is damaged.
fn extent<S: Source>(
    file: &mut Window<'_, S>,
    head: &Head,
    damage: &mut Damage,
) -> io::Result<(usize, u64)> {
    let at = head.offset;
    let claimed = claimed_end(at, head.len);
    if let Some(end) = claimed.filter(|_| is_of_events(head))
        && ends_well(file, head, end)?
    {
        return Ok((end, head.len));
    }
    let limit = claimed.map_or(file.len(), |end| end.min(file.len()));
    // A header inside of a chunk means that the length is wrong: it would swallow its successors.
    let next = header_between(file, first_foreign_page(head, file.len()), limit)?;
    Ok(match (next, claimed) {
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
    })
}

/// Where a chunk says that it ends; `None` when that makes no sense.
fn claimed_end(at: usize, len: u64) -> Option<usize> {
    let len = usize::try_from(len).ok()?;
    let is_valid = len >= PAGE && len.is_multiple_of(PAGE);
    is_valid.then(|| at.checked_add(len)).flatten()
}

fn is_of_events(head: &Head) -> bool {
    matches!(head.kind, chunk_kind::RING | chunk_kind::SEGMENT)
}

/// Whether the length of a ring or a segment can be trusted without a look at what it covers, which is most of a file: it
/// is a power of two, as those of writers are, so that no single changed bit gives another one; and at the end the file
/// ends, or another chunk begins, or will begin.
fn ends_well<S: Source>(file: &mut Window<'_, S>, head: &Head, end: usize) -> io::Result<bool> {
    if !head.len.is_power_of_two() || end > file.len() {
        return Ok(false);
    }
    let next = file.page(end)?;
    Ok(next.is_empty() || has_magic(next) || is_unused(next))
}

/// The first page of a chunk that could hold another chunk's header. The part of a log that is in use holds text of the
/// program, which must not be taken for a header.
fn first_foreign_page(head: &Head, file_len: usize) -> usize {
    let used = if head.kind == chunk_kind::LOG { head.used } else { 0 };
    let start = head.offset + chunk::PAYLOAD;
    usize::try_from(used)
        .ok()
        .and_then(|used| start.checked_add(used)?.checked_next_multiple_of(PAGE))
        // More in use than the file has is damage too, and protects nothing.
        .filter(|&end| end <= file_len)
        .unwrap_or(head.offset + PAGE)
}

/// The first page in `from..to` that starts a chunk which fits into the file.
fn header_between<S: Source>(
    file: &mut Window<'_, S>,
    from: usize,
    to: usize,
) -> io::Result<Option<usize>> {
    let len = file.len();
    let mut at = from;
    while at < to {
        let page = file.page(at)?;
        if has_magic(page)
            && (chunk_kind::BOARD..=chunk_kind::BUCKETS).contains(&u32_at(page, chunk::KIND))
            && claimed_end(at, u64_at(page, chunk::LEN)).is_some_and(|end| end <= len)
        {
            return Ok(Some(at));
        }
        at = file.next_stored(at + PAGE);
    }
    Ok(None)
}
