//! What the primitives of `ext` leave in the recording, and how their deadlocks end the process.
//!
//! Each case is a program of its own: this one, started again. It has no test harness, whose main thread would be one that
//! the runtime does not know.

mod programs;

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};
use syncscope_recording::model::{DeadlockKind, Op, Primitive, Recording, WaitKind};

/// Tells a started copy which program it is.
const PROGRAM: &str = "EXT_RECORDED_PROGRAM";
/// Longer than any program takes; a deadlock that is not seen ends here.
const LIMIT: Duration = Duration::from_secs(60);

fn main() {
    if let Ok(name) = env::var(PROGRAM) {
        return programs::run(&name);
    }
    named_and_ordered();
    made_over_and_over();
    deadlocks("semaphore", DeadlockKind::Knot, WaitKind::Semaphore);
    deadlocks("lock", DeadlockKind::Knot, WaitKind::Lock);
    deadlocks("event", DeadlockKind::Knot, WaitKind::Event);
    deadlocks("queue_get", DeadlockKind::Knot, WaitKind::Get);
    deadlocks("queue_put", DeadlockKind::Knot, WaitKind::Put);
    deadlocks("queue_join", DeadlockKind::Knot, WaitKind::QueueJoin);
    deadlocks("reentrant_cycle", DeadlockKind::Cycle, WaitKind::Mutex);
    println!("ext_recorded: ok");
}

fn named_and_ordered() {
    let (status, recording) = start("recorded");
    assert!(status.success(), "{status}");
    assert_eq!(recording.deadlocks.len(), 0);
    assert_eq!(recording.declared_orders, [["outer", "inner"]], "declared twice, recorded once");
    let primitive = |name: &str| {
        let mut classes =
            recording.classes.iter().filter(|class| class.name.as_deref() == Some(name));
        let class = classes.next().unwrap_or_else(|| panic!("a class named {name}"));
        assert!(classes.next().is_none(), "one class named {name}");
        assert_eq!(class.instances, 1, "instances of {name}");
        class.primitive
    };
    assert_eq!(primitive("outer"), Primitive::Mutex);
    assert_eq!(primitive("inner"), Primitive::ReentrantLock);
    assert_eq!(primitive("permits"), Primitive::Semaphore);
    assert_eq!(primitive("signal"), Primitive::Event);
    assert_eq!(primitive("items"), Primitive::Queue);
    assert_eq!(primitive("gate"), Primitive::Lock);

    let class_of = |event: &syncscope_recording::model::Event| {
        let class = recording.classes.get(event.class?.0 as usize)?;
        class.name.clone()
    };
    let events: Vec<_> = recording.streams.iter().flat_map(|stream| &stream.events).collect();
    let at = |mark: &str, wanted: fn(&Op) -> bool| {
        let found = events.iter().filter(|event| {
            let site = recording.site(event.site);
            let is_here = site.is_some_and(|site| programs::is_marked(site.line, mark));
            is_here && wanted(&event.op)
        });
        found.count()
    };
    assert_eq!(at("// inner, twice", |op| matches!(op, Op::Acquire(_))), 1, "only the outermost");
    let releases = events.iter().filter(|event| matches!(event.op, Op::Release));
    let inner = releases.filter(|event| class_of(event).as_deref() == Some("inner")).count();
    assert_eq!(inner, 2, "the last release of each nesting");
    assert_eq!(at("// timed", |op| matches!(op, Op::Acquire(access) if access.is_try)), 1);
    assert_eq!(at("// given", |op| matches!(op, Op::Send)), 3, "permit, lock, item");
    assert_eq!(at("// taken", |op| matches!(op, Op::Recv)), 4, "permit, lock, item, signal");
    assert_eq!(at("// set", |op| matches!(op, Op::NotifyAll)), 1);
    assert_eq!(at("// waited", |op| matches!(op, Op::BlockBegin(WaitKind::Event))), 1);
}

/// The program ends by itself, with the deadlock in its recording.
/// Threads know the classes that they met before: type and place still tell classes apart, names do, and all are counted.
fn made_over_and_over() {
    let (status, recording) = start("over_and_over");
    assert!(status.success(), "{status}");
    let mut found: Vec<(&str, bool, u64)> = (recording.classes.iter())
        .filter(|class| {
            recording.site(class.site).is_some_and(|s| programs::is_marked(s.line, "// made"))
        })
        .map(|class| (class.type_name.as_str(), class.name.is_some(), class.instances))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [("u16", false, 80), ("u16", true, 3), ("u8", false, 100), ("u8", false, 100)]
    );
}

fn deadlocks(program: &str, kind: DeadlockKind, wait: WaitKind) {
    let (status, recording) = start(program);
    assert_eq!(status.code(), Some(66), "{program}: {status}");
    let [deadlock] = &recording.deadlocks[..] else {
        panic!("{program}: one deadlock, not {:?}", recording.deadlocks)
    };
    assert_eq!(deadlock.kind, kind, "{program}");
    let waits = deadlock.participants.iter().any(|participant| {
        let class =
            participant.wait.class.and_then(|class| recording.classes.get(class.0 as usize));
        participant.wait.kind == wait
            && class.is_some_and(|class| class.name.as_deref() == Some(program))
    });
    assert!(waits, "{program}: {deadlock:?}");
}

/// Runs a program to its end.
fn start(program: &str) -> (ExitStatus, Recording) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let child = Command::new(env::current_exe().expect("this program"))
        .env(PROGRAM, program)
        .env("SYNCSCOPE_DIR", directory.path())
        .env("SYNCSCOPE_MODE", "full")
        .env("SYNCSCOPE_ON_DEADLOCK", "exit")
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    (wait(child, program), read(directory.path()))
}

fn wait(mut child: Child, program: &str) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child of ours") {
            return status;
        }
        if start.elapsed() > LIMIT {
            child.kill().expect("a child of ours");
            panic!("{program} does not end");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn read(directory: &Path) -> Recording {
    let entries = fs::read_dir(directory).expect("the folder");
    let path = entries.map(|entry| entry.expect("an entry").path()).next().expect("a recording");
    syncscope_recording::reader::read_file(&path).expect("a whole recording")
}
