//! Lines on standard error, written at once and without any lock of std's: a user thread may hold that one.
//!
//! A program may close its standard error and open a file of its own, which then gets that number. So nothing is written unless
//! descriptor 2 is still what the process was started with.

use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_recording::writer::Quiet;

/// Device and inode of what the process was started with; zeros when there was nothing.
static AT_START: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];

/// Runs before `main`, or when the library is loaded: a program may redirect its descriptors before it first locks.
#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
static REMEMBER: extern "C" fn() = {
    extern "C" fn remember() {
        for (at_start, now) in AT_START.iter().zip(standard_error().unwrap_or_default()) {
            // Relaxed: no thread has been started.
            at_start.store(now, Ordering::Relaxed);
        }
    }
    remember
};

/// Device and inode of descriptor 2, if it is open.
fn standard_error() -> Option<[u64; 2]> {
    // SAFETY: the place is valid, and filled where the call succeeds.
    unsafe {
        let mut stat: libc::stat = std::mem::zeroed();
        (libc::fstat(libc::STDERR_FILENO, &raw mut stat) == 0).then_some([stat.st_dev, stat.st_ino])
    }
}

/// Writes `text` to standard error, whole. Errors are ignored: there is no one to tell.
pub(crate) fn to_stderr(text: &str) {
    // Relaxed: stored before the first thread was started.
    if standard_error() != Some(AT_START.each_ref().map(|at| at.load(Ordering::Relaxed))) {
        return;
    }
    // A reader that has gone must not end the program.
    let _quiet = Quiet::from_pipes();
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        // SAFETY: the pointer and the length are those of a live slice.
        let written = unsafe { libc::write(libc::STDERR_FILENO, rest.as_ptr().cast(), rest.len()) };
        match usize::try_from(written) {
            Ok(0) => return,
            Ok(written) => rest = &rest[written..],
            Err(_) if std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted => {
            }
            Err(_) => return,
        }
    }
}

/// One warning line.
pub(crate) fn warn(message: &str) {
    to_stderr(&format!("syncscope: warning: {}\n", Clean(message)));
}

/// Program-supplied text with control characters escaped, so that it can neither start a line nor colour a terminal.
pub(crate) struct Clean<'a>(pub(crate) &'a str);

impl std::fmt::Display for Clean<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write as _;
        for c in self.0.chars() {
            // Bidirectional overrides reorder what a terminal shows.
            let bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if c.is_control() || bidi {
                write!(f, "{}", c.escape_default())?
            } else {
                f.write_char(c)?
            }
        }
        Ok(())
    }
}
