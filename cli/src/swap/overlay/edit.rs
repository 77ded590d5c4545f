//! One edit of one text.

use super::definition::Edit;
use regex_lite::{Regex, RegexBuilder};

/// Why an overlay does not fit.
#[derive(Debug, thiserror::Error)]
pub(super) enum Mismatch {
    /// What is to be edited is not there, or more often than known.
    #[error("its source is unknown: `{find}` is there {}", times(*count))]
    Count { find: String, count: usize },
    /// The overlay itself is wrong.
    #[error("its overlay is wrong: {0}")]
    Expression(#[from] regex_lite::Error),
}

fn times(count: usize) -> String {
    match count {
        0 => "not at all".to_owned(),
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}

fn expression(find: &str) -> Result<Regex, Mismatch> {
    Ok(RegexBuilder::new(find).multi_line(true).build()?)
}

/// Whether a text has it.
pub(super) fn finds(find: &str, text: &str) -> Result<bool, Mismatch> {
    Ok(expression(find)?.is_match(text))
}

/// The new text, and how often it was edited.
pub(super) fn apply(edit: &Edit, text: &str) -> Result<(String, usize), Mismatch> {
    let find = expression(&edit.find)?;
    let count = find.find_iter(text).count();
    Ok((find.replace_all(text, edit.put.as_str()).into_owned(), count))
}
