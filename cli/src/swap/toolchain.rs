//! The compiler that the project uses.

use super::{SwapError, user_config};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest compiler whose std the shadow mirrors.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// A compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// How to call it.
    pub rustc: OsString,
    /// What it says of itself: `rustc -vV`.
    pub verbose: String,
    /// Such as `1.95.0`.
    pub release: String,
    /// The triple it runs on.
    pub host: String,
}

impl Toolchain {
    /// The compiler that cargo would call in a folder, with these arguments.
    ///
    /// # Errors
    ///
    /// When it cannot be called, or is too old.
    pub fn of_folder(folder: &Path, args: &[OsString]) -> Result<Self, SwapError> {
        let toolchain = Self::ask(folder, args)?;
        if older(&toolchain.release, OLDEST) {
            return Err(SwapError::TooOld { found: toolchain.release, oldest: OLDEST });
        }
        Ok(toolchain)
    }

    fn ask(folder: &Path, args: &[OsString]) -> Result<Self, SwapError> {
        let rustc = user_config::RUSTC.value(folder, args).unwrap_or_else(|| "rustc".into());
        let failed = |reason: String| SwapError::Compiler {
            program: crate::escape::name(&rustc.to_string_lossy()),
            reason,
        };
        let output = Command::new(&rustc).arg("-vV").current_dir(folder).output();
        let output = output.map_err(|error| failed(error.to_string()))?;
        let verbose = String::from_utf8_lossy(&output.stdout).into_owned();
        let field = |name: &str| {
            let line = verbose.lines().find_map(|line| line.strip_prefix(name));
            line.map(|value| value.trim().to_owned())
        };
        let (Some(release), Some(host)) = (field("release:"), field("host:")) else {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(failed(crate::escape::text(said.trim()).into_owned()));
        };
        Ok(Self { rustc, verbose, release, host })
    }
}

/// The documentation tool of a compiler's toolchain. Asks the compiler, which takes as long as starting it.
pub(super) fn rustdoc_of(rustc: &OsStr) -> PathBuf {
    let name = format!("rustdoc{}", std::env::consts::EXE_SUFFIX);
    let sysroot = Command::new(rustc)
        .args(["--print", "sysroot"])
        .output()
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end()));
    let beside = sysroot.unwrap_or_default().join("bin").join(&name);
    if beside.is_file() { beside } else { name.into() }
}

/// Whether a release, such as `1.94.0-beta.2`, comes before a version, such as `1.95`.
fn older(release: &str, oldest: &str) -> bool {
    let numbers = |version: &str| {
        let plain = version.split('-').next().unwrap_or_default();
        let mut parts = plain.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    };
    numbers(release) < numbers(oldest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_compared_by_number() {
        assert!(
            older("1.94.1", "1.95") && older("1.9.0", "1.95") && older("1.94.0-beta.2", "1.95")
        );
        assert!(!older("1.95.0", "1.95") && !older("1.100.0-nightly", "1.95"));
        assert!(!older("2.0.0", "1.95"));
    }

    #[test]
    fn the_compiler_around() {
        let toolchain = Toolchain::of_folder(Path::new("."), &[]).unwrap();
        assert!(toolchain.verbose.contains(&toolchain.host));
        let rustdoc = Command::new(rustdoc_of(&toolchain.rustc)).arg("-vV").output().unwrap();
        let said = String::from_utf8(rustdoc.stdout).unwrap();
        assert!(said.starts_with("rustdoc ") && said.contains(&toolchain.release), "{said}");
    }
}
