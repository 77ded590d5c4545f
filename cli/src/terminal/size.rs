//! How wide the terminal is.

/// Columns of what is no terminal, or does not say.
const UNKNOWN: usize = 80;

/// Fewer than this are no width to lay anything out in.
const NARROWEST: usize = 40;

/// Columns of standard output.
#[must_use]
pub fn columns() -> usize {
    asked().filter(|columns| *columns >= NARROWEST).unwrap_or(UNKNOWN)
}

#[cfg(unix)]
fn asked() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some(size.ws_col.into())
}

#[cfg(not(unix))]
fn asked() -> Option<usize> {
    None
}
