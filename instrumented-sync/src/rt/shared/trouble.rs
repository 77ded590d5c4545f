//! What goes wrong with the recording is told once.

use super::runtime::Runtime;
use syncscope_recording::layout::log;
use syncscope_recording::writer::LogRecord;

/// Tells what has gone wrong with the recording: in it, and to the user if nobody reports later. The command does.
#[cold]
pub(crate) fn tell(runtime: &Runtime) {
    while let Some(trouble) = runtime.file.trouble() {
        runtime.file.append(LogRecord::new(log::NOTE).u32(0).string(&trouble));
        runtime.settings.warn(&trouble);
    }
}
