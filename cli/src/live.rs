//! What the system tells of a process that may be running still. Only `/proc` is read, and nothing is done to the process.
//!
//! A number alone says little: process ids are used again, and a recording may come from another machine. So a process
//! counts as the recorded one only while it maps the very file.

use crate::debugger::Stacks;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A recorded process that is running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// When this was seen.
    pub at: SystemTime,
    /// Its threads by the kernel's id.
    pub threads: BTreeMap<u32, OsThread>,
    /// Whether it has answered when it was asked for the stacks of its waits; `None` when it was not asked.
    pub answered: Option<bool>,
    /// The stacks of its threads, by the kernel's numbers, where a debugger was asked for them.
    pub stacks: Stacks,
}

/// A thread as the kernel sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsThread {
    /// The kernel's letter: `R` runs, `S` sleeps, `D` is in a wait that cannot be interrupted, `T` is stopped …
    pub state: char,
    /// The kernel's function in which it sleeps, where the system tells; empty otherwise.
    pub sleeps_in: String,
    /// It is the recording's own thread, which watches the others.
    pub is_ours: bool,
    /// The number of the system call that it is in, where the system tells and somebody wanted to know.
    pub call: Option<u64>,
}

/// The number of the system call that threads wait for locks in.
const FUTEX: Option<u64> = match () {
    () if cfg!(all(target_os = "linux", target_arch = "x86_64")) => Some(202),
    () if cfg!(all(target_os = "linux", target_arch = "aarch64")) => Some(98),
    () => None,
};

impl OsThread {
    /// Why a thread in a wait was not asked for its stack. It is only asked where it goes on after a signal as if nothing had been.
    #[must_use]
    pub fn why_not_asked(&self, answered: bool) -> String {
        match (self.state, self.call) {
            ('R', _) => "it is on a processor or ready for one".to_owned(),
            ('T' | 't', _) => "it is stopped".to_owned(),
            (_, Some(call)) if FUTEX.is_some_and(|futex| futex != call) => {
                format!("it is in system call {call}, which a signal may end")
            }
            _ if !answered => "the process has not answered".to_owned(),
            _ => "a signal could disturb it".to_owned(),
        }
    }

    /// What the letter means.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self.state {
            'R' => "on a processor or ready for one",
            'S' | 'I' => "asleep in the kernel",
            'D' => "asleep in the kernel, not to be interrupted",
            'T' | 't' => "stopped",
            'Z' | 'X' => "ended",
            _ => "in a state that is unknown",
        }
    }
}

/// The process, if it runs on this machine and writes to `recording`.
#[must_use]
pub fn of(pid: u32, recording: &Path) -> Option<Live> {
    if pid == 0 || !maps(pid, recording) {
        return None;
    }
    let folder = PathBuf::from(format!("/proc/{pid}/task"));
    let tids = std::fs::read_dir(&folder).ok()?.flatten().filter_map(|entry| {
        let tid = entry.file_name().to_str()?.parse().ok()?;
        Some((tid, thread(&entry.path())?))
    });
    Some(Live {
        at: SystemTime::now(),
        threads: tids.collect(),
        answered: None,
        stacks: Stacks::new(),
    })
}

impl Live {
    /// Notes that the process was asked for stacks, and whether it has answered; and what its threads do in the kernel, which may say why some were
    /// not asked.
    #[must_use]
    pub fn asked(mut self, pid: u32, answered: bool) -> Self {
        self.answered = Some(answered);
        for (tid, thread) in &mut self.threads {
            let text = std::fs::read(format!("/proc/{pid}/task/{tid}/syscall")).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            thread.call = text.split_ascii_whitespace().next().and_then(|word| word.parse().ok());
        }
        self
    }
}

/// The recordings that a process writes to, as this process can open them. Empty when there is no such process, or it
/// belongs to another user, or it records nothing.
#[must_use]
pub fn recordings_of(pid: u32) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for line in mappings(pid) {
        // Inside a container the same path names another file; the kernel leads there.
        let outside = line.path.clone();
        let inside = PathBuf::from(format!("/proc/{pid}/root"))
            .join(line.path.strip_prefix("/").unwrap_or(&line.path));
        // A deleted file is still there for those who map it.
        let range = PathBuf::from(format!("/proc/{pid}/map_files/{}", line.range));
        let file =
            [outside, inside, range].into_iter().find(|path| inode(path) == Some(line.inode));
        if let Some(file) = file.filter(|file| !found.contains(file))
            && !found.iter().any(|known| inode(known) == Some(line.inode))
        {
            found.push(file);
        }
    }
    found
}

