//! The files of `/proc/self`, read so that no child of `fork` inherits a descriptor of ours.

use syncscope_recording::writer::fork_gate::Opening;

/// A file; `None` where it cannot be read.
pub(crate) fn read(name: &str) -> Option<String> {
    let _opening = Opening::begin();
    std::fs::read_to_string(format!("/proc/self/{name}")).ok()
}

/// The names in a folder that are numbers; empty where it cannot be listed.
pub(crate) fn numbers(name: &str) -> Vec<u32> {
    let _opening = Opening::begin();
    let Ok(entries) = std::fs::read_dir(format!("/proc/self/{name}")) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// What a link points to; `None` where that is not told.
pub(crate) fn link(name: &str) -> Option<String> {
    let _opening = Opening::begin();
    std::fs::read_link(format!("/proc/self/{name}")).ok()?.into_os_string().into_string().ok()
}
