//! Room for a file to grow, taken on the disk before it is mapped: a store to a page that the disk has no room for is a signal, not an
//! error.

use super::Quiet;
use super::disk::{self, Opened};
use std::io;

/// How many bytes the file may grow from `len` on: no further than the process's limit on the size of files, and never to more than is
/// then still free, since the program may need the disk, too.
pub(super) fn room(file: &Opened<'_>, len: u64) -> io::Result<u64> {
    Ok(below_limit(len)?.min(on_disk(file, len)?))
}

fn below_limit(len: u64) -> io::Result<u64> {
    // SAFETY: the place is valid.
    let limit = unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit);
        limit.rlim_cur
    };
    match limit.saturating_sub(len) {
        0 => Err(io::Error::other("the limit on the size of files is reached")),
        room => Ok(room),
    }
}

fn on_disk(file: &Opened<'_>, len: u64) -> io::Result<u64> {
    // SAFETY: the place is valid, and filled where the call succeeds.
    let stat = unsafe {
        let mut stat: libc::statvfs = std::mem::zeroed();
        (libc::fstatvfs(file.descriptor(), &raw mut stat) == 0).then_some(stat)
    };
    // Some file systems do not tell.
    let Some(stat) = stat.filter(|stat| stat.f_blocks > 0) else { return Ok(u64::MAX) };
    match stat.f_bavail.saturating_mul(stat.f_frsize).saturating_sub(len) / 2 {
        0 => Err(io::ErrorKind::StorageFull.into()),
        room => Ok(room),
    }
}

/// Takes room for `len` bytes at `offset`, where the file ends.
pub(super) fn reserve(file: &Opened<'_>, offset: u64, len: u64) -> io::Result<()> {
    // A timer that interrupts the call each time would let it never end.
    let _quiet = Quiet::from_all();
    let taken = allocate(file, offset, len);
    if taken.is_err() {
        // What was taken before the call failed is given back.
        shorten(file, offset);
    }
    taken
}

/// Cuts the file to its first bytes.
pub(super) fn shorten(file: &Opened<'_>, len: u64) {
    if disk::status(file.descriptor()).is_some_and(|stat| stat.st_size as u64 > len) {
        // SAFETY: a call without operands in memory, on a descriptor that is ours.
        unsafe { libc::ftruncate(file.descriptor(), len as libc::off_t) };
    }
}

fn allocate(file: &Opened<'_>, offset: u64, len: u64) -> io::Result<()> {
    // The C library's `posix_fallocate` would write to a file system that cannot do it, a byte into each block.
    // SAFETY: a call without operands in memory, on a descriptor that is ours.
    let done =
        unsafe { libc::fallocate(file.descriptor(), 0, offset as libc::off_t, len as libc::off_t) };
    if done == 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::EOPNOTSUPP | libc::ENOSYS) => write_zeros(file, offset, len),
        _ => Err(error),
    }
}

/// Takes the room by writing to all of it.
fn write_zeros(file: &Opened<'_>, offset: u64, len: u64) -> io::Result<()> {
    static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
    let end = offset + len;
    let mut at = offset;
    while at < end {
        let part = ZEROS.len().min((end - at) as usize);
        // SAFETY: the buffer is `part` bytes long at least; the descriptor is ours.
        let written = unsafe {
            libc::pwrite(file.descriptor(), ZEROS.as_ptr().cast(), part, at as libc::off_t)
        };
        match u64::try_from(written) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => at += written,
            Err(_) => return Err(io::Error::last_os_error()),
        }
    }
    Ok(())
}
