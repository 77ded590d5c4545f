//! The standard streams: their locks are seen, and nothing else is different.

use crate::support::{MANIFEST, Outcome, Project};
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// All that std offers for streams. What it prints must not depend on which std it is.
const INTERFACE: &str = r##"
use std::fmt::{Debug, Display};
use std::io::{self, BufRead, IoSlice, IoSliceMut, IsTerminal, Read, Write};
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::process::{Command, Stdio};

macro_rules! has {
    ($type:ty: $bound:path) => {{
        struct Of<T>(PhantomData<T>);
        trait Not { const HAS: bool = false; }
        impl<T> Not for Of<T> {}
        impl<T: $bound> Of<T> { const HAS: bool = true; }
        Of::<$type>::HAS
    }};
}

macro_rules! bounds {
    ($($type:ty),*) => {$(
        println!("{}: {:?}", stringify!($type), [
            has!($type: Send), has!($type: Sync), has!($type: Unpin), has!($type: UnwindSafe),
            has!($type: RefUnwindSafe), has!($type: Debug), has!($type: Display), has!($type: Clone),
            has!($type: Read), has!($type: Write), has!($type: BufRead), has!($type: IsTerminal),
            has!($type: AsFd), has!($type: AsRawFd), has!($type: Into<Stdio>), has!(&'static $type: Read),
            has!(&'static $type: Write),
        ]);
    )*};
}

struct Nothing;
impl Display for Nothing {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Err(std::fmt::Error) }
}

fn terminal<T: IsTerminal + ?Sized>(stream: &T) -> bool { stream.is_terminal() }

fn main() -> io::Result<()> {
    bounds!(io::Stdin, io::StdinLock<'static>, io::Stdout, io::StdoutLock<'static>, io::Stderr,
        io::StderrLock<'static>, std::fs::File, OwnedFd, BorrowedFd<'static>, Vec<u8>);

    println!();
    print!("a{}", 1);
    println!("b {0} {0:?} {x:>3} {{}}", "c", x = 4);
    let captured = 5;
    println!("{captured:?}{}", format_args!("{captured}"),);
    eprint!("e"); eprintln!(); eprintln!("f{captured}");
    let two = dbg!(1 + 1);
    let (a, b): (i32, &str) = dbg!(two, "x",);
    dbg!();
    assert_eq!((a, b), (2, "x"));
    let text = String::from("moved");
    assert_eq!(dbg!(text), "moved");
    match () { () => println!("an expression") }

    let out = io::stdout();
    let mut held = out.lock();
    println!("inside");
    held.write_all(b"bytes\n")?;
    held.write_vectored(&[IoSlice::new(b"vec"), IoSlice::new(b"tored\n")])?;
    writeln!(&out, "by reference")?;
    writeln!(io::stdout(), "by value")?;
    drop(held);
    (&out).flush()?;
    assert!(std::panic::catch_unwind(|| { let _held = io::stdout().lock(); panic!("while held") }).is_err());
    println!("not poisoned");
    assert!(std::panic::catch_unwind(|| eprintln!("{Nothing}")).is_err());
    writeln!(io::stderr().lock(), "locked")?;

    let mut text = String::new();
    io::stdin().read_line(&mut text)?;
    let mut bytes = [0; 4];
    io::stdin().read_exact(&mut bytes)?;
    let (mut x, mut y) = ([0; 1], [0; 2]);
    let read = (&io::stdin()).read_vectored(&mut [IoSliceMut::new(&mut x), IoSliceMut::new(&mut y)])?;
    let mut lock = io::stdin().lock();
    let buffered = lock.fill_buf()?.len().min(1);
    lock.consume(buffered);
    let first = (&mut lock).lines().next().unwrap()?;
    drop(lock);
    let second = io::stdin().lines().next().unwrap()?;
    let mut rest = Vec::new();
    io::stdin().lock().read_until(b'!', &mut rest)?;
    let end = io::read_to_string(io::stdin())?;
    println!("{text:?} {bytes:?} {read} {x:?} {y:?} {first:?} {second:?} {rest:?} {end:?}");
    println!("{:?} {:?} {:?} {:?} {:?} {:?}", io::stdin(), io::stdin().lock(), out, out.lock(), io::stderr(),
        io::stderr().lock());
    println!("{:?} {:?} {:?}", io::stdin().as_raw_fd(), out.lock().as_fd().as_raw_fd(), io::stderr().as_raw_fd());
    println!("{} {} {}", terminal(&io::stdin()), terminal(&out.lock()), terminal(&std::fs::File::open("/dev/null")?));
    let dynamic: &dyn IsTerminal = &io::stderr();
    println!("{}", terminal(dynamic));
    io::stdout().flush()?;
    Command::new("echo").arg("child").stdout(io::stderr()).stderr(Stdio::from(io::stdout())).status()?;
    Ok(())
}
"##;

/// Run by cargo as it is, and under the swap.
#[test]
fn a_program_cannot_tell() {
    let project = Project::program(INTERFACE);
    let ours = feed(project.command("run --quiet"));
    let mut plain = Command::new(env!("CARGO"));
    plain.args(["run", "--quiet", "--target-dir", "plain"]).current_dir(project.path());
    let std = feed(plain);
    for (ours, std) in [(&ours.stdout, &std.stdout), (&ours.stderr, &std.stderr)] {
        assert_eq!(without_threads(ours), without_threads(std));
    }
    assert_eq!(ours.status.code(), Some(0));
    assert_eq!(std.status.code(), Some(0));
}

fn feed(mut command: Command) -> Output {
    command.env("RUSTFLAGS", "-Awarnings").env("RUST_BACKTRACE", "0").stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all("one\nfourxyz.\nfirst\nsecond\nto!the\nend".as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// Messages of panics name threads by numbers of the system.
fn without_threads(text: &[u8]) -> String {
    let text = String::from_utf8(text.to_vec()).unwrap();
    let lines = text.lines().map(|line| match line.split_once("' (") {
        Some((before, after)) if line.starts_with("thread '") => {
            format!("{before} {}", after.split_once(')').unwrap().1)
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What each case does comes from the argument.
const CYCLES: &str = r#"
use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};
use std::sync::{Barrier, Mutex};
use std::sync::atomic::{AtomicBool, Ordering};

static LEDGER: Mutex<u8> = Mutex::new(7);

struct Ledger;
impl Display for Ledger {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { LEDGER.lock().unwrap().fmt(f) }
}

/// One after the other, as far as the clock goes, and not as far as anything orders them.
fn two(first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
    let gate = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| { first(); gate.store(true, Ordering::SeqCst); });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) { std::thread::yield_now(); }
            second();
        });
    });
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("guard") => two(
            || { let ledger = LEDGER.lock().unwrap(); println!("{ledger}"); },
            || { let mut out = io::stdout().lock(); writeln!(out, "{Ledger}").unwrap(); },
        ),
        Some("formatted") => two(
            || { let ledger = LEDGER.lock().unwrap(); eprintln!("{ledger}"); },
            || eprintln!("{Ledger}"),
        ),
        Some("input") => two(
            || { let _ledger = LEDGER.lock().unwrap(); io::stdin().read_line(&mut String::new()).unwrap(); },
            || { let _input = io::stdin().lock(); println!("{Ledger}"); },
        ),
        Some("observed") => {
            let both = Barrier::new(2);
            std::thread::scope(|scope| {
                scope.spawn(|| { let _ledger = LEDGER.lock().unwrap(); both.wait(); println!("never"); });
                scope.spawn(|| { let mut out = io::stdout().lock(); both.wait(); let _ = writeln!(out, "{Ledger}"); });
            });
        }
        Some("held") => {
            // While a program has one thread, nobody watches it.
            std::thread::spawn(|| ()).join().unwrap();
            let _out = io::stdout().lock();
            let _ledger = LEDGER.lock().unwrap();
            std::thread::sleep(std::time::Duration::from_secs(4));
        }
        Some("correct") => two(
            || { let _ledger = LEDGER.lock().unwrap(); println!("first"); },
            || { println!("{Ledger}"); let _out = io::stdout().lock(); println!("again"); },
        ),
        _ => println!("nothing but words"),
    }
}
"#;

