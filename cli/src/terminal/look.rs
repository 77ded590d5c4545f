//! One look after the other at what changes.

/// The last look.
#[derive(Debug, Default)]
pub struct Looks {
    last: Vec<String>,
}

/// Columns that the mark of a line takes.
pub const MARGIN: usize = 2;

impl Looks {
    /// The text of the next look. On a terminal with a mark on each line that has changed; elsewhere only if there is one. Times that go on are
    /// no change.
    #[must_use]
    pub fn next(&mut self, text: &str, is_terminal: bool) -> Option<String> {
        let keys: Vec<String> = text.lines().map(key).collect();
        let last = std::mem::replace(&mut self.last, keys);
        if !is_terminal {
            return (last != self.last).then(|| text.to_owned());
        }
        let mark = |(line, key): (&str, &String)| {
            let is_new = !last.is_empty() && !line.is_empty() && !last.contains(key);
            format!("{}{line}\n", if is_new { "> " } else { "  " })
        };
        Some(text.lines().zip(&self.last).map(mark).collect())
    }
}

/// A line without its numbers, which go on.
fn key(line: &str) -> String {
    let plain = anstream::adapter::strip_str(line).to_string();
    plain.chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_marked() {
        let mut looks = Looks::default();
        assert_eq!(
            looks.next("a waits for 1.5 s\n\nb runs\n", true).unwrap(),
            "  a waits for 1.5 s\n  \n  b runs\n"
        );
        let next = looks.next("a waits for 12 s\n\nb waits\n", true).unwrap();
        assert_eq!(next, "  a waits for 12 s\n  \n> b waits\n");
    }

    #[test]
    fn a_file_gets_what_has_changed() {
        let mut looks = Looks::default();
        assert!(looks.next("a waits for 1 s\n", false).is_some());
        assert!(looks.next("a waits for 2 s\n", false).is_none());
        assert_eq!(looks.next("a runs\n", false).as_deref(), Some("a runs\n"));
    }
}
