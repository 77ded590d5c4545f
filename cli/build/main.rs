//! Puts the sources of the runtime where the command includes them: fresh ones in the repository, the packed ones of
//! `runtime.archive` where the repository is not around, as in a package from a registry.

mod pack;

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    watch(&here.join("build"));
    let archive = match here.parent().filter(|root| is_repository(root)) {
        Some(root) => {
            watch(&root.join("Cargo.toml"));
            watch(&root.join("Cargo.lock"));
            for name in pack::CRATES {
                watch(&root.join(name).join("Cargo.toml"));
                watch(&root.join(name).join("src"));
                for beside in pack::BESIDE.map(|beside| root.join(name).join(beside)) {
                    if beside.is_dir() {
                        watch(&beside);
                    }
                }
            }
            pack::pack(root).expect("the sources of the runtime are readable")
        }
        None => {
            let packed = here.join("runtime.archive");
            watch(&packed);
            fs::read_to_string(packed).expect("the package contains runtime.archive")
        }
    };
    fs::write(out.join("runtime.archive"), archive).expect("the output folder is writable");
}

/// Folders of vendored packages have no crate inside another.
fn is_repository(root: &Path) -> bool {
    pack::CRATES.iter().all(|name| root.join(name).join("Cargo.toml").is_file())
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}
