//! Divide and conquer, as rayon's `join` does it.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

fn sum(cells: &[Cell<u64>]) -> u64 {
    if let [cell] = cells {
        return cell.0.with_mut(|cell| unsafe {
            *cell += 1;
            *cell
        });
    }
    let (left, right) = cells.split_at(cells.len() / 2);
    thread::scope(|scope| {
        let left = scope.spawn(|| sum(left));
        let right = sum(right);
        left.join().unwrap() + right
    })
}

pub fn main() {
    let cells: Vec<_> = (0..16).map(|n| Cell(UnsafeCell::new(n))).collect();
    assert_eq!(sum(&cells), 136);
    assert_eq!(sum(&cells), 152);
}
