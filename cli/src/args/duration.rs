//! Times on the command line.

use crate::time::Time;
use std::time::Duration;

/// A time as the settings have it, but never `off`.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let time = Time::parse(text).and_then(Time::duration);
    time.ok_or_else(|| "it is a number with ms, s, m or h, such as 500ms".to_owned())
}
