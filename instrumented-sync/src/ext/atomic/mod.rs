//! std's atomics, with the order that they give to tracked accesses.
//!
//! Code that publishes data through atomics uses these in place of [`std::sync::atomic`], so that the accesses which they
//! order are known as ordered, and those which they do not order are found: a relaxed store publishes nothing. Modelled
//! are release sequences, read-modify-writes, the failure orderings of exchanges and fences; `SeqCst` orders as `AcqRel`.
//!
//! With the feature `instrument` off, all of this is std's own. On, an atomic is larger than std's, each operation takes a
//! lock of its own once something is tracked, and `as_ptr`, `from_ptr` and the like are not offered: what goes past an
//! atomic could not be modelled.

#[cfg(not(feature = "instrument"))]
pub use std::sync::atomic::*;

#[cfg(feature = "instrument")]
mod bool;
#[cfg(feature = "instrument")]
mod fence;
#[cfg(feature = "instrument")]
mod integer;
#[cfg(feature = "instrument")]
mod operations;
#[cfg(feature = "instrument")]
mod pointer;

#[cfg(feature = "instrument")]
pub use self::bool::AtomicBool;
#[cfg(feature = "instrument")]
pub use fence::{compiler_fence, fence};
#[cfg(feature = "instrument")]
pub use integer::{
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32,
    AtomicU64, AtomicUsize,
};
#[cfg(feature = "instrument")]
pub use pointer::AtomicPtr;
#[cfg(feature = "instrument")]
#[doc(inline)]
pub use std::sync::atomic::Ordering;
