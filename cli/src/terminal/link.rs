//! Links in terminals: OSC 8, an address around text.
//!
//! Outputs know nothing of links. They give plain places, `src/main.rs:3:7`, and rules in brackets; what is a link is decided
//! where the text is printed, and only there: no file ever has one.

use crate::pages;
use anstream::adapter::strip_str;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use syncscope_detector::RuleId;

/// Finds what places and rules lead to.
#[derive(Debug)]
pub struct Linker {
    /// Where relative paths may lie, the first that has the file.
    pub roots: Vec<PathBuf>,
}

/// The text with links around places in files that exist, and around the names of rules in brackets.
#[must_use]
pub fn with_links(styled: &str, linker: &Linker) -> String {
    let mut out = String::with_capacity(styled.len());
    for line in styled.split_inclusive('\n') {
        match link_of(line, linker) {
            Some((text, url)) => {
                let (before, after) = line.split_once(&text).unwrap_or((line, ""));
                // Escaped already: the text is a part of the report, and the address has no character but ASCII's graphic ones.
                let _ = write!(out, "{before}\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\{after}");
            }
            None => out.push_str(line),
        }
    }
    out
}

/// The part of a line that is to be a link, and where it leads.
fn link_of(line: &str, linker: &Linker) -> Option<(String, String)> {
    let plain = strip_str(line).to_string();
    let plain = plain.trim_end();
    if let Some((_, place)) = plain.split_once("--> ").or_else(|| plain.split_once("::: ")) {
        let path = linker.find(file_of(place)?)?;
        return Some((place.to_owned(), file_url(&path)));
    }
    let (level, rest) = plain.split_once('[')?;
    let (rule, _) = rest.split_once("]:")?;
    let is_rule = RuleId::named(rule).is_some();
    let is_title = matches!(level, "error" | "warning" | "note");
    (is_rule && is_title).then(|| (rule.to_owned(), pages::url(rule)))
}

/// The file of `file:line:column`.
fn file_of(place: &str) -> Option<&str> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (rest, column) = place.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    (is_number(line) && is_number(column)).then_some(file)
}

impl Linker {
    fn find(&self, file: &str) -> Option<PathBuf> {
        let path = Path::new(file);
        let found = |path: PathBuf| path.is_file().then_some(path);
        if path.is_absolute() {
            return found(path.to_owned());
        }
        self.roots.iter().find_map(|root| found(root.join(path)))
    }
}

/// What is no plain character of an address is written in hexadecimal.
fn file_url(path: &Path) -> String {
    let mut url = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

/// The text without colours, but with links.
#[must_use]
pub fn without_colours(styled: &str) -> String {
    let mut out = String::with_capacity(styled.len());
    let mut rest = styled;
    while let Some((before, behind)) = rest.split_once("\x1b[") {
        out.push_str(before);
        // Our own styles are `ESC [ numbers m`.
        rest = behind.split_once('m').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_rules_become_links() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("a b")).unwrap();
        std::fs::write(root.join("a b/x;y.rs"), "").unwrap();
        let linker = Linker { roots: vec![root.clone()] };
        let url = format!("file://{}/a%20b/x%3By.rs", root.display());
        let linked = |text: &str| with_links(text, &linker);
        assert_eq!(
            linked("  \x1b[1m--> \x1b[0ma b/x;y.rs:3:7\n"),
            format!("  \x1b[1m--> \x1b[0m\x1b]8;;{url}\x1b\\a b/x;y.rs:3:7\x1b]8;;\x1b\\\n")
        );
        let page = pages::url("deadlock");
        assert_eq!(
            linked("\x1b[31merror[deadlock]\x1b[0m: text"),
            format!("\x1b[31merror[\x1b]8;;{page}\x1b\\deadlock\x1b]8;;\x1b\\]\x1b[0m: text")
        );
        for plain in ["--> gone.rs:1:1\n", "--> a b/x;y.rs\n", "error[made-up]: x\n", "note[x\n"] {
            assert_eq!(linked(plain), plain);
        }
        // Whoever strips the text finds what was there before.
        assert_eq!(strip_str(&linked("--> a b/x;y.rs:3:7")).to_string(), "--> a b/x;y.rs:3:7");
        assert_eq!(
            without_colours(&linked("\x1b[1merror[deadlock]\x1b[0m: x")),
            linked("error[deadlock]: x")
        );
    }
}
