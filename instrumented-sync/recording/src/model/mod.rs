//! What a reader gives back and the detector consumes: plain data, no references into the file.

mod access;
mod behind_lock;
mod held;
mod ids;
mod likely_order;
mod measure;
mod memory_race;
mod panic;
mod permits;
mod poisoned;
mod primitive;
mod race_guard;
mod recording;
mod tasks;
mod totals;
mod wait_kind;

pub use access::Access;
pub use held::Held;
pub use ids::{ClassId, InstanceId, NodeId, SiteId, ThreadNum};
pub use likely_order::{LikelyOrder, OrderSide, OrderedBy};
pub use measure::{LockPlace, Measure, Measured};
pub use memory_race::{Block, MemoryAccess, MemoryRace, MemoryRaceKind};
pub use panic::{Panic, PanicStart};
pub use permits::Taker;
pub use poisoned::Poisoned;
pub use primitive::Primitive;
pub use race_guard::RaceGuard;
pub use recording::{
    BoardSlot, ChainNode, Class, Clock, Deadlock, DeadlockKind, Event, ExitState, HeldAcrossPool,
    JobStep, KeptAsleep, KeptKind, Label, LockUse, Module, Op, Overdue, OverdueKind, Participant,
    Polled, PoolUse, Process, Race, RaceAccess, RaceKind, Recording, Site, Strand, Stream, Thread,
    ThreadState, Wait, WaitStack,
};
pub use totals::{Lost, Totals};
pub use wait_kind::WaitKind;
