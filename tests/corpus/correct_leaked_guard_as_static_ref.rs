//! Guards leaked on purpose, for a value that is never to change again.
//! expect: none
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard};
use std::thread;

static CONF: Mutex<u32> = Mutex::new(7);
static TABLE: RwLock<[u8; 3]> = RwLock::new([1, 2, 3]);

pub fn main() {
    let conf: &'static mut MutexGuard<'static, u32> = Box::leak(Box::new(CONF.lock().unwrap()));
    let table: &'static RwLockReadGuard<'static, [u8; 3]> =
        Box::leak(Box::new(TABLE.read().unwrap()));
    **conf += 1;
    let conf: &'static u32 = &**conf;
    let t = thread::spawn(move || conf + u32::from(table[2]) + u32::from(TABLE.read().unwrap()[0]));
    println!("{} {}", t.join().unwrap(), CONF.try_lock().is_err());
}