/// The numbers of all processes.
#[must_use]
pub fn processes() -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut pids: Vec<u32> =
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    pids
}

/// The command line of a process, as it is; empty where it is not told.
#[must_use]
pub fn command(pid: u32) -> String {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let args = line.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    args.collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

/// Whether there is a process of this number.
#[must_use]
pub fn exists(pid: u32) -> bool {
    pid != 0 && Path::new(&format!("/proc/{pid}")).is_dir()
}

/// A mapping of a recording.
struct Mapping {
    /// `start-end`, as the kernel writes it.
    range: String,
    inode: u64,
    path: PathBuf,
}

fn maps(pid: u32, recording: &Path) -> bool {
    let (Some(inode), Some(name)) = (inode(recording), recording.file_name()) else { return false };
    mappings(pid).iter().any(|mapping| {
        // A file opened through `map_files` has no name of its own.
        mapping.inode == inode
            && (mapping.path.file_name() == Some(name) || recording.starts_with("/proc"))
    })
}

/// The mappings of files that look like recordings.
fn mappings(pid: u32) -> Vec<Mapping> {
    let maps = std::fs::read(format!("/proc/{pid}/maps")).unwrap_or_default();
    String::from_utf8_lossy(&maps).lines().filter_map(mapping).collect()
}

/// `7f00-7f01 rw-s 00000000 fe:00 4711   /path/with spaces.syncscope (deleted)`.
fn mapping(line: &str) -> Option<Mapping> {
    let mut fields = line.splitn(5, ' ');
    let range = fields.next()?.to_owned();
    let rest = fields.nth(3)?;
    let (inode, path) = rest.trim_start().split_once(' ')?;
    let path = path.trim_start();
    let path = Path::new(path.strip_suffix(" (deleted)").unwrap_or(path));
    let extension = syncscope_recording::layout::EXTENSION;
    if path.extension().is_none_or(|found| found != extension) {
        return None;
    }
    Some(Mapping { range, inode: inode.parse().ok()?, path: path.to_owned() })
}

#[cfg(unix)]
fn inode(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|metadata| metadata.ino())
}

#[cfg(not(unix))]
fn inode(_: &Path) -> Option<u64> {
    None
}

fn thread(folder: &Path) -> Option<OsThread> {
    let stat = std::fs::read(folder.join("stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    // The name in parentheses is the program's and may hold anything; the state follows the last one.
    let state = stat.rsplit(')').next()?.trim_start().chars().next()?;
    let sleeps_in = std::fs::read(folder.join("wchan")).unwrap_or_default();
    let sleeps_in = String::from_utf8_lossy(&sleeps_in).trim().to_owned();
    let sleeps_in = if sleeps_in == "0" { String::new() } else { sleeps_in };
    let is_ours = stat.split_once('(').is_some_and(|(_, rest)| rest.starts_with("syncscope)"));
    Some(OsThread { state, sleeps_in, is_ours, call: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_kernel() {
        let line =
            "7f1-7f2 rw-s 00001000 fe:00 4711                       /a b/c.syncscope (deleted)";
        let found = mapping(line).unwrap();
        assert_eq!((found.inode, found.range.as_str()), (4711, "7f1-7f2"));
        assert_eq!(found.path, Path::new("/a b/c.syncscope"));
        for other in ["", "7f1-7f2 rw-p 0 00:00 0 ", "7f1-7f2 r--p 0 fe:00 12 /lib/libc.so.6"] {
            assert!(mapping(other).is_none(), "{other}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_does_not_map_the_file_is_another() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("x.syncscope");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(of(std::process::id(), &file), None);
        assert!(recordings_of(std::process::id()).is_empty());
        assert!(exists(std::process::id()) && !exists(0));
    }
}
