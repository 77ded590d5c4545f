//! Programs on other crates. They take long, mostly to compile those, so they are only here with the feature `foreign`.

mod arms;
mod block_on;
mod blocking_in_task;
mod channels;
mod futurelock;
mod guard_across_await;
mod permit_leak;
mod pools;
mod rayon_orders;
mod spin;
mod tokio_awaits;
mod tokio_ends;
mod tokio_full;
mod tokio_limits;
mod tokio_limits_beside;
mod tokio_quiet;
mod tokio_random;
mod tokio_sets;
mod tokio_threads;
mod watch;
