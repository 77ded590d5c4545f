//! What the user's own configuration of cargo asks for, where we have to put something else in its place, or have to know it
//! before cargo does.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use toml::Table;

/// A program that cargo calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// Its key in `[build]`.
    key: &'static str,
    /// The variable that wins over all else.
    first: &'static str,
    /// The variable that stands for the key.
    second: &'static str,
}

/// The compiler.
pub(super) const RUSTC: Setting =
    Setting { key: "rustc", first: "RUSTC", second: "CARGO_BUILD_RUSTC" };
/// The documentation tool.
pub(super) const RUSTDOC: Setting =
    Setting { key: "rustdoc", first: "RUSTDOC", second: "CARGO_BUILD_RUSTDOC" };
/// The wrapper of the compiler (such as sccache). Ours calls it.
pub(super) const RUSTC_WRAPPER: Setting =
    Setting { key: "rustc-wrapper", first: "RUSTC_WRAPPER", second: "CARGO_BUILD_RUSTC_WRAPPER" };

impl Setting {
    /// What cargo would use in a folder, given its arguments.
    pub(super) fn value(self, folder: &Path, args: &[OsString]) -> Option<OsString> {
        // The empty value switches off what comes after it.
        let filled = |value: OsString| Some(value).filter(|value| !value.is_empty());
        if let Some(value) = std::env::var_os(self.first) {
            return filled(value);
        }
        if let Some(value) = self.of_args(folder, args) {
            return filled(value);
        }
        if let Some(value) = std::env::var_os(self.second) {
            return filled(value);
        }
        let home = std::env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
        let inside = folder.ancestors().map(|folder| folder.join(".cargo"));
        inside.chain(home).find_map(|folder| self.of_folder(&folder)).and_then(filled)
    }

    /// What `--config` says: the last one wins. It names a file, or is the setting itself.
    fn of_args(self, folder: &Path, args: &[OsString]) -> Option<OsString> {
        let mut found = None;
        let mut args = args.iter().filter_map(|arg| arg.to_str());
        while let Some(arg) = args.next() {
            let value = if arg == "--config" { args.next() } else { arg.strip_prefix("--config=") };
            let Some(value) = value else { continue };
            let file = folder.join(value);
            let here = if file.is_file() {
                // Relative to the folder around the one that the file is in, as for all files.
                let text = std::fs::read_to_string(&file).unwrap_or_default();
                let around = file.parent().and_then(Path::parent).map(Path::to_owned);
                self.of_text(&text, around.as_deref())
            } else {
                self.of_text(value, Some(folder))
            };
            found = here.or(found);
        }
        found
    }

    /// What the file in a `.cargo` folder says.
    fn of_folder(self, folder: &Path) -> Option<OsString> {
        let text = ["config", "config.toml"]
            .into_iter()
            .find_map(|name| std::fs::read_to_string(folder.join(name)).ok())?;
        self.of_text(&text, folder.parent())
    }

    fn of_text(self, text: &str, around: Option<&Path>) -> Option<OsString> {
        let table: Table = text.parse().ok()?;
        let program = table.get("build")?.get(self.key)?.as_str()?;
        // A name without slashes is looked up in the path, others are relative to a folder.
        let is_path = Path::new(program).components().count() > 1;
        match around.filter(|_| is_path) {
            Some(around) => Some(around.join(program).into()),
            None => Some(program.into()),
        }
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
            RUSTC_WRAPPER.of_folder(&folder)
        };
        assert_eq!(of("[build]\nrustc-wrapper = 'sccache'"), Some("sccache".into()));
        let path = temp.path().join("tools/wrap").into_os_string();
        assert_eq!(of("[build]\nrustc-wrapper = 'tools/wrap'"), Some(path));
        assert_eq!(of("[build]\nrustc-wrapper = ''"), Some("".into()));
        assert_eq!(of("[net]\n"), None);
        assert_eq!(of("broken ["), None);
        of("[build]\nrustc = 'one'\nrustdoc = 'two'");
        assert_eq!(RUSTC.of_folder(&folder), Some("one".into()));
        assert_eq!(RUSTDOC.of_folder(&folder), Some("two".into()));
    }

    #[test]
    fn settings_on_the_command_line() {
        let temp = tempfile::tempdir().unwrap();
        let of = |args: &[&str]| {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            RUSTC_WRAPPER.of_args(temp.path(), &args)
        };
        assert_eq!(of(&["--release"]), None);
        assert_eq!(of(&["--config", "build.rustc-wrapper='a'", "-p", "x"]), Some("a".into()));
        let two = ["--config=build.rustc-wrapper='a'", "--config", "build.rustc-wrapper=\"b\""];
        assert_eq!(of(&two), Some("b".into()));
        fs::create_dir(temp.path().join("ci")).unwrap();
        fs::write(temp.path().join("ci/cargo.toml"), "build.rustc-wrapper = 'tools/c'").unwrap();
        let path = temp.path().join("tools/c").into_os_string();
        assert_eq!(of(&["--config", "ci/cargo.toml"]), Some(path));
    }
}
