//! Collects what could not be read.

/// More lines than this help nobody and would let a hostile file fill the memory.
const LINES: usize = 64;

/// Damage found so far, one line each. Lines hold numbers only, never text of the file.
#[derive(Debug, Default)]
pub(super) struct Damage {
    lines: Vec<String>,
    more: usize,
}

impl Damage {
    /// Adds a line.
    pub(super) fn add(&mut self, line: String) {
        if self.lines.len() < LINES {
            self.lines.push(line);
        } else {
            self.more += 1;
        }
    }

    /// Adds `count what`, where there is something to count.
    pub(super) fn count(&mut self, count: usize, what: &str) {
        if count > 0 {
            self.add(format!("{count} {what}"));
        }
    }

    /// The lines, with a last one for those left out.
    pub(super) fn into_lines(mut self) -> Vec<String> {
        if self.more > 0 {
            self.lines.push(format!("{} further places are damaged", self.more));
        }
        self.lines
    }
}
