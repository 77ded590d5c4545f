//! Accounts by rising number, `LEDGER` before `AUDIT`: everywhere, at any load.

use instrumented_sync::thread;
use syncscope_app_bank::{AUDIT, Bank, Booking, LEDGER, pay};

fn transfer(bank: &Bank, from: usize, to: usize, amount: i64) {
    if from == to {
        return;
    }
    let mut low = bank.account(from.min(to));
    let mut high = bank.account(from.max(to));
    let (payer, payee) = if from < to { (&mut low, &mut high) } else { (&mut high, &mut low) };
    let amount = pay(payer, payee, amount);
    drop((low, high));
    book(Booking { from, to, amount });
}

fn book(booking: Booking) {
    let mut ledger = LEDGER.lock().unwrap();
    ledger.push(booking);
    let mut audit = AUDIT.lock().unwrap();
    audit.bookings += 1;
    audit.turnover += booking.amount;
}

fn check_audit() {
    let ledger = LEDGER.lock().unwrap();
    let audit = AUDIT.lock().unwrap();
    assert_eq!(audit.bookings, ledger.len());
    assert_eq!(audit.turnover, ledger.iter().map(|booking| booking.amount).sum::<i64>());
}

fn main() {
    let bank = Bank::new(4, 10_000);
    thread::scope(|s| {
        for teller in 0..4 {
            let bank = &bank;
            let shift = move || {
                for round in 0..250 {
                    transfer(bank, (teller + round) % 4, (teller + round * 3 + 1) % 4, 700);
                }
            };
            let name = format!("teller-{teller}");
            thread::Builder::new().name(name).spawn_scoped(s, shift).unwrap();
        }
        let auditor = || (0..50).for_each(|_| check_audit());
        thread::Builder::new().name("auditor".into()).spawn_scoped(s, auditor).unwrap();
    });
    println!("total {}", bank.total());
}
