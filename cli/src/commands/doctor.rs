//! `doctor`: what would be recorded here, and what would not.

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::by_hand;
use crate::swap::unseen::{self, Way};
use crate::swap::{Accesses, Packages, Plan, Runtime, Toolchain, disk};
use std::fmt::Write;

pub(super) fn doctor(context: &Context) -> Result<Exit, CliError> {
    let toolchain = Toolchain::of_folder(&context.folder, &[])?;
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "{name:<10} {}", crate::escape::text(value));
    };
    line("command", concat!("cargo-syncscope ", env!("CARGO_PKG_VERSION")));
    line("compiler", &format!("rustc {} on {}", toolchain.release, toolchain.host));
    let cache = Runtime::folder(&toolchain)?.display().to_string();
    match Runtime::built(&toolchain, Accesses::Tracked) {
        Some(_) => line("runtime", &format!("ready, in {cache}")),
        None => line("runtime", &format!("to be built at the first use, in {cache}")),
    }
    let builds = Runtime::folder(&toolchain)?;
    // A folder that cannot be made is told by the compiler, which cannot write there.
    let _ = std::fs::create_dir_all(&builds);
    match Accesses::All.is_possible(&toolchain, &builds) {
        Ok(()) => line("races", "`--races` works with this compiler"),
        Err(error) => line("races", &error.to_string()),
    }
    let mut used = disk::size(&Runtime::cache()?);
    match context.project() {
        Some(project) => {
            let root = project.workspace_root.display().to_string();
            line("project", &root);
            let builds = Plan::folder(&project.target_directory, &toolchain, Accesses::Tracked)
                .display()
                .to_string();
            line("builds", &builds);
            used += disk::size(&Plan::all(&project.target_directory));
            let way = if by_hand(project, &context.folder, &[]) {
                line("swap", "none: the package depends on instrumented-sync itself");
                Way::ByHand
            } else {
                Way::Swapped
            };
            if let Some(wrapper) = Plan::users_wrapper(&context.folder, &[]) {
                line("wrapper", &format!("{}, which ours calls", wrapper.to_string_lossy()));
            }
            if way == Way::Swapped {
                line("recorded", "std::sync, std::thread and the locks of the standard streams");
                line("", "in all packages and what they depend on");
            } else {
                line("recorded", "what the code takes from instrumented-sync");
            }
            let lock = std::fs::read_to_string(project.workspace_root.join("Cargo.lock"));
            let lock = lock.unwrap_or_default();
            let packages = Packages::of_lock_file(&lock, way, Some(&project.target_directory));
            for seen in packages.seen() {
                line("recorded", &seen);
            }
            for unseen in packages.unseen() {
                line("not seen", &unseen);
            }
        }
        None => line("project", "none: there is no Cargo.toml here or above"),
    }
    line(
        "disk",
        &format!(
            "{} in builds; `cargo syncscope clean` removes those of other compilers and versions",
            disk::words(used)
        ),
    );
    for always in unseen::ALWAYS {
        line("not seen", always);
    }
    context.print(&out);
    Ok(Exit::Clean)
}
