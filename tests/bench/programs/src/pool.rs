//! `r2d2`: two threads check connections out of a pool, use each for a moment, and give it back.

use crate::hash;
use std::convert::Infallible;
use std::thread;

const CHECKOUTS: u64 = 120_000;
const CONNECTIONS: u32 = 4;
const WORK: u32 = 500;

/// Makes connections to nothing.
struct Manager;

impl r2d2::ManageConnection for Manager {
    type Connection = u64;
    type Error = Infallible;

    fn connect(&self) -> Result<u64, Infallible> {
        Ok(0)
    }

    fn is_valid(&self, _: &mut u64) -> Result<(), Infallible> {
        Ok(())
    }

    fn has_broken(&self, _: &mut u64) -> bool {
        false
    }
}

pub fn run() {
    let pool = r2d2::Pool::builder().max_size(CONNECTIONS).build(Manager).expect("connects");
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                for query in 0..CHECKOUTS {
                    let mut connection = pool.get().expect("there are enough");
                    *connection ^= hash(query, WORK);
                }
            });
        }
    });
}
