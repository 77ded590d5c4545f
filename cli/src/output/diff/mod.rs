//! The forms of a comparison of two runs.

mod compared;
mod format;
mod human;
mod json;

pub use compared::{Compared, Side};
pub use format::DiffFormat;
pub use json::report;

/// The comparison in the form that was asked for.
#[must_use]
pub fn render(format: DiffFormat, compared: &Compared<'_>) -> String {
    match format {
        DiffFormat::Human => human::render(compared),
        DiffFormat::Json | DiffFormat::JsonV1 => super::json::render(&json::report(compared)),
    }
}
