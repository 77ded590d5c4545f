//! Projects with channels of other crates, and what else blocks in these crates: nothing is edited, and they are seen.

use crate::support::{MANIFEST, Outcome, Project, line_of};
use std::path::Path;

/// What happens comes from the argument.
const MAIN: &str = r#"
use crossbeam_channel::{bounded, select, unbounded};
use crossbeam_utils::sync::{Parker, ShardedLock, WaitGroup};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, yield_now};

mod of_flume;
mod of_kanal;

static LEDGER: Mutex<u8> = Mutex::new(0);
static TABLE: Mutex<u8> = Mutex::new(0);

/// One after the other, as far as the clock goes, and not as far as anything orders them.
fn two(first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
    let gate = AtomicBool::new(false);
    scope(|scope| {
        scope.spawn(|| { first(); gate.store(true, Ordering::SeqCst); });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) { yield_now(); }
            second();
        });
    });
}

fn forth() { let _ledger = LEDGER.lock().unwrap(); let _table = TABLE.lock().unwrap(); }
fn back() { let _table = TABLE.lock().unwrap(); let _ledger = LEDGER.lock().unwrap(); }

fn answers() {
    let (ask, asked) = bounded::<u8>(1);
    let (answer, answered) = unbounded::<u8>();
    scope(|scope| {
        scope.spawn(move || { ask.send(1).unwrap(); answered.recv().unwrap(); answered.recv() }); // receives
        scope.spawn(move || { asked.recv().unwrap(); answer.send(1).unwrap(); asked.iter().next() }); // iterates
    });
}

fn full() {
    let (jobs, inbox) = bounded::<u8>(1);
    jobs.send(1).unwrap();
    jobs.send(2).unwrap(); // sends
    drop(inbox);
}

fn selects() {
    let (stop, stopped) = unbounded::<u8>();
    let (jobs, todo) = bounded::<u8>(0);
    scope(|scope| {
        scope.spawn(|| select! { // selects
            recv(stopped) -> _ => {}
            recv(todo) -> _ => {}
        }).join()
    }).unwrap();
    drop((stop, jobs));
}

fn chooses() {
    let (jobs, todo) = flume::bounded::<u8>(0);
    let (stop, stopped) = flume::bounded::<u8>(0);
    let chosen = flume::Selector::new().recv(&todo, |job| job.is_ok()).recv(&stopped, |stop| stop.is_ok());
    println!("{}", chosen.wait()); // chooses
    drop((jobs, stop));
}

fn locked() {
    let (ready, is_ready) = bounded::<u8>(0);
    scope(|scope| {
        let ledger = LEDGER.lock().unwrap();
        scope.spawn(move || { drop(LEDGER.lock().unwrap()); ready.send(1) }); // wants
        is_ready.recv().unwrap(); // awaits
        drop(ledger);
    });
}

fn parks() {
    let parker = Parker::new();
    parker.unparker().clone().unpark(); // unparks
    parker.park();
    parker.park(); // parks
}

fn groups() {
    let group = WaitGroup::new();
    let mine = group.clone();
    group.wait(); // waits
    drop(mine);
}

fn sharded() {
    let rates = ShardedLock::new(1);
    let held = rates.read().unwrap(); // reads
    *rates.write().unwrap() += *held; // writes
}

fn inverted() {
    let rates = ShardedLock::new(1);
    two(
        || { let _rates = rates.write().unwrap(); drop(LEDGER.lock().unwrap()); }, // under rates
        || { let _ledger = LEDGER.lock().unwrap(); drop(rates.read().unwrap()); }, // under ledger
    );
}

/// Threads that block for a lock of tasks hold it.
fn blocking() {
    let rates = async_lock::Mutex::new(1);
    let both = std::sync::Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| { let _rates = rates.lock_blocking(); both.wait(); drop(LEDGER.lock().unwrap()); }); // rates held
        scope.spawn(|| { let _ledger = LEDGER.lock().unwrap(); both.wait(); drop(rates.lock_blocking()); }); // ledger held
    });
}

