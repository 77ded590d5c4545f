//! What a reader gives back and the detector consumes: plain data, no references into the file.

mod access;
mod ids;
mod permits;
mod primitive;
mod recording;
mod wait_kind;

pub use access::Access;
pub use ids::{ClassId, InstanceId, NodeId, SiteId, ThreadNum};
pub use permits::Taker;
pub use primitive::Primitive;
pub use recording::{
    BoardSlot, ChainNode, Class, Clock, Deadlock, DeadlockKind, Event, ExitState, Held,
    HeldAcrossPool, JobStep, KeptAsleep, KeptKind, Label, LockUse, Lost, Module, Op, Overdue,
    OverdueKind, Panic, Participant, Polled, PoolUse, Process, Race, RaceAccess, RaceGuard,
    RaceKind, Recording, Site, Strand, Stream, Thread, ThreadState, Totals, Wait, WaitStack,
};
pub use wait_kind::WaitKind;
