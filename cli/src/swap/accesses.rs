//! What the compiler is told where all accesses to memory are to be checked.
//!
//! LLVM's instrumentation for ThreadSanitizer is a pass that stable rustc runs when it is named; it takes the functions with a certain
//! attribute, which another pass gives to all of them. What it calls is in the runtime. The attribute is there from the beginning, so
//! LLVM invents no loads that the program does not make.

use super::SwapError;
use super::allocator::{self, EntryPoints};
use super::compiler::{starts_with, value_of};
use super::toolchain::Toolchain;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is recorded of accesses to memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Accesses {
    /// Those that the program itself has tracked.
    #[default]
    Tracked,
    /// Atomic operations, too.
    Atomics,
    /// All of them.
    All,
    /// Atomic operations, in a program whose threads go on one at a time.
    Explored,
    /// All of them, in such a program.
    ExploredRaces,
}

/// All accesses. The profiler of memory tells of the atomic operations that the instrumentation for ThreadSanitizer leaves as they are, and of nothing else.
const ALL: Passes = Passes {
    passes: "forceattrs,function(tsan),function(memprof)",
    options: &[
        "-force-attribute=sanitize_thread",
        "-memprof-use-callbacks",
        "-memprof-instrument-reads=0",
        "-memprof-instrument-writes=0",
    ],
};

/// Without its attribute, the pass takes the atomic operations of a function only.
const ATOMICS: Passes =
    Passes { passes: "function(tsan)", options: &["-tsan-instrument-func-entry-exit=0"] };

/// Passes of LLVM, with its options.
#[derive(Clone, Copy, Debug)]
struct Passes {
    passes: &'static str,
    options: &'static [&'static str],
}

impl Passes {
    /// As arguments of the compiler. In a program that is not optimised, small functions become part of their callers first: so an atomic operation is where the
    /// program calls it, and not in std, and fewer calls are to be followed. That takes one unit, or they lie in different ones.
    fn args(self, is_optimised: bool) -> Vec<String> {
        let Self { passes, options } = self;
        let passes = match is_optimised {
            true => vec![format!("passes={passes}")],
            false => {
                vec![format!("passes=forceattrs,cgscc(inline),{passes}"), "codegen-units=1".into()]
            }
        };
        let options = options.iter().map(|option| format!("llvm-args={option}"));
        passes.into_iter().chain(options).flat_map(|arg| ["-C".to_owned(), arg]).collect()
    }
}

/// Crates whose atomics make up primitives that tell what they order: with their atomics a lock would seem to be taken in one order only.
const WITHOUT_ATOMICS: [&str; 17] = [
    "async_lock",
    "concurrent_queue",
    "crossbeam_channel",
    "crossbeam_deque",
    "crossbeam_epoch",
    "crossbeam_utils",
    "dashmap",
    "event_listener",
    "flume",
    "futures_util",
    "kanal",
    "lock_api",
    "parking_lot",
    "parking_lot_core",
    "rayon_core",
    "spin",
    "tokio",
];

/// The C library's functions that give and take memory, and what stands in their place.
const MEMORY: [(&str, &str); 7] = [
    ("malloc", "__syncscope_malloc"),
    ("calloc", "__syncscope_calloc"),
    ("realloc", "__syncscope_realloc"),
    ("free", "__syncscope_free"),
    ("memalign", "__syncscope_memalign"),
    ("aligned_alloc", "__syncscope_memalign"),
    ("posix_memalign", "__syncscope_posix_memalign"),
];

/// As [`MEMORY`], of those that take mappings or pass something on.
const IN_PLACE: [(&str, &str); 13] = [
    ("munmap", "__syncscope_munmap"),
    ("read", "__syncscope_read"),
    ("readv", "__syncscope_readv"),
    ("recv", "__syncscope_recv"),
    ("recvfrom", "__syncscope_recvfrom"),
    ("recvmsg", "__syncscope_recvmsg"),
    ("write", "__syncscope_write"),
    ("writev", "__syncscope_writev"),
    ("send", "__syncscope_send"),
    ("sendto", "__syncscope_sendto"),
    ("sendmsg", "__syncscope_sendmsg"),
    ("epoll_ctl", "__syncscope_epoll_ctl"),
    ("epoll_wait", "__syncscope_epoll_wait"),
];

/// Those that order threads; the runtime has `__wrap_` functions for them.
const ORDERING: [&str; 23] = [
    "pthread_mutex_lock",
    "pthread_mutex_trylock",
    "pthread_mutex_timedlock",
    "pthread_mutex_clocklock",
    "pthread_mutex_unlock",
    "pthread_cond_wait",
    "pthread_cond_timedwait",
    "pthread_cond_clockwait",
    "pthread_spin_lock",
    "pthread_spin_trylock",
    "pthread_spin_unlock",
    "pthread_rwlock_rdlock",
    "pthread_rwlock_wrlock",
    "pthread_rwlock_tryrdlock",
    "pthread_rwlock_trywrlock",
    "pthread_rwlock_timedrdlock",
    "pthread_rwlock_timedwrlock",
    "pthread_rwlock_unlock",
    "pthread_barrier_wait",
    "sem_wait",
    "sem_trywait",
    "sem_timedwait",
    "sem_post",
];

