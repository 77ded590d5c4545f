//! As much of ELF as it takes to find a section.

/// The bytes of a section of a 64-bit little-endian ELF file; `None` if the file is none, or has no such section.
pub(crate) fn section<'a>(file: &'a [u8], name: &str) -> Option<&'a [u8]> {
    const CLASS_64_LITTLE_ENDIAN: &[u8] = b"\x7fELF\x02\x01";
    if !file.starts_with(CLASS_64_LITTLE_ENDIAN) {
        return None;
    }
    let (table, entry) = (number(file, 0x28, 8)?, number(file, 0x3a, 2)?);
    let (count, names) = (number(file, 0x3c, 2)?, number(file, 0x3e, 2)?);
    let header = |index: usize| file.get(table + index * entry..);
    let contents = |header: &[u8]| {
        let start = number(header, 0x18, 8)?;
        file.get(start..start + number(header, 0x20, 8)?)
    };
    let names = contents(header(names)?)?;
    (0..count).filter_map(header).find_map(|header| {
        let found = names.get(number(header, 0, 4)?..)?.split(|byte| *byte == 0).next()?;
        if found == name.as_bytes() { contents(header) } else { None }
    })
}

/// The little-endian number of `size` bytes at `at`.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + size)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}
