//! A reader reads again through a helper; a writer exists that could queue in between.
//! expect: rule=recursive-read grade=possible locks=A sites=1,2
use std::sync::RwLock;
use std::thread;
use std::time::Duration;

static CELLS: RwLock<Vec<u32>> = RwLock::new(Vec::new()); // (A)

fn width() -> usize {
    CELLS.read().unwrap().len() // (2)
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let cells = CELLS.read().unwrap(); // (1)
            assert_eq!(cells.len(), width());
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            CELLS.write().unwrap().push(1);
        });
    });
    println!("{}", CELLS.read().unwrap().len());
}
