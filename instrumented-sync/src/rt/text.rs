//! Lines on standard error, written at once and without any lock of std's: a user thread may hold that one.

/// Writes `text` to standard error, whole. Errors are ignored: there is no one to tell.
pub(super) fn to_stderr(text: &str) {
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
pub(super) fn warn(message: &str) {
    to_stderr(&format!("syncscope: warning: {}\n", Clean(message)));
}

/// Program-supplied text with control characters escaped, so that it can neither start a line nor colour a terminal.
pub(super) struct Clean<'a>(pub(super) &'a str);

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
