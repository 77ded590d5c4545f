//! The forms of the report: each consumes the same [`View`] and gives text; nothing here reads or writes files.
//!
//! Text is styled with ANSI sequences where a form has colours; whoever prints it strips them where they are not
//! wanted. Everything that a program supplied goes through [`crate::escape`].

mod change;
mod cycles;
pub mod diff;
mod dot;
mod facts;
mod format;
mod github;
mod html;
mod human;
mod interleaving;
mod json;
mod junit;
mod location;
mod markdown;
mod profile;
mod rustc_json;
mod sarif;
mod short;
mod spots;
mod test_of;
mod trace;
mod view;

pub use format::Format;
pub use json::v1;
pub use location::Repository;
pub use profile::{ProfileFormat, render as render_profile};
pub(crate) use test_of::{test_of, tests_of};
pub use view::{Program, View};

use crate::postmortem::End;

/// Who waits for whom in a process, in so many lines of plain text, each indented by four columns.
pub(crate) fn wait_tree(end: &End, lines: usize) -> String {
    human::wait_tree(end, lines)
}

/// A report.
#[derive(Clone, Debug)]
pub enum Rendered {
    /// Text, which may have colours.
    Text(String),
    /// What no terminal shows.
    Bytes(Vec<u8>),
}

/// The report in the form that was asked for.
#[must_use]
pub fn render(format: Format, view: &View<'_>) -> Rendered {
    Rendered::Text(match format {
        Format::Human => human::render(view),
        Format::Short => short::render(view),
        Format::Json | Format::JsonV1 => json::render(&v1::report(view)),
        Format::Sarif => json::render(&sarif::log(view)),
        Format::Github => github::render(view),
        Format::Junit => junit::render(view),
        Format::Markdown => markdown::render(view),
        Format::Dot => dot::render(view),
        Format::Html => html::render(view),
        Format::RustcJson => rustc_json::render(view),
        Format::ChromeTrace => trace::chrome(view),
        Format::Firefox => trace::firefox(view),
        Format::Perfetto => return Rendered::Bytes(trace::perfetto(view)),
    })
}
