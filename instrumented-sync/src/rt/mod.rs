//! The runtime behind the mirrors.
//!
//! Each room imports only rooms that stand before it in this list, and no files lead to each other; a test holds both:
//!
//! 1. [`machine`]: clock, threads of the system, signals, stacks, the environment. It knows nothing of locks.
//! 2. [`object`]: what every mirrored object carries.
//! 3. [`memory`]: every load and store of a program that was compiled for that: its race engine.
//! 4. [`shared`]: what all threads share: the tables of the process.
//! 5. [`thread`]: what one thread keeps: its state, its held stack, its ring, its caches.
//! 6. [`race`]: drives the detector's race engine, once something is tracked; tells both engines what orders threads.
//! 7. [`record`]: from a call to the recording.
//! 8. [`live_stack`]: where other threads wait.
//! 9. [`deadlock`]: the check before a thread blocks, and the consequence.
//! 10. [`watch`]: the service, a thread of ours that looks at all others.
//! 11. [`life`]: beginnings and ends, of the runtime, of threads, of processes.
//! 12. [`tested`]: what one test of many has done, for tests that ask.
//! 13. [`hook`]: what the mirrors call, and what the compiler makes of loads and stores. They know nothing else of the runtime but [`object`].
//!
//! The way of one lock goes through [`hook`], [`record`], [`thread`] and [`object`]; see `ARCHITECTURE.md`.

mod deadlock;
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
