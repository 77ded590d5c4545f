//! A pool of connections: who finds none idle waits until one is returned.
//!
//! The two versions differ only in what `check_out` holds while it waits.

use instrumented_sync::{Condvar, Mutex, MutexGuard};

/// A connection to some server.
#[derive(Debug)]
pub struct Connection {
    /// Its number.
    pub id: u32,
    queries: u32,
}

impl Connection {
    /// Asks the server something.
    pub fn query(&mut self, question: u32) -> u32 {
        self.queries += 1;
        question * 2 + self.id
    }
}

/// The connections that are idle, and how many callers wait for one.
#[derive(Debug)]
pub struct Idle {
    connections: Vec<Connection>,
    waiting: usize,
}

/// Counts for the operator.
#[derive(Debug, Default)]
pub struct Statistics {
    /// Connections given out.
    pub checked_out: u32,
    /// Connections taken back.
    pub returned: u32,
}

/// The parts of a pool; the programs decide how its locks nest.
#[derive(Debug)]
pub struct Pool {
    idle: Mutex<Idle>,
    returned: Condvar,
    statistics: Mutex<Statistics>,
}

impl Pool {
    /// A pool of `size` idle connections.
    #[must_use]
    pub fn new(size: u32) -> Self {
        let connections = (0..size).map(|id| Connection { id, queries: 0 }).collect();
        Self {
            idle: Mutex::new(Idle { connections, waiting: 0 }),
            returned: Condvar::new(),
            statistics: Mutex::new(Statistics::default()),
        }
    }

    /// Locks the statistics.
    pub fn statistics(&self) -> MutexGuard<'_, Statistics> {
        self.statistics.lock().unwrap()
    }

    /// Takes an idle connection, and waits for one if there is none.
    pub fn take(&self) -> Connection {
        let mut idle = self.idle.lock().unwrap();
        idle.waiting += 1;
        let mut idle = self.returned.wait_while(idle, |idle| idle.connections.is_empty()).unwrap();
        idle.waiting -= 1;
        idle.connections.pop().expect("waited until there was one")
    }

    /// Puts a connection back and wakes one who waits.
    pub fn put(&self, connection: Connection) {
        self.idle.lock().unwrap().connections.push(connection);
        self.returned.notify_one();
    }

    /// How many callers wait for a connection at this moment.
    pub fn waiting(&self) -> usize {
        self.idle.lock().unwrap().waiting
    }
}
