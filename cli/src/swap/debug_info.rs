//! What is compiled has the lines of its code: findings name callers and accesses by them.

use super::compiler::{starts_with, value_of};
use std::ffi::OsString;

/// Functions with their paths, and lines; no variables and types.
const LINES: [&str; 2] = ["-C", "debuginfo=1"];
/// Where cargo was asked for none, it has what std brings along taken out, and ours would go with that.
const KEPT: [&str; 2] = ["-C", "strip=none"];

/// Asks for them where nothing else was asked for. No code is another for that.
pub(super) fn add(args: &mut Vec<OsString>) {
    if !makes_code(args) || args.iter().any(is_chosen) {
        return;
    }
    args.extend(LINES.map(OsString::from));
    if args.iter().any(|arg| ends_with(arg, "strip=debuginfo")) {
        args.extend(KEPT.map(OsString::from));
    }
}

fn makes_code(args: &[OsString]) -> bool {
    let joined = args.iter().find_map(|arg| arg.to_str()?.strip_prefix("--emit="));
    let emitted = joined.map(str::to_owned).or_else(|| value_of(args, "--emit"));
    emitted.is_some_and(|emitted| emitted.split(',').any(|kind| kind == "link"))
}

/// Whether an argument says how much is wanted.
fn is_chosen(arg: &OsString) -> bool {
    arg == "-g"
        || starts_with(arg, "debuginfo=")
        || starts_with(arg, "-Cdebuginfo=")
        || starts_with(arg, "--codegen=debuginfo=")
}

fn ends_with(arg: &OsString, suffix: &str) -> bool {
    arg.as_encoded_bytes().ends_with(suffix.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(line: &str) -> String {
        let mut args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        add(&mut args);
        let args = args.iter().map(|arg| arg.to_str().unwrap()).collect::<Vec<_>>().join(" ");
        args.strip_prefix(line).unwrap().to_owned()
    }

    #[test]
    fn where_cargo_wants_none() {
        for emit in ["--emit=dep-info,link", "--emit dep-info,metadata,link"] {
            assert_eq!(added(&format!("rustc {emit} a.rs")), " -C debuginfo=1");
        }
        let stripped = added("rustc a.rs --emit=dep-info,link -C strip=debuginfo");
        assert_eq!(stripped, " -C debuginfo=1 -C strip=none");
    }

    #[test]
    fn what_is_chosen_stays() {
        for line in [
            "rustc a.rs --emit=dep-info,link -C debuginfo=0",
            "rustc a.rs --emit=dep-info,link -C debuginfo=2 -C strip=debuginfo",
            "rustc a.rs --emit=dep-info,link -Cdebuginfo=line-tables-only",
            "rustc a.rs --emit=dep-info,link --codegen=debuginfo=0",
            "rustc a.rs --emit=dep-info,link -g",
            "rustc a.rs --emit=dep-info,metadata",
            "rustdoc a.rs",
        ] {
            assert_eq!(added(line), "");
        }
    }
}