/// The only permit of a semaphore of tasks is with the thread that wants one more.
fn permits() {
    let slots = async_lock::Semaphore::new(1);
    let held = slots.acquire_blocking(); // has a slot
    drop((slots.acquire_blocking(), held)); // wants a slot
}

/// Two are to come, of which one never does.
fn meets() {
    let all = async_lock::Barrier::new(2);
    all.wait_blocking(); // meets
}

/// Sides in opposite orders, and a message, the end of a channel or a wait group between them.
fn ordered() {
    let (done, is_done) = bounded::<()>(3);
    let (end, ended) = unbounded::<()>();
    let group = WaitGroup::new();
    scope(|scope| {
        scope.spawn(move || { forth(); done.send(()).unwrap(); });
        scope.spawn(move || { is_done.recv().unwrap(); back(); drop(end); });
        let mine = group.clone();
        scope.spawn(move || { ended.recv().unwrap_err(); forth(); drop(mine); });
        group.wait();
        back();
    });
}

/// Many messages, by every way to send and to receive one.
fn correct() {
    use crossbeam_channel::{RecvTimeoutError, after, never, tick};
    use std::time::Duration;
    let long = Duration::from_secs(60);
    for room in [Some(0), Some(2), None] {
        let (sender, receiver) = room.map_or_else(unbounded, bounded);
        let count = scope(|scope| {
            for _ in 0..2 {
                let sender = sender.clone();
                scope.spawn(move || for at in 0..300 {
                    match at % 3 {
                        0 => sender.send(at).unwrap(),
                        1 => sender.send_timeout(at, long).unwrap(),
                        _ => select! { send(sender, at) -> sent => sent.unwrap() },
                    }
                });
            }
            drop(sender);
            let receivers = [0, 1, 2].map(|way| {
                let receiver = receiver.clone();
                scope.spawn(move || match way {
                    0 => receiver.iter().count(),
                    1 => std::iter::from_fn(|| loop {
                        match receiver.recv_timeout(Duration::from_millis(1)) {
                            Err(RecvTimeoutError::Timeout) => {}
                            received => return received.ok(),
                        }
                    }).count(),
                    _ => std::iter::from_fn(|| select! {
                        recv(receiver) -> received => received.ok(),
                        recv(never::<()>()) -> _ => None,
                    }).count(),
                })
            });
            receivers.into_iter().map(|one| one.join().unwrap()).sum::<usize>()
        });
        assert_eq!(count, 600);
    }
    let all = async_lock::Barrier::new(3);
    scope(|scope| for _ in 0..3 { scope.spawn(|| for _ in 0..50 { all.wait_blocking(); }); });
    let slots = std::sync::Arc::new(async_lock::Semaphore::new(2));
    scope(|scope| for way in 0..4 {
        let slots = &slots;
        scope.spawn(move || for _ in 0..100 {
            match way {
                0 => drop(slots.acquire_blocking()),
                1 => drop(slots.acquire_arc_blocking()),
                2 => drop(slots.try_acquire()),
                _ => { slots.acquire_blocking().forget(); slots.add_permits(1); }
            }
        });
    });
    let (ticks, end) = (tick(Duration::from_millis(1)), after(Duration::from_millis(20)));
    let mut ticked = 0;
    loop { select! { recv(ticks) -> _ => ticked += 1, recv(end) -> _ => break } }
    let (parker, rates) = (Parker::new(), ShardedLock::new(0));
    let unparker = parker.unparker().clone();
    scope(|scope| {
        scope.spawn(|| unparker.unpark());
        parker.park();
        for _ in 0..2 { scope.spawn(|| *rates.write().unwrap() += *LEDGER.lock().unwrap() + 1); }
    });
    parker.park_timeout(Duration::from_millis(1));
    println!("{} {:?}", ticked > 0, rates.read().unwrap());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("answers") => answers(),
        Some("full") => full(),
        Some("selects") => selects(),
        Some("chooses") => chooses(),
        Some("locked") => locked(),
        Some("parks") => parks(),
        Some("groups") => groups(),
        Some("sharded") => sharded(),
        Some("inverted") => inverted(),
        Some("blocking") => blocking(),
        Some("permits") => permits(),
        Some("meets") => meets(),
        Some("ordered") => ordered(),
        Some("flume") => of_flume::main(),
        Some("kanal") => of_kanal::main(),
        _ => correct(),
    }
}
"#;

