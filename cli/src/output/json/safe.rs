//! JSON that is harmless when it is shown in a terminal: hostile characters are `\u` escapes, which lose nothing.

use crate::escape::is_hostile;
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};
use std::io::{self, Write};

/// Indented JSON.
pub(super) fn to_string(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Safe::default());
    // Writing to memory cannot fail, and the reports have string keys only.
    let result = value.serialize(&mut serializer);
    debug_assert!(result.is_ok(), "{result:?}");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(Debug, Default)]
struct Safe {
    pretty: PrettyFormatter<'static>,
}

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut units = [0; 2];
        let mut plain = text;
        while let Some(at) = plain.find(is_hostile) {
            let (before, rest) = plain.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut chars = rest.chars();
            for unit in chars.next().map(|c| &*c.encode_utf16(&mut units)).unwrap_or_default() {
                write!(out, "\\u{unit:04x}")?;
            }
            plain = chars.as_str();
        }
        out.write_all(plain.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        c: CharEscape,
    ) -> io::Result<()> {
        self.pretty.write_char_escape(out, c)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::to_string;

    #[test]
    fn hostile_text_comes_back_but_does_not_show() {
        let raw = "a\u{1b}[31m\u{7f}\u{9b}\n\u{202e}\u{e0041}\"\\ü";
        let json = to_string(&[raw]);
        assert!(!json.replace('\n', "").contains(crate::escape::is_hostile), "{json:?}");
        assert!(json.contains("\\u202e") && json.contains("\\udb40\\udc41"), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [raw]);
    }
}
