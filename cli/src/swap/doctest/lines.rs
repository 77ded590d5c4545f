//! Puts the lines of a doc test where they stand in the source.
//!
//! rustdoc makes a program of a test: it takes away comment signs and hidden marks, moves attributes, drops empty lines, and
//! adds lines of its own. The line that it tells the compiler is for messages, and off by what it added. So the lines are looked
//! up in the source.

/// How far from the line that rustdoc tells the test may begin.
const NEAR: usize = 12;

/// The program with each line where it stands in the source; with as many lines before it as rustdoc says where none is found.
pub(super) fn place(program: &str, source: Option<&str>, told: usize) -> String {
    let source: Vec<&str> = source.unwrap_or_default().lines().collect();
    let lines: Vec<&str> = program.lines().collect();
    let near = (told.saturating_sub(1)..=told + NEAR).filter(|&at| is_fence(&source, at));
    let found = near
        .map(|fence| find(&lines, &source, fence))
        .max_by_key(|found| found.iter().flatten().count());
    match found.filter(|found| found.iter().any(Option::is_some)) {
        Some(found) => placed(&lines, &source, &found),
        None => "\n".repeat(told) + program,
    }
}

/// Whether a block may begin or end in a line, counted from 0.
fn is_fence(source: &[&str], at: usize) -> bool {
    source
        .get(at)
        .is_some_and(|line| ["```", "~~~"].iter().any(|fence| text(line).starts_with(fence)))
}

/// For each line of the program the line of the block that is the same, counted from 0.
fn find(lines: &[&str], source: &[&str], fence: usize) -> Vec<Option<usize>> {
    let end = (fence + 1..source.len()).find(|&at| is_fence(source, at)).unwrap_or(source.len());
    let mut next = fence + 1;
    let mut find = |line: &&str| {
        let line = line.trim();
        // An empty line tells nothing by itself.
        let last = if line.is_empty() { end.min(next + 1) } else { end };
        let at = (next..last).find(|&at| text(source[at]) == line)?;
        next = at + 1;
        Some(at)
    };
    lines.iter().map(&mut find).collect()
}

/// What a line of documentation says.
fn text(line: &str) -> &str {
    let line = line.trim();
    let marks = ["///", "//!", "*"];
    let line = marks.iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim();
    match line.strip_prefix('#') {
        Some("") => "",
        Some(hidden) if hidden.starts_with(' ') => hidden.trim(),
        Some(one) if one.starts_with('#') => one,
        _ => line,
    }
}

fn placed(lines: &[&str], source: &[&str], found: &[Option<usize>]) -> String {
    // A string over several lines has to stay as it is.
    let may_move = lines.iter().all(|line| line.matches('"').count().is_multiple_of(2));
    let mut out = String::new();
    let (mut at, mut is_begun) = (0, false);
    for (line, found) in lines.iter().zip(found) {
        if let Some(found) = found.filter(|&found| found >= at) {
            is_begun &= found == at;
            out.push_str(&"\n".repeat(found - at));
            at = found;
            if may_move && !is_begun {
                let column = source[found].find(line.trim()).unwrap_or(0);
                let indent = line.len() - line.trim_start().len();
                out.push_str(&" ".repeat(column.saturating_sub(indent)));
            }
        } else if may_move && line.trim().is_empty() {
            continue;
        } else if may_move && !line.contains("//") {
            // What rustdoc added shares a line with what follows.
            out.push_str(line);
            out.push(' ');
            is_begun = true;
            continue;
        }
        out.push_str(line);
        out.push('\n');
        (at, is_begun) = (at + 1, false);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
/// ```
/// one();
/// ```
pub fn k() {}
/// ```
/// #![allow(dead_code)]
///
/// # use docs::k;
/// if true {
///     k();
/// }
/// ```
pub fn l() {}
";

    #[test]
    fn lines_stand_where_they_do_in_the_source() {
        let program = "\
#![deny(unused_mut)]
#![allow(dead_code)]

#[allow(unused_extern_crates)]
extern crate r#docs;
fn main() { fn _test() {
use docs::k;
if true {
    k();
}
} _test() }
";
        let placed = place(program, Some(SOURCE), 3);
        let lines: Vec<&str> = placed.lines().collect();
        for (number, line) in [(8, "use docs::k;"), (9, "    if true {"), (10, "        k();")] {
            assert!(lines[number - 1].ends_with(line), "{number}: {placed}");
        }
        assert_eq!(lines[8].find("if"), SOURCE.lines().nth(8).and_then(|line| line.find("if")));
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&placed), words(program));
    }

    #[test]
    fn strings_over_several_lines_stay() {
        let source = "/// ```\n/// let x = \"a\n///\n///   b\";\n/// ```\n";
        let program = "#![allow(unused)]\nfn main() {\nlet x = \"a\n\n  b\";\n}\n";
        let placed = place(program, Some(source), 0);
        assert!(placed.contains("let x = \"a\n\n  b\";"), "{placed}");
    }

    #[test]
    fn where_the_source_has_no_such_lines_rustdoc_is_believed() {
        for source in [None, Some(""), Some("#[doc = include_str!(\"x.md\")]\n")] {
            assert_eq!(place("fn main() {}\n", source, 2), "\n\nfn main() {}\n");
        }
    }
}
