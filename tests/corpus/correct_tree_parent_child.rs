//! All nodes come from one line; a parent is always locked before its child.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Default)]
struct Node {
    value: u32,
    children: Vec<Arc<Mutex<Node>>>,
}

fn node(value: u32, children: Vec<Arc<Mutex<Node>>>) -> Arc<Mutex<Node>> {
    Arc::new(Mutex::new(Node { value, children }))
}

fn sum(node: &Mutex<Node>) -> u32 {
    let node = node.lock().unwrap();
    node.value + node.children.iter().map(|child| sum(child)).sum::<u32>()
}

pub fn main() {
    let leaves = |n: u32| (0..n).map(|v| node(v, Vec::new())).collect::<Vec<_>>();
    let root = node(1, vec![node(2, leaves(3)), node(3, leaves(2)), node(4, leaves(4))]);
    let threads = [0, 1, 2].map(|_| {
        let root = Arc::clone(&root);
        thread::spawn(move || (0..30).map(|_| sum(&root)).sum::<u32>())
    });
    println!("{:?}", threads.map(|t| t.join().unwrap()));
}
