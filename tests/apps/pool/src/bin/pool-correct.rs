//! The statistics are locked for the count only, never across a wait.

use instrumented_sync::{Arc, thread};
use syncscope_app_pool::{Connection, Pool};

fn check_out(pool: &Pool) -> Connection {
    let connection = pool.take();
    pool.statistics().checked_out += 1;
    connection
}

fn check_in(pool: &Pool, connection: Connection) {
    pool.statistics().returned += 1;
    pool.put(connection);
}

fn main() {
    let pool = Arc::new(Pool::new(2));
    let workers: Vec<_> = (1..=5)
        .map(|number| {
            let pool = Arc::clone(&pool);
            let work = move || {
                for question in 0..60 {
                    let mut connection = check_out(&pool);
                    assert!(connection.query(question) >= question * 2);
                    check_in(&pool, connection);
                }
            };
            thread::Builder::new().name(format!("worker-{number}")).spawn(work).unwrap()
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    let statistics = pool.statistics();
    println!("{} out, {} back", statistics.checked_out, statistics.returned);
}
