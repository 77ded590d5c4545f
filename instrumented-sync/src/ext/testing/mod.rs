//! Assertions about locks, for tests.
//!
//! A test asserts in which order a piece of code takes two locks, that nothing was found, or that something was. Each
//! is judged before the call returns, and only over the test's own threads: the one that asks, the one that it comes
//! from, and all that either has started. So tests that run at the same time do not see each other. What a thread
//! pool does that another test has started is that test's.
//!
//! They work in any test that is recorded: with the feature `instrument`, and under `cargo syncscope test`, where the
//! feature need not be on. Where nothing is recorded, without the feature and with `SYNCSCOPE_MODE=off`, the blocks
//! run and nothing is asserted.
//!
//! What a test asserts must not depend on luck: take the locks in the test's own thread, or join the threads that do.
//!
//! # Examples
//!
//! ```
//! use instrumented_sync::{Mutex, ext::testing};
//!
//! struct Bank {
//!     ledger: Mutex<i64>,
//!     audit: Mutex<Vec<i64>>,
//! }
//!
//! impl Bank {
//!     fn book(&self, amount: i64) {
//!         let mut ledger = self.ledger.lock().unwrap();
//!         *ledger += amount;
//!         self.audit.lock().unwrap().push(amount);
//!     }
//! }
//!
//! // In a test:
//! let bank = Bank { ledger: Mutex::new(0), audit: Mutex::new(Vec::new()) };
//! testing::assert_order(&bank.ledger, &bank.audit, || bank.book(5));
//! testing::assert_nothing_found();
//! ```

mod finding;
mod object;

pub use finding::Finding;
pub use object::{Object, Objects};

use super::hook::tested::{self, Block, Found, Orders, Thing};
use object::sealed::Known;
use std::fmt::Write;

/// Runs `block`, and asserts that it takes `first` before `second`: at least once it takes `second` while it holds
/// `first`, and never `first` while it holds `second`.
///
/// The threads that the test started before or starts in the block count, too. A `try_lock` that succeeds counts as
/// taking; the other way round it breaks nothing, as it does not wait. Reading and writing a `RwLock` are alike.
/// Objects are given as references, or by the names that [`named`](super::named) gave them.
///
/// Gives back what the block gives.
///
/// # Panics
///
/// When the block took them in the other order, or never one inside the other; when this cannot be told, since the
/// recording has lost nestings or cannot be read; and when a lock is one of std's own, which are not recorded.
///
/// # Cost
///
/// Reads the recording of the process twice: milliseconds, more in a process with very many distinct nestings.
///
/// # Examples
///
/// ```
/// use instrumented_sync::{Mutex, RwLock, ext::{self, testing}};
///
/// static CONFIG: RwLock<u32> = ext::named("config", RwLock::new(1));
/// let cache = Mutex::new(Vec::new());
///
/// let size = testing::assert_order("config", &cache, || {
///     let config = CONFIG.read().unwrap();
///     let mut cache = cache.lock().unwrap();
///     cache.push(*config);
///     cache.len()
/// });
/// assert_eq!(size, 1);
/// ```
#[track_caller]
pub fn assert_order<R>(first: impl Object, second: impl Object, block: impl FnOnce() -> R) -> R {
    let begun = told(Block::begin());
    let result = block();
    if let Some(orders) = told(begun.end(thing(first.known()), thing(second.known()))) {
        check(&orders, &first.words(), &second.words());
    }
    result
}

/// Asserts that nothing was found in what the test has done so far: no deadlock, no order of locks that can deadlock, no
/// race of tracked cells, nothing that a report would show unasked.
///
/// Threads that the test has started and not joined are judged by what they have done by then. What takes long is found by
/// a thread of the runtime (`stall`, `long-wait`, `long-hold`); it counts once it was found.
///
/// # Panics
///
/// When something was found, with all of it in the message; and when this cannot be told, since the recording has lost
/// something or cannot be read.
///
/// # Cost
///
/// Reads the recording of the process and analyses the test's part of it: milliseconds, more with very many nestings.
///
/// # Examples
///
/// ```
/// use instrumented_sync::{Mutex, ext::testing};
///
/// let (left, right) = (Mutex::new(1), Mutex::new(2));
/// assert_eq!(*left.lock().unwrap() + *right.lock().unwrap(), 3);
/// testing::assert_nothing_found();
/// ```
#[track_caller]
pub fn assert_nothing_found() {
    let Some(found) = told(Found::judge()) else { return };
    let all = finding::all(&found);
    assert!(all.is_empty(), "{}", finding::list("this test has findings:", &all));
    let lost = found.lost();
    assert!(
        lost == 0,
        "it cannot be told whether this test has findings: {lost} nestings or other records of the process were lost"
    );
}

