//! `call_once_force` retries after a panic and calls itself.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::panic;
use std::sync::Once;

static START: Once = Once::new(); // (A)

fn start(depth: u32) {
    START.call_once_force(|state| {
        // (1)
        println!("{depth} {}", state.is_poisoned());
        if depth == 0 {
            restart();
        }
    });
}

fn restart() {
    START.call_once_force(|_| println!("again")); // (2)
}

pub fn main() {
    panic::set_hook(Box::new(|_| {}));
    assert!(panic::catch_unwind(|| START.call_once(|| panic!("no"))).is_err());
    start(0);
}
