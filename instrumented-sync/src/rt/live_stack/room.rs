//! Whether a thread has room on its stack for a handler.

use crate::rt::machine::proc;

/// Bytes that a handler needs: up to 16 KiB are the registers that the kernel stores, some more the walk over the frames.
const NEEDED: u64 = 64 << 10;

/// The mappings of the process, as stacks need them.
#[derive(Debug)]
pub(crate) struct Room {
    /// Start, end, and whether it grows: the first thread's stack.
    mappings: Vec<(u64, u64, bool)>,
    limit: u64,
}

impl Room {
    /// As it is now. `None` where that is not told.
    pub(crate) fn now() -> Option<Self> {
        let text = proc::read("maps")?;
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: the place is valid.
        unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) };
        Some(Self { mappings: text.lines().filter_map(mapping).collect(), limit: limit.rlim_cur })
    }

    /// Whether there is enough below this stack pointer.
    pub(crate) fn is_enough(&self, pointer: u64) -> bool {
        let holds = |(start, end, _): &&(u64, u64, bool)| (*start..*end).contains(&pointer);
        self.mappings.iter().find(holds).is_some_and(|&(start, end, grows)| {
            let there = pointer - start;
            let may_come = if grows { self.limit.saturating_sub(end - pointer) } else { 0 };
            there.max(may_come) >= NEEDED
        })
    }
}

/// `7ffc1000-7ffc9000 rw-p 00000000 00:00 0   [stack]`.
fn mapping(line: &str) -> Option<(u64, u64, bool)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    rest.starts_with("rw").then_some(())?;
    Some((number(start)?, number(end)?, rest.ends_with("[stack]")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_what_lies_below() {
        let lines = "1000-9000 r--p 0 00:00 0 \n100000-200000 rw-p 0 00:00 0 \n\
                     7ff000-800000 rw-p 0 00:00 0                  [stack]\n";
        let room = Room { mappings: lines.lines().filter_map(mapping).collect(), limit: 1 << 20 };
        assert!(room.is_enough(0x11_0000), "64 KiB");
        assert!(!room.is_enough(0x10_F000), "less");
        assert!(room.is_enough(0x7F_F800), "the first stack grows");
        assert!(!room.is_enough(0x5000), "no stack");
        assert!(!room.is_enough(0x9000), "nothing");
    }

    #[test]
    fn this_thread_has_room() {
        let local = 0_u8;
        let room = Room::now().expect("the system tells");
        assert!(room.is_enough(&raw const local as u64));
    }
}
