//! Stacks of all threads of a process, by a debugger. It stops the process for that, so it is only called when the user asks.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The stacks of a process's threads by the kernel's numbers: addresses behind those where it is and will go on.
pub(crate) type Stacks = BTreeMap<u32, Vec<u64>>;

/// How long it may take. Large programs have much to read before the first stack is there.
const PATIENCE: Duration = Duration::from_secs(60);

/// More frames of a stack are not asked for.
const FRAMES: u32 = 256;

/// Asks `gdb`. A process whose debugger is ended goes on.
///
/// # Errors
///
/// In words, when there is no `gdb`, it may not look at the process, or takes too long.
pub(crate) fn stacks(pid: u32) -> Result<Stacks, String> {
    let mut gdb = Command::new("gdb");
    // Neither the user's settings nor scripts that a program brings along.
    gdb.args(["-nx", "-batch", "-iex", "set auto-load off", "-iex", "set debuginfod enabled off"]);
    gdb.args(["-iex", "set print frame-info location-and-address"]);
    gdb.args(["-iex", "set print frame-arguments none", "-iex", "set width 0"]);
    gdb.args(["-p", &pid.to_string(), "-ex", &format!("thread apply all backtrace {FRAMES}")]);
    gdb.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut gdb = gdb.spawn().map_err(|error| format!("`gdb` cannot be started: {error}"))?;
    let (sender, done) = mpsc::channel();
    let (stdout, stderr) = (gdb.stdout.take(), gdb.stderr.take());
    let errors = thread::spawn(move || read(stderr));
    thread::spawn(move || sender.send(read(stdout)));
    let printed = done.recv_timeout(PATIENCE);
    if printed.is_err() {
        // Without an error it has just ended by itself.
        _ = gdb.kill();
    }
    _ = gdb.wait();
    let printed =
        printed.map_err(|_| format!("`gdb` had no stacks after {} seconds", PATIENCE.as_secs()))?;
    let found = parse(&printed);
    if !found.is_empty() {
        return Ok(found);
    }
    let errors = errors.join().unwrap_or_default();
    let why = errors.lines().find(|line| line.contains("ptrace")).or(errors.lines().next());
    Err(format!("`gdb` gave no stacks: {}", why.unwrap_or("it did not say why").trim()))
}

fn read(stream: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    // What came until an error is what there is.
    _ = stream.map(|mut stream| stream.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `Thread 2 (Thread 0x7f… (LWP 4711) "name"):` or `Thread 1 (process 4711):`, then `#0  0x… in function () at file:line` for each frame. Of
/// functions that were inlined into each other each has a line with the same address.
fn parse(printed: &str) -> Stacks {
    let mut stacks = Stacks::new();
    let mut current = None;
    for line in printed.lines() {
        if let Some(tid) = thread_of(line) {
            current = Some(tid);
        } else if let Some(address) = address_of(line)
            && let Some(tid) = current
        {
            let stack = stacks.entry(tid).or_default();
            // As a stack that was recorded, which has return addresses only.
            let address = if stack.is_empty() { address.saturating_add(1) } else { address };
            if stack.last() != Some(&address) {
                stack.push(address);
            }
        }
    }
    stacks
}

fn thread_of(line: &str) -> Option<u32> {
    // The name of a thread comes later, and may hold anything.
    let rest = line.strip_prefix("Thread ")?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(" (")?;
    let number = match rest.strip_prefix("process ") {
        Some(number) => number,
        None => rest.strip_prefix("Thread ")?.split_once(" (LWP ")?.1,
    };
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn address_of(line: &str) -> Option<u64> {
    let rest = line.strip_prefix('#')?.trim_start_matches(|c: char| c.is_ascii_digit());
    let (address, _) = rest.trim_start().strip_prefix("0x")?.split_once(' ')?;
    u64::from_str_radix(address, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gdb_prints() {
        let printed = "[New LWP 12]\n\
            [Thread debugging using libthread_db enabled]\n\
            0x00007f01 in syscall () at ../sysdeps/syscall.S:38\n\n\
            Thread 2 (Thread 0x7f02 (LWP 12) \"x (LWP 99)\"):\n\
            #0  0x0000000000001000 in spin (x=...) at src/main.rs:14\n\
            #1  0x0000000000002000 in inner () at a.rs:1\n\
            #2  0x0000000000002000 in outer () at a.rs:2\n\
            #10 0x0000000000003000 in ?? () from /lib/x.so\n\n\
            Thread 1 (process 7):\n\
            #0  0xffffffffffffffff in main () at src/main.rs:3\n\
            #1  no address here\n\
            Thread 3 (of another kind):\n\
            [Inferior 1 (process 7) detached]\n";
        let expected = [(12, vec![0x1001, 0x2000, 0x3000]), (7, vec![u64::MAX])];
        assert_eq!(parse(printed), Stacks::from(expected));
        assert_eq!(parse("#0  0x1 in main ()\nThread 5 (Thread 0x1 (LWP ))"), Stacks::new());
    }

    #[test]
    fn nobody_to_look_at_is_told() {
        let error = stacks(u32::MAX).unwrap_err();
        assert!(error.starts_with("`gdb` "), "{error}");
    }
}