/// The same for another crate, whose name stands for `NAME`.
const OTHER: &str = r#"
use NAME::{bounded, unbounded};
use std::thread::scope;
use std::time::Duration;

fn answers() {
    let (ask, asked) = bounded::<u8>(1);
    let (answer, answered) = unbounded::<u8>();
    scope(|scope| {
        scope.spawn(move || { ask.send(1).unwrap(); answered.recv().unwrap(); answered.recv().is_ok() }); // receives
        scope.spawn(move || { asked.recv().unwrap(); answer.send(1).unwrap(); asked.into_iter().next() }); // iterates
    });
}

fn full() {
    let (jobs, inbox) = bounded::<u8>(1);
    jobs.send(1).unwrap();
    jobs.send(2).unwrap(); // sends
    drop(inbox);
}

fn locked() {
    let (ready, is_ready) = bounded::<u8>(0);
    scope(|scope| {
        let ledger = crate::LEDGER.lock().unwrap();
        scope.spawn(move || { drop(crate::LEDGER.lock().unwrap()); ready.send(1).is_ok() }); // wants
        is_ready.recv().unwrap(); // awaits
        drop(ledger);
    });
}

fn ordered() {
    let (done, is_done) = bounded::<()>(3);
    let (end, ended) = unbounded::<()>();
    scope(|scope| {
        scope.spawn(move || { done.send(()).unwrap(); crate::forth(); done.send(()).unwrap(); });
        scope.spawn(move || { for _ in 0..2 { is_done.recv().unwrap(); } crate::back(); drop(end); });
        assert!(ended.recv().is_err());
        crate::forth();
    });
}

/// With two senders, the message that comes need not be the one that orders.
fn disordered() {
    let (done, is_done) = unbounded::<()>();
    let also = done.clone();
    crate::two(|| { crate::forth(); done.send(()).unwrap(); }, || also.send(()).unwrap());
    for _ in 0..2 { is_done.recv().unwrap(); }
    let (done, is_done) = (also, is_done);
    scope(|scope| {
        scope.spawn(move || { crate::forth(); done.send(()).unwrap(); });
        scope.spawn(move || { is_done.recv().unwrap(); crate::back(); });
    });
}

fn correct() {
    for room in [Some(0), Some(2), None] {
        let (sender, receiver) = room.map_or_else(unbounded, bounded);
        let count = scope(|scope| {
            for _ in 0..2 {
                let sender = sender.clone();
                scope.spawn(move || for at in 0..300 {
                    match at % 2 {
                        0 => sender.send(at).unwrap(),
                        _ => sender.send_timeout(at, Duration::from_secs(60)).unwrap(),
                    }
                });
            }
            drop(sender);
            let blocks = receiver.clone();
            let first = scope.spawn(move || std::iter::from_fn(|| blocks.recv().ok()).count());
            let mut second = 0;
            while let received @ (Ok(_) | Err(NAME::TIMEOUT)) = receiver.recv_timeout(Duration::from_millis(1)) {
                second += usize::from(received.is_ok());
            }
            first.join().unwrap() + second
        });
        assert_eq!(count, 600);
    }
    println!("all of NAME");
}

pub fn main() {
    match std::env::args().nth(2).as_deref() {
        Some("answers") => answers(),
        Some("full") => full(),
        Some("locked") => locked(),
        Some("ordered") => ordered(),
        Some("disordered") => disordered(),
        _ => correct(),
    }
}
"#;

