//! `top`: what a running process does with its locks, on a screen, from its mapped recording. The process is not touched.
//!
//! Data flows one way. [`Watch`] looks at the recording, in a thread of its own, and makes a [`Model`] of it, which is plain text and numbers. [`State`] is
//! what the user has chosen: it changes by keys alone (`keys`) and knows no terminal. `view` draws the two, `dump` writes them to a file, and
//! [`Screen`] sees to it that the terminal is as before afterwards. [`run`] has the loop.
//!
//! All text of a model is escaped.

mod choose;
mod dump;
mod keys;
mod model;
mod pace;
mod questions;
mod run;
mod screen;
mod signals;
mod state;
mod view;
mod watch;

pub use choose::{Choice, choose};
pub use dump::text;
pub use model::{Cell, Column, Model, Process, Row, Seen, Table, Tone};
pub use run::{RunError, Show, run};
pub use screen::Screen;
pub use state::{Effect, Form, State, Tab};
pub use watch::{FindSources, Judge, Watch};
