//! What a thread of this process sleeps in, by the kernel.

use super::{os, proc};

/// A system call that a thread sleeps in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SystemCall {
    pub(crate) number: libc::c_long,
    arguments: [u64; 6],
    pub(crate) stack_pointer: u64,
    /// Where it was called.
    pub(crate) address: u64,
}

impl SystemCall {
    /// Whether it is a wait on a futex.
    pub(crate) fn is_futex(&self) -> bool {
        os::is_futex(self.number)
    }

    /// Whether it is a wait on a futex that has no time limit: of those that std and the libraries of C make.
    pub(crate) fn is_endless_futex(&self) -> bool {
        const COMMAND: u64 = 0x7F;
        let command = self.arguments[1] & COMMAND;
        let waits = [libc::FUTEX_WAIT, libc::FUTEX_WAIT_BITSET].map(|one| one as u64);
        self.number == libc::SYS_futex && waits.contains(&command) && self.arguments[3] == 0
    }

    /// As [`Self::is_endless_futex`], where only this process can wake it.
    pub(crate) fn is_private_endless_futex(&self) -> bool {
        self.is_endless_futex() && self.arguments[1] & libc::FUTEX_PRIVATE_FLAG as u64 != 0
    }

    /// The descriptor of the `epoll` that it waits for without a time limit.
    pub(crate) fn endless_epoll(&self) -> Option<u64> {
        #[cfg(target_arch = "x86_64")]
        let is_older = self.number == libc::SYS_epoll_wait;
        #[cfg(not(target_arch = "x86_64"))]
        let is_older = false;
        let is_endless = if is_older || self.number == libc::SYS_epoll_pwait {
            self.arguments[3] as i32 == -1
        } else {
            self.number == libc::SYS_epoll_pwait2 && self.arguments[3] == 0
        };
        is_endless.then_some(self.arguments[0])
    }

    /// Whether it ends by itself after a time, whatever the others do.
    pub(crate) fn is_sleep(&self) -> bool {
        matches!(self.number, libc::SYS_nanosleep | libc::SYS_clock_nanosleep)
            || self.is_futex() && !self.is_endless_futex()
    }

    /// Whether it waits for the next that comes from outside, as servers do all day: a connection, an event.
    pub(crate) fn is_idle(&self) -> bool {
        #[cfg(target_arch = "x86_64")]
        let older = [libc::SYS_epoll_wait, libc::SYS_poll, libc::SYS_select];
        #[cfg(not(target_arch = "x86_64"))]
        let older = [];
        matches!(
            self.number,
            libc::SYS_accept
                | libc::SYS_accept4
                | libc::SYS_epoll_pwait
                | libc::SYS_epoll_pwait2
                | libc::SYS_ppoll
                | libc::SYS_pselect6
        ) || older.contains(&self.number)
    }

    fn name(&self) -> Option<&'static str> {
        #[cfg(target_arch = "x86_64")]
        let older = [
            (libc::SYS_epoll_wait, "epoll_wait"),
            (libc::SYS_pause, "pause"),
            (libc::SYS_poll, "poll"),
            (libc::SYS_select, "select"),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let older = [];
        let mut names = NAMES.iter().chain(&older);
        names.find(|(number, _)| *number == self.number).map(|(_, name)| *name)
    }
}

/// The call that a thread sleeps in; `None` when it runs, has ended, or the kernel does not tell.
pub(crate) fn of(tid: u32) -> Option<SystemCall> {
    parse(&proc::read(&format!("task/{tid}/syscall"))?)
}

/// `202 0x7f.. 0x189 0x2 0x0 0x0 0xffffffff 0x7ff.. 0x7f..`: number, arguments, stack pointer, address.
fn parse(text: &str) -> Option<SystemCall> {
    let mut words = text.split_ascii_whitespace();
    let number = words.next()?.parse().ok().filter(|number| *number >= 0)?;
    let mut hex = || u64::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok();
    let mut arguments = [0; 6];
    for argument in &mut arguments {
        *argument = hex()?;
    }
    Some(SystemCall { number, arguments, stack_pointer: hex()?, address: hex()? })
}

/// What a thread does, in words: `runs`, `sleeps in read`. `None` when it has ended, or the kernel does not tell.
pub(crate) fn words(tid: u32) -> Option<String> {
    if !os::thread(tid)?.sleeps {
        return Some("runs".to_owned());
    }
    Some(match of(tid) {
        Some(call) if call.is_endless_futex() => {
            "sleeps in a futex that is not recorded".to_owned()
        }
        Some(call) => match call.name() {
            Some(name) => format!("sleeps in `{name}`"),
            None => format!("sleeps in system call {}", call.number),
        },
        None => "sleeps".to_owned(),
    })
}

