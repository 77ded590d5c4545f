//! What one thread keeps. Nobody else writes it, and only what lies on the board is read by others.
//!
//! - [`local`]: its state, and how it finds it; [`spawned`]: what its parent prepared.
//! - The held stack: [`held`], [`out_of_order`] and [`gaps`], [`chain`] (the nestings that it has been through).
//! - Events: [`ring`], [`emit`], [`beat`] and [`time`].
//! - [`sampler`] and `told`: which acquisitions are measured.
//! - Jobs of thread pools: [`branch`], [`jobs`].
//! - [`task`]: a task that is polled, which has a state as a thread has; [`arms`], [`heard`], [`remains`]: futures that a task polls in turn.
//! - Caches: [`class_cache`], [`conditions`], [`kind_cache`], [`site_cache`]. Orders: [`clock`], [`race`], [`loose`].

pub(crate) mod arms;
#[cfg(feature = "accesses")]
pub(crate) mod atomics;
pub(crate) mod awaits;
pub(crate) mod beat;
pub(crate) mod branch;
pub(crate) mod chain;
pub(crate) mod class_cache;
pub(crate) mod clock;
pub(crate) mod conditions;
pub(crate) mod emit;
pub(crate) mod filter;
pub(crate) mod gaps;
pub(crate) mod heard;
pub(crate) mod held;
pub(crate) mod jobs;
pub(crate) mod kind_cache;
mod late;
pub(crate) mod local;
pub(crate) mod loose;
pub(crate) mod out_of_order;
pub(crate) mod race;
pub(crate) mod remains;
pub(crate) mod ring;
pub(crate) mod sampler;
pub(crate) mod site_cache;
pub(crate) mod spawned;
pub(crate) mod task;
pub(crate) mod time;
mod told;
