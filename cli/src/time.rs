//! Times, as users write them.

use std::time::Duration;

/// A time after which something is told, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(Option<Duration>);

impl Time {
    /// What a time looks like, for messages.
    pub const FORM: &str = "a number with ms, s, m or h (such as 5s), or off";

    /// Reads `5s`, `500ms`, `1.5s`, `2m`, `1h`, `off` or 0; a bare number is seconds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "off" {
            return Some(Self(None));
        }
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let seconds = match unit.trim() {
            "ms" => 1e-3,
            "s" | "" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        let time = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
        Some(Self(Some(time).filter(|time| !time.is_zero())))
    }

    /// The time; `None` is never.
    #[must_use]
    pub const fn duration(self) -> Option<Duration> {
        self.0
    }

    /// As the runtime reads it.
    #[must_use]
    pub fn word(self) -> String {
        self.0.map_or_else(|| "off".to_owned(), |time| format!("{}ms", time.as_millis().max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, word) in [
            ("5s", "5000ms"),
            ("500ms", "500ms"),
            ("1.5 s", "1500ms"),
            ("2m", "120000ms"),
            ("1h", "3600000ms"),
            ("7", "7000ms"),
            ("0", "off"),
            ("off", "off"),
            ("0.1ms", "1ms"),
        ] {
            assert_eq!(Time::parse(text).map(Time::word).as_deref(), Some(word), "{text:?}");
        }
        for wrong in ["", "s", "-1s", "5 parsecs", "1.2.3s", "inf", "never"] {
            assert_eq!(Time::parse(wrong), None, "{wrong:?}");
        }
    }
}
