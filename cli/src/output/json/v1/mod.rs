//! Version 1 of the JSON report. Frozen: fields may be added, none may change or go; see `docs/stability.md`.
//!
//! The schema is `cli/schemas/report-v1.json`.

mod advice;
mod contention;
mod convert;
mod end;
mod place;
mod shape;

pub use convert::report;

/// The schema of this version.
pub const SCHEMA: &str = include_str!("../../../../schemas/report-v1.json");

pub use end::{End, Event, Hold, OsState, ThreadAtEnd, Wait, WaitEdge, WaitFor};
pub use place::{Place, StackFrame};
pub use shape::{
    Coverage, JsonFinding, JsonRemark, JsonSite, JsonSuppressed, Lock, Lost, Program,
    RecordingInfo, Report, Summary, Thread, Tool, Unreadable,
};