/// Those by which threads wait and runs differ; the runtime has `__wrap_` functions for them.
const GATE: [&str; 12] = [
    "syscall",
    "nanosleep",
    "clock_nanosleep",
    "sched_yield",
    "clock_gettime",
    "pthread_create",
    "pthread_join",
    "getrandom",
    "sched_getaffinity",
    "poll",
    "epoll_wait",
    "write",
];

impl Accesses {
    /// All there are.
    pub(super) const EACH: [Self; 5] =
        [Self::Tracked, Self::Atomics, Self::All, Self::Explored, Self::ExploredRaces];

    /// What the options ask for.
    #[must_use]
    pub const fn asked(races: bool, atomics: bool) -> Self {
        match (races, atomics) {
            (true, _) => Self::All,
            (false, true) => Self::Atomics,
            (false, false) => Self::Tracked,
        }
    }

    /// The same, for a program whose schedules are explored.
    #[must_use]
    pub const fn explored(self) -> Self {
        match self {
            Self::Tracked | Self::Atomics | Self::Explored => Self::Explored,
            Self::All | Self::ExploredRaces => Self::ExploredRaces,
        }
    }

    /// Whether threads go on one at a time.
    pub(super) const fn is_explored(self) -> bool {
        matches!(self, Self::Explored | Self::ExploredRaces)
    }

    const fn are_all(self) -> bool {
        matches!(self, Self::All | Self::ExploredRaces)
    }

    /// The option that asks for it.
    #[must_use]
    pub const fn option(self) -> Option<&'static str> {
        match self {
            Self::Tracked => None,
            Self::Atomics => Some("--atomics"),
            Self::All => Some("--races"),
            Self::Explored | Self::ExploredRaces => Some("explore"),
        }
    }

    /// Sets a build apart from others with the same compiler.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Tracked => "",
            Self::Atomics => "atomics",
            Self::All => "races",
            Self::Explored => "explored",
            Self::ExploredRaces => "explored races",
        }
    }

    /// Changes the compiler's command line; the program's own allocator is called at these entry points.
    pub(super) fn change(self, allocator: &EntryPoints, args: &mut Vec<OsString>) {
        let passes = match self {
            Self::Tracked => return,
            Self::Atomics | Self::Explored => ATOMICS,
            Self::All | Self::ExploredRaces => ALL,
        };
        // The runtime must not be instrumented, as it would be when all crates are optimised as one.
        remove_lto(args);
        let name = value_of(args, "--crate-name");
        let is_told = name.and_then(|name| WITHOUT_ATOMICS.iter().find(|known| name == **known));
        if self.are_all() || is_told.is_none() {
            args.extend(passes.args(is_optimised(args)).into_iter().map(OsString::from));
        }
        let mut options = Vec::new();
        if self.is_explored() && is_program(args) {
            options.extend(GATE.map(|name| format!("link-arg=-Wl,--wrap={name}")));
        }
        if self.are_all() {
            options.extend(allocator.kept_apart());
        }
        if self.are_all() && is_program(args) {
            let memory = if allocator::is_in_place_of_malloc(args) { &[][..] } else { &MEMORY };
            let is_free =
                |(theirs, _): &&(&str, &str)| !self.is_explored() || !GATE.contains(theirs);
            let ours = memory.iter().chain(&IN_PLACE).filter(is_free);
            let ours = ours.map(|(theirs, ours)| format!("--defsym={theirs}={ours}"));
            let ordering = ORDERING.iter().map(|name| format!("--wrap={name}"));
            let links = allocator.linked().chain(ours).chain(ordering);
            options.extend(links.map(|link| format!("link-arg=-Wl,{link}")));
        }
        args.extend(options.into_iter().flat_map(|option| ["-C".into(), option.into()]));
    }

    /// Whether a compiler can do it; what was found out is noted in the folder. Where its programs call their own allocator.
    ///
    /// # Errors
    ///
    /// When it cannot, or its programs run on another system than this is for.
    pub(super) fn check(
        self,
        toolchain: &Toolchain,
        folder: &Path,
    ) -> Result<EntryPoints, SwapError> {
        let Some(option) = self.option() else { return Ok(EntryPoints::default()) };
        let noted = std::fs::read(folder.join(PROBED));
        if let Ok(known) =
            noted.map_err(drop).and_then(|noted| serde_json::from_slice(&noted).map_err(drop))
        {
            return Ok(known);
        }
        let host = &toolchain.host;
        if !["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"].contains(&host.as_str()) {
            return Err(SwapError::NoAccesses(option, format!("they are not found on {host}")));
        }
        probe(toolchain, folder).map_err(|why| SwapError::NoAccesses(option, why))
    }

    /// What keeps a compiler from it, if anything does.
    ///
    /// # Errors
    ///
    /// As [`SwapError`] says.
    pub fn is_possible(self, toolchain: &Toolchain, folder: &Path) -> Result<(), SwapError> {
        self.check(toolchain, folder).map(drop)
    }
}

