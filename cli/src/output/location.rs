//! Where a finding is, as CI systems want it: relative to the root of the repository, with forward slashes.

use std::path::{Component, Path, PathBuf};
use syncscope_detector::Finding;
use syncscope_detector::finding::{Place, StepKind};

/// Turns recorded paths into paths of the repository.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// What relative paths of recordings are relative to.
    workspace: PathBuf,
    /// The root of the repository.
    root: PathBuf,
}

impl Repository {
    /// The repository that a workspace is in; without one, the workspace itself.
    #[must_use]
    pub fn around(workspace: &Path) -> Self {
        let workspace = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
        let root = workspace.ancestors().find(|folder| folder.join(".git").exists());
        Self { root: root.unwrap_or(&workspace).to_owned(), workspace }
    }

    /// The root of the workspace.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// The path of a file of the repository; `None` for files elsewhere.
    #[must_use]
    pub fn path(&self, file: &str) -> Option<String> {
        if file.is_empty() {
            return None;
        }
        let mut parts: Vec<String> = Vec::new();
        let file = self.workspace.join(file.replace('\\', "/"));
        for part in file.strip_prefix(&self.root).ok()?.components() {
            match part {
                Component::Normal(part) => parts.push(part.to_str()?.to_owned()),
                Component::ParentDir => drop(parts.pop()?),
                Component::CurDir => {}
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        (!parts.is_empty()).then(|| parts.join("/"))
    }

    /// The path of the manifest: what is wrong in no file in particular is wrong there.
    #[must_use]
    pub fn manifest(&self) -> String {
        self.path("Cargo.toml").unwrap_or_else(|| "Cargo.toml".to_owned())
    }
}

/// Where a reader should look first: the acquisition that was asked for last, or the workspace's code that led there.
pub(super) fn primary(finding: &Finding) -> Option<&Place> {
    places(finding).next()
}

/// The first place that lies in the repository, with its path there: of an acquisition, else where a lock was created.
pub(super) fn in_repository<'a>(
    finding: &'a Finding,
    repository: &Repository,
) -> Option<(String, &'a Place)> {
    let created = finding.locks.iter().map(|lock| &lock.created).filter(|place| place.line != 0);
    places(finding).chain(created).find_map(|place| Some((repository.path(&place.file)?, place)))
}

fn places(finding: &Finding) -> impl Iterator<Item = &Place> {
    let kinds = [StepKind::Wants, StepKind::Writes, StepKind::Reads, StepKind::Holds];
    let of = |kind| finding.steps.iter().filter(move |s| s.kind == kind && s.place.line != 0);
    kinds.into_iter().flat_map(of).flat_map(|step| step.caller.iter().chain([&step.place]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_repository() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap();
        let workspace = root.join("rust/app");
        std::fs::create_dir_all(root.join(".git")).unwrap();
        std::fs::create_dir_all(&workspace).unwrap();
        let repository = Repository::around(&workspace);
        let absolute = root.join("c/x.rs").display().to_string();
        for (file, expected) in [
            ("src/main.rs", Some("rust/app/src/main.rs")),
            ("./a/../src/main.rs", Some("rust/app/src/main.rs")),
            ("../lib/x.rs", Some("rust/lib/x.rs")),
            ("src\\main.rs", Some("rust/app/src/main.rs")),
            (absolute.as_str(), Some("c/x.rs")),
            ("../../../x.rs", None),
            ("/rustc/0123/library/core/src/x.rs", None),
            ("", None),
        ] {
            assert_eq!(repository.path(file).as_deref(), expected, "{file}");
        }
        assert_eq!(repository.manifest(), "rust/app/Cargo.toml");
    }
}
