//! What a program has started, and what that has started in turn: cargo ends at a signal without telling the tests that it runs.

use rustix::process::{Pid, Signal, kill_process};
use std::collections::HashMap;
use std::fs;

/// The processes below one, as they were at a moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Descendants(Vec<Process>);

/// A process; a number alone may have been given to another since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    pid: i32,
    parent: i32,
    /// In ticks of the system.
    started: u64,
}

impl Descendants {
    /// Of a process; none where the system does not tell.
    pub(crate) fn of(pid: Pid) -> Self {
        let mut children: HashMap<i32, Vec<Process>> = HashMap::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let pid = entry.file_name().to_str().and_then(|name| name.parse().ok());
            if let Some(process) = pid.and_then(Process::of) {
                children.entry(process.parent).or_default().push(process);
            }
        }
        let (mut found, mut parents) = (Vec::new(), vec![pid.as_raw_nonzero().get()]);
        while let Some(parent) = parents.pop() {
            let below = children.remove(&parent).unwrap_or_default();
            parents.extend(below.iter().map(|process| process.pid));
            found.extend(below);
        }
        Self(found)
    }

    /// Whether there were none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sends a signal to those that are still there.
    pub(crate) fn send(&self, signal: Signal) {
        for process in &self.0 {
            let now = Process::of(process.pid);
            if now.is_some_and(|now| now.started == process.started)
                && let Some(pid) = Pid::from_raw(process.pid)
            {
                // It may have ended just now: then there is nobody to tell.
                let _ = kill_process(pid, signal);
            }
        }
    }
}

impl Process {
    fn of(pid: i32) -> Option<Self> {
        Self::parse(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The fields after the name, which may have anything in it: state, parent, and so on.
    fn parse(pid: i32, stat: &str) -> Option<Self> {
        let (_, fields) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let (parent, started) = (fields.get(1)?.parse().ok()?, fields.get(19)?.parse().ok()?);
        Some(Self { pid, parent, started })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_look_like_fields() {
        let stat = "7 (a) S 1 (b) R 3 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 8 9";
        let process = Process::parse(7, stat).unwrap();
        assert_eq!(process, Process { pid: 7, parent: 3, started: 4711 });
        assert_eq!(Process::parse(7, "7 (a"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn grandchildren() {
        use std::io::{BufRead, BufReader};
        use std::process::{Command, Stdio};
        // The inner shell is the outer's child: it is not the outer's last command.
        let script = "sh -c 'echo ready; read line'; exit 3";
        let mut child = Command::new("sh")
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let own = Pid::from_raw(i32::try_from(std::process::id()).unwrap()).unwrap();
        let (below, all) = (Descendants::of(Pid::from_child(&child)), Descendants::of(own));
        assert_eq!(below.0.len(), 1, "{below:?}");
        assert!(all.0.contains(&below.0[0]), "{all:?}");
        below.send(Signal::TERM);
        assert_eq!(child.wait().unwrap().code(), Some(3), "the outer shell has gone on");
    }
}
