//! `check_out` keeps the statistics locked while it waits for a connection, and `check_in` needs the statistics
//! before it returns one: a nested monitor. The first worker keeps its connection until the second one waits, so it
//! hangs every time.

use instrumented_sync::{Arc, Barrier, thread};
use syncscope_app_pool::{Connection, Pool};

fn check_out(pool: &Pool) -> Connection {
    let mut statistics = pool.statistics();
    let connection = pool.take();
    statistics.checked_out += 1;
    connection
}

fn check_in(pool: &Pool, connection: Connection) {
    pool.statistics().returned += 1;
    pool.put(connection);
}

fn main() {
    let pool = Arc::new(Pool::new(1));
    let taken = Arc::new(Barrier::new(2));

    let first = {
        let (pool, taken) = (Arc::clone(&pool), Arc::clone(&taken));
        let work = move || {
            let mut connection = check_out(&pool);
            taken.wait();
            let answer = connection.query(20);
            while pool.waiting() == 0 {
                thread::yield_now();
            }
            check_in(&pool, connection);
            answer
        };
        thread::Builder::new().name("worker-1".into()).spawn(work).unwrap()
    };
    let second = {
        let work = move || {
            taken.wait();
            let mut connection = check_out(&pool);
            let answer = connection.query(21);
            check_in(&pool, connection);
            answer
        };
        thread::Builder::new().name("worker-2".into()).spawn(work).unwrap()
    };
    println!("{} {}", first.join().unwrap(), second.join().unwrap());
}
