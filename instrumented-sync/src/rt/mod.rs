//! The runtime behind the mirrors.
//!
//! [`hook`] is its whole surface: mirrors call hooks and know nothing else of it ([`hot`] has the common cases). See `ARCHITECTURE.md` for the way of an
//! event; in short:
//!
//! - identity: [`meta`] (what an object carries), [`identity`] (instances and classes), [`class_cache`], [`site`] and [`sites`] (places in
//!   the source), [`stack`], [`modules`];
//! - a thread: [`local`] (its state), [`attach`] (begin and end), [`held`] (held stack), [`chain`] (known nestings),
//!   [`ring`] (flight recorder), [`must_order`] (what happened before), [`moved`] and [`movable`] (guards that others release);
//! - shared: [`runtime`], [`board`] (all threads' states), [`nodes`] (all nestings), [`kinds`] (which of them are kept), [`pool`], [`settings`], [`folder`],
//!   [`redact`];
//! - races: [`race`] (drives the detector's engine, once something is tracked);
//! - deadlocks: [`wait`] (publishing), [`wait_for`] (the check), [`owned`], [`unhurried`], [`verdict`] (the consequence), [`service`] (what is watched),
//!   [`live_stack`] (where threads wait);
//! - surroundings: [`room`], [`side_stack`] and [`handler`], [`clock`] and [`beat`], [`company`], [`os`], [`system_call`], [`signals`],
//!   [`own_thread`], [`fork`] and [`inherit`], [`exit`], [`text`].

mod attach;
mod beat;
mod board;
mod chain;
mod class_cache;
mod clock;
mod company;
mod exit;
mod folder;
mod fork;
mod handler;
mod held;
pub(crate) mod hook;
mod hot;
mod identity;
mod inherit;
mod kinds;
mod live_stack;
mod local;
pub(crate) mod meta;
mod modules;
mod movable;
mod moved;
mod must_order;
mod name;
mod nodes;
mod os;
mod out_of_order;
mod overflow;
mod own_thread;
pub(crate) mod owned;
pub(crate) mod ownerless;
mod pool;
pub(crate) mod race;
mod redact;
mod ring;
mod room;
pub(crate) mod runtime;
mod service;
mod settings;
mod side_stack;
mod signals;
mod site;
mod sites;
mod stack;
mod system_call;
mod text;
pub(crate) mod unhurried;
mod verdict;
mod wait;
mod wait_for;
