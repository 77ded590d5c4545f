//! The files that a crate was made of, as the compiler lists them for cargo.

use std::path::Path;

/// The list in terms of the original's files: the copy is ours, and cargo looks at what the user may change.
pub(super) fn of_original(list: &str, copy: &Path, original: &Path, added: &[&Path]) -> String {
    // As the compiler writes paths there.
    let name = |path: &Path| path.display().to_string().replace(' ', "\\ ");
    let (prefix, instead) = (name(&copy.join("")), name(original));
    let instead = if instead.is_empty() { instead } else { format!("{instead}/") };
    let added: Vec<_> = added.iter().map(|path| name(&copy.join(path))).collect();
    let mut lines = String::new();
    for line in list.lines() {
        if added.iter().any(|path| line == format!("{path}:")) {
            continue;
        }
        let mut line = line.to_owned();
        for path in &added {
            line = line.replace(&format!(" {path}"), "");
        }
        lines.push_str(&line.replace(&prefix, &instead));
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_and_what_was_added_are_not_named() {
        let list = "/t/lot.d: /c\\ y/src/lib.rs /c\\ y/src/ours.rs /c\\ y/src/a.rs\n\n\
                    /c\\ y/src/lib.rs:\n/c\\ y/src/ours.rs:\n/c\\ y/src/a.rs:\n";
        let of = |original: &str| {
            of_original(list, Path::new("/c y"), Path::new(original), &[Path::new("src/ours.rs")])
        };
        assert_eq!(
            of("/r/lot"),
            "/t/lot.d: /r/lot/src/lib.rs /r/lot/src/a.rs\n\n/r/lot/src/lib.rs:\n/r/lot/src/a.rs:\n"
        );
        assert_eq!(of(""), "/t/lot.d: src/lib.rs src/a.rs\n\nsrc/lib.rs:\nsrc/a.rs:\n");
    }
}
