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
    since.map_or_else(String::new, |since| format!(", since {}", seconds(since)))
}

/// A duration with a unit that suits it.
pub(super) fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s if s < 600.0 => format!("{s:.3} s"),
        s if s < 36_000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_have_fitting_units() {
        assert_eq!(seconds(0.000_012_3), "12.3 µs");
        assert_eq!(seconds(0.0123), "12.3 ms");
        assert_eq!(seconds(12.3), "12.300 s");
        assert_eq!(seconds(1200.0), "20 min");
        assert_eq!(seconds(90_000.0), "25.0 h");
    }
}
