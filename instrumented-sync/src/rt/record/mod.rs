//! From a call to the recording.
//!
//! - Who: `identify` and [`define`] (instances and classes).
//! - Acquisitions and releases: [`hot`] (the common ones), [`acquire`] (all), [`moved`] (releases by another thread).
//! - Nestings: [`extend`], `keep` (which of them are kept), [`node`], [`edge_stack`].
//! - [`measure`] (how long locks are held) and [`contended`] (how long they are waited for).
//! - [`wait`], `in_poll` (waits inside of polls) and [`must_order`]; [`across_pool`] (locks, waits for jobs, and the jobs), [`strand`] (what is done in
//!   jobs), [`kept_asleep`], [`panicked`], [`written`] (clocks as they are recorded).

pub(crate) mod acquire;
pub(crate) mod across_pool;
#[cfg(feature = "accesses")]
pub(crate) mod atomics;
pub(crate) mod contended;
pub(crate) mod define;
pub(crate) mod edge_stack;
pub(crate) mod extend;
pub(crate) mod hot;
mod identify;
mod in_poll;
mod keep;
pub(crate) mod kept_asleep;
mod likely;
mod measure;
pub(crate) mod moved;
pub(crate) mod must_order;
pub(crate) mod node;
pub(crate) mod panicked;
pub(crate) mod strand;
pub(crate) mod wait;
pub(crate) mod written;