/// The versions are those of our own lock file, so that nothing is fetched.
fn project() -> Project {
    let dependencies = "[dependencies]\ncrossbeam-channel = \"0.5\"\ncrossbeam-utils = \"0.8\"\nflume = \"0.11\"\nkanal = \"0.1\"\nasync-lock = \"3\"\n";
    let other = |name: &str, timeout: &str| {
        OTHER.replace("NAME::TIMEOUT", &format!("{name}::{timeout}::Timeout")).replace("NAME", name)
    };
    let project = Project::new(&[
        ("Cargo.toml", &format!("{MANIFEST}{dependencies}")),
        ("src/main.rs", MAIN),
        ("src/of_flume.rs", &other("flume", "RecvTimeoutError")),
        ("src/of_kanal.rs", &other("kanal", "ReceiveErrorTimeout")),
    ]);
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, project.path().join("Cargo.lock")).unwrap();
    project
}

/// The line of the source that ends so.
fn line(end: &str) -> String {
    line_of(MAIN, &format!("// {end}"))
}

#[test]
fn channels_are_told_by_name() {
    let project = project();
    let run = |mode: &str| -> Outcome {
        let outcome = project.call(&format!("run -- {mode}"));
        outcome.lacks(&["are not seen", "Condvar", "parks, and nobody"]);
        outcome
    };
    let deadlock = |mode: &str, said: &[&str]| {
        let outcome = run(mode);
        outcome.expect(1, said);
        assert!(outcome.stdout.contains("deadlock]: "), "{}", outcome.stdout);
    };
    let last = |what: &str, verb: &str| format!("`{what}` was last {verb} by ");
    deadlock(
        "answers",
        &["`answer`", "`ask`", &line("receives"), &line("iterates"), &last("ask", "sent to")],
    );
    deadlock("full", &["waits for `jobs`", "crossbeam_bounded<u8>", &line("sends")]);
    deadlock("selects", &["` was never used in what is recorded", &line("selects"), "(select)"]);
    deadlock("chooses", &["waits for `jobs`", "jobs.select() waits", &line("chooses")]);
    deadlock("locked", &["`LEDGER`", "`ready`", &line("wants"), &line("awaits")]);
    deadlock("parks", &["waits for `parker`", &line("parks"), &last("parker", "unparked")]);
    deadlock("groups", &["waits for `group`", &line("waits"), "drop all clones"]);
    deadlock("sharded", &["write to `rates` inside its own read", &line("reads"), &line("writes")]);
    run("inverted").expect(
        1,
        &[
            "lock-order-inversion",
            "`LEDGER`",
            "`rates`",
            &line("under rates"),
            &line("under ledger"),
        ],
    );
    deadlock("blocking", &["`LEDGER`", "`rates`", &line("rates held"), &line("ledger held")]);
    deadlock("permits", &["`slots`", &line("has a slot"), &line("wants a slot")]);
    deadlock("meets", &["waits for `all`", &line("meets")]);
    run("ordered").expect(0, &["ok: "]);
    run("correct").expect(0, &["true ", "ok: "]);
    project.call("doctor").expect(0, &["crossbeam-channel 0.5.", "crossbeam-utils 0.8."]);
    for name in ["flume", "kanal"] {
        in_other(&project, name);
    }
}

fn in_other(project: &Project, name: &str) {
    let line = |end: &str| {
        let end = format!("// {end}");
        let at = OTHER.lines().position(|line| line.ends_with(&end)).unwrap();
        format!("src/of_{name}.rs:{}", at + 1)
    };
    let run = |mode: &str, code: i32, said: &[&str]| {
        let outcome = project.call(&format!("run -- {name} {mode}"));
        outcome.expect(code, said).lacks(&["are not seen", "parks, and nobody"]);
    };
    let last = "`ask` was last sent to by ";
    run("answers", 1, &["`answer`", "`ask`", &line("receives"), &line("iterates"), last]);
    let kind = format!("{name}_bounded<u8>");
    run("full", 1, &["error[deadlock]", "waits for `jobs`", &kind, &line("sends")]);
    run("locked", 1, &["error[deadlock]", "`LEDGER`", "`ready`", &line("wants"), &line("awaits")]);
    run("ordered", 0, &["ok: "]);
    run("disordered", 1, &["error[lock-order-inversion]", "`LEDGER`", "`TABLE`"]);
    run("correct", 0, &[&format!("all of {name}"), "ok: "]);
    project.call("doctor").expect(0, &[&format!("{name} 0.")]);
}
