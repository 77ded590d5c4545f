//! A flame graph as SVG: a picture without a script, which says the whole of each frame where the pointer is.

use super::stack::{Frame, Stack};
use crate::words;
use std::collections::BTreeMap;
use std::fmt::Write;

const WIDTH: f64 = 1200.0;
const ROW: f64 = 19.0;
/// Above and below the frames, and beside them.
const MARGIN: f64 = 30.0;
/// What a character takes.
const CHARACTER: f64 = 6.6;
/// What is narrower is left out.
const NARROWEST: f64 = 0.3;

/// By what a frame tells: all, the lock, who waits, who is in the way, what that one waits for.
const COLOURS: [&str; 5] = ["#e8e8e8", "#f2a28c", "#f7c67f", "#f3e08c", "#a9cdea"];

/// A frame with all that is on it.
#[derive(Debug, Default)]
struct Block<'a> {
    nanoseconds: u64,
    above: BTreeMap<&'a str, Self>,
}

impl<'a> Block<'a> {
    fn add(&mut self, frames: &'a [Frame], nanoseconds: u64) {
        self.nanoseconds = self.nanoseconds.saturating_add(nanoseconds);
        if let Some((first, rest)) = frames.split_first() {
            self.above.entry(&first.name).or_default().add(rest, nanoseconds);
        }
    }

    fn height(&self) -> usize {
        1 + self.above.values().map(Block::height).max().unwrap_or(0)
    }
}

/// A picture of an empty frame where nothing was waited for.
pub(super) fn render(stacks: &[Stack]) -> String {
    let mut all = Block::default();
    for stack in stacks {
        all.add(&stack.frames, stack.nanoseconds);
    }
    let height = all.height() as f64 * ROW + 2.0 * MARGIN;
    let width = WIDTH + 2.0 * MARGIN;
    let mut out = String::new();
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="monospace" font-size="11">
<title>Waits for locks</title>
<rect width="100%" height="100%" fill="white"/>"#
    );
    let picture = Picture { total: all.nanoseconds.max(1), bottom: height - MARGIN - ROW };
    picture.draw(&all, "all waits for locks", (MARGIN, 0), &mut out);
    out.push_str("</svg>\n");
    out
}

struct Picture {
    total: u64,
    /// Where the lowest row begins.
    bottom: f64,
}

impl Picture {
    /// A frame whose left edge is at `x`, in this row from the bottom, and all that is on it.
    fn draw(&self, block: &Block<'_>, name: &str, (x, row): (f64, usize), out: &mut String) {
        let width = self.width(block);
        if row > 0 && width < NARROWEST {
            return;
        }
        let y = self.bottom - row as f64 * ROW;
        let share = block.nanoseconds as f64 / self.total as f64 * 100.0;
        let time = words::seconds(block.nanoseconds as f64 / 1e9);
        let colour = COLOURS[row.min(COLOURS.len() - 1)];
        let whole = xml(&format!("{name}: {time}, {share:.1} %"));
        let _ = writeln!(
            out,
            r##"<g><title>{whole}</title><rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{:.1}" fill="{colour}" stroke="white"/>{}</g>"##,
            ROW - 1.0,
            text(name, x, y, width),
        );
        let mut x = x;
        // The widest first.
        let mut above: Vec<_> = block.above.iter().collect();
        above.sort_by_key(|(_, block)| std::cmp::Reverse(block.nanoseconds));
        for (name, block) in above {
            self.draw(block, name, (x, row + 1), out);
            x += self.width(block);
        }
    }

    fn width(&self, block: &Block<'_>) -> f64 {
        block.nanoseconds as f64 / self.total as f64 * WIDTH
    }
}

/// As much of a name as there is room for; nothing where that says nothing.
fn text(name: &str, x: f64, y: f64, width: f64) -> String {
    let room = ((width - 6.0) / CHARACTER).max(0.0) as usize;
    if room < 4 {
        return String::new();
    }
    let shown = xml(&crate::escape::fit(name, room));
    format!(r#"<text x="{:.1}" y="{:.1}">{shown}</text>"#, x + 3.0, y + 13.0)
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
