//! The service thread: what need not happen in the program's own threads.
//!
//! It starts when it can first matter: at the first order edge, or when a thread first blocks; and not before the program has two threads,
//! or is about to block for good in the one that it has ([`lone`](crate::rt::shared::lone)). It checks new order edges for
//! cycles ([`online`]), looks for states in which nothing moves ([`still`]: [`for_good`], [`knot`] and [`stall`]), for tasks that sleep for good ([`asleep`], [`sleepers`], [`queues`], [`ends`]), for threads that are held up
//! while others go on ([`held_up`]: [`judge`], [`exhausted`], [`full`]), for locks that are waited for or held too long ([`overdue`]), for those that nobody gives back ([`leaks`]) and for panics over a deadlock that reach nobody ([`unheard`]), and tells findings ([`tell`]) as `tracing` events, so that no subscriber ever runs
//! inside a lock call. Of long waits it takes down the [`places`], and of all waits when somebody has [`asked`]. It sleeps when there is nothing to watch, takes no signal and records nothing of itself.
//!
//! Time is the process's own ([`progress`]). What begins while the service sleeps is seen when it next looks, so an age may be
//! too low by that long; in a process that never blocked and never nested two locks, or has one thread, there is no
//! service, and a long hold is not seen.

mod asked;
mod asleep;
mod blocking;
mod ends;
mod exhausted;
mod for_good;
mod full;
mod givers;
mod held_up;
mod judge;
mod knot;
mod leaks;
mod look;
mod online;
mod overdue;
mod overdue_report;
mod past;
mod places;
mod progress;
mod queues;
mod service;
mod sleepers;
mod stall;
mod still;
mod suspects;
mod tell;
mod unheard;
mod view;

pub(crate) use service::{finish, start};
