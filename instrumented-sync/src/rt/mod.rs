//! The runtime behind the mirrors.
//!
//! Each room imports only rooms that stand before it in this list, and no files lead to each other; a test holds both:
//!
//! 1. [`machine`]: clock, threads of the system, signals, stacks, the environment. It knows nothing of locks.
//! 2. `gate`: whose turn it is, in a program whose schedules are explored.
//! 3. [`object`]: what every mirrored object carries.
//! 4. [`memory`]: every load and store of a program that was compiled for that: its race engine.
//! 5. [`shared`]: what all threads share: the tables of the process.
//! 6. [`thread`]: what one thread keeps: its state, its held stack, its ring, its caches.
//! 7. [`race`]: drives the detector's race engine, once something is tracked; tells both engines what orders threads.
//! 8. [`record`]: from a call to the recording.
//! 9. [`live_stack`]: where other threads wait.
//! 10. [`deadlock`]: the check before a thread blocks, and the consequence.
//! 11. [`watch`]: the service, a thread of ours that looks at all others.
//! 12. [`life`]: beginnings and ends, of the runtime, of threads, of processes.
//! 13. [`tested`]: what one test of many has done, for tests that ask.
//! 14. [`hook`]: what the mirrors call, and what the compiler makes of loads and stores. They know nothing else of the runtime but [`object`].
//!
//! The way of one lock goes through [`hook`], [`record`], [`thread`] and [`object`]; see `ARCHITECTURE.md`.

mod deadlock;
#[cfg(feature = "accesses")]
mod gate;
pub(crate) mod hook;
mod life;
mod live_stack;
mod machine;
#[cfg_attr(not(feature = "accesses"), expect(dead_code, reason = "nothing tells of accesses"))]
mod memory;
pub(crate) mod object;
mod race;
mod record;
mod shared;
mod tested;
mod thread;
mod watch;
