//! Tables of packed words: `| bits | …` in a comment tells what each bit of a word means.

use super::super::{Source, Violation};

/// Widths of a word.
const WIDTHS: [u32; 2] = [32, 64];

/// Tables whose rows leave bits out or overlap, and rows that name a constant which is something else in the same file.
///
/// A row begins with its bits, as `3` or `0-15`. A constant that it names first, in brackets, is the row's lowest bit, the distance
/// of a shift, or the number of its bits.
#[must_use]
pub fn bit_tables(source: &Source) -> Vec<Violation> {
    let comments = &source.parts.comments;
    let starts = (0..comments.len()).filter(|line| cells(&comments[*line]).is_some_and(is_head));
    starts.flat_map(|start| table(source, start)).collect()
}

fn cells(comment: &str) -> Option<(String, String)> {
    let row = comment.trim().trim_start_matches(['/', '!']).trim().strip_prefix('|')?;
    let (bits, meaning) = row.strip_suffix('|')?.split_once('|')?;
    Some((bits.trim().to_owned(), meaning.trim().to_owned()))
}

fn is_head((bits, _): (String, String)) -> bool {
    bits == "bits"
}

fn table(source: &Source, start: usize) -> Vec<Violation> {
    let mut next = 0;
    let mut wrong = Vec::new();
    // Behind the head and the line under it.
    for line in start + 2.. {
        let Some((bits, meaning)) =
            source.parts.comments.get(line).and_then(|comment| cells(comment))
        else {
            break;
        };
        let Some((low, high)) = range(&bits) else {
            wrong.push(source.violation(line, "no bits: write `3` or `0-15`"));
            continue;
        };
        if low != next || high < low {
            wrong.push(source.violation(line, format!("bit {next} comes next")));
        }
        next = high + 1;
        if let Some(name) = named(&meaning)
            && !is_it(source, name, low, high)
        {
            wrong.push(source.violation(line, format!("`{name}` is something else")));
        }
    }
    if !WIDTHS.contains(&next) {
        wrong.push(source.violation(start, format!("the table has {next} bits")));
    }
    wrong
}

fn range(bits: &str) -> Option<(u32, u32)> {
    let (low, high) = bits.split_once('-').unwrap_or((bits, bits));
    Some((low.parse().ok()?, high.parse().ok()?))
}

/// The constant that a row begins with.
fn named(meaning: &str) -> Option<&str> {
    let name = meaning.strip_prefix("[`")?.split('`').next()?;
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_').then_some(name)
}

fn is_it(source: &Source, name: &str, low: u32, high: u32) -> bool {
    let head = format!("const {name}: ");
    let values = source.parts.code.iter().filter_map(|code| {
        let (_, rest) = code.split_once(&head)?;
        rest.split_once('=')?.1.trim().strip_suffix(';')
    });
    let bits = high - low + 1;
    let mut forms = values.map(|value| value.replace('_', ""));
    forms.any(|value| {
        value == format!("1 << {low}")
            || value == low.to_string()
            || value == bits.to_string()
            || value == format!("0x{:08X}", ((1_u64 << bits) - 1) << low)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(rows: &[&str], code: &str) -> Vec<String> {
        let rows: String = rows.iter().map(|row| format!("/// {row}\n")).collect();
        let source =
            Source::new("a.rs", format!("/// | bits | word |\n/// | --- | --- |\n{rows}{code}\n"));
        bit_tables(&source).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_bit_has_one_meaning() {
        let good = ["| 0-15 | number |", "| 16 | [`A`]: a |", "| 17-31 | nothing |"];
        let code = "const A: u32 = 1 << 16;";
        assert_eq!(wrong(&good, code), [""; 0]);
        assert_eq!(wrong(&good, "const A: u32 = 1 << 17;").len(), 1, "another bit");
        assert_eq!(wrong(&good[..2], code).len(), 1, "a word is whole");
        assert_eq!(wrong(&["| 0-7 | a |", "| 9-31 | b |"], code).len(), 1, "bit 8 is missing");
        assert_eq!(wrong(&["| 0-8 | a |", "| 8-31 | b |"], code).len(), 1, "bit 8 is there twice");
    }

    #[test]
    fn shifts_counts_and_masks_count() {
        let rows = ["| 0-23 | [`MASK`] |", "| 24-31 | [`SHIFT`] |"];
        assert_eq!(wrong(&rows, "const MASK: u32 = 0x00FF_FFFF;\nconst SHIFT: u32 = 24;"), [""; 0]);
        assert_eq!(wrong(&rows, "const MASK: u32 = 24;\nconst SHIFT: u32 = 8;"), [""; 0]);
        assert_eq!(wrong(&rows, "const MASK: u32 = 0x0FFF_FFFF;\nconst SHIFT: u32 = 23;").len(), 2);
    }
}
