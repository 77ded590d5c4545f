//! Two mistakes, neither of which hangs in this run: the shifts do not overlap long enough.
//!
//! - `transfer` locks the paying account first, so transfers in opposite directions can wait for each other.
//! - `book` takes `LEDGER` and then `AUDIT`; `report` takes them the other way round.

use instrumented_sync::thread;
use std::time::Duration;
use syncscope_app_bank::{AUDIT, Bank, Booking, LEDGER, pay};

fn transfer(bank: &Bank, from: usize, to: usize, amount: i64) {
    let mut payer = bank.account(from);
    let mut payee = bank.account(to);
    let amount = pay(&mut payer, &mut payee, amount);
    drop((payer, payee));
    book(Booking { from, to, amount });
}

fn book(booking: Booking) {
    let mut ledger = LEDGER.lock().unwrap();
    ledger.push(booking);
    let mut audit = AUDIT.lock().unwrap();
    audit.bookings += 1;
    audit.turnover += booking.amount;
}

fn report() -> String {
    let audit = AUDIT.lock().unwrap();
    let ledger = LEDGER.lock().unwrap();
    format!("{} of {} bookings audited, turnover {}", audit.bookings, ledger.len(), audit.turnover)
}

fn main() {
    let bank = Bank::new(4, 10_000);
    let shift = |from: usize, to: usize| {
        for amount in [500, 1_250, 99] {
            transfer(&bank, from, to, amount);
        }
    };
    thread::scope(|s| {
        let thread = |name: &str| thread::Builder::new().name(name.into());
        thread("early-teller").spawn_scoped(s, || shift(0, 1)).unwrap();
        let late = || {
            thread::sleep(Duration::from_millis(150));
            shift(1, 0);
        };
        thread("late-teller").spawn_scoped(s, late).unwrap();
        let auditor = || {
            thread::sleep(Duration::from_millis(300));
            println!("{}", report());
        };
        thread("auditor").spawn_scoped(s, auditor).unwrap();
    });
    println!("total {}", bank.total());
}
