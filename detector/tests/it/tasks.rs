//! What is told of tasks.

use crate::checker::check_recordings;
use crate::deadlocks::Observed;
use syncscope_recording::model::{DeadlockKind, ThreadNum, WaitKind};

#[test]
fn a_task_that_holds_what_others_want_is_told_with_what_it_awaits() {
    let stalled = Observed::of(
        "main: spawn t; lock A; lock X; drop X; drop A; join t
         t: lock A; lock Y",
    )
    .participant(2, None, (WaitKind::Mutex, 1, 1))
    .participant(1, Some((1, 2)), (WaitKind::Recv, 9, 3))
    .kind(DeadlockKind::Partial);
    let told = |is_task: bool, timed: bool| {
        let mut recording = stalled.clone();
        recording.threads.get_mut(&ThreadNum(1)).expect("known").is_task = is_task;
        recording.deadlocks[0].participants[1].wait.timed = timed;
        let finding = &check_recordings(&[recording], "stall observed warn: A lock x1").findings[0];
        (finding.message.clone(), finding.help.clone())
    };
    let (message, help) = told(true, true);
    assert!(message.contains("held by task `main`, which awaits `recv` of `lock`"), "{message}");
    assert!(help.starts_with("give the lock back before an `await`"), "{help}");
    // A thread in a call with a limit, and a task that blocks its thread in one.
    assert!(told(false, true).0.ends_with("goes round a loop"));
    assert!(told(true, false).0.ends_with("nobody wakes"));
}
