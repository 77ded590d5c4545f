//! The initialiser of a `OnceLock` asks for its own value.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::OnceLock;

static DEPTH: OnceLock<u32> = OnceLock::new(); // (A)

fn depth() -> u32 {
    *DEPTH.get_or_init(|| 1) // (2)
}

pub fn main() {
    let value = DEPTH.get_or_init(|| depth() + 1); // (1)
    println!("{value}");
}
