//! Faults in the mapped file: where somebody cuts the file, or its disk fails, the pages behind are replaced by empty ones of our own.
//!
//! A load or store in a mapping whose page the file has no more is `SIGBUS`. A handler looks whether the address is one of ours, maps
//! empty pages from there to the end of that mapping, and lets the access be tried again. Whatever is no fault of ours goes
//! to whoever handled the signal before, as if we were not there. It is installed once. A handler that the program installs
//! later is never replaced; it gets our faults, too, unless it passes on to ours what it does not know. For such programs the
//! file's length is looked at before it grows, and by the service thread.

use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

/// A mapping of ours. Never freed: mappings are not undone.
struct Mapping {
    start: usize,
    end: usize,
    /// Offset in the file.
    offset: u64,
    /// Which file.
    file: usize,
    /// Pages of it were replaced.
    is_cut: AtomicBool,
    next: *const Mapping,
}

/// All of them, the newest first.
static MAPPINGS: AtomicPtr<Mapping> = AtomicPtr::new(std::ptr::null_mut());

static INSTALLED: AtomicBool = AtomicBool::new(false);

/// How the signal was handled before.
static BEFORE: AtomicPtr<libc::sigaction> = AtomicPtr::new(std::ptr::null_mut());

static PAGE: AtomicUsize = AtomicUsize::new(4096);

/// Whether pages of this file were replaced.
pub(super) fn is_cut(file: usize) -> bool {
    // Relaxed: for messages.
    mappings().any(|mapping| mapping.file == file && mapping.is_cut.load(Ordering::Relaxed))
}

/// Protects a mapping, `len` bytes at `start`, which stays for the rest of the process's life.
pub(super) fn protect(file: usize, start: *mut u8, len: usize, offset: u64) {
    let start = start as usize;
    let mapping = Box::leak(Box::new(Mapping {
        start,
        end: start + len,
        offset,
        file,
        is_cut: AtomicBool::new(false),
        next: std::ptr::null(),
    }));
    // Relaxed: the exchange below tells whether it is still so.
    let mut first = MAPPINGS.load(Ordering::Relaxed);
    loop {
        mapping.next = first;
        // Release: pairs with the Acquire in `mappings`.
        match MAPPINGS.compare_exchange(first, mapping, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => break,
            Err(other) => first = other,
        }
    }
    // AcqRel: one thread installs the handler.
    if !INSTALLED.swap(true, Ordering::AcqRel) {
        install();
    }
}

/// Replaces all pages of a file from an offset on: it ends there.
pub(super) fn replace_from(file: usize, offset: u64) {
    for mapping in mappings().filter(|mapping| mapping.file == file) {
        let first = mapping.start as u64 + offset.saturating_sub(mapping.offset);
        // The page in which the file ends is still there.
        let first = (first as usize).next_multiple_of(page());
        if first < mapping.end {
            mapping.replace(first);
        }
    }
}

fn mappings() -> impl Iterator<Item = &'static Mapping> {
    // Acquire: pairs with the Release in `protect`.
    // SAFETY: null, or leaked by `protect`.
    let first = unsafe { MAPPINGS.load(Ordering::Acquire).cast_const().as_ref() };
    // SAFETY: as above.
    std::iter::successors(first, |mapping| unsafe { mapping.next.as_ref() })
}

fn page() -> usize {
    // Relaxed: stored before the handler is installed.
    PAGE.load(Ordering::Relaxed)
}

impl Mapping {
    /// Maps empty pages from an address on, the first of a page. Async-signal-safe.
    fn replace(&self, from: usize) -> bool {
        let len = self.end.next_multiple_of(page()) - from;
        // SAFETY: the pages belong to a mapping that is ours for ever, all access to which goes through atomics; any content is valid.
        let mapped = unsafe {
            libc::mmap(
                from as *mut libc::c_void,
                len,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
                -1,
                0,
            )
        };
        // Relaxed: for messages.
        self.is_cut.store(true, Ordering::Relaxed);
        mapped != libc::MAP_FAILED
    }
}

fn install() {
    // SAFETY: the places are valid; the handler is a function with the signature of `SA_SIGINFO`, and async-signal-safe.
    unsafe {
        if let Ok(size @ 1..) = usize::try_from(libc::sysconf(libc::_SC_PAGESIZE)) {
            // Relaxed: the handler is installed after it.
            PAGE.store(size, Ordering::Relaxed);
        }
        let mut before: libc::sigaction = std::mem::zeroed();
        // An ignored signal stays ignored in programs that this one starts; a handler would not.
        if libc::sigaction(libc::SIGBUS, std::ptr::null(), &raw mut before) != 0
            || before.sa_sigaction == libc::SIG_IGN
        {
            return;
        }
        // Release: pairs with the Acquire in the handler.
        BEFORE.store(Box::leak(Box::new(before)), Ordering::Release);
        let mut ours = before;
        ours.sa_sigaction = on_fault as *const () as usize;
        // What was asked for goes on to be so: signals that are blocked meanwhile, calls that are taken up again.
        ours.sa_flags &= !libc::SA_RESETHAND;
        ours.sa_flags |= libc::SA_SIGINFO | libc::SA_ONSTACK;
        if before.sa_sigaction == libc::SIG_DFL {
            ours.sa_flags |= libc::SA_RESTART;
        }
        libc::sigaction(libc::SIGBUS, &raw const ours, std::ptr::null_mut());
    }
}

/// The kernel's code for an address that the file does not have.
const BUS_ADRERR: libc::c_int = 2;

unsafe extern "C" fn on_fault(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    context: *mut libc::c_void,
) {
    // SAFETY: the kernel gives a valid `info`, whose address is set for this code; `errno` is the thread's own.
    unsafe {
        if (*info).si_code == BUS_ADRERR {
            let address = (*info).si_addr() as usize;
            let errno = *libc::__errno_location();
            let found = mappings().find(|mapping| (mapping.start..mapping.end).contains(&address));
            let is_mended = found.is_some_and(|mapping| mapping.replace(address & !(page() - 1)));
            *libc::__errno_location() = errno;
            if is_mended {
                return;
            }
        }
        pass_on(signal, info, context);
    }
}

/// Does what would have been done without us.
unsafe fn pass_on(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    type Plain = unsafe extern "C" fn(libc::c_int);
    type Informed = unsafe extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);
    // SAFETY: Acquire: pairs with the Release in `install`, which leaks it. What it has as a handler is one, with the signature that
    // its flags tell; `info` is the kernel's.
    unsafe {
        let before = BEFORE.load(Ordering::Acquire).as_ref();
        let handler = before.map_or(libc::SIG_DFL, |before| before.sa_sigaction);
        let flags = before.map_or(0, |before| before.sa_flags);
        if handler == libc::SIG_DFL || flags & libc::SA_RESETHAND != 0 {
            let mut default: libc::sigaction = std::mem::zeroed();
            default.sa_sigaction = libc::SIG_DFL;
            libc::sigaction(signal, &raw const default, std::ptr::null_mut());
        }
        if handler == libc::SIG_DFL {
            // A fault comes again as soon as the access is tried again; what was sent is sent again.
            if (*info).si_code <= 0 {
                let (process, thread) = (libc::getpid(), libc::gettid());
                libc::syscall(libc::SYS_rt_tgsigqueueinfo, process, thread, signal, info);
            }
        } else if flags & libc::SA_SIGINFO != 0 {
            std::mem::transmute::<usize, Informed>(handler)(signal, info, context);
        } else {
            std::mem::transmute::<usize, Plain>(handler)(signal);
        }
    }
}
