//! The initialiser of a `LazyLock` reads the value it is making.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::LazyLock;

static CONFIG: LazyLock<String> = LazyLock::new(load); // (A)

fn load() -> String {
    format!("{}/config", LazyLock::force(&CONFIG)) // (2)
}

pub fn main() {
    let length = CONFIG.len(); // (1)
    println!("{length}");
}
