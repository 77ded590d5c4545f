//! A recursive walk holds each node's lock; the graph has a loop.
//! expect: rule=self-deadlock grade=observed locks=A sites=1 threads=1
use std::sync::{Arc, Mutex, Weak};

struct Node {
    value: u64,
    next: Vec<Weak<Mutex<Node>>>,
}

fn sum(node: &Arc<Mutex<Node>>) -> u64 {
    let node = node.lock().unwrap(); // (1)
    node.value + node.next.iter().filter_map(Weak::upgrade).map(|n| sum(&n)).sum::<u64>()
}

pub fn main() {
    let nodes: Vec<_> = (0..4)
        .map(|value| Arc::new(Mutex::new(Node { value, next: Vec::new() }))) // (A)
        .collect();
    for i in 0..4 {
        nodes[i].lock().unwrap().next.push(Arc::downgrade(&nodes[(i + 1) % 4]));
    }
    println!("{}", sum(&nodes[0]));
}
