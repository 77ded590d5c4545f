//! The first page: is it a recording, of which version, of which process.

use super::bytes::{u16_at, u32_at, u64_at};
use super::codes;
use super::damage::Damage;
use super::error::ReadError;
use crate::layout::{FILE_MAGIC, PAGE, VERSION_MAJOR, VERSION_MINOR, header};
use crate::model::{ExitState, Lost, Process, Totals};

/// What the first page says.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) process: Process,
    /// Without the threads that are still on the board.
    pub(super) totals: Totals,
    /// The losses that the runtime counted.
    pub(super) lost: Lost,
    /// Unknown codes may come from a newer minor version; they are no damage then.
    pub(super) is_newer_minor: bool,
}

/// Bytes that every version keeps where they are: magic, version, byte order.
const EVERY_VERSION: usize = header::ENDIAN + 4;

/// Bytes without which a recording tells nothing: the numbers, and the length of the strings.
const NEEDED: usize = header::STRINGS + 4;

/// Value of [`header::ENDIAN`].
const ENDIAN: u32 = 0x0102_0304;

/// Whether `bytes`, the first page or what there is of it, start a recording that this version can read.
pub(super) fn check(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let page = &bytes[..bytes.len().min(PAGE)];
    let magic_len = page.len().min(FILE_MAGIC.len());
    if page[..magic_len] != FILE_MAGIC[..magic_len] {
        return Err(if is_unfinished(page) {
            ReadError::Damaged("its process ended before the first page was written".into())
        } else {
            ReadError::Foreign
        });
    }
    if page.len() < EVERY_VERSION {
        return Err(cut_short(page));
    }
    let endian = u32_at(page, header::ENDIAN);
    if endian == ENDIAN.swap_bytes() {
        return Err(ReadError::Damaged("it is of the other byte order".into()));
    }
    let (major, minor) = (u16_at(page, header::MAJOR), u16_at(page, header::MINOR));
    if major > VERSION_MAJOR {
        return Err(ReadError::Newer { major, minor });
    }
    if major < VERSION_MAJOR {
        return Err(ReadError::Damaged(format!("its version {major}.{minor} never existed")));
    }
    if endian != ENDIAN {
        return Err(ReadError::Damaged("the mark of the byte order makes no sense".into()));
    }
    if page.len() < NEEDED {
        return Err(cut_short(page));
    }
    Ok(())
}

/// Reads the first page.
pub(super) fn read(bytes: &[u8], damage: &mut Damage) -> Result<Header, ReadError> {
    check(bytes)?;
    let page = &bytes[..bytes.len().min(PAGE)];
    if page.len() < PAGE {
        damage.add(format!("the file ends after {} bytes, inside the first page", page.len()));
    }
    let is_newer_minor = u16_at(page, header::MINOR) > VERSION_MINOR;
    let mut process = Process {
        pid: u32_at(page, header::PID),
        start_unix_ns: u64_at(page, header::START_UNIX_NS),
        start_ticks: u64_at(page, header::START_TICKS),
        ticks_per_second: u64_at(page, header::TICKS_PER_SECOND),
        end_ticks: Some(u64_at(page, header::END_TICKS)).filter(|&ticks| ticks != 0),
        alive_ticks: Some(u64_at(page, header::ALIVE_TICKS)).filter(|&ticks| ticks != 0),
        exit: exit_state(page, is_newer_minor, damage),
        mode: codes::mode(u32_at(page, header::MODE)).into(),
        ..Process::default()
    };
    read_strings(page, &mut process, damage);
    Ok(Header {
        process,
        totals: Totals {
            locks: u64_at(page, header::INSTANCES),
            threads: u64_at(page, header::THREADS),
            events: u64_at(page, header::EVENTS),
            acquisitions: u64_at(page, header::ACQUISITIONS),
        },
        lost: Lost {
            events: u64_at(page, header::LOST_EVENTS),
            nodes: u64_at(page, header::LOST_NODES),
            threads: u64_at(page, header::LOST_THREADS),
            chunks: u64_at(page, header::LOST_CHUNKS),
            records: u64_at(page, header::LOST_RECORDS),
            ..Lost::default()
        },
        is_newer_minor,
    })
}

/// Whether the page was reserved but has no magic yet, which a writer stores last.
fn is_unfinished(page: &[u8]) -> bool {
    let is_zero = |part: &[u8]| part.iter().all(|&byte| byte == 0);
    page.len() == PAGE
        && is_zero(&page[..FILE_MAGIC.len()])
        && (is_zero(page) || u32_at(page, header::ENDIAN) == ENDIAN)
}

fn cut_short(page: &[u8]) -> ReadError {
    ReadError::Damaged(format!("it ends after {} bytes, inside the header", page.len()))
}

fn exit_state(page: &[u8], is_newer_minor: bool, damage: &mut Damage) -> ExitState {
    let code = u32_at(page, header::EXIT_STATE);
    codes::exit_state(code).unwrap_or_else(|| {
        if !is_newer_minor {
            damage.add(format!("the exit state {code} makes no sense"));
        }
        ExitState::default()
    })
}

fn read_strings(page: &[u8], process: &mut Process, damage: &mut Damage) {
    let room = &page[NEEDED..];
    let len = u32_at(page, header::STRINGS) as usize;
    if len > room.len() {
        damage.add(format!("the strings of the header are cut: {len} bytes, {} there", room.len()));
    }
    let strings = &room[..len.min(room.len())];
    for string in strings.split(|&byte| byte == 0) {
        let text = String::from_utf8_lossy(string);
        // What has no `=` is an unwritten or damaged rest; keys that are not known are a newer minor's.
        let Some((key, value)) = text.split_once('=') else { continue };
        let value = value.to_owned();
        match key {
            "exe" => process.exe = value,
            "arg" => process.args.push(value),
            "cwd" => process.cwd = value,
            "forked" => process.forked_from = value.parse().ok(),
            "run" => process.run = Some(value),
            "binary" => process.binary = Some(value),
            "test" => process.test = Some(value),
            _ => {}
        }
    }
}
