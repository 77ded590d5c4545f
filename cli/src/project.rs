//! The Cargo project around a folder: where its workspace is and where it builds to.

use crate::whose::{Whose, whose};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What we ask cargo for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Project {
    /// The root of the workspace.
    pub workspace_root: PathBuf,
    /// Where it builds to.
    pub target_directory: PathBuf,
    /// The members of the workspace.
    #[serde(default)]
    pub packages: Vec<Package>,
}

/// A member of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its manifest.
    pub manifest_path: PathBuf,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
    /// Its features.
    pub features: BTreeMap<String, Vec<String>>,
}

/// A dependency as a manifest declares it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Dependency {
    /// The package.
    pub name: String,
    /// Another name for it in the code.
    pub rename: Option<String>,
    /// The features that are always on.
    pub features: Vec<String>,
    /// Whether a feature has to ask for it.
    pub optional: bool,
    /// Its folder, where the manifest names that.
    #[serde(default)]
    pub path: Option<PathBuf>,
}

impl Project {
    /// The project that the folder is in; `None` outside of any, or when cargo cannot read its manifest.
    #[must_use]
    pub fn around(folder: &Path) -> Option<Self> {
        // Without a manifest cargo would fail too, but only after its start-up time.
        folder.ancestors().find(|folder| folder.join("Cargo.toml").is_file())?;
        Self::ask(folder, &[])
    }

    /// The project that `cargo run` with these arguments would run, beside the one that is around the folder, if that is known.
    #[must_use]
    pub fn of_cargo_args(folder: &Path, args: &[OsString], around: Option<&Self>) -> Option<Self> {
        let manifest = value_of(args, "--manifest-path");
        let mut passed: Vec<OsString> =
            manifest.iter().flat_map(|path| ["--manifest-path".into(), path.clone()]).collect();
        // The target directory may be set there.
        for setting in values_of(args, &["--config"]) {
            passed.extend(["--config".into(), setting.into()]);
        }
        // Without such arguments the answer would be the same.
        let known = around.filter(|_| passed.is_empty()).cloned();
        let mut project = known.or_else(|| Self::ask(folder, &passed))?;
        if let Some(target) = value_of(args, "--target-dir") {
            project.target_directory = folder.join(target);
        }
        Some(project)
    }

    /// The folders of packages outside of the workspace that it names by their paths, and those that they name in turn. They are as much the
    /// user's as the workspace is.
    #[must_use]
    pub fn packages_beside(&self) -> Vec<PathBuf> {
        let named = self.packages.iter().flat_map(|package| &package.dependencies);
        let mut left: Vec<PathBuf> = named.filter_map(|named| named.path.clone()).collect();
        let mut found = BTreeSet::new();
        while let Some(folder) = left.pop() {
            let is_beside = !folder.starts_with(&self.workspace_root)
                && whose(&folder.join("src").to_string_lossy()) == Whose::Workspace;
            if is_beside && found.len() < MOST_BESIDE && found.insert(folder.clone()) {
                left.extend(named_paths(&folder));
            }
        }
        found.into_iter().collect()
    }

    fn ask(folder: &Path, args: &[OsString]) -> Option<Self> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .args(args)
            .current_dir(folder)
            .output()
            .ok()?;
        serde_json::from_slice(&output.stdout).ok()
    }
}

/// Packages beside a workspace that are looked at.
const MOST_BESIDE: usize = 1000;

/// The folders that a package's manifest names as those of dependencies.
fn named_paths(folder: &Path) -> Vec<PathBuf> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let named = manifest.get("dependencies").and_then(toml::Value::as_table);
    let paths = named.into_iter().flatten().filter_map(|(_, one)| one.get("path")?.as_str());
    paths.filter_map(|path| folder.join(path).canonicalize().ok()).collect()
}

/// Whether a package that a call of cargo is about uses the drop-in by itself, with recording on: it is run as it is.
#[must_use]
pub fn by_hand(project: &Project, folder: &Path, args: &[OsString]) -> bool {
    let named: Vec<String> = values_of(args, &["-p", "--package"]);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let home = |package: &Package| package.manifest_path.parent().map(Path::to_owned);
    let around = |package: &&Package| home(package).is_some_and(|home| folder.starts_with(home));
    let depth = |package: &&Package| package.manifest_path.components().count();
    let here = project.packages.iter().filter(around).max_by_key(depth).map(|p| &p.name);
    let is_meant = |package: &&Package| match here {
        _ if !named.is_empty() => named.contains(&package.name),
        Some(here) => *here == package.name,
        None => true,
    };
    let features = values_of(args, &["-F", "--features"]).join(",");
    let features: Vec<&str> = features.split([',', ' ']).collect();
    project.packages.iter().filter(is_meant).any(|package| package.is_by_hand(&features))
}

impl Package {
    fn is_by_hand(&self, features: &[&str]) -> bool {
        let mut on: Vec<&str> = features.iter().copied().chain(["default"]).collect();
        let mut at = 0;
        while at < on.len() {
            let implied = self.features.get(on[at]).into_iter().flatten().map(String::as_str);
            let new: Vec<&str> = implied.filter(|feature| !on.contains(feature)).collect();
            on.extend(new);
            at += 1;
        }
        self.dependencies.iter().any(|dependency| match dependency.name.as_str() {
            "instrumented-std" => true,
            "instrumented-sync" => {
                let name = dependency.rename.as_ref().unwrap_or(&dependency.name);
                let asked = ["/", "?/"].map(|sign| format!("{name}{sign}instrument"));
                let always = dependency.features.iter().any(|feature| feature == "instrument");
                let optional = dependency.optional
                    && !on.iter().any(|f| *f == format!("dep:{name}") || f == name);
                (always && !optional)
                    || on.iter().any(|feature| asked.contains(&(*feature).to_owned()))
            }
            _ => false,
        })
    }
}

