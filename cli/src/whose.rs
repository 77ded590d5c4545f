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

/// Where registries, git and vendoring keep sources: what a file's path has before the package.
const FOREIGN: [(&str, usize); 3] =
    [("/registry/src/", 1), ("/git/checkouts/", 2), ("/vendor/", 0)];

/// The path of a file as people want to read it: of a dependency's the package, and what is in that.
pub(crate) fn short_file(file: &str) -> &str {
    if whose(file) != Whose::Dependency {
        return file;
    }
    let inside = FOREIGN.iter().find_map(|(folder, skipped)| {
        let (_, inside) = file.split_once(folder)?;
        // The registry's name; the repository's, and its commit.
        inside.splitn(skipped + 1, '/').nth(*skipped)
    });
    inside.filter(|inside| !inside.is_empty()).unwrap_or(file)
}

/// The package of a file of a dependency, with its version where the path has it.
pub(crate) fn package(file: &str) -> &str {
    let file = short_file(file);
    file.split_once("/src/").map_or(file, |(package, _)| package)
}

/// Cargo gives the compiler paths relative to the workspace for what lies in it, and absolute ones for registries, git and vendored
/// copies.
pub(crate) fn whose(file: &str) -> Whose {
    let file = file.replace('\\', "/");
    let is_std = ["/rustc/", "/rust/deps/"].iter().any(|folder| file.starts_with(folder))
        || file.contains("/rustlib/src/rust/library/");
    let is_absolute = file.starts_with('/') || file.get(1..3) == Some(":/");
    match is_std {
        true => Whose::Std,
        false if is_absolute && FOREIGN.iter().any(|(folder, _)| file.contains(folder)) => {
            Whose::Dependency
        }
        false => Whose::Workspace,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_dependencies_begin_with_the_package() {
        for (file, short, of) in [
            ("/c/registry/src/i-01/pool-1.0.0/src/a/b.rs", "pool-1.0.0/src/a/b.rs", "pool-1.0.0"),
            ("/c/git/checkouts/pool-1/ab12/core/src/b.rs", "core/src/b.rs", "core"),
            (
                "/c/git/checkouts/pool-1/ab12",
                "/c/git/checkouts/pool-1/ab12",
                "/c/git/checkouts/pool-1/ab12",
            ),
            ("/w/vendor/pool/src/b.rs", "pool/src/b.rs", "pool"),
            ("src/main.rs", "src/main.rs", "src/main.rs"),
        ] {
            assert_eq!((short_file(file), package(file)), (short, of), "{file}");
        }
    }

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
