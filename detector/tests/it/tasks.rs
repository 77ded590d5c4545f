//! What is told of tasks.

use crate::checker::{check_recordings, record};
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

#[test]
fn a_blocked_worker_is_a_warning_and_a_starved_runtime_an_error() {
    let program = "main: spawn t; lock A; drop A; join t
         t: lock A; drop A";
    let blocked = Observed::of(program)
        .participant(2, None, (WaitKind::Mutex, 1, 1))
        .kind(DeadlockKind::Blocking);
    let warned = "blocking-in-task observed warn: A x1";
    let finding = &check_recordings(std::slice::from_ref(&blocked), warned).findings[0];
    assert!(finding.message.starts_with("a task on thread `t` has blocked"), "{}", finding.message);
    assert!(finding.message.ends_with("in `lock` of `Mutex<A>`"), "{}", finding.message);
    let mut task = blocked;
    task.threads.get_mut(&ThreadNum(2)).expect("known").is_task = true;
    let finding = &check_recordings(&[task], warned).findings[0];
    assert!(finding.message.starts_with("task `t` has blocked"), "{}", finding.message);
    let starved = Observed::of(program)
        .participant(1, None, (WaitKind::Recv, 9, 1))
        .participant(2, None, (WaitKind::Mutex, 1, 1))
        .kind(DeadlockKind::Starved);
    let finding =
        &check_recordings(&[starved], "blocking-in-task observed deny: A lock x1").findings[0];
    let said = "all 2 workers of an async runtime are blocked by tasks, in `recv` of `lock` and `lock` of `Mutex<A>`";
    assert!(finding.message.starts_with(said), "{}", finding.message);
}

#[test]
fn a_wait_with_a_time_limit_holds_nobody_up_for_good() {
    let inverted = |limited: &[&str]| {
        let mut recording = record(
            "main: spawn t; lock A; lock B; drop B; drop A; join t
             t: lock B; lock A; drop A; drop B; lock B; lock A",
        );
        // Everything in `main` has its line, and so has everything in `t`.
        for node in recording.nodes.iter_mut().filter(|node| node.parent.is_some()) {
            let site = &recording.sites[node.site.0 as usize];
            node.access.limited =
                limited.contains(&format!("{}:{}", site.file, site.line).as_str());
        }
        recording
    };
    let warned = "lock-order-inversion possible warn: A B x1";
    let findings = check_recordings(&[inverted(&["src/main.rs:3"])], warned).findings;
    let notes = findings[0].notes.join("; ");
    assert!(notes.contains("the wait at src/main.rs:3 has a time limit"), "{notes}");
    check_recordings(&[inverted(&["src/t.rs:2", "src/t.rs:6"])], warned);
    // Another time it had none.
    let certain = "lock-order-inversion possible deny: A B x1";
    check_recordings(&[inverted(&["src/t.rs:2"])], certain);
    check_recordings(&[inverted(&[])], certain);
}
