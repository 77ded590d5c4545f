//! Philosophers at a round table: who wants to eat needs both forks beside the plate.

use instrumented_sync::{Mutex, MutexGuard};

/// A fork, and how many meals it has served.
#[derive(Debug, Default)]
pub struct Fork {
    /// Meals so far.
    pub meals: u32,
}

/// Two forks in the hands of a philosopher.
pub type Forks<'a> = (MutexGuard<'a, Fork>, MutexGuard<'a, Fork>);

/// A table with as many forks as seats.
#[derive(Debug)]
pub struct Table {
    forks: Vec<Mutex<Fork>>,
}

impl Table {
    /// A table for so many.
    #[must_use]
    pub fn new(seats: usize) -> Self {
        Self { forks: (0..seats).map(|_| Mutex::new(Fork::default())).collect() }
    }

    /// Seats at the table.
    #[must_use]
    pub fn seats(&self) -> usize {
        self.forks.len()
    }

    /// The number of the fork on the left of a seat.
    #[must_use]
    pub fn left_of(&self, seat: usize) -> usize {
        seat
    }

    /// The number of the fork on the right of a seat.
    #[must_use]
    pub fn right_of(&self, seat: usize) -> usize {
        (seat + 1) % self.seats()
    }

    /// Waits for a fork.
    pub fn take(&self, fork: usize) -> MutexGuard<'_, Fork> {
        self.forks[fork].lock().unwrap()
    }

    /// Meals that each fork has served.
    pub fn meals(&self) -> Vec<u32> {
        (0..self.seats()).map(|fork| self.take(fork).meals).collect()
    }
}

/// Eats, and lays the forks down.
pub fn eat((mut one, mut other): Forks<'_>) {
    one.meals += 1;
    other.meals += 1;
}

/// A name for the thread at a seat.
#[must_use]
pub fn name(seat: usize) -> String {
    ["Aristotle", "Bacon", "Confucius", "Descartes", "Epicurus"]
        .get(seat)
        .map_or_else(|| format!("guest {seat}"), |name| (*name).to_owned())
}
