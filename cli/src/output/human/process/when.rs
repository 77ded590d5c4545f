//! Times and places in a line.

use crate::output::words;
use syncscope_detector::finding::Place;

/// `, taken at src/main.rs:3:5`, or nothing.
pub(super) fn at(word: &str, place: &Place) -> String {
    match place.line {
        0 => String::new(),
        _ => format!(", {word} {}", words::place(place)),
    }
}

/// `, since 1.2 s`, or nothing: counted from the start of the recording.
pub(super) fn since(since: Option<f64>) -> String {
    since.map_or_else(String::new, |since| format!(", since {}", words::seconds(since)))
}