/// The cargo that called us, or the one in the path.
#[must_use]
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The value of an option of cargo's, in either spelling.
pub(crate) fn value_of(args: &[OsString], option: &str) -> Option<OsString> {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == option {
            return args.next().cloned();
        }
        let inline = arg.to_str().and_then(|arg| arg.strip_prefix(option)?.strip_prefix('='));
        if let Some(value) = inline {
            return Some(OsStr::new(value).to_owned());
        }
    }
    None
}

/// All values of options that may come many times, in either spelling.
fn values_of(args: &[OsString], options: &[&str]) -> Vec<String> {
    let mut values = Vec::new();
    let mut args = args.iter().filter_map(|arg| arg.to_str());
    while let Some(arg) = args.next() {
        if options.contains(&arg) {
            values.extend(args.next().map(str::to_owned));
        } else if let Some((name, value)) = arg.split_once('=')
            && options.contains(&name)
        {
            values.push(value.to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_in_either_spelling() {
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in ["-q --target-dir out --release", "--target-dir=out"] {
            assert_eq!(value_of(&args(line), "--target-dir"), Some("out".into()));
        }
        assert_eq!(value_of(&args("--target-dirs=out"), "--target-dir"), None);
        assert_eq!(value_of(&args("--target-dir"), "--target-dir"), None);
    }

    #[test]
    fn packages_that_use_the_drop_in_themselves() {
        let project = |dependency: &str, features: &str| -> Project {
            let text = format!(
                r#"{{"workspace_root": "/w", "target_directory": "/w/target", "packages": [
                {{"name": "bank", "manifest_path": "/w/Cargo.toml",
                "dependencies": [{dependency}], "features": {features}}}]}}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let is = |project: &Project, line: &str| by_hand(project, Path::new("/w/src"), &args(line));
        let of = |features: &str| {
            format!(
                r#"{{"name": "instrumented-sync", "rename": null, "features": [{features}], "optional": false}}"#
            )
        };
        assert!(is(&project(&of("\"instrument\""), "{}"), "-v"));
        assert!(!is(&project(&of("\"instrument\""), "{}"), "-p other"));
        assert!(!is(&project(&of(""), "{}"), "-v"));
        assert!(!is(&project("", "{}"), "-v"));
        let chosen = r#"{"watch": ["deep"], "deep": ["instrumented-sync/instrument"]}"#;
        assert!(is(&project(&of(""), chosen), "--features watch,x"));
        assert!(!is(&project(&of(""), chosen), "--features x"));
    }

    #[test]
    fn packages_beside_the_workspace_are_those_that_it_names_and_they() {
        let temp = tempfile::tempdir().unwrap();
        let top = temp.path().canonicalize().unwrap();
        for (folder, dependencies) in [
            ("near", "far.path = '../far'\nsame.path = '../near'\nother = '1'"),
            ("far", "near = { path = '../near' }\nlost.path = '../lost'"),
            ("work/inside", "hidden.path = '../../hidden'"),
            ("vendor/copied", ""),
            ("hidden", ""),
        ] {
            std::fs::create_dir_all(top.join(folder)).unwrap();
            let text = format!("[package]\nname = 'x'\n[dependencies]\n{dependencies}\n");
            std::fs::write(top.join(folder).join("Cargo.toml"), text).unwrap();
        }
        let named = |folder: &str| Dependency {
            name: "x".to_owned(),
            rename: None,
            features: Vec::new(),
            optional: false,
            path: Some(top.join(folder)),
        };
        let package = Package {
            name: "work".to_owned(),
            manifest_path: top.join("work/Cargo.toml"),
            dependencies: ["near", "work/inside", "vendor/copied"].map(named).to_vec(),
            features: BTreeMap::new(),
        };
        let project = Project {
            workspace_root: top.join("work"),
            target_directory: top.join("work/target"),
            packages: vec![package],
        };
        assert_eq!(project.packages_beside(), ["far", "near"].map(|folder| top.join(folder)));
    }

    #[test]
    fn what_is_known_is_not_asked_again() {
        let temp = tempfile::tempdir().unwrap();
        let known = Project {
            workspace_root: "/w".into(),
            target_directory: "/w/target".into(),
            packages: Vec::new(),
        };
        let of = |line: &str| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            Project::of_cargo_args(temp.path(), &args, Some(&known))
        };
        // There is nothing in the folder, so whoever asks gets no answer.
        assert_eq!(of("--release"), Some(known.clone()));
        let elsewhere = temp.path().join("elsewhere");
        let moved = Project { target_directory: elsewhere, ..known.clone() };
        assert_eq!(of("--target-dir elsewhere"), Some(moved));
        assert_eq!(of("--manifest-path Cargo.toml"), None);
        assert_eq!(of("--config net.offline=true"), None);
    }

    #[test]
    fn no_project_outside_of_one() {
        let temp = tempfile::tempdir().unwrap();
        assert_eq!(Project::around(temp.path()), None);
    }
}
