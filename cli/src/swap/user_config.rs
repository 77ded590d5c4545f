//! What the user's own configuration of cargo asks for, where we have to put something else in its place.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use toml::Table;

/// The wrapper of the compiler (such as sccache) that cargo would use in a folder. Ours calls it.
pub(super) fn rustc_wrapper(folder: &Path) -> Option<OsString> {
    for name in ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"] {
        if let Some(value) = std::env::var_os(name) {
            // The empty value switches off what the files say.
            return Some(value).filter(|value| !value.is_empty());
        }
    }
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let inside = folder.ancestors().map(|folder| folder.join(".cargo"));
    inside.chain(home).find_map(|folder| wrapper_of(&folder))
}

/// What the file in a `.cargo` folder says.
fn wrapper_of(folder: &Path) -> Option<OsString> {
    let text = ["config", "config.toml"]
        .into_iter()
        .find_map(|name| std::fs::read_to_string(folder.join(name)).ok())?;
    let table: Table = text.parse().ok()?;
    let wrapper = table.get("build")?.get("rustc-wrapper")?.as_str()?;
    if wrapper.is_empty() {
        return None;
    }
    // A name without slashes is looked up in the path, others are relative to the folder around `.cargo`.
    let is_path = Path::new(wrapper).components().count() > 1;
    match folder.parent().filter(|_| is_path) {
        Some(parent) => Some(parent.join(wrapper).into()),
        None => Some(wrapper.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn names_and_paths() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join(".cargo");
        fs::create_dir(&folder).unwrap();
        let of = |text: &str| {
            fs::write(folder.join("config.toml"), text).unwrap();
            wrapper_of(&folder)
        };
        assert_eq!(of("[build]\nrustc-wrapper = 'sccache'"), Some("sccache".into()));
        let path = temp.path().join("tools/wrap").into_os_string();
        assert_eq!(of("[build]\nrustc-wrapper = 'tools/wrap'"), Some(path));
        assert_eq!(of("[build]\nrustc-wrapper = ''"), None);
        assert_eq!(of("[net]\n"), None);
        assert_eq!(of("broken ["), None);
    }
}
