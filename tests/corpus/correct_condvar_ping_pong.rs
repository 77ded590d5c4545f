//! Two threads take turns through one condition variable.
//! expect: none
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

pub fn main() {
    let table = Arc::new((Mutex::new(0_u32), Condvar::new()));
    let players = [0, 1].map(|me| {
        let table = Arc::clone(&table);
        thread::spawn(move || {
            for _ in 0..50 {
                let mut turn =
                    table.1.wait_while(table.0.lock().unwrap(), |turn| *turn % 2 != me).unwrap();
                *turn += 1;
                table.1.notify_all();
            }
        })
    });
    for player in players {
        player.join().unwrap();
    }
    println!("{}", table.0.lock().unwrap());
}
