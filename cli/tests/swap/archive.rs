//! What the command carries is what the repository holds.

#[path = "../../build/pack.rs"]
mod pack;

use cargo_syncscope::swap::ARCHIVE;
use std::path::Path;

#[test]
fn the_packed_sources_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let fresh = pack::pack(root).unwrap();
    let differs = fresh.lines().zip(ARCHIVE.lines()).position(|(fresh, packed)| fresh != packed);
    assert!(fresh == ARCHIVE, "the build script has missed a change (line {differs:?})");
}
