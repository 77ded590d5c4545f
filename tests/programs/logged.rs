//! Works for ever, and says elsewhere how far it has come: each thread appends two numbers to a file of its own when it
//! has given back what it took, its own rounds and the rounds of all. The folder of the files is the first argument.
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

static SHARED: Mutex<u64> = Mutex::new(0);

fn work(number: usize, mut log: File) {
    let own = Mutex::new(0_u64);
    loop {
        let mut mine = own.lock().unwrap();
        let mut all = SHARED.lock().unwrap();
        *mine += 1;
        *all += 1;
        let done = [*mine, *all];
        drop(all);
        drop(mine);
        // The kernel has it then, whatever happens to this process.
        log.write_all(done.map(u64::to_le_bytes).as_flattened()).unwrap();
        // Some rounds in a row now and then, so that one thread does not wait for the others all the time.
        if *own.lock().unwrap() % (number as u64 + 7) == 0 {
            thread::yield_now();
        }
    }
}

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap());
    thread::scope(|s| {
        for number in 0..3 {
            let log = File::create(folder.join(format!("w{number}"))).unwrap();
            let name = format!("w{number}");
            thread::Builder::new().name(name).spawn_scoped(s, move || work(number, log)).unwrap();
        }
    });
}
