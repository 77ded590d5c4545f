//! Bytes in, [`crate::model::Recording`] out.
//!
//! # Promises
//!
//! - Only the header can make a read fail. Damage behind it is skipped and named in [`crate::model::Lost::damage`].
//! - Any bytes can be read: nothing panics, nothing is allocated for a count that the bytes do not back, the time is
//!   linear in the size of the file (up to sorting).
//! - A file can be read while its process runs.
//! - Every [`SiteId`], [`ClassId`], [`NodeId`], clock and stack number in a recording is an index that exists in its
//!   table, or 0 or `None`. A node's parent comes before it.
//!
//! # Way of the bytes
//!
//! `source` is memory or a file, of which only what is wanted is read. `header` checks what kind of file it is; `chunks`
//! (through a `window`) cuts the file into chunks and finds its way again behind damage; `log` (with `records`) fills the `tables`; `nodes` and `chains` build the nestings on them; `measures` has what was measured of locks; `board` and `stream`
//! read what the threads did last; `assemble` joins all of it. `file` adds what is needed for a file on disk, above
//! all a live one; `follower` reads the state of one again and again.
//!
//! [`SiteId`]: crate::model::SiteId
//! [`ClassId`]: crate::model::ClassId
//! [`NodeId`]: crate::model::NodeId

mod across_pool;
mod assemble;
mod board;
mod bytes;
mod chains;
mod chunks;
mod clocks;
mod codes;
mod damage;
mod error;
mod event;
mod file;
mod follower;
mod grounds;
mod header;
mod held;
mod held_locks;
mod kept_asleep;
mod likely_order;
mod log;
mod measures;
mod memory_race;
mod nodes;
mod overdue;
mod panics;
mod participant;
mod race;
mod records;
mod select;
mod source;
mod strand;
mod stream;
mod tables;
mod ticks;
mod window;

pub use assemble::{read, read_with};
pub use error::ReadError;
pub use file::{read_file, read_file_with};
pub use follower::Follower;
pub use select::Events;
