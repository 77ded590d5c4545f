//! Variables by their addresses.

use object::read::ReadCache;
use object::{Object, ObjectSymbol, SymbolKind};
use std::fs::File;
use std::path::Path;

/// What the symbols of a file call the variable at a distance from where it is loaded: a static, by its path.
pub(super) fn variable(path: &Path, offset: u64) -> Option<String> {
    let cache = ReadCache::new(File::open(path).ok()?);
    let file = object::File::parse(&cache).ok()?;
    let address = offset.wrapping_add(file.relative_address_base());
    let holds = |symbol: &object::Symbol<'_, '_, _>| {
        symbol.kind() == SymbolKind::Data
            && symbol.address() <= address
            && address - symbol.address() < symbol.size()
    };
    let symbol = file.symbols().find(holds)?;
    let name = addr2line::demangle_auto(symbol.name().ok()?.into(), None).into_owned();
    Some(without_hash(&name).to_owned())
}

/// The path without the hash that compilers add: `app::COUNT::h0123456789abcdef`.
fn without_hash(path: &str) -> &str {
    let is_hash =
        |hash: &str| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    match path.rsplit_once("::h") {
        Some((path, hash)) if is_hash(hash) => path,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_left_out() {
        assert_eq!(without_hash("app::COUNT::h0123456789abcdef"), "app::COUNT");
        for path in ["app::COUNT", "app::here", "app::h0123"] {
            assert_eq!(without_hash(path), path);
        }
    }

    static FOUND: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(7);

    #[test]
    fn a_static_is_found_in_this_program() {
        let address = std::ptr::from_ref(&FOUND) as u64;
        let program = std::env::current_exe().unwrap();
        // Where it is loaded, as its first mapping tells.
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let own = maps.lines().find(|line| line.ends_with(&program.display().to_string())).unwrap();
        let base = u64::from_str_radix(own.split('-').next().unwrap(), 16).unwrap();
        let name = variable(&program, address + 3 - base).expect("its name");
        assert!(name.ends_with("variable::tests::FOUND"), "{name}");
    }
}
