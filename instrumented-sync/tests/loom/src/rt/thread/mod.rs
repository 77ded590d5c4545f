//! The runtime's own files; a thread's state, its times and its sites are stand-ins.

#[path = "../../../../../src/rt/thread/chain.rs"]
pub(crate) mod chain;
#[path = "../../../../../src/rt/thread/emit.rs"]
pub(crate) mod emit;
#[path = "../../../../../src/rt/thread/filter.rs"]
pub(crate) mod filter;
#[path = "../../../../../src/rt/thread/gaps.rs"]
pub(crate) mod gaps;
#[path = "../../../../../src/rt/thread/held.rs"]
pub(crate) mod held;
pub(crate) mod jobs;
#[path = "../../../../../src/rt/thread/kind_cache.rs"]
pub(crate) mod kind_cache;
#[path = "../../../../../src/rt/thread/late.rs"]
mod late;
pub(crate) mod local;
#[path = "../../../../../src/rt/thread/out_of_order.rs"]
pub(crate) mod out_of_order;
#[path = "../../../../../src/rt/thread/ring.rs"]
pub(crate) mod ring;
pub(crate) mod site_cache;
mod time;
