//! One of the orders is hidden in a destructor.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static POOL: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)
static LOG: Mutex<u32> = Mutex::new(0); // (B)

struct Connection(u32);

impl Drop for Connection {
    fn drop(&mut self) {
        POOL.lock().unwrap().push(self.0); // (2)
    }
}

pub fn main() {
    let closer = thread::spawn(|| {
        let connection = Connection(1);
        let mut log = LOG.lock().unwrap(); // (1)
        *log += 1;
        drop(connection);
    });
    let lister = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let pool = POOL.lock().unwrap(); // (3)
        *LOG.lock().unwrap() += pool.len() as u32; // (4)
    });
    closer.join().unwrap();
    lister.join().unwrap();
    println!("{}", LOG.lock().unwrap());
}
