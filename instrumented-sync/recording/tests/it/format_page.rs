//! `docs/format.md` and `layout.rs`, with its `layout/parts.rs`, say the same.
//!
//! Every constant of `layout.rs` has a row in a table of the page, under the heading of its module, with the same number;
//! every row has its constant. Fields also agree in their size and do not overlap. The example of the page is what the
//! builder makes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use syncscope_recording::layout::{PAGE, header};
use syncscope_recording::model::Site;
use syncscope_recording::testing::{FileBuilder, LogBuilder};

const LAYOUT: &str =
    concat!(include_str!("../../src/layout.rs"), include_str!("../../src/layout/parts.rs"));

/// `(module, name)` to a number or a text.
type Names = BTreeMap<(String, String), String>;

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/format.md");
    std::fs::read_to_string(path).expect("docs/format.md")
}

#[test]
fn the_page_has_the_numbers_of_the_layout() {
    let (constants, _) = constants();
    let rows: Names = rows(&page()).into_iter().map(|row| (row.key, row.value)).collect();
    assert!(constants.len() > 150, "the parser of layout.rs has lost its way");
    for (key, value) in &constants {
        let (module, name) = key;
        let row = rows.get(key);
        assert_eq!(row, Some(value), "docs/format.md, section `{module}`, row {name}");
    }
    for key in rows.keys() {
        assert!(constants.contains_key(key), "docs/format.md has {key:?}, layout.rs has not");
    }
}

#[test]
fn the_page_has_the_sizes_of_the_layout() {
    let (_, types) = constants();
    let mut end_of = BTreeMap::new();
    let mut checked = 0;
    for row in rows(&page()) {
        let Some(size) = row.size else { continue };
        let (module, name) = &row.key;
        let start: usize = row.value.parse().expect("an offset");
        if let Some(kind) = types.get(&row.key) {
            assert_eq!(size_of_type(kind), Some(size), "docs/format.md, `{module}`, {name}");
            checked += 1;
        }
        let end = end_of.insert(module.clone(), start + size).unwrap_or(0);
        assert!(start >= end, "docs/format.md: {name} of `{module}` overlaps the field before");
    }
    assert!(checked > 60, "only {checked} fields have a size");
}

#[test]
fn the_example_is_what_the_format_gives() {
    let file = FileBuilder::new()
        .u32(header::PID, 4242)
        .u32(header::MODE, 2)
        .u64(header::START_TICKS, 0x1_0000)
        .string("exe", "/usr/bin/bank")
        .string("arg", "bank")
        .chunk(
            LogBuilder::new()
                .site(1, &Site { file: "src/main.rs".into(), line: 12, column: 24 })
                .note("hi")
                .chunk(),
        )
        .finish();
    let expected = dump(&file, &[0..0x40, 0x90..0xB0, PAGE..PAGE + 0x20, PAGE + 0x40..PAGE + 0x80]);
    let page = page();
    let example = page.split("```text hexdump\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(example, Some(expected.as_str()), "the example should be:\n{expected}");
}

/// Lines of sixteen bytes; `*` stands for what is left out.
fn dump(file: &[u8], ranges: &[std::ops::Range<usize>]) -> String {
    let mut text = String::new();
    for (index, range) in ranges.iter().enumerate() {
        if index > 0 {
            text.push_str("*\n");
        }
        for start in range.clone().step_by(16) {
            let line = &file[start..(start + 16).min(range.end)];
            _ = write!(text, "{start:08x} ");
            for byte in line {
                _ = write!(text, " {byte:02x}");
            }
            let shown: String = line
                .iter()
                .map(|&byte| if byte.is_ascii_graphic() { char::from(byte) } else { '.' })
                .collect();
            _ = writeln!(text, "{}  {shown}", "   ".repeat(16 - line.len()));
        }
    }
    text
}

/// The constants of `layout.rs`: their values, and the types that their documentation starts with.
fn constants() -> (Names, Names) {
    let (mut values, mut types) = (Names::new(), Names::new());
    let mut module = String::new();
    let mut docs = String::new();
    for line in LAYOUT.lines() {
        let line_text = line.trim();
        if let Some(text) = line_text.strip_prefix("///") {
            docs.push_str(text);
        } else if let Some(rest) = line.strip_prefix("pub mod ") {
            module = rest.trim_end_matches(" {").to_owned();
            docs.clear();
        } else if line == "}" {
            module.clear();
        } else if let Some(rest) = line_text.strip_prefix("pub const ") {
            let (name, rest) = rest.split_once(':').expect("a type");
            let (_, value) = rest.split_once('=').expect("a value");
            let key = (module.clone(), name.to_owned());
            values.insert(key.clone(), normal(value.trim_end_matches(';')));
            // A field's documentation starts with its type.
            if let Some(kind) =
                docs.trim_start().strip_prefix('`').and_then(|d| d.split('`').next())
            {
                types.insert(key, kind.to_owned());
            }
            docs.clear();
        }
    }
    (values, types)
}

/// A row of a table whose first column is a number.
struct Row {
    key: (String, String),
    value: String,
    size: Option<usize>,
}

/// The rows of all tables with the columns `Offset | Size | Name` or `Value | Name`. Their module is the code in the
/// heading above.
fn rows(page: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut module, mut columns) = (String::new(), Vec::new());
    for line in page.lines() {
        if line.starts_with('#') {
            module = line.split('`').nth(1).unwrap_or_default().to_owned();
            continue;
        }
        let Some(cells) = line.strip_prefix('|') else {
            columns.clear();
            continue;
        };
        let cells: Vec<_> = cells.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        if columns.is_empty() {
            columns = cells.iter().map(|cell| (*cell).to_owned()).collect();
            continue;
        }
        let cell = |name| columns.iter().position(|column| column == name).map(|at| cells[at]);
        let value = cell("Offset").or(cell("Value")).filter(|value| !value.starts_with("--"));
        let (Some(value), Some(name)) = (value, cell("Name")) else { continue };
        let size = cell("Size").map(|size| size.parse().expect("a size"));
        rows.push(Row { key: (module.clone(), name.to_owned()), value: normal(value), size });
    }
    rows
}

/// One spelling for numbers in decimal, hexadecimal and as shifts; texts without their quotes.
fn normal(value: &str) -> String {
    let value = value.trim();
    if let Some(text) = value.split('"').nth(1) {
        return text.to_owned();
    }
    let number = match (value.strip_prefix("0x"), value.split_once(" << ")) {
        (Some(hex), _) => u64::from_str_radix(hex, 16).ok(),
        (None, Some((base, shift))) => {
            base.parse::<u64>().ok().zip(shift.parse::<u32>().ok()).map(|(b, s)| b << s)
        }
        (None, None) => value.parse().ok(),
    };
    number.map_or_else(|| value.to_owned(), |number| number.to_string())
}

fn size_of_type(kind: &str) -> Option<usize> {
    Some(match kind {
        "u16" => 2,
        "u32" => 4,
        "u64" | "[u8; 8]" => 8,
        _ => return None,
    })
}
