//! Prints the sources of the runtime, packed: `runtime.archive`, which a package carries in place of the repository.

#[path = "../build/pack.rs"]
mod pack;

use std::io::{self, Write};
use std::path::Path;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    io::stdout().write_all(pack::pack(&root)?.as_bytes())
}
