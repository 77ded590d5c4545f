//! Examples, out of rustdoc's source pages.

/// A fenced code block of a documentation comment, fences included.
pub(crate) struct Example {
    block: String,
}

impl Example {
    /// Whether it needs another toolchain than a stable one.
    pub(crate) fn uses_unstable_features(&self) -> bool {
        self.block.contains("#![feature(")
    }

    /// The block with this crate's paths for std's.
    pub(crate) fn with_our_paths(&self) -> String {
        let block = self
            .block
            .replace("use std::sync;", "use instrumented_sync as sync;")
            .replace("std::sync", "instrumented_sync")
            .replace("std::thread", "instrumented_sync::thread");
        let lines: Vec<String> = block.lines().map(split_use).collect();
        lines.join("\n")
    }
}

/// `use std::{thread, time};` as two lines, of which one is ours.
fn split_use(line: &str) -> String {
    let Some((indent, list)) = line.split_once("use std::{") else { return line.to_owned() };
    let list = list.strip_suffix("};").expect("one line");
    let (ours, theirs): (Vec<&str>, Vec<&str>) = list
        .split(',')
        .map(str::trim)
        .partition(|name| name.starts_with("sync") || name.starts_with("thread"));
    let ours: String =
        ours.iter().map(|name| format!("use instrumented_sync::{name};\n")).collect();
    format!("{ours}{indent}use std::{{{}}};", theirs.join(", "))
}

/// The examples of a page.
pub(crate) fn examples(page: &str) -> Vec<Example> {
    let code = page
        .split_once("<pre class=\"rust\"><code>")
        .and_then(|(_, rest)| rest.split_once("</code></pre>"))
        .map_or("", |(code, _)| code);
    let source = unescape(&without_tags(&without_line_numbers(code)));
    let mut examples = Vec::new();
    let mut open: Option<(String, bool)> = None;
    for line in source.lines() {
        let line = line.trim_start();
        let Some(text) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            open = None;
            continue;
        };
        let text = text.strip_prefix(' ').unwrap_or(text);
        let fence = text.trim_start().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(tag)) => {
                let rust = tag.split(',').all(|tag| tag.trim() != "text" && tag.trim() != "toml");
                open = Some((format!("{text}\n"), rust));
            }
            (Some((block, _)), None) => {
                block.push_str(text);
                block.push('\n');
            }
            (Some((block, rust)), Some(_)) => {
                block.push_str(text);
                if *rust {
                    examples.push(Example { block: std::mem::take(block) });
                }
                open = None;
            }
            (None, None) => {}
        }
    }
    examples
}

/// Line numbers are links with a text that is not part of the source.
fn without_line_numbers(html: &str) -> String {
    let mut result = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, link)) = rest.split_once("<a href=#") {
        result.push_str(before);
        rest = link.split_once("</a>").map_or("", |(_, rest)| rest);
    }
    result + rest
}

fn without_tags(html: &str) -> String {
    let mut result = String::with_capacity(html.len());
    let mut in_tag = false;
    for character in html.chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => {}
            _ => result.push(character),
        }
    }
    result
}

fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}
