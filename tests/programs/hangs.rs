//! Hangs for ever, without a deadlock: `loader` holds `TABLE` and reads from a pipe to which nobody writes; `first` waits for
//! `TABLE` and holds `INDEX`, for which `second` waits; `silent` waits for a message. It prints `ready` when they are about to.
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::sync::{Barrier, Mutex, mpsc};
use std::thread;

static TABLE: Mutex<u64> = Mutex::new(0);
static INDEX: Mutex<u64> = Mutex::new(0);

fn main() {
    let (mut here, _there) = UnixStream::pair().unwrap();
    let (_sender, receiver) = mpsc::channel::<u64>();
    let (loaded, indexed) = (Barrier::new(2), Barrier::new(2));
    thread::scope(|s| {
        let named = |name: &str| thread::Builder::new().name(name.into());
        let (loaded, indexed) = (&loaded, &indexed);
        let silent = move || receiver.recv();
        named("silent").spawn_scoped(s, silent).unwrap();
        let load = move || {
            loaded.wait();
            let mut table = TABLE.lock().unwrap();
            indexed.wait();
            let mut byte = [0];
            here.read_exact(&mut byte).unwrap();
            *table = u64::from(byte[0]);
        };
        let first = move || {
            loaded.wait();
            let mut index = INDEX.lock().unwrap();
            indexed.wait();
            *index = *TABLE.lock().unwrap();
        };
        named("loader").spawn_scoped(s, load).unwrap();
        named("first").spawn_scoped(s, first).unwrap();
        let second = || {
            while INDEX.try_lock().is_ok() {
                thread::yield_now();
            }
            println!("ready");
            *INDEX.lock().unwrap() += 1;
        };
        named("second").spawn_scoped(s, second).unwrap();
    });
}
