// Long: all scenarios are one program, which is compiled once.
//! What a program does with its files, descriptors and limits while it locks: each scenario behaves as with plain `std`, whatever it
//! does to the descriptors, and whatever is done to the recording. Says on its output what it saw.
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread;

#[repr(C)]
struct Limit {
    now: u64,
    most: u64,
}

/// As the C library of 64-bit Linux has it.
#[repr(C)]
struct Action {
    handler: usize,
    mask: [u64; 16],
    flags: i32,
    restorer: usize,
}

unsafe extern "C" {
    fn chroot(path: *const u8) -> i32;
    fn close(fd: i32) -> i32;
    fn dup2(from: i32, to: i32) -> i32;
    fn _exit(code: i32) -> !;
    fn fcntl(fd: i32, command: i32, argument: i32) -> i32;
    fn fork() -> i32;
    fn getuid() -> u32;
    fn kill(pid: i32, signal: i32) -> i32;
    fn mmap(at: *mut u8, len: usize, access: i32, flags: i32, fd: i32, offset: i64) -> *mut u8;
    fn munmap(at: *mut u8, len: usize) -> i32;
    fn raise(signal: i32) -> i32;
    fn setitimer(which: i32, new: *const [i64; 4], old: *mut [i64; 4]) -> i32;
    fn setrlimit(what: i32, limit: *const Limit) -> i32;
    fn setsid() -> i32;
    fn setuid(user: u32) -> i32;
    fn sigaction(signal: i32, new: *const Action, old: *mut Action) -> i32;
    fn syscall(number: i64, a: u64, b: u64, c: u64) -> i64;
    fn umask(mask: u32) -> u32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
}

const FSIZE: i32 = 1;
const NOFILE: i32 = 7;
const AS: i32 = 9;
const SIGBUS: i32 = 7;
const SIGALRM: i32 = 14;
const SIGXFSZ: i32 = 25;
const SA_SIGINFO: i32 = 4;
const CLOSE_RANGE: i64 = 436;

static OUTER: Mutex<u64> = Mutex::new(0);
static INNER: Mutex<u64> = Mutex::new(0);
static SIGNALS: AtomicU32 = AtomicU32::new(0);

/// The first nesting, which starts a recording.
fn first() {
    let mut outer = OUTER.lock().unwrap();
    *INNER.lock().unwrap() += 1;
    *outer += 1;
}

/// Thousands of nestings of several threads: a recording must grow, again and again.
fn work() {
    let locks: Vec<Mutex<u64>> = (0..1200).map(Mutex::new).collect();
    let table = RwLock::new(0);
    thread::scope(|scope| {
        for thread in 0..6 {
            let (locks, table) = (&locks, &table);
            scope.spawn(move || {
                for at in 0..1100 {
                    let mut outer = locks[at].lock().unwrap();
                    *locks[at + 1 + thread].lock().unwrap() += 1;
                    *outer += *table.read().unwrap();
                }
                *table.write().unwrap() += 0;
            });
        }
    });
    for _ in 0..30 {
        thread::spawn(first).join().unwrap();
    }
    let sum: u64 = locks.into_iter().map(|lock| lock.into_inner().unwrap()).sum();
    println!("worked {sum}");
}

fn own_file(name: &str) -> File {
    OpenOptions::new().create(true).truncate(true).read(true).write(true).open(name).unwrap()
}

fn close_all(from: i32) {
    for fd in from..1024 {
        // SAFETY: the program opened none that it uses again.
        unsafe { close(fd) };
    }
}

fn limit(what: i32, now: u64) {
    // SAFETY: the limit is a valid place.
    let done = unsafe { setrlimit(what, &Limit { now, most: now }) };
    assert_eq!(done, 0);
}

