//! Version 1 of the JSON report. Frozen: fields may be added, none may change or go; see `docs/stability.md`.
//!
//! The schema is `cli/schemas/report-v1.json`.

mod convert;
mod end;
mod shape;

pub use convert::report;
pub use end::{End, Event, Hold, OsState, ThreadAtEnd, Wait, WaitEdge, WaitFor};
pub use shape::{
    Coverage, JsonFinding, JsonRemark, JsonSite, JsonSuppressed, Lock, Lost, Place, Program,
    RecordingInfo, Report, StackFrame, Summary, Thread, Tool, Unreadable,
};
