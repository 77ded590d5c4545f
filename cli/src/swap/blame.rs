//! Whether a failed build may have failed because of the swap. Most do not compile without it either, and then a second build
//! would only take time.

use super::diagnostics::Diagnostics;

/// What errors speak of that the swap may have caused: what it replaces, sizes, traits, links, and the compiler itself.
const SUSPECT: [&str; 34] = [
    "instrumented",
    "Mutex",
    "RwLock",
    "Condvar",
    "Barrier",
    "Once",
    "Lazy",
    "mpsc",
    "Sender",
    "Receiver",
    "Guard",
    "JoinHandle",
    "Scope",
    "Thread",
    "thread",
    "Poison",
    "lock",
    "park",
    "Stdin",
    "Stdout",
    "Stderr",
    "std::sync",
    "std::io",
    "print",
    "size",
    "layout",
    "trait",
    "transmute",
    "evaluation",
    "linking",
    "linker",
    "internal compiler error",
    "signal:",
    "find crate",
];

/// Whether it may. An error that speaks of nothing that the swap replaces is the project's.
#[must_use]
pub fn may_be_the_swap(said: &Diagnostics) -> bool {
    let said = anstream::adapter::strip_str(&said.text()).to_string();
    let mut errors = said.split("\n\n").filter(|part| is_error(part)).peekable();
    errors.peek().is_none() || errors.any(|error| SUSPECT.iter().any(|word| error.contains(word)))
}

/// The compiler parts its messages by empty lines. cargo's follow each other.
fn is_error(part: &str) -> bool {
    part.lines().any(|line| line.starts_with("error"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_the_swap_cannot_have_caused() {
        let is_doubtful = |said: &str| may_be_the_swap(&Diagnostics::of(said));
        let unknown = "error[E0425]: cannot find value `x` in this scope\n --> src/main.rs:1:13\n";
        let warning = "warning: unused import: `std::sync::Mutex`\n --> src/main.rs:1:5\n\n";
        assert!(!is_doubtful(unknown) && !is_doubtful(&format!("{warning}{unknown}")));
        assert!(!is_doubtful("error: no bin target named `other` in default-run packages\n"));
        assert!(!is_doubtful("error: unexpected argument '--nope' found\n\nUsage: cargo run\n"));
        for said in [
            "error[E0308]: mismatched types\n  = note: expected struct `Mutex<u8>`\n",
            "error[E0080]: evaluation panicked: assertion failed\n",
            "error: linking with `cc` failed\n",
            warning,
            "",
        ] {
            assert!(is_doubtful(said), "{said:?}");
        }
    }
}