fn descriptors() -> Vec<String> {
    let entries = fs::read_dir("/proc/self/fd").unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The recordings; with plain std there are none.
fn recordings() -> Vec<PathBuf> {
    let Some(dir) = std::env::var_os("SYNCSCOPE_DIR") else { return Vec::new() };
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

fn to_recordings(act: impl Fn(&Path)) {
    recordings().iter().for_each(|path| act(path));
}

fn set_len(path: &Path, len: impl Fn(u64) -> u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(len(file.metadata().unwrap().len())).unwrap();
}

/// While threads lock, somebody writes all over the recording.
fn scribble(seed: u64, bytes: fn(&mut dyn FnMut() -> u64, &mut [u8])) {
    let done = AtomicBool::new(false);
    let mut state = seed | 1;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    first();
    thread::scope(|scope| {
        let done = &done;
        scope.spawn(move || {
            let files: Vec<_> = recordings()
                .into_iter()
                .map(|path| OpenOptions::new().read(true).write(true).open(path).unwrap())
                .collect();
            let mut page = vec![0; 4096];
            while !done.load(Ordering::Relaxed) {
                for file in &files {
                    // Mapped, so that it is quick; not further than the file goes.
                    let len = file.metadata().unwrap().len() as usize & !4095;
                    // SAFETY: a new mapping, of which nobody else has a reference.
                    unsafe {
                        let map = mmap(std::ptr::null_mut(), len, 3, 1, file.as_raw_fd(), 0);
                        assert!(!map.is_null() && map.addr() != usize::MAX);
                        // Most often the board, which comes early in the file and is read at each lock.
                        let pages = (0..len).step_by(4096);
                        for at in pages.clone().chain(pages.take(36).cycle().take(36 * 100)) {
                            bytes(&mut random, &mut page);
                            std::ptr::copy_nonoverlapping(page.as_ptr(), map.add(at), page.len());
                        }
                        munmap(map, len);
                    }
                }
                thread::yield_now();
            }
        });
        work();
        work();
        done.store(true, Ordering::Relaxed);
    });
    first();
}

fn random_bytes(random: &mut dyn FnMut() -> u64, page: &mut [u8]) {
    for word in page.chunks_mut(8) {
        word.copy_from_slice(&random().to_le_bytes());
    }
}

extern "C" fn count(_: i32) {
    SIGNALS.fetch_add(1, Ordering::Relaxed);
}

/// Where the own mapping begins that this handler mends.
static MINE: AtomicU64 = AtomicU64::new(0);

/// Mends faults of the program's own; others are errors.
extern "C" fn mend(_: i32, info: *const u64, _: usize) {
    // SAFETY: the address is the third word of `siginfo_t`; what is mapped over is the program's own.
    unsafe {
        let address = *info.add(2);
        let mine = MINE.load(Ordering::Relaxed);
        if !(mine..mine + 8192).contains(&address) {
            _exit(99);
        }
        mmap((address & !4095) as *mut u8, 4096, 3, 0x32, -1, 0);
    }
    SIGNALS.fetch_add(1, Ordering::Relaxed);
}

fn handle(signal: i32, handler: usize, flags: i32) {
    let action = Action { handler, mask: [0; 16], flags, restorer: 0 };
    // SAFETY: the action is a valid place.
    assert_eq!(unsafe { sigaction(signal, &action, std::ptr::null_mut()) }, 0);
}

/// Reads from a mapped file that was cut.
fn own_fault() -> u8 {
    let file = own_file("mapped");
    file.write_all_at(&[7; 8192], 0).unwrap();
    // SAFETY: a new shared mapping.
    let at = unsafe { mmap(std::ptr::null_mut(), 8192, 3, 1, file.as_raw_fd(), 0) };
    MINE.store(at as u64, Ordering::Relaxed);
    file.set_len(0).unwrap();
    // SAFETY: mapped, if need be by the handler.
    unsafe { at.add(4096).read_volatile() }
}

fn in_child(child: impl FnOnce() -> i32) -> i32 {
    // SAFETY: the child does what programs do there and ends by `_exit`.
    unsafe {
        let pid = fork();
        if pid == 0 {
            // Nothing is printed: a thread of the parent may hold the lock of the stream.
            _exit(child());
        }
        let mut status = 0;
        assert_eq!(waitpid(pid, &mut status, 0), pid);
        status
    }
}

/// A file of the program's own under each number that is not in use.
fn take_all(file: &File, from: i32) {
    for fd in from..1024 {
        if fd != file.as_raw_fd() {
            // SAFETY: the program uses none of these.
            unsafe { dup2(file.as_raw_fd(), fd) };
        }
    }
}

fn daemon() {
    // SAFETY: the first child ends at once, the second one is the daemon; its parent waits for what it writes.
    unsafe {
        let pid = fork();
        if pid == 0 {
            setsid();
            if fork() != 0 {
                _exit(0);
            }
            close_all(0);
            umask(0);
            let home = std::env::current_dir().unwrap();
            std::env::set_current_dir("/").unwrap();
            for fd in 0..3 {
                assert_eq!(File::open("/dev/null").unwrap().into_raw_fd(), fd);
            }
            first();
            let mut file = own_file(home.join("daemon.draft").to_str().unwrap());
            write!(file, "at {} ", file.as_raw_fd()).unwrap();
            work();
            write!(file, "len {}", file.metadata().unwrap().len()).unwrap();
            fs::rename(home.join("daemon.draft"), home.join("daemon")).unwrap();
            _exit(0);
        }
        waitpid(pid, std::ptr::null_mut(), 0);
    }
    while !Path::new("daemon").exists() {
        thread::yield_now();
    }
}

fn main() {
    let scenario = std::env::args().nth(1).unwrap();
    match scenario.as_str() {
        "closes_all" | "closes_all_first" | "closes_range" => {
            if scenario != "closes_all_first" {
                first();
            }
            match scenario.as_str() {
                // SAFETY: the program has opened none.
                "closes_range" => assert_eq!(unsafe { syscall(CLOSE_RANGE, 3, u32::MAX.into(), 0) }, 0),
                _ => close_all(3),
            }
            let mut file = own_file("mine");
            file.write_all(b"mine").unwrap();
            work();
            println!("at {} len {}", file.as_raw_fd(), file.metadata().unwrap().len());
        }
        "takes_all" | "takes_all_first" | "takes_the_upper" => {
            if scenario != "takes_all_first" {
                first();
            }
            let file = own_file("mine");
            file.write_all_at(b"mine", 0).unwrap();
            take_all(&file, if scenario == "takes_the_upper" { 512 } else { 3 });
            work();
            println!("len {}", file.metadata().unwrap().len());
        }
        "closes_all_in_a_thread" => {
            first();
            let done = AtomicBool::new(false);
            thread::scope(|scope| {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        close_all(40);
                        thread::yield_now();
                    }
                });
                work();
                done.store(true, Ordering::Relaxed);
            });
        }
        "lowest_numbers" => {
            let mut files = Vec::new();
            for at in 0..4 {
                files.push(own_file(&format!("mine{at}")));
                first();
                work();
            }
            println!("{:?}", files.iter().map(File::as_raw_fd).collect::<Vec<_>>());
        }
        "lists_descriptors" => {
            println!("{:?}", descriptors());
            first();
            println!("{:?}", descriptors());
            work();
            println!("{:?}", descriptors());
        }
        "uses_up_descriptors" | "uses_up_descriptors_first" => {
            if scenario == "uses_up_descriptors" {
                first();
            }
            let mut files = Vec::new();
            while let Ok(file) = File::open("/dev/null") {
                files.push(file);
            }
            first();
            println!("{}", files.len());
            work();
            files.clear();
            work();
            println!("{:?}", descriptors());
        }
        "three_descriptors" => {
            limit(NOFILE, 3);
            work();
            println!("{:?}", File::open("/dev/null").err().and_then(|error| error.raw_os_error()));
        }
        "fewer_descriptors" => {
            first();
            limit(NOFILE, 5);
            work();
            println!("{:?}", descriptors());
        }
        "standard_streams_closed" => {
            close_all(0);
            first();
            let files = [own_file("in"), own_file("out"), own_file("err")];
            let numbers: Vec<_> = files.iter().map(File::as_raw_fd).collect();
            work();
            limit(FSIZE, 100);
            work();
            eprintln!("{numbers:?}");
            println!("ended");
            std::mem::forget(files);
        }
        "standard_error_replaced" => {
            let file = own_file("err");
            // SAFETY: the program uses nothing else at this number.
            unsafe { dup2(file.as_raw_fd(), 2) };
            limit(FSIZE, 4096);
            first();
            work();
            eprintln!("mine");
            to_recordings(|path| fs::remove_file(path).unwrap());
        }
        "starts_others" => {
            first();
            work();
            let output = Command::new("ls").arg("/proc/self/fd").output().unwrap();
            print!("{}", String::from_utf8(output.stdout).unwrap());
        }
        "forks_while_threads_work" => {
            let open = || {
                // SAFETY: only asks.
                let is_open = |fd: &i32| unsafe { fcntl(*fd, 1, 0) } != -1;
                (3..1024).filter(is_open).count() as i32
            };
            let before = open();
            first();
            let done = AtomicBool::new(false);
            thread::scope(|scope| {
                scope.spawn(|| {
                    work();
                    work();
                    done.store(true, Ordering::Relaxed);
                });
                while !done.load(Ordering::Relaxed) {
                    assert_eq!(in_child(open), before << 8);
                }
            });
        }
        "daemon" => {
            first();
            daemon();
        }
        "daemon_first" => daemon(),
        "root_changed" => {
            first();
            // SAFETY: the path is a string of C.
            let done = unsafe { chroot(c".".as_ptr().cast()) };
            std::env::set_current_dir("/").unwrap();
            own_file("/mine").write_all(b"mine").unwrap();
            work();
            println!("{done}");
        }
        "folder_changed" => {
            first();
            fs::create_dir("sub").unwrap();
            std::env::set_current_dir("sub").unwrap();
            work();
            own_file("mine").write_all(b"mine").unwrap();
            fs::remove_dir_all("../sub").unwrap();
            work();
        }
        "umask_of_all" => {
            // SAFETY: has no preconditions.
            let old = unsafe { umask(0o777) };
            first();
            drop(own_file("mine"));
            work();
            // SAFETY: as above.
            let mask = unsafe { umask(old) };
            println!("{mask:o} {:o}", fs::metadata("mine").unwrap().mode());
        }
        "user_changed" | "user_changed_first" => {
            if scenario == "user_changed" {
                first();
            }
            // SAFETY: has no preconditions.
            let done = unsafe { (getuid(), setuid(65_534)) };
            work();
            println!("{done:?}");
        }
        "no_file_may_have_any_size" => {
            limit(FSIZE, 0);
            first();
            work();
        }
        "small_files_only" => {
            limit(FSIZE, 4096);
            first();
            work();
        }
        "small_files_only_later" => {
            first();
            limit(FSIZE, 100_000);
            work();
            handle(SIGXFSZ, count as *const () as usize, 0);
            let mut file = own_file("mine");
            let wrote = file.write_all(&[1; 200_000]).map_err(|error| error.raw_os_error());
            work();
            println!("{wrote:?} {}", SIGNALS.load(Ordering::Relaxed));
        }
        "few_addresses" => {
            first();
            limit(AS, 400 << 20);
            work();
        }
        "timer" => {
            handle(SIGALRM, count as *const () as usize, 0x1000_0000);
            // SAFETY: the times are valid places.
            unsafe { setitimer(0, &[0, 1000, 0, 1000], std::ptr::null_mut()) };
            first();
            work();
            // SAFETY: as above.
            unsafe { setitimer(0, &[0; 4], std::ptr::null_mut()) };
            println!("{}", SIGNALS.load(Ordering::Relaxed) > 0);
        }
        "recording_removed" => {
            first();
            to_recordings(|path| fs::remove_file(path).unwrap());
            work();
        }
        "recordings_removed" => {
            first();
            if let Some(dir) = std::env::var_os("SYNCSCOPE_DIR").filter(|_| !recordings().is_empty()) {
                fs::remove_dir_all(dir).unwrap();
            }
            work();
        }
        "recording_cut" => {
            first();
            work();
            to_recordings(|path| set_len(path, |_| 0));
            work();
        }
        "recording_cut_to_half" => {
            first();
            work();
            to_recordings(|path| set_len(path, |len| len / 2 + 777));
            work();
        }
        "recording_cut_again_and_again" => {
            for part in (0..8).rev() {
                first();
                work();
                to_recordings(|path| set_len(path, |len| len * part / 8));
            }
        }
        "recording_cut_while_threads_work" => {
            first();
            thread::scope(|scope| {
                scope.spawn(work);
                work();
                to_recordings(|path| set_len(path, |len| len / 3));
                work();
                to_recordings(|path| set_len(path, |_| 1));
                work();
            });
        }
        "recording_longer" => {
            first();
            to_recordings(|path| set_len(path, |_| 1 << 40));
            work();
        }
        "recording_appended_to" => {
            first();
            to_recordings(|path| {
                let mut file = OpenOptions::new().append(true).open(path).unwrap();
                file.write_all(b"mine").unwrap();
            });
            work();
        }
        "recording_is_a_folder_now" => {
            first();
            to_recordings(|path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            });
            work();
        }
        "recording_is_a_link_now" => {
            let file = own_file("mine");
            file.write_all_at(b"mine", 0).unwrap();
            first();
            let mine = std::env::current_dir().unwrap().join("mine");
            to_recordings(|path| {
                fs::remove_file(path).unwrap();
                std::os::unix::fs::symlink(&mine, path).unwrap();
            });
            work();
            println!("{}", file.metadata().unwrap().len());
        }
        "recording_is_a_file_of_others_now" => {
            fs::write("other", "other").unwrap();
            first();
            to_recordings(|path| fs::rename("other", path).unwrap());
            work();
            to_recordings(|path| fs::rename(path, "other").unwrap());
            println!("{}", fs::read_to_string("other").unwrap());
        }
        "recording_is_a_pipe_now" => {
            first();
            to_recordings(|path| {
                fs::remove_file(path).unwrap();
                assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            });
            work();
        }
        "recording_all_ones" => scribble(0, |_, page| page.fill(0xFF)),
        "recording_all_zeros" => scribble(0, |_, page| page.fill(0)),
        "bus_handler_before" | "bus_handler_after" => {
            let mending = mend as *const () as usize;
            if scenario == "bus_handler_before" {
                handle(SIGBUS, mending, SA_SIGINFO);
                first();
                to_recordings(|path| set_len(path, |_| 0));
            } else {
                first();
                handle(SIGBUS, mending, SA_SIGINFO);
            }
            work();
            println!("{} {}", own_fault(), SIGNALS.load(Ordering::Relaxed));
            work();
        }
        "bus_handler_plain" => {
            handle(SIGBUS, count as *const () as usize, 0);
            first();
            // SAFETY: the signal is handled.
            unsafe {
                raise(SIGBUS);
                kill(std::process::id() as i32, SIGBUS);
            }
            println!("{}", SIGNALS.load(Ordering::Relaxed));
        }
        "bus_handler_once" => {
            // Reset to the default when it is first called.
            handle(SIGBUS, count as *const () as usize, 0x8000_0000_u32 as i32);
            first();
            // SAFETY: the second one ends the process.
            unsafe {
                raise(SIGBUS);
                println!("{}", SIGNALS.load(Ordering::Relaxed));
                raise(SIGBUS);
            }
            println!("not reached");
        }
        "bus_ignored" => {
            handle(SIGBUS, 1, 0);
            first();
            // SAFETY: the signal is ignored.
            unsafe { raise(SIGBUS) };
            work();
            let output = Command::new("grep").args(["SigIgn", "/proc/self/status"]).output();
            print!("{}", String::from_utf8(output.unwrap().stdout).unwrap());
        }
        "bus_sent" | "bus_sent_to_process" => {
            first();
            work();
            // SAFETY: ends the process.
            unsafe {
                match scenario.as_str() {
                    "bus_sent" => raise(SIGBUS),
                    _ => kill(std::process::id() as i32, SIGBUS),
                };
            }
            println!("not reached");
        }
        "bus_fault" => {
            first();
            work();
            println!("not reached {}", own_fault());
        }
        "bus_default_sent" => {
            handle(SIGBUS, 0, 0);
            first();
            // SAFETY: ends the process.
            unsafe { raise(SIGBUS) };
            println!("not reached");
        }
        "bus_handler_asked_for" => {
            let mut action = Action { handler: 0, mask: [0; 16], flags: 0, restorer: 0 };
            first();
            // SAFETY: the action is a valid place.
            unsafe { sigaction(SIGBUS, std::ptr::null(), &mut action) };
            println!("{} {}", action.handler > 1, action.flags & SA_SIGINFO);
            let kept = action;
            handle(SIGBUS, 0, 0);
            // SAFETY: puts back what was there.
            unsafe { sigaction(SIGBUS, &kept, std::ptr::null_mut()) };
            to_recordings(|path| set_len(path, |_| 0));
            work();
        }
        "stack_overflows" => {
            first();
            fn deeper(depth: u64) -> u64 {
                let place = std::hint::black_box([depth; 64]);
                if depth == u64::MAX { 0 } else { deeper(depth + 1) + place[7] }
            }
            println!("not reached {}", deeper(0));
        }
        "inherited_descriptor" => {
            // Whatever a caller may have left at a high number stays as it is.
            let file = own_file("mine");
            // SAFETY: nothing is at this number.
            let high = unsafe { dup2(file.as_raw_fd(), 768) };
            first();
            work();
            // SAFETY: made above.
            let mut high = unsafe { File::from_raw_fd(high) };
            high.write_all(b"mine").unwrap();
            let mut text = String::new();
            File::open("mine").unwrap().read_to_string(&mut text).unwrap();
            println!("{text} {}", high.as_raw_fd());
        }
        "memory" => {
            // The disk is full: nothing of what is recorded in megabytes a second may stay in memory.
            limit(FSIZE, 1 << 20);
            work();
            (0..1_000_000).for_each(|_| first());
            let status = fs::read_to_string("/proc/self/status").unwrap();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
            let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
            println!("{}", if peak < 100 << 10 { "small".to_owned() } else { format!("{peak} kB") });
        }
        _ => match scenario.strip_prefix("recording_scribbled_") {
            Some(seed) => scribble(seed.parse().unwrap(), random_bytes),
            None => panic!("no scenario {scenario}"),
        },
    }
    println!("ended");
}
