//! Whose a source file is, by its path.

/// Who wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The workspace, or a package beside it that it names by a path.
    Workspace,
    /// A crate of a registry, of git, or a vendored copy.
    Dependency,
    /// The standard library, or what it is built with.
    Std,
}

/// Cargo gives the compiler paths relative to the workspace for what lies in it, and absolute ones for registries, git and vendored
/// copies.
pub(crate) fn whose(file: &str) -> Whose {
    let file = file.replace('\\', "/");
    let is_std = ["/rustc/", "/rust/deps/"].iter().any(|folder| file.starts_with(folder))
        || file.contains("/rustlib/src/rust/library/");
    let is_absolute = file.starts_with('/') || file.get(1..3) == Some(":/");
    let foreign = ["/registry/src/", "/git/checkouts/", "/vendor/"];
    match is_std {
        true => Whose::Std,
        false if is_absolute && foreign.iter().any(|folder| file.contains(folder)) => {
            Whose::Dependency
        }
        false => Whose::Workspace,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell() {
        for (file, expected) in [
            ("src/main.rs", Whose::Workspace),
            ("vendor/own/src/lib.rs", Whose::Workspace),
            ("/elsewhere/lib.rs", Whose::Workspace),
            ("/opt/cargo/registry/src/index-0123/pool-1.0.0/src/lib.rs", Whose::Dependency),
            ("/opt/cargo/git/checkouts/pool-1/src/lib.rs", Whose::Dependency),
            ("/w/app/vendor/pool/src/lib.rs", Whose::Dependency),
            ("C:\\x\\registry\\src\\i\\p\\lib.rs", Whose::Dependency),
            ("/rustc/01/library/core/src/x.rs", Whose::Std),
            ("/rust/deps/hashbrown-0.16.0/src/map.rs", Whose::Std),
            ("/t/lib/rustlib/src/rust/library/std/src/x.rs", Whose::Std),
            ("/w/rustc/src/main.rs", Whose::Workspace),
        ] {
            assert_eq!(whose(file), expected, "{file}");
        }
    }
}
