//! A small bank: accounts, a ledger of all bookings, and an audit of their sums.
//!
//! The locks are the accounts', [`LEDGER`] and [`AUDIT`]. `bank-broken` takes them in whatever order is at hand;
//! `bank-correct` takes accounts by rising number, and `LEDGER` before `AUDIT`.

use instrumented_sync::{Mutex, MutexGuard};

/// Every booking, in order.
pub static LEDGER: Mutex<Vec<Booking>> = Mutex::new(Vec::new());

/// What the audit has seen so far.
pub static AUDIT: Mutex<Audit> = Mutex::new(Audit { bookings: 0, turnover: 0 });

/// One transfer of money.
#[derive(Clone, Copy, Debug)]
pub struct Booking {
    /// Number of the account that pays.
    pub from: usize,
    /// Number of the account that is paid.
    pub to: usize,
    /// In cents.
    pub amount: i64,
}

/// Sums over the ledger.
#[derive(Debug)]
pub struct Audit {
    /// Bookings counted.
    pub bookings: usize,
    /// Cents moved.
    pub turnover: i64,
}

/// The accounts of the bank, by number.
#[derive(Debug)]
pub struct Bank {
    accounts: Vec<Mutex<i64>>,
}

impl Bank {
    /// A bank with `accounts` accounts of `balance` cents each.
    #[must_use]
    pub fn new(accounts: usize, balance: i64) -> Self {
        Self { accounts: (0..accounts).map(|_| Mutex::new(balance)).collect() }
    }

    /// Locks an account.
    pub fn account(&self, number: usize) -> MutexGuard<'_, i64> {
        self.accounts[number].lock().unwrap()
    }

    /// All money of the bank.
    #[must_use]
    pub fn total(&self) -> i64 {
        (0..self.accounts.len()).map(|number| *self.account(number)).sum()
    }
}

/// Moves money between two locked accounts, as far as there is any; returns how much.
pub fn pay(from: &mut i64, to: &mut i64, amount: i64) -> i64 {
    let paid = amount.min(*from);
    *from -= paid;
    *to += paid;
    paid
}
