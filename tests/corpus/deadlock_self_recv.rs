//! The only thread waits for a message while it owns the only sender.
//! expect: rule=deadlock|self-deadlock grade=observed locks=A sites=1
use std::sync::mpsc;

pub fn main() {
    let (sender, receiver) = mpsc::channel::<u32>(); // (A)
    sender.send(1).unwrap();
    for message in receiver.iter() {
        // (1)
        println!("{message}");
    }
    drop(sender);
}
