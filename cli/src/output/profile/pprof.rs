//! The profile of pprof: protocol buffers, compressed. Only what a profile of waits needs of it, by hand; the format is
//! `profile.proto` of github.com/google/pprof.

use super::stack::{Frame, Stack};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::HashMap;
use std::io::{self, Write};

pub(super) fn render(stacks: &[Stack]) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&profile(stacks))?;
    gzip.finish()
}

/// Fields of `Profile`.
const SAMPLE_TYPE: u64 = 1;
const SAMPLE: u64 = 2;
const LOCATION: u64 = 4;
const FUNCTION: u64 = 5;
const STRING_TABLE: u64 = 6;
const DEFAULT_SAMPLE_TYPE: u64 = 14;

fn profile(stacks: &[Stack]) -> Vec<u8> {
    let mut strings = Strings::default();
    strings.number("");
    let mut out = Message::default();
    for (name, unit) in [("contentions", "count"), ("delay", "nanoseconds")] {
        let mut kind = Message::default();
        kind.number(1, strings.number(name)).number(2, strings.number(unit));
        out.message(SAMPLE_TYPE, &kind);
    }
    // Places and functions are one to one here, and have the same numbers.
    let mut frames: HashMap<&Frame, u64> = HashMap::new();
    let mut places = Message::default();
    for stack in stacks {
        // The innermost first.
        let numbers = stack.frames.iter().rev().map(|frame| {
            let new = frames.len() as u64 + 1;
            *frames.entry(frame).or_insert_with(|| {
                put_frame(&mut places, &mut strings, frame, new);
                new
            })
        });
        let mut sample = Message::default();
        sample.packed(1, numbers.collect());
        sample.packed(2, vec![stack.count, stack.nanoseconds]);
        out.message(SAMPLE, &sample);
    }
    out.0.extend(places.0);
    let default = strings.number("delay");
    for text in &strings.all {
        out.bytes(STRING_TABLE, text.as_bytes());
    }
    out.number(DEFAULT_SAMPLE_TYPE, default);
    out.0
}

fn put_frame(out: &mut Message, strings: &mut Strings, frame: &Frame, number: u64) {
    let name = strings.number(&frame.name);
    let mut function = Message::default();
    function.number(1, number).number(2, name).number(3, name);
    function.number(4, strings.number(&frame.file)).number(5, frame.line.into());
    let mut line = Message::default();
    line.number(1, number).number(2, frame.line.into());
    let mut location = Message::default();
    location.number(1, number).message(4, &line);
    out.message(FUNCTION, &function).message(LOCATION, &location);
}

/// The table of strings, in which each is once.
#[derive(Default)]
struct Strings {
    all: Vec<String>,
    numbers: HashMap<String, u64>,
}

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let new = self.all.len() as u64;
        self.all.push(text.to_owned());
        self.numbers.insert(text.to_owned(), new);
        new
    }
}

/// A message as it is encoded.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(&mut self, field: u64, value: u64) -> &mut Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) -> &mut Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn message(&mut self, field: u64, message: &Self) -> &mut Self {
        self.bytes(field, &message.0)
    }

    fn packed(&mut self, field: u64, values: Vec<u64>) -> &mut Self {
        let mut inner = Self::default();
        values.into_iter().for_each(|value| inner.varint(value));
        self.bytes(field, &inner.0)
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}
