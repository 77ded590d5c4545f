//! Errors and warnings, as they are told on stderr.

use anstyle::AnsiColor;
use std::io::Write;

/// An error message on stderr.
pub(crate) fn complain(message: &str) {
    say("error", AnsiColor::BrightRed, message);
}

/// A warning on stderr: what follows is done all the same.
pub(crate) fn warn(message: &str) {
    say("warning", AnsiColor::Yellow, message);
}

fn say(level: &str, colour: AnsiColor, message: &str) {
    let style = colour.on_default().bold();
    let _ = writeln!(anstream::stderr(), "{style}{level}{style:#}: {message}");
}
