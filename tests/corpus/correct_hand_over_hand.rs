//! A linked list whose walkers lock the next node before they let go of the last; the links are not in index order.
//! expect: none
use std::sync::Mutex;
use std::thread;

struct Node {
    visits: u32,
    next: Option<usize>,
}

fn walk(arena: &[Mutex<Node>], head: usize) {
    let mut node = arena[head].lock().unwrap();
    node.visits += 1;
    while let Some(next) = node.next {
        // The next guard is made before the assignment drops the last one.
        node = arena[next].lock().unwrap();
        node.visits += 1;
    }
}

pub fn main() {
    let links = [Some(3), Some(4), None, Some(1), Some(2), Some(0)];
    let arena = links.map(|next| Mutex::new(Node { visits: 0, next }));
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| (0..20).for_each(|_| walk(&arena, 5)));
        }
    });
    println!("{:?}", arena.map(|node| node.into_inner().unwrap().visits));
}
