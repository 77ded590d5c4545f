//! What a reader gives back and the detector consumes: plain data, no references into the file.

mod access;
mod permits;
mod primitive;
mod recording;
mod wait_kind;

pub use access::Access;
pub use permits::Taker;
pub use primitive::Primitive;
pub use recording::{
    BoardSlot, ChainNode, Class, ClassId, Clock, Deadlock, DeadlockKind, Event, ExitState, Held,
    HeldAcrossPool, InstanceId, JobStep, KeptAsleep, KeptKind, Label, LockUse, Lost, Module,
    NodeId, Op, Overdue, OverdueKind, Panic, Participant, Polled, PoolUse, Process, Race,
    RaceAccess, RaceGuard, RaceKind, Recording, Site, SiteId, Strand, Stream, Thread, ThreadNum,
    ThreadState, Totals, Wait, WaitStack,
};
pub use wait_kind::WaitKind;
