//! Everybody takes the fork with the lower number first: the last guest turns round, and nobody starves.

use instrumented_sync::{Barrier, thread};
use syncscope_app_philosophers::{Table, eat, name};

fn dine(table: &Table, seat: usize, sign: &Barrier) {
    sign.wait();
    let (left, right) = (table.left_of(seat), table.right_of(seat));
    for _ in 0..100 {
        let first = table.take(left.min(right));
        let second = table.take(left.max(right));
        eat((first, second));
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
