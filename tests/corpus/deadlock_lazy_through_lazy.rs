//! Two lazies that need each other, in one thread.
//! expect: rule=self-deadlock|deadlock grade=observed locks=A threads=1 sites=1
use std::sync::LazyLock;

static LEFT: LazyLock<u32> = LazyLock::new(|| *RIGHT + 1); // (A)
static RIGHT: LazyLock<u32> = LazyLock::new(|| {
    let left: &u32 = &LEFT; // (1)
    left + 1
});

pub fn main() {
    println!("{}", *LEFT);
}
