//! Settings: one name everywhere, from the command line, the environment and the configuration file.
//!
//! | key in `syncscope.toml` | flag | environment | values |
//! | --- | --- | --- | --- |
//! | `dir` | `--dir` | `SYNCSCOPE_DIR` | a folder |
//! | `mode` | `--mode` | `SYNCSCOPE_MODE` | `off`, `order`, `ring`, `full` |
//! | `on-deadlock` | `--on-deadlock` | `SYNCSCOPE_ON_DEADLOCK` | `exit`, `panic`, `report` |
//! | `stall` | `--stall` | `SYNCSCOPE_STALL` | a time, `off` |
//! | `on-stall` | `--on-stall` | `SYNCSCOPE_ON_STALL` | `exit`, `report` |
//! | `long-wait` | `--long-wait` | `SYNCSCOPE_LONG_WAIT` | a time, `off` |
//! | `blocking` | `--blocking` | `SYNCSCOPE_BLOCKING` | a time, `off` |
//! | `long-hold` | `--long-hold` | `SYNCSCOPE_LONG_HOLD` | a time, `off` |
//! | `redact` | `--redact` | `SYNCSCOPE_REDACT` | `secrets`, `all`, `none` |
//! | `scope` | `--scope` | `SYNCSCOPE_SCOPE` | `workspace`, `all` |
//! | `incomplete` | `--incomplete` | `SYNCSCOPE_INCOMPLETE` | `warn`, `deny` |
//! | `baseline` | `--baseline` | `SYNCSCOPE_BASELINE` | a file |
//! | `[levels]` | `--allow`, `--warn`, `--deny` | | rules, groups, grades |
//!
//! `[[allow]]` in the file lets findings pass on purpose; see [`crate::policy`].
//! `[order]` in the file declares lock orders: each key has a list of names, outermost first. It is the file's alone.
//!
//! The command line wins over the environment, the environment over the file, the file over the default.

mod error;
mod file;
mod order;
mod policy;
mod resolve;
mod times;
mod values;

pub use error::SettingsError;
pub use file::{ConfigError, ConfigFile, DEFAULT_FILE};
pub use policy::{baseline_path, policy};
pub use resolve::{Environment, Settings};
pub use times::Times;
pub use values::{Mode, OnDeadlock, OnStall, Redact};
