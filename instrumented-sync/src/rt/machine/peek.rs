//! Reads memory of this process that may go or change while it is read.

use super::proc;
use std::ops::Range;

/// Reads from an address on, as far as there is memory. Gives how many bytes it has read.
pub(crate) fn read(from: usize, into: &mut [u8]) -> usize {
    let local = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: into.len() };
    let remote = libc::iovec { iov_base: from as *mut libc::c_void, iov_len: into.len() };
    // SAFETY: the place to write to is `into`; the kernel looks itself whether there is memory at the other, and copies.
    let read = unsafe {
        libc::process_vm_readv(libc::getpid(), &raw const local, 1, &raw const remote, 1, 0)
    };
    usize::try_from(read).unwrap_or(0)
}

/// A word at an address, if there is memory.
pub(crate) fn word(from: usize) -> Option<u64> {
    let mut bytes = [0; 8];
    (read(from, &mut bytes) == bytes.len()).then(|| u64::from_ne_bytes(bytes))
}

/// No page is smaller.
const PAGE: usize = 4096;

/// Calls `see` with each word that begins at a multiple of its size in this range, and its address. Pages that cannot be read are left out.
pub(crate) fn words(range: Range<usize>, buffer: &mut [u8], mut see: impl FnMut(usize, u64)) {
    let mut at = range.start.next_multiple_of(8);
    while at + 8 <= range.end {
        let len = buffer.len().min(range.end - at) & !7;
        let read = read(at, &mut buffer[..len]) & !7;
        for (index, word) in buffer[..read].chunks_exact(8).enumerate() {
            see(at + index * 8, u64::from_ne_bytes(word.try_into().unwrap_or_default()));
        }
        // A guard of a stack, for one, may lie in the middle.
        at = if read == 0 { (at + 1).next_multiple_of(PAGE) } else { at + read };
    }
}

/// A part of the process's memory that has one kind of access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) range: Range<usize>,
    pub(crate) is_readable: bool,
    pub(crate) is_writable: bool,
    pub(crate) name: String,
}

/// All of them, ascending. `None` where the kernel does not tell.
pub(crate) fn mappings() -> Option<Vec<Mapping>> {
    proc::read("maps")?.lines().map(mapping).collect()
}

/// `7f12a000-7f12b000 rw-p 00000000 00:00 0   [heap]`
fn mapping(line: &str) -> Option<Mapping> {
    let mut fields = line.split_ascii_whitespace();
    let (begin, end) = fields.next()?.split_once('-')?;
    let hex = |text| usize::from_str_radix(text, 16).ok();
    let access = fields.next()?;
    let [is_readable, is_writable] = ['r', 'w'].map(|one| access.contains(one));
    let name = fields.nth(3).unwrap_or_default().to_owned();
    Some(Mapping { range: hex(begin)?..hex(end)?, is_readable, is_writable, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_there_is_read() {
        let words_there = [1_u64, 2, 3];
        let at = words_there.as_ptr().addr();
        assert_eq!(word(at + 8), Some(2));
        let mut seen = Vec::new();
        let mut buffer = [0; 16];
        words(at..at + 24, &mut buffer, |at, word| seen.push((at, word)));
        assert_eq!(seen, [(at, 1), (at + 8, 2), (at + 16, 3)]);
    }

    #[test]
    fn memory_that_is_not_there_is_left_out() {
        assert_eq!(word(8), None);
        let pages = vec![7_u8; 4 * PAGE].leak();
        let begin = pages.as_ptr().addr().next_multiple_of(PAGE);
        let protect = |access| {
            // SAFETY: a page of the bytes, which nobody else uses.
            let code = unsafe { libc::mprotect((begin + PAGE) as *mut libc::c_void, PAGE, access) };
            assert_eq!(code, 0);
        };
        protect(libc::PROT_NONE);
        let mut seen = Vec::new();
        words(begin..begin + 3 * PAGE, &mut vec![0; 3 * PAGE], |at, _| seen.push(at - begin));
        protect(libc::PROT_READ | libc::PROT_WRITE);
        let expected = (0..PAGE).chain(2 * PAGE..3 * PAGE).step_by(8);
        assert_eq!(seen, expected.collect::<Vec<_>>());
    }

    #[test]
    fn lines_of_the_kernel() {
        let line = "7f12a000-7f12b000 rw-p 00000000 00:00 0                          [stack]";
        let (range, name) = (0x7f12_a000..0x7f12_b000, "[stack]".to_owned());
        let expected = Mapping { range, is_readable: true, is_writable: true, name };
        assert_eq!(mapping(line), Some(expected));
        let line = "1000-2000 ---p 00000000 08:02 173521      /a b";
        let guard = mapping(line).expect("it is one");
        assert_eq!((guard.is_readable, guard.is_writable, &*guard.name), (false, false, "/a"));
        assert_eq!(mapping("nothing"), None);
        let own = mappings().expect("they are told");
        let here = (&raw const own).addr();
        assert!(own.iter().any(|one| one.range.contains(&here) && one.is_writable));
    }
}
