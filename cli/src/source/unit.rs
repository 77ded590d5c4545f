//! What a source file is to its package, without where it lies.

/// Folders whose files, or folders, are programs of their own.
const TARGETS: [&str; 4] = ["src/bin/", "tests/", "examples/", "benches/"];

/// The package, and the program if it is not the main one. With `module`, also the last part of the module's name: what is a type's own is known
/// by the type, a function or static that is not by the module, as in `cache::flush`.
pub(super) fn of(package_path: &str, module: bool) -> String {
    let (package, path) = package_path.split_once(':').unwrap_or(("", package_path));
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let target = TARGETS.iter().find_map(|folder| Some((folder, path.strip_prefix(folder)?)));
    let (target, inside) = match target {
        Some((folder, rest)) => {
            let (name, inside) = rest.split_once('/').unwrap_or((rest, ""));
            (Some(format!("{folder}{name}")), inside)
        }
        None => (None, path.strip_prefix("src/").unwrap_or(path)),
    };
    let mut parts = inside.rsplit('/').filter(|part| *part != "mod");
    let root = ["lib", "main", ""].contains(&inside);
    let module = parts.next().filter(|_| module && !root);
    let parts = [Some(package.to_owned()), target, module.map(str::to_owned)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(":")
}

/// The crate, as code calls it.
pub(super) fn crate_of(package_path: &str) -> String {
    let (package, path) = package_path.split_once(':').unwrap_or((package_path, ""));
    let target = TARGETS.iter().find_map(|folder| path.strip_prefix(folder));
    let target = target.and_then(|rest| rest.split('/').next());
    target.map_or(package, |name| name.trim_end_matches(".rs")).replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::{crate_of, of};

    #[test]
    fn crates_of_a_package() {
        for (path, expected) in [
            ("sea-bank:src/lib.rs", "sea_bank"),
            ("sea-bank:src/store/mod.rs", "sea_bank"),
            ("sea-bank:src/bin/the-teller.rs", "the_teller"),
            ("sea-bank:src/bin/teller/desk.rs", "teller"),
            ("sea-bank:tests/all.rs", "all"),
        ] {
            assert_eq!(crate_of(path), expected, "{path}");
        }
    }

    #[test]
    fn programs_and_modules_of_a_package() {
        for (path, expected) in [
            ("bank:src/lib.rs", "bank"),
            ("bank:src/main.rs", "bank"),
            ("bank:src/cache.rs", "bank:cache"),
            ("bank:src/store/mod.rs", "bank:store"),
            ("bank:src/store/disk.rs", "bank:disk"),
            ("bank:src/bin/teller.rs", "bank:src/bin/teller"),
            ("bank:src/bin/teller/main.rs", "bank:src/bin/teller"),
            ("bank:src/bin/teller/desk.rs", "bank:src/bin/teller:desk"),
            ("bank:tests/all.rs", "bank:tests/all"),
            ("bank:tests/it/pay.rs", "bank:tests/it:pay"),
            ("bank:build/pay.rs", "bank:pay"),
        ] {
            assert_eq!(of(path, true), expected, "{path}");
        }
        assert_eq!(of("bank:src/store/disk.rs", false), "bank");
        assert_eq!(of("bank:tests/it/pay.rs", false), "bank:tests/it");
    }
}
