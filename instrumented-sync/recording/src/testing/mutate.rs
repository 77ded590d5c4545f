//! Damages recordings at random, where it hurts readers most.

use super::random::Random;
use crate::layout::{
    CHUNK_MAGIC, PAGE, bucket, chain, chunk, chunk_kind, class_counter, event, header, held, log,
    measure, node, slot,
};

/// A damaged version of one of the seeds, always the same for the same number.
///
/// # Panics
///
/// When there are no seeds.
#[must_use]
pub fn mutant(number: u64, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut random = Random::new(number);
    let mut file = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        mutate(&mut file, seeds, &mut random);
    }
    file
}

fn mutate(file: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    // The header refuses most of what happens to its first bytes, so it is hit rarely.
    let at =
        if random.below(20) == 0 { random.below(file.len()) } else { behind_header(file, random) };
    let page = at / PAGE * PAGE;
    match random.below(16) {
        0 => flip(file, at, random),
        1 => file.truncate(at),
        2 => file.truncate(page),
        3 => fill(file, page, PAGE, 0),
        4 => fill(file, page, PAGE, random.next() as u8),
        5 => store64(file, at & !7, random.nasty()),
        // Numbers of a chunk's header.
        6 | 7 => {
            let fields = [chunk::KIND, chunk::LEN, chunk::OWNER, chunk::USED, chunk::BASE];
            let field = fields[random.below(fields.len())];
            let start = chunk_before(file, page);
            let value = random.nasty();
            store64(file, start + field, if field == chunk::KIND { value % 14 } else { value });
        }
        8 => {
            let other = behind_header(file, random) / PAGE * PAGE;
            swap_pages(file, page, other);
        }
        // A piece of another recording, at a page or anywhere.
        9 => {
            let donor = &seeds[random.below(seeds.len())];
            let from = random.below(donor.len()) / PAGE * PAGE;
            let len = random.below(5 * PAGE).min(donor.len() - from);
            let to = if random.below(2) == 0 { page } else { at };
            let to = to.min(file.len());
            file.splice(to..to, donor[from..from + len].iter().copied());
        }
        // Words of an event block.
        10 => {
            let word = random.below(event::BLOCK) * 8;
            store64(file, page + chunk::PAYLOAD + word, random.nasty());
        }
        11 => header_number(file, random),
        12 => log_record(file, page, random),
        // Fields of a table: what they say is plausible one by one.
        _ => {
            for _ in 0..=random.below(20) {
                table_field(file, page, random);
            }
        }
    }
}

fn swap_pages(file: &mut [u8], page: usize, other: usize) {
    for offset in 0..PAGE {
        if page.max(other) + offset < file.len() {
            file.swap(page + offset, other + offset);
        }
    }
}

/// Counters and codes of the first page, behind what tells a recording from other files.
fn header_number(file: &mut [u8], random: &mut Random) {
    let fields = (header::STRINGS - header::PID) / 4;
    let field = header::PID + random.below(fields + 1) * 4;
    let value = random.nasty() as u32;
    store32(file, field, value);
}

/// A number of a record, its lengths included, with all lengths of records left as they were or one of them changed.
fn log_record(file: &mut [u8], page: usize, random: &mut Random) {
    let start = chunk_of_kind(file, page, chunk_kind::LOG);
    let mut at = start + chunk::PAYLOAD;
    for _ in 0..random.below(40) {
        let len = load32(file, at + 4) as usize;
        if len < log::HEADER || at + len + log::HEADER > file.len() {
            break;
        }
        at += len;
    }
    let fields = (load32(file, at + 4) as usize).clamp(8, 256) / 4;
    match random.below(6) {
        0 => store32(file, at, random.next() as u32 % 14),
        1 => store32(file, at + 4, random.nasty() as u32),
        _ => store32(file, at + log::HEADER + random.below(fields) * 4, random.number()),
    }
}

/// A field of a node, a chain's entry, a counter, a slot, a held lock or what was measured of locks.
fn table_field(file: &mut [u8], page: usize, random: &mut Random) {
    let tables = [
        (chunk_kind::NODES, chunk::PAYLOAD, node::SIZE),
        (chunk_kind::NODES, chunk::PAYLOAD, node::SIZE),
        (chunk_kind::CHAINS, chunk::PAYLOAD, chain::SIZE),
        (chunk_kind::CLASSES, chunk::PAYLOAD, class_counter::SIZE),
        (chunk_kind::BOARD, slot::SIZE, slot::SIZE),
        (chunk_kind::HELD, chunk::PAYLOAD, held::SIZE),
        (chunk_kind::MEASURES, chunk::PAYLOAD, measure::SIZE),
        (chunk_kind::BUCKETS, chunk::PAYLOAD, bucket::SIZE),
    ];
    let (kind, first, size) = tables[random.below(tables.len())];
    let start = chunk_of_kind(file, page, kind);
    let row = random.below(40) * size;
    store32(file, start + first + row + random.below(size / 4) * 4, random.number());
}

fn behind_header(file: &[u8], random: &mut Random) -> usize {
    match file.len() {
        0..=PAGE => random.below(file.len()),
        len => PAGE + random.below(len - PAGE),
    }
}

/// The last chunk that starts at `page` or before.
fn chunk_before(file: &[u8], page: usize) -> usize {
    (0..=page / PAGE).rev().map(|page| page * PAGE).find(|at| is_chunk(file, *at)).unwrap_or(page)
}

/// The first chunk of a kind at `page` or behind, else anywhere; else what lies at `page`.
fn chunk_of_kind(file: &[u8], page: usize, kind: u32) -> usize {
    let starts = (page..file.len()).step_by(PAGE).chain((PAGE..file.len()).step_by(PAGE));
    let is_it = |at: &usize| is_chunk(file, *at) && load32(file, at + chunk::KIND) == kind;
    starts.into_iter().find(is_it).unwrap_or(page)
}

fn is_chunk(file: &[u8], at: usize) -> bool {
    load32(file, at) == CHUNK_MAGIC
}

fn flip(file: &mut [u8], at: usize, random: &mut Random) {
    if let Some(byte) = file.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

fn fill(file: &mut [u8], at: usize, len: usize, value: u8) {
    let end = file.len().min(at + len);
    if let Some(part) = file.get_mut(at..end) {
        part.fill(value);
    }
}

fn load32(file: &[u8], at: usize) -> u32 {
    let bytes = file.get(at..).and_then(|rest| rest.first_chunk::<4>());
    bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn store32(file: &mut [u8], at: usize, value: u32) {
    if let Some(place) = file.get_mut(at..at + 4) {
        place.copy_from_slice(&value.to_le_bytes());
    }
}

fn store64(file: &mut [u8], at: usize, value: u64) {
    if let Some(place) = file.get_mut(at..at + 8) {
        place.copy_from_slice(&value.to_le_bytes());
    }
}
