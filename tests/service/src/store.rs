//! The database.

use rusqlite::{Connection, Error};
use std::sync::{Mutex, PoisonError};

const ACCOUNTS: u32 = 100;

/// Accounts in SQLite, for one request at a time.
pub struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    pub fn open() -> Self {
        let connection = Connection::open_in_memory().expect("a database in memory");
        connection
            .execute_batch("CREATE TABLE account (number INTEGER PRIMARY KEY, balance INTEGER)")
            .expect("the table is new");
        for number in 0..ACCOUNTS {
            connection
                .execute("INSERT INTO account VALUES (?1, 1000)", [number])
                .expect("the table is there");
        }
        Self { connection: Mutex::new(connection) }
    }

    /// Moves money.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn transfer(&self, from: u32, to: u32, amount: i64) -> Result<(), Error> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        let change = "UPDATE account SET balance = balance + ?2 WHERE number = ?1";
        transaction.prepare_cached(change)?.execute((from % ACCOUNTS, -amount))?;
        transaction.prepare_cached(change)?.execute((to % ACCOUNTS, amount))?;
        transaction.commit()
    }

    /// The money of all; 0 when the database refuses.
    pub fn total(&self) -> i64 {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection
            .query_row("SELECT sum(balance) FROM account", [], |row| row.get(0))
            .unwrap_or_default()
    }
}
