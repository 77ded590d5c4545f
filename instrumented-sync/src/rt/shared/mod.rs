//! What all threads share. Each file is one table or one fact of the process, behind its own lock or none.
//!
//! - [`runtime`] holds all of it; [`origin`], [`trouble`].
//! - Threads: [`board`] (their states, for others to read), [`overflow`] (long held stacks), [`pool`] (rings and tables), [`orphans`],
//!   [`left_behind`], [`movable`], [`class_set`].
//! - Tasks: [`tasks`], [`calls`], [`sleepers`], [`suspects`], [`queues`] (their futures that have queued for a lock), [`receivers`], [`rest`] (what one awaits alone), [`joins`], [`endings`], [`unpolled`], [`across_awaits`], [`leaks`].
//! - The lock graph: [`nodes`], [`kinds`] (which nestings are kept), [`classes`], [`sites`], [`stacks`], [`live_stacks`].
//! - Order: [`must_order`], [`stamp`] (what travels between threads); [`race`] and [`race_flag`]; [`across_pools`].
//! - [`measures`]: how long locks are held and waited for; [`grown`].
//! - The service: [`bell`], [`online`], [`unheard`], [`lone`].

pub(crate) mod across_awaits;
pub(crate) mod across_pools;
#[cfg(feature = "accesses")]
pub(crate) mod atomics;
pub(crate) mod bell;
pub(crate) mod board;
pub(crate) mod calls;
pub(crate) mod class_set;
pub(crate) mod classes;
pub(crate) mod endings;
pub(crate) mod grown;
pub(crate) mod joins;
pub(crate) mod kinds;
pub(crate) mod leaks;
pub(crate) mod left_behind;
pub(crate) mod list;
pub(crate) mod live_stacks;
pub(crate) mod lone;
pub(crate) mod measures;
pub(crate) mod movable;
pub(crate) mod must_order;
pub(crate) mod nodes;
pub(crate) mod online;
pub(crate) mod origin;
pub(crate) mod orphans;
pub(crate) mod overflow;
pub(crate) mod pool;
pub(crate) mod queues;
pub(crate) mod race;
pub(crate) mod race_flag;
pub(crate) mod receivers;
pub(crate) mod rest;
pub(crate) mod runtime;
pub(crate) mod sites;
pub(crate) mod sleepers;
pub(crate) mod stacks;
pub(crate) mod stamp;
pub(crate) mod suspects;
pub(crate) mod tasks;
pub(crate) mod trouble;
pub(crate) mod unheard;
pub(crate) mod unpolled;
pub(crate) mod workers;
