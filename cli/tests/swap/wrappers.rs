//! Locks of a project's own types that only wrap a lock are known by who calls those.

use crate::support::{MANIFEST, Project, line_of};

const MAIN: &str = r#"
mod sync {
    use std::sync::{MutexGuard, PoisonError, RwLockReadGuard, RwLockWriteGuard};
    pub struct Mutex<T: ?Sized>(std::sync::Mutex<T>);
    impl<T> Mutex<T> {
        pub const fn new(value: T) -> Self {
            Self(std::sync::Mutex::new(value))
        }
    }
    impl<T: ?Sized> Mutex<T> {
        pub fn lock(&self) -> MutexGuard<'_, T> {
            self.get(|poisoned| poisoned.into_inner())
        }
        fn get<'a>(&'a self, f: impl FnOnce(PoisonError<MutexGuard<'a, T>>) -> MutexGuard<'a, T>) -> MutexGuard<'a, T> {
            self.0.lock().unwrap_or_else(f)
        }
    }
    pub struct RwLock<T> {
        name: &'static str,
        inner: std::sync::RwLock<T>,
    }
    impl<T> RwLock<T> {
        pub fn named(name: &'static str, value: T) -> Self {
            Self { name, inner: std::sync::RwLock::new(value) }
        }
        pub fn read(&self) -> RwLockReadGuard<'_, T> {
            self.inner.read().expect(self.name)
        }
        pub fn write(&self) -> RwLockWriteGuard<'_, T> {
            self.inner.write().expect(self.name)
        }
    }
}

use std::sync::Barrier;
use sync::{Mutex, RwLock};

struct Shop {
    stock: Mutex<u32>,
    prices: RwLock<u32>,
}

static LEDGER: Mutex<u32> = Mutex::new(0);
static AUDIT: Mutex<u32> = Mutex::new(0);

/// One after the other.
fn run(f: impl FnOnce() + Send, g: impl FnOnce() + Send) {
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|s| {
        s.spawn(|| {
            f();
            done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        s.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::SeqCst) { std::thread::yield_now() }
            g();
        });
    });
}

fn fields() {
    let shop = Shop { stock: Mutex::new(3), prices: RwLock::named("prices", 5) };
    run(
        || {
            let stock = shop.stock.lock(); // first has the stock
            *shop.prices.write() += *stock; // first wants the prices
        },
        || {
            let prices = shop.prices.read(); // second has the prices
            *shop.stock.lock() += *prices; // second wants the stock
        },
    );
}

fn hangs() {
    let both = Barrier::new(2);
    std::thread::scope(|s| {
        s.spawn(|| {
            let audit = AUDIT.lock(); // has the audit
            both.wait();
            *LEDGER.lock() += *audit; // wants the ledger
        });
        s.spawn(|| {
            let ledger = LEDGER.lock(); // has the ledger
            both.wait();
            *AUDIT.lock() += *ledger; // wants the audit
        });
    });
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("hangs") => hangs(),
        _ => fields(),
    }
}
"#;

#[test]
fn locks_in_wrappers_have_the_names_and_lines_of_their_users() {
    let project = Project::new(&[("Cargo.toml", MANIFEST), ("src/main.rs", MAIN)]);
    // As the snippets show it.
    let line = |end: &str| MAIN.lines().find(|line| line.ends_with(end)).unwrap().to_owned();
    for debug in ["2", "'line-tables-only'", "0"] {
        let run =
            |what: &str| project.call(&format!("run --config profile.dev.debug={debug} -- {what}"));
        let outcome = run("fields");
        outcome.expect(1, &["lock order inversion between `stock` and `prices`"]);
        for end in [
            "first has the stock",
            "first wants the prices",
            "second has the prices",
            "second wants the stock",
        ] {
            outcome.expect(1, &[&line(end)]);
        }
        let outcome = run("hangs");
        outcome.expect(1, &["error[deadlock]", "`AUDIT`", "`LEDGER`", "called from here"]);
        // Not where the wrapper creates all of its locks.
        for name in ["LEDGER", "AUDIT"] {
            let line = line_of(MAIN, &format!("static {name}: Mutex<u32> = Mutex::new(0);"));
            outcome.expect(1, &[&format!("`{name}`: Mutex<u32>, created at {line}:")]);
        }
        for end in ["has the audit", "wants the ledger", "has the ledger", "wants the audit"] {
            outcome.expect(1, &[&line(end)]);
        }
    }
}

