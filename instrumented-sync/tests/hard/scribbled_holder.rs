//! Main holds a lock and waits for another's, which waits itself. Its recording is written to meanwhile: as if what main waits for were what it holds.
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static OWN: Mutex<u32> = Mutex::new(0);
static OTHERS: Mutex<u32> = Mutex::new(0);
static LAST: Mutex<u32> = Mutex::new(0);
static TAKEN: Barrier = Barrier::new(3);
static WRITTEN: AtomicU32 = AtomicU32::new(0);

const PAGE: u64 = 4096;
/// See `docs/format.md`: chunks of the board, with slots; in a slot the thread's number and what it holds, each with its instance.
const LEN: u64 = 8;
const KIND: u64 = 4;
const BOARD: u32 = 1;
const SLOT: u64 = 512;
const HELD: u64 = 128;

fn scribble() {
    let folder = std::env::var_os("SYNCSCOPE_DIR").unwrap();
    let path = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let word = |at: u64| {
        let mut bytes = [0; 4];
        file.read_exact_at(&mut bytes, at).map(|()| u32::from_ne_bytes(bytes)).unwrap_or(0)
    };
    let mut chunk = PAGE;
    while word(chunk + KIND) != BOARD {
        chunk += u64::from(word(chunk + LEN));
    }
    let slot = |thread: u32| {
        let mut slots = (1..5).map(|index| chunk + index * SLOT);
        slots.find(|slot| word(*slot) == thread).unwrap()
    };
    // The threads are numbered in the order of their spawns.
    let (main, other) = (slot(1), slot(3));
    file.write_all_at(&word(other + HELD).to_ne_bytes(), main + HELD).unwrap();
}

fn main() {
    let mut own = OWN.lock().unwrap();
    let last = thread::spawn(|| {
        let mut last = LAST.lock().unwrap();
        TAKEN.wait();
        while WRITTEN.load(Ordering::Acquire) == 0 {
            thread::yield_now();
        }
        // Main is to find the lock taken, by a thread that waits itself; nothing is wrong when it does not.
        thread::sleep(Duration::from_millis(500));
        *last += 1;
    });
    let other = thread::spawn(|| {
        let mut others = OTHERS.lock().unwrap();
        TAKEN.wait();
        *others += *LAST.lock().unwrap();
    });
    TAKEN.wait();
    thread::sleep(Duration::from_millis(100));
    scribble();
    WRITTEN.store(1, Ordering::Release);
    let others = *OTHERS.lock().unwrap();
    *own += 1;
    println!("{others} {own}");
    drop(own);
    last.join().unwrap();
    other.join().unwrap();
}
