//! A drop-in for [`std::sync`] and [`std::thread`] that finds deadlocks, and those that only nearly happened.
//!
//! # A wrong program
//!
//! Two transfers between the same two accounts, in opposite directions:
//!
//! ```no_run
//! use instrumented_sync::{Arc, Mutex, thread};
//!
//! fn transfer(from: &Mutex<i64>, to: &Mutex<i64>, amount: i64) {
//!     let mut from = from.lock().unwrap();
//!     let mut to = to.lock().unwrap();
//!     *from -= amount;
//!     *to += amount;
//! }
//!
//! let a = Arc::new(Mutex::new(100));
//! let b = Arc::new(Mutex::new(100));
//! let forth = thread::spawn({
//!     let (a, b) = (a.clone(), b.clone());
//!     move || transfer(&a, &b, 10)
//! });
//! let back = thread::spawn(move || transfer(&b, &a, 20));
//! forth.join().unwrap();
//! back.join().unwrap();
//! ```
//!
//! One thread locks `a` and then `b`, the other `b` and then `a`. Most runs end well: the first thread is done before
//! the second begins. In some, each thread gets its first lock and waits for ever for its second.
//!
//! With this crate in place of std, *each* run reports the two orders, with the places and threads of all four
//! acquisitions; the interleaving need not happen. If it does happen, the thread that closes the circle reports the
//! deadlock at once, before it blocks.
//!
//! # How to swap it in
//!
//! The crate's root mirrors `std::sync`, and [`thread`] mirrors `std::thread`: same names, signatures and behaviour.
//!
//! | replace | by |
//! | --- | --- |
//! | `use std::sync::{Arc, Mutex};` | `use instrumented_sync::{Arc, Mutex};` |
//! | `use std::sync;` | `use instrumented_sync as sync;` |
//! | `use std::thread;` | `use instrumented_sync::thread;` |
//!
//! The crate `instrumented-std` does the same for code that is not edited: as a dependency named `std` it takes the
//! standard library's place.
//!
//! # On and off
//!
//! Recording is compiled in by the feature `instrument`. Without it, which is the default, the crate consists of
//! `pub use std::…` lines: the types *are* std's, and so is the machine code. Code compiles unchanged either way.
//!
//! # What is std's own in any case
//!
//! [`Arc`], [`Weak`], [`atomic`], the error and result types, [`OnceState`] and [`BarrierWaitResult`] are re-exported.
//! So are the parts of [`thread`] that neither block nor order anything. Code inside std keeps using std's locks, and
//! these are not seen.

pub mod cell;
pub mod ext;
#[cfg(feature = "instrument")]
#[doc(hidden)]
pub mod hand_over;
mod limits;
#[cfg(feature = "instrument")]
#[doc(hidden)]
pub mod raw;
#[cfg(feature = "instrument")]
mod rt;

#[cfg(feature = "instrument")]
#[doc(hidden)]
pub mod sync;
#[cfg(feature = "instrument")]
pub mod thread;

#[cfg(not(feature = "instrument"))]
#[doc(hidden)]
pub use std::sync;
#[cfg(not(feature = "instrument"))]
pub use std::thread;

#[doc(inline)]
pub use std::thread_local;
#[doc(inline)]
pub use sync::*;
