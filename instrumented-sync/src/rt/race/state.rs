//! Races begin to be looked for, or no more.

use crate::rt::shared::{race_flag, runtime};
use crate::rt::thread::beat::pulse;
use syncscope_recording::layout::{header, log};
use syncscope_recording::writer::LogRecord;

/// Something is tracked: from now on orders are kept. `false` when that has been given up.
#[inline]
pub(crate) fn enable() -> bool {
    race_flag::is_tracking() || enable_first()
}

#[cold]
fn enable_first() -> bool {
    let is_on = race_flag::turn_on();
    pulse::stop_for_race();
    is_on
}

/// An order could not be kept. Verdicts that were given stand; there will be no more.
#[cold]
pub(crate) fn give_up() {
    if race_flag::give_up()
        && let Some(runtime) = runtime::started()
    {
        let text = "races were no longer looked for: an order between threads could not be kept";
        runtime.file.append(LogRecord::new(log::NOTE).u32(0).string(text));
        runtime.file.count(header::LOST_RECORDS, 1);
    }
}
