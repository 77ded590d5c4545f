//! What scripts read: JSON inside of an element that is not run.

use crate::escape::is_hostile;
use serde::Serialize;
use std::fmt::Write;

/// An element with the value. No mark of HTML and no hostile character is in it: such are escapes of JSON, which lose nothing.
pub(super) fn island(id: &str, value: &impl Serialize) -> String {
    // What is serialised has string keys only.
    let json = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    let mut out = format!("<script type=\"application/json\" id=\"{id}\">");
    let mut units = [0; 2];
    for c in json.chars() {
        // Outside of strings there are none of these.
        if matches!(c, '<' | '>' | '&') || is_hostile(c) {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.push_str("</script>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element() {
        let hostile = "</script><!--&amp;\u{2028}\u{e0041}\u{1b}";
        let element = island("x", &[hostile]);
        let json = element.strip_prefix("<script type=\"application/json\" id=\"x\">").unwrap();
        let json = json.strip_suffix("</script>\n").unwrap();
        assert!(!json.contains(['<', '>', '&']) && !json.contains(is_hostile), "{json}");
        let read: Vec<String> = serde_json::from_str(json).unwrap();
        assert_eq!(read, [hostile]);
    }
}
