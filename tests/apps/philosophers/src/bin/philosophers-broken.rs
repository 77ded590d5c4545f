//! Everybody takes the left fork, and then the right one. At the first meal all have the left fork in hand when the
//! host gives the sign, so it hangs every time.

use instrumented_sync::{Barrier, thread};
use syncscope_app_philosophers::{Table, eat, name};

fn dine(table: &Table, seat: usize, sign: &Barrier) {
    for meal in 0..3 {
        let left = table.take(table.left_of(seat));
        if meal == 0 {
            sign.wait();
        }
        let right = table.take(table.right_of(seat));
        eat((left, right));
    }
}

fn main() {
    let table = Table::new(5);
    let sign = Barrier::new(table.seats());
    thread::scope(|s| {
        for seat in 0..table.seats() {
            let (table, sign) = (&table, &sign);
            let guest = thread::Builder::new().name(name(seat));
            guest.spawn_scoped(s, move || dine(table, seat, sign)).unwrap();
        }
    });
    println!("{:?}", table.meals());
}
