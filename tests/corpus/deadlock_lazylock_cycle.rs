//! Two lazy statics that depend on each other, first used by two threads.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, LazyLock};
use std::thread;

static BOTH: Barrier = Barrier::new(2);
static USERS: LazyLock<Vec<&str>> = LazyLock::new(load_users); // (A)
static ROLES: LazyLock<Vec<&str>> = LazyLock::new(load_roles); // (B)

fn load_users() -> Vec<&'static str> {
    BOTH.wait();
    ROLES.clone() // (2)
}

fn load_roles() -> Vec<&'static str> {
    BOTH.wait();
    USERS.clone() // (4)
}

pub fn main() {
    let roles = thread::spawn(|| ROLES.len()); // (3)
    let users = USERS.len(); // (1)
    println!("{users} {}", roles.join().unwrap());
}