/// There once the compiler was seen to work, with what was found out.
const PROBED: &str = "races.json";

fn probe(toolchain: &Toolchain, folder: &Path) -> Result<EntryPoints, String> {
    let made = folder.join("probe.s");
    let mut command = Command::new(&toolchain.rustc);
    command.args(["--crate-name", "probe", "--crate-type", "lib", "--emit", "asm", "-"]);
    command.args(ALL.args(false)).arg("-o").arg(&made);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let started = command.spawn();
    let mut child = started.map_err(|error| error.to_string())?;
    if let Some(mut source) = child.stdin.take() {
        // A compiler that does not read has something to say.
        _ = source.write_all(b"pub static mut X: u64 = 0; pub fn f() { unsafe { X += 1 } }\n");
        _ = source.write_all(allocator::CALLS.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let assembly = std::fs::read_to_string(&made).unwrap_or_default();
    _ = std::fs::remove_file(&made);
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let first = said.lines().next().unwrap_or_default();
        return Err(format!("rustc {}: {}", toolchain.release, crate::escape::text(first)));
    }
    if !assembly.contains("__tsan_") {
        return Err(format!("rustc {} does not instrument loads and stores", toolchain.release));
    }
    let found = EntryPoints::of_assembly(&assembly);
    // What cannot be noted is asked again.
    _ = serde_json::to_vec(&found).map(|text| std::fs::write(folder.join(PROBED), text));
    Ok(found)
}

/// Whether an executable is made.
fn is_program(args: &[OsString]) -> bool {
    args.iter().any(|arg| arg == "--test")
        || value_of(args, "--crate-type").is_none_or(|kind| kind == "bin")
}

fn is_optimised(args: &[OsString]) -> bool {
    let level = |arg: &OsString| {
        let arg = arg.to_str()?;
        let level = arg.strip_prefix("-C").unwrap_or(arg).strip_prefix("opt-level=")?;
        Some(level != "0")
    };
    // Of several the last one counts.
    args.iter().filter_map(level).next_back().unwrap_or_else(|| args.iter().any(|arg| arg == "-O"))
}

fn remove_lto(args: &mut Vec<OsString>) {
    let is_lto = |value: &OsString| {
        value == "lto" || starts_with(value, "lto=") || value == "linker-plugin-lto"
    };
    while let Some(at) =
        args.windows(2).position(|two| (two[0] == "-C" || two[0] == "--codegen") && is_lto(&two[1]))
    {
        args.drain(at..at + 2);
    }
    args.retain(|arg| !starts_with(arg, "-Clto") && arg != "-Clinker-plugin-lto");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(line: &str) -> String {
        let mut args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Accesses::All.change(&EntryPoints::default(), &mut args);
        args.iter().map(|arg| arg.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn libraries_are_instrumented_and_programs_linked_so() {
        let library = changed("rustc --crate-name a --crate-type lib a.rs");
        assert!(library.ends_with(&ALL.args(false).join(" ")), "{library}");
        for line in ["rustc a.rs --crate-type bin", "rustc a.rs --crate-type lib --test"] {
            assert!(changed(line).contains("--defsym=malloc=__syncscope_malloc"));
        }
    }

    #[test]
    fn crates_are_not_optimised_as_one() {
        for lto in ["-C lto", "-C lto=fat", "-Clto=thin", "-C linker-plugin-lto", "--codegen lto"] {
            let line = changed(&format!("rustc {lto} a.rs -C opt-level=3 --crate-type lib"));
            assert!(!line.contains("lto"), "{line}");
            assert!(line.contains("-C opt-level=3"), "{line}");
        }
    }

    #[test]
    fn std_is_inlined_where_nothing_is() {
        for (line, expected) in [
            ("rustc a.rs", false),
            ("rustc a.rs -C opt-level=0", false),
            ("rustc a.rs -C opt-level=3 -Copt-level=0", false),
            ("rustc a.rs -C opt-level=s", true),
            ("rustc a.rs -Copt-level=1", true),
            ("rustc -O a.rs", true),
        ] {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(is_optimised(&args), expected, "{line}");
        }
    }

    #[test]
    fn this_compiler_works() {
        let folder = tempfile::tempdir().unwrap();
        let toolchain = Toolchain::of_folder(folder.path(), &[]).unwrap();
        let found = Accesses::All.check(&toolchain, folder.path()).unwrap();
        assert_eq!(found.linked().count(), 12);
        assert_eq!(Accesses::All.check(&toolchain, folder.path()).unwrap(), found);
        assert!(folder.path().join(PROBED).exists());
    }
}
