//! Where the recording goes.

use std::cell::UnsafeCell;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Longest path that the kernel gives.
const LONGEST: usize = libc::PATH_MAX as usize;

/// The folder that the process was started in, where the one for recordings is relative to it; else empty.
struct Start(UnsafeCell<[u8; LONGEST]>);

// SAFETY: written before `main`, or when the library is loaded, by one thread; read afterwards.
unsafe impl Sync for Start {}

static START: Start = Start(UnsafeCell::new([0; LONGEST]));

/// Runs before `main`: a program may be somewhere else when it first locks.
#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
static REMEMBER: extern "C" fn() = {
    extern "C" fn remember() {
        // SAFETY: the name is a C string, and nobody changes the environment before `main`; the place has the length that is told.
        unsafe {
            let dir = libc::getenv(c"SYNCSCOPE_DIR".as_ptr());
            if !dir.is_null() && *dir != 0 && *dir != b'/' as libc::c_char {
                libc::getcwd(START.0.get().cast(), LONGEST);
            }
        }
    }
    remember
};

/// A folder that the environment names: relative to where the process was started.
pub(crate) fn named(folder: PathBuf) -> PathBuf {
    // SAFETY: written before `main` only.
    let start = unsafe { &*START.0.get() };
    let start = start.split(|byte| *byte == 0).next().unwrap_or_default();
    Path::new(std::ffi::OsStr::from_bytes(start)).join(folder)
}

/// What is told where there is no [`base`].
pub(crate) const UNSAFE: &str = "the folder for temporary files has something in the place of ours that is not this user's alone";

/// Without one that is named: beside the build's output if there is one, else in the directory for temporary files. `None` when
/// there is something of another user's in the place of the latter.
pub(crate) fn base() -> Option<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let mut targets = here.ancestors().map(|dir| dir.join("target"));
    targets.find(|target| is_build_output(target)).or_else(own_temporary)
}

fn is_build_output(target: &Path) -> bool {
    is_own(target) && target.join("CACHEDIR.TAG").is_file()
}

/// Whether it is a folder of this user's, and no link: in a folder for all, anybody may have put something in its place.
fn is_own(folder: &Path) -> bool {
    // SAFETY: has no preconditions.
    let user = unsafe { libc::geteuid() };
    std::fs::symlink_metadata(folder)
        .is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == user)
}

/// A folder of this user's, for nobody else, in the one for temporary files.
fn own_temporary() -> Option<PathBuf> {
    // SAFETY: has no preconditions.
    let folder = std::env::temp_dir().join(format!("syncscope-{}", unsafe { libc::geteuid() }));
    // What goes wrong here shows below.
    _ = std::fs::DirBuilder::new().mode(0o700).create(&folder);
    let metadata = std::fs::symlink_metadata(&folder).ok()?;
    (is_own(&folder) && metadata.mode() & 0o022 == 0).then_some(folder)
}
