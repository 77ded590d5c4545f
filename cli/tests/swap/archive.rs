//! `runtime.archive`, which packages carry in place of the repository, is what the repository holds.

#[path = "../../build/pack.rs"]
mod pack;

use std::fs;
use std::path::Path;

/// `SYNCSCOPE_BLESS=1` writes it anew.
#[test]
fn the_packed_sources_are_fresh() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = here.join("runtime.archive");
    let fresh = pack::pack(here.parent().unwrap()).unwrap();
    if std::env::var_os("SYNCSCOPE_BLESS").is_some() {
        fs::write(&path, &fresh).unwrap();
        return;
    }
    let packed = fs::read_to_string(&path).unwrap_or_default();
    let differs = fresh.lines().zip(packed.lines()).position(|(fresh, packed)| fresh != packed);
    assert!(
        fresh == packed,
        "runtime.archive is stale (line {differs:?}); SYNCSCOPE_BLESS=1 cargo test -p cargo-syncscope \
         --test swap packed writes it"
    );
}
