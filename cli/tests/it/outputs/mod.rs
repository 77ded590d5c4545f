//! Every form of the report, read back by a reader that is not ours.

mod dot;
mod forms;
mod github;
mod hostile;
mod html;
mod junit;
mod markdown;
mod rustc_json;
mod sarif;
mod traces;