/// Those that threads wait in.
const NAMES: [(libc::c_long, &str); 44] = [
    (libc::SYS_accept, "accept"),
    (libc::SYS_accept4, "accept4"),
    (libc::SYS_clock_nanosleep, "clock_nanosleep"),
    (libc::SYS_connect, "connect"),
    (libc::SYS_epoll_pwait, "epoll_pwait"),
    (libc::SYS_epoll_pwait2, "epoll_pwait2"),
    (libc::SYS_fcntl, "fcntl"),
    (libc::SYS_fdatasync, "fdatasync"),
    (libc::SYS_flock, "flock"),
    (libc::SYS_fsync, "fsync"),
    (libc::SYS_futex, "futex"),
    (libc::SYS_getrandom, "getrandom"),
    (libc::SYS_io_getevents, "io_getevents"),
    (libc::SYS_io_uring_enter, "io_uring_enter"),
    (libc::SYS_ioctl, "ioctl"),
    (libc::SYS_mq_timedreceive, "mq_timedreceive"),
    (libc::SYS_mq_timedsend, "mq_timedsend"),
    (libc::SYS_msgrcv, "msgrcv"),
    (libc::SYS_msgsnd, "msgsnd"),
    (libc::SYS_nanosleep, "nanosleep"),
    (libc::SYS_openat, "openat"),
    (libc::SYS_ppoll, "ppoll"),
    (libc::SYS_pread64, "pread64"),
    (libc::SYS_preadv, "preadv"),
    (libc::SYS_pselect6, "pselect6"),
    (libc::SYS_pwrite64, "pwrite64"),
    (libc::SYS_pwritev, "pwritev"),
    (libc::SYS_read, "read"),
    (libc::SYS_readv, "readv"),
    (libc::SYS_recvfrom, "recvfrom"),
    (libc::SYS_recvmmsg, "recvmmsg"),
    (libc::SYS_recvmsg, "recvmsg"),
    (libc::SYS_rt_sigsuspend, "rt_sigsuspend"),
    (libc::SYS_rt_sigtimedwait, "rt_sigtimedwait"),
    (libc::SYS_semop, "semop"),
    (libc::SYS_semtimedop, "semtimedop"),
    (libc::SYS_sendfile, "sendfile"),
    (libc::SYS_sendmsg, "sendmsg"),
    (libc::SYS_sendto, "sendto"),
    (libc::SYS_splice, "splice"),
    (libc::SYS_wait4, "wait4"),
    (libc::SYS_waitid, "waitid"),
    (libc::SYS_write, "write"),
    (libc::SYS_writev, "writev"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_kernel() {
        let futex = |operation: &str, limit: &str| {
            let line = format!(
                "{} 0x7f1 {operation} 0x2 {limit} 0x0 0xffffffff 0x7ffd10 0x7f2b\n",
                libc::SYS_futex
            );
            parse(&line).expect("a line of the kernel's")
        };
        let call = futex("0x189", "0x0");
        assert_eq!((call.stack_pointer, call.address), (0x7f_fd10, 0x7f2b));
        assert!(call.is_endless_futex() && !call.is_sleep());
        assert!(!futex("0x189", "0x7ffd").is_endless_futex(), "with a time limit");
        assert!(!futex("0x81", "0x0").is_endless_futex(), "wakes others");
        assert!(futex("0x189", "0x0").is_private_endless_futex());
        assert!(!futex("0x109", "0x0").is_private_endless_futex(), "another process may wake it");
        let epoll = |number: libc::c_long, limit: &str| {
            let line = format!("{number} 0x5 0x7f1 0x400 {limit} 0x0 0x8 0x7ffd10 0x7f2b\n");
            parse(&line).expect("a line of the kernel's").endless_epoll()
        };
        assert_eq!(epoll(libc::SYS_epoll_pwait, "0xffffffff"), Some(5));
        assert_eq!(epoll(libc::SYS_epoll_pwait, "0xffffffffffffffff"), Some(5));
        assert_eq!(epoll(libc::SYS_epoll_pwait, "0x3e8"), None, "with a time limit");
        assert_eq!(epoll(libc::SYS_epoll_pwait2, "0x0"), Some(5));
        assert_eq!(epoll(libc::SYS_epoll_pwait2, "0x7ffd"), None, "with a time limit");
        assert_eq!(epoll(libc::SYS_read, "0xffffffff"), None);
        let sleep = format!("{} 0x0 0x0 0x7f 0x0 0x0 0x0 0x7 0x8", libc::SYS_nanosleep);
        assert!(parse(&sleep).is_some_and(|call| call.is_sleep() && !call.is_futex()));
        for none in ["running", "-1 0x7ff 0x7f", "", "202 0x1"] {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn the_names_are_those_of_numbers() {
        let read =
            SystemCall { number: libc::SYS_read, arguments: [0; 6], stack_pointer: 0, address: 0 };
        assert_eq!(read.name(), Some("read"));
        assert_eq!(words(os::own_tid()).as_deref(), Some("runs"));
    }
}
