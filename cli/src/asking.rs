//! Asks processes that are recorded for the stacks of their waits.

use crate::live;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use syncscope_recording::asking::Question;
use syncscope_recording::model::Process;

/// How long an answer takes at most: the runtime's own thread looks every two seconds where nothing happens.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two looks for the answer.
const STEP: Duration = Duration::from_millis(20);

/// Asks, and waits for the answer. `None` where there is nobody to ask: the process has ended, or it has no thread that would answer.
pub(crate) fn ask(process: &Process, recording: &Path) -> Option<bool> {
    let live = live::of(process.pid, recording)?;
    live.threads.values().any(|thread| thread.is_ours).then(|| answered(recording))
}

fn answered(recording: &Path) -> bool {
    let Ok(question) = Question::ask(recording) else { return false };
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match question.is_answered() {
            Ok(true) => return true,
            Ok(false) => thread::sleep(STEP),
            Err(_) => return false,
        }
    }
    false
}