/// Closures are called with what is inside, so that no guard leaves the type; and a type that is not generic.
const CLOSURES: &str = r#"
use std::sync::{Arc, Mutex, MutexGuard};
#[derive(Clone, Default)]
pub struct Shared<T>(Arc<Mutex<T>>);
impl<T> Shared<T> {
    pub fn update<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let mut guard = self.0.lock().unwrap();
        f(&mut guard)
    }
}
pub struct Counter { inner: Mutex<u64> }
impl Counter {
    pub const fn new() -> Self { Counter { inner: Mutex::new(0) } }
    pub fn get(&self) -> MutexGuard<'_, u64> { self.inner.lock().unwrap() }
}
static REQUESTS: Counter = Counter::new();
static ERRORS: Counter = Counter::new();
#[derive(Default)]
struct Model { rows: Shared<Vec<u64>>, sums: Shared<Vec<u64>> }
impl Model {
    fn add(&self) {
        self.rows.update(|rows| { // add has the rows
            rows.push(1);
            self.sums.update(|sums| sums.push(rows[0])); // add wants the sums
        });
    }
    fn reset(&self) {
        self.sums.update(|sums| { // reset has the sums
            self.rows.update(|rows| rows.append(sums)); // reset wants the rows
        });
    }
}
fn run(f: impl FnOnce() + Send, g: impl FnOnce() + Send) {
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|s| {
        s.spawn(|| {
            f();
            done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        s.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::SeqCst) { std::thread::yield_now() }
            g();
        });
    });
}
fn main() {
    let model = Model::default();
    run(|| model.add(), || model.reset());
    run(
        || {
            let requests = REQUESTS.get(); // has the requests
            *ERRORS.get() += *requests; // wants the errors
        },
        || {
            let errors = ERRORS.get(); // has the errors
            *REQUESTS.get() += *errors; // wants the requests
        },
    );
}
"#;

#[test]
fn locks_that_closures_are_called_with_have_the_names_and_lines_of_their_users() {
    let project = Project::program(CLOSURES);
    for debug in ["2", "'line-tables-only'", "0"] {
        let outcome = project.call(&format!("run --config profile.dev.debug={debug}"));
        outcome.expect(
            1,
            &[
                "between `rows` and `sums`\n",
                "between `REQUESTS` and `ERRORS`\n",
                "called from here",
            ],
        );
        for line in CLOSURES.lines().filter(|line| line.contains(" // ")) {
            outcome.expect(1, &[line]);
        }
    }
}

/// In one process the lock is only the outer one of two, in the other only the inner one. Both know it by who called the wrapper.
#[test]
fn a_lock_in_a_wrapper_is_one_in_two_processes() {
    let project = Project::program(
        r#"
use std::sync::{LazyLock, Mutex, MutexGuard};
pub struct Latch<T> { inner: Mutex<T> }
impl<T> Latch<T> {
    pub fn new(value: T) -> Self { Latch { inner: Mutex::new(value) } }
    pub fn hold(&self) -> MutexGuard<'_, T> { self.inner.lock().unwrap() }
}
impl<T: Default> Default for Latch<T> {
    fn default() -> Self { Self::new(T::default()) }
}
#[derive(Default)]
struct Shared<T>(Mutex<T>);
impl<T> Shared<T> {
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R { f(&mut self.0.lock().unwrap()) }
}
#[derive(Default)]
struct Store { rows: Shared<u32>, sums: Shared<u32> }
static INDEX: LazyLock<Mutex<u32>> = LazyLock::new(Default::default);
static PAGES: LazyLock<Latch<u32>> = LazyLock::new(Latch::default);
static STORE: LazyLock<Store> = LazyLock::new(Store::default);
fn main() {
    let child = std::env::args().len() > 1;
    if child {
        let mut pages = PAGES.hold(); // the child has the pages
        *pages += *INDEX.lock().unwrap();
        drop(pages);
        STORE.sums.with(|sums| STORE.rows.with(|rows| *rows += *sums));
    } else {
        let mut index = INDEX.lock().unwrap();
        *index += *PAGES.hold();
        drop(index);
        STORE.rows.with(|rows| STORE.sums.with(|sums| *rows += *sums));
        let itself = std::env::current_exe().unwrap();
        assert!(std::process::Command::new(itself).arg("child").status().unwrap().success());
    }
}
"#,
    );
    let outcome = project.call("run");
    let pages = "let mut pages = PAGES.hold(); // the child has the pages";
    outcome.expect(1, &["between `INDEX` and `PAGES`\n", pages]);
    outcome.expect(1, &["between `rows` and `sums`\n"]);
}