fn run(project: &Project, case: &str) -> Outcome {
    let mut command = project.command("run --");
    Outcome::of(command.arg(case).stdin(Stdio::null()).output().unwrap())
}

#[test]
fn cycles_through_a_stream() {
    let project = Project::program(CYCLES);
    for (case, stream) in [("guard", "`stdout`"), ("formatted", "`stderr`"), ("input", "`stdin`")] {
        let outcome = run(&project, case);
        outcome.expect(1, &["error[lock-order-inversion]", "`LEDGER`", stream, "src/main.rs:"]);
    }
    let outcome = run(&project, "observed");
    outcome.expect(1, &["error[deadlock]: deadlock of 2 threads", "`LEDGER`", "`stdout`"]);
}

/// A line that formats a lock's value takes that lock inside; that alone, against nothing, is no cycle.
#[test]
fn what_is_right_has_no_finding() {
    let project = Project::program(&CYCLES.replace("|| { println!(\"{Ledger}\"); let", "|| { let"));
    run(&project, "correct")
        .expect(0, &["first\nagain\n", "ok: 2 locks of 2 classes, 1 order edge", "0 findings"]);
    run(&project, "nothing").expect(0, &["nothing but words", "nothing was recorded"]);
}

/// Programs hold a stream for as long as they run, and that is all right.
#[test]
fn a_stream_may_be_held_long() {
    let project = Project::program(CYCLES);
    let mut command = project.command("run --long-hold 1s --warn long-hold -- held");
    let outcome = Outcome::of(command.output().unwrap());
    outcome.expect(0, &["warning[long-hold]: thread `main` has held `LEDGER`"]);
    assert_eq!(outcome.stdout.matches("[long-hold]").count(), 1, "{}", outcome.stdout);
}

/// libtest captures what std's own function prints.
#[test]
fn what_tests_print_is_captured() {
    let tests = "\
use std::sync::Mutex;
static M: Mutex<u8> = Mutex::new(0);
#[test]
fn passes() { let m = M.lock().unwrap(); println!(\"hidden {m}\"); eprintln!(\"hidden\"); let _ = dbg!(\"hidden\"); }
#[test]
fn fails() { let m = M.lock().unwrap(); println!(\"shown {m}\"); drop(m); panic!(\"on purpose\"); }
";
    let project =
        Project::new(&[("Cargo.toml", MANIFEST), ("src/lib.rs", ""), ("tests/prints.rs", tests)]);
    let outcome = project.call("test --test prints -- --test-threads 1");
    outcome.expect(101, &["passes ... ok", "fails ... FAILED", "shown 0", "on purpose"]);
    outcome.lacks(&["hidden"]);
}
