//! The parent uses the opposite order only before it spawns.
//! expect: none
use std::sync::Mutex;
use std::thread;

static CONFIG: Mutex<u32> = Mutex::new(1);
static STATE: Mutex<u32> = Mutex::new(2);

pub fn main() {
    {
        let state = STATE.lock().unwrap();
        *CONFIG.lock().unwrap() += *state;
    }
    let workers: Vec<_> = (0..4)
        .map(|_| {
            thread::spawn(|| {
                let config = CONFIG.lock().unwrap();
                *STATE.lock().unwrap() += *config;
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    println!("{}", STATE.lock().unwrap());
}