/// Asserts that something was found in what the test has done so far: a finding of this rule that speaks of all the
/// objects, such as `("lock-order-inversion", (&left, &right))`.
///
/// `objects` is a reference to a lock, a name that [`named`](super::named) gave, a tuple of up to four of both, or `()`
/// for any finding of the rule. A finding speaks of all objects that were created at one place together.
/// `cargo syncscope rules` lists the rules. A `deadlock` can be asserted only where its response is to panic, as it is
/// under `cargo syncscope test`: else it ends the process.
///
/// # Panics
///
/// When there is no such finding, with those that there are in the message; when there is no such rule; and when the
/// recording cannot be read.
///
/// # Cost
///
/// As [`assert_nothing_found`].
///
/// # Examples
///
/// ```
/// use instrumented_sync::{Mutex, ext};
///
/// let ledger = ext::named("ledger", Mutex::new(1));
/// let audit = ext::named("audit", Mutex::new(2));
/// ext::declare_order(["ledger", "audit"]);
///
/// drop((audit.lock(), ledger.lock()));
/// ext::testing::assert_found("declared-order-violation", (&ledger, "audit"));
/// ```
#[track_caller]
pub fn assert_found(rule: &str, objects: impl Objects) {
    assert!(
        tested::is_rule(rule),
        "there is no rule `{rule}`: `cargo syncscope rules` lists all of them"
    );
    let Some(found) = told(Found::judge()) else { return };
    let mut things = Vec::new();
    let mut names = Vec::new();
    objects.each(&mut |name, known| {
        names.push(name);
        things.push(thing(known));
    });
    if found.has(rule, &things) {
        return;
    }
    let mut title = format!("this test has no finding of `{rule}`");
    if !names.is_empty() {
        _ = write!(title, " over {}", names.join(" and "));
    }
    let all = finding::all(&found);
    let title = title + if all.is_empty() { ", and no other" } else { "; it has these:" };
    panic!("{}", finding::list(&title, &all));
}

/// All that was found in what the test has done so far, as [`assert_nothing_found`] judges it. Empty where nothing is recorded.
///
/// # Panics
///
/// When the recording cannot be read.
///
/// # Cost
///
/// As [`assert_nothing_found`].
///
/// # Examples
///
/// ```
/// use instrumented_sync::ext::testing;
///
/// for finding in testing::findings() {
///     assert_eq!(finding.rule(), "long-hold", "{finding}");
/// }
/// ```
#[must_use]
#[track_caller]
pub fn findings() -> Vec<Finding> {
    told(Found::judge()).map_or_else(Vec::new, |found| finding::all(&found))
}

/// What can be told. An assertion that cannot be checked must not pass.
#[track_caller]
fn told<T>(result: Result<T, String>) -> T {
    match result {
        Ok(value) => value,
        Err(why) => panic!("nothing can be asserted: the recording cannot be read: {why}"),
    }
}

/// What a lock is to the runtime.
#[track_caller]
fn thing(known: Known<'_>) -> Thing<'_> {
    match known.0 {
        Some(thing) => thing,
        None => {
            panic!("nothing can be asserted: the lock is one of std's own, which are not recorded")
        }
    }
}

#[track_caller]
fn check(orders: &Orders, first: &str, second: &str) {
    if let Some(broken) = &orders.broken {
        panic!(
            "{second} is taken before {first}: {second} at {}, and then {first} at {}",
            broken.outer, broken.inner
        );
    }
    assert!(
        !orders.is_incomplete,
        "it cannot be told whether {first} is taken before {second}: nestings were lost"
    );
    assert!(orders.kept.is_some(), "the block never takes {second} while it holds {first}");
}
