//! Functions and source lines of recorded addresses, found when a report is made, on this machine or another.
//!
//! A recording holds raw addresses, and of each loaded file where it lay, its path and its build id. Here the file, or what
//! holds its symbols, is found again (`locate`), opened (`module`) and asked (`resolve`); what people need not see of a
//! stack is left out (`origin`, `trace`). A file of another build would give wrong names, so one is used only when its build
//! id is the recorded one, or, for want of ids, when it has not been changed since.
//!
//! A recording may come from a stranger, and so may the paths in it: only regular files are opened.

mod locate;
mod module;
mod origin;
mod resolve;
mod trace;
mod variable;

pub use origin::is_library;
pub use resolve::Symbols;
pub use trace::{Frame, Origin, Trace};
