//! What is recorded names the user's own lines: of creations, acquisitions, waits and messages, also where a call goes
//! through a trait, an operator or a loop.
#![cfg(feature = "instrument")]

use instrumented_sync::mpsc;
use instrumented_sync::thread;
use instrumented_sync::{Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs};
use syncscope_recording::model::{Recording, SiteId};

/// Lines with this mark create something that is then used.
const CREATES: &str = "// creates";
/// Lines with this mark do something that is recorded with its place.
const USES: &str = "// uses";
const SOURCE: &str = include_str!("main.rs");

static STATIC: Mutex<u8> = Mutex::new(0); // creates
static LAZY: LazyLock<String> = LazyLock::new(|| String::from("made")); // creates

#[derive(Default)]
struct Derived {
    lock: Mutex<u8>,
}

#[test]
fn every_site_is_the_users() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    // SAFETY: this is the only test of its program, and no other thread runs yet that could read the environment.
    unsafe { env::set_var("SYNCSCOPE_DIR", directory.path()) };

    run();

    let file = fs::read_dir(directory.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|extension| extension == "syncscope"));
    let recording = syncscope_recording::reader::read_file(&file.expect("a recording"))
        .expect("the recording is read while its program runs");
    let expected = |mark: &str| -> BTreeSet<u32> {
        let lines = SOURCE.lines().enumerate().filter(|(_, line)| line.ends_with(mark));
        lines.map(|(index, _)| index as u32 + 1).collect()
    };
    let created: BTreeSet<u32> =
        recording.classes.iter().skip(1).filter_map(|class| line(&recording, class.site)).collect();
    let missing: Vec<u32> = expected(CREATES).difference(&created).copied().collect();
    assert_eq!(missing, [0; 0], "created on these lines, but not recorded so: {created:?}");

    let used: BTreeSet<u32> = recording
        .streams
        .iter()
        .flat_map(|stream| &stream.events)
        .filter_map(|event| line(&recording, event.site))
        .collect();
    let missing: Vec<u32> = expected(USES).difference(&used).copied().collect();
    assert_eq!(missing, [0; 0], "used on these lines, but not recorded so: {used:?}");
}

/// The line of a site in this file.
fn line(recording: &Recording, site: SiteId) -> Option<u32> {
    let site = recording.site(site)?;
    PathBuf::from(&site.file).ends_with("tests/sites/main.rs").then_some(site.line)
}

// A mark stands at the end of its line.
#[rustfmt::skip]
fn iterate(receiver: &mpsc::Receiver<i32>) {
    for message in receiver { assert_eq!(message, 2) } // uses
}

// The steps are taken inside std.
#[rustfmt::skip]
fn adapt(receiver: mpsc::Receiver<i32>) {
    assert_eq!(receiver.try_iter().take(1).sum::<i32>(), 3); // uses
    assert_eq!(receiver.iter().take(1).sum::<i32>(), 4); // uses
    assert_eq!(receiver.into_iter().collect::<Vec<_>>(), [5]); // uses
}

fn run() {
    let plain = Mutex::new(1); // creates
    *plain.lock().unwrap() += 1; // uses
    drop(plain.try_lock().unwrap()); // uses
    let from: Mutex<u8> = Mutex::from(1); // creates
    drop(from.lock().unwrap()); // uses
    let into: RwLock<u8> = RwLock::default(); // creates
    drop(into.read().unwrap()); // uses
    drop(into.write().unwrap()); // uses
    drop(into.try_read().unwrap()); // uses
    drop(into.try_write().unwrap()); // uses
    let derived = Derived::default();
    drop(derived.lock.lock().unwrap()); // uses
    drop(STATIC.lock().unwrap()); // uses

    let condvar = Condvar::new(); // creates
    let guard = plain.lock().unwrap(); // uses
    let _ = condvar.wait_timeout(guard, Duration::ZERO).unwrap(); // uses
    condvar.notify_one(); // uses
    condvar.notify_all(); // uses

    let once = Once::new(); // creates
    once.call_once(|| ()); // uses
    let cell = OnceLock::new(); // creates
    cell.set(1).unwrap(); // uses
    let other = OnceLock::new(); // creates
    other.get_or_init(|| 1); // uses
    // The operator `*` is hidden in the method call.
    assert_eq!(LAZY.len(), 4); // uses

    let barrier = Barrier::new(1); // creates
    barrier.wait(); // uses

    let (sender, receiver) = mpsc::channel(); // creates
    sender.send(1).unwrap(); // uses
    receiver.recv().unwrap(); // uses
    sender.send(2).unwrap(); // uses
    drop(sender);
    iterate(&receiver);
    let (sender, receiver) = mpsc::channel(); // creates
    for message in 3..6 {
        sender.send(message).unwrap(); // uses
    }
    drop(sender);
    adapt(receiver);
    let (sender, receiver) = mpsc::sync_channel(1); // creates
    sender.try_send(1).unwrap(); // uses
    receiver.try_recv().unwrap(); // uses

    let handle = thread::spawn(|| ()); // uses
    handle.thread().unpark(); // uses
    handle.join().unwrap(); // uses
    thread::scope(|scope| {
        let handle = scope.spawn(|| ()); // uses
        handle.join().unwrap(); // uses
    });
    thread::sleep(Duration::from_millis(1)); // uses
    thread::park_timeout(Duration::from_millis(1)); // uses
}
