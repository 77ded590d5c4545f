//! A loop over many small jobs on a few threads.

use std::sync::Mutex;
use std::thread;

/// Threads that keep the machine's cores busy with work that computes.
#[must_use]
pub fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

/// Applies `job` to all items on `threads` threads; the results are in the order of the items.
///
/// # Panics
///
/// When a job panics.
pub fn map<T: Sync, R: Send>(threads: usize, items: &[T], job: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = Mutex::new(items.iter().enumerate());
    let results = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|s| {
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            s.spawn(|| {
                loop {
                    let Some((index, item)) = next.lock().unwrap().next() else { return };
                    let result = job(item);
                    results.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn keeps_the_order() {
        let items: Vec<u32> = (0..100).collect();
        assert_eq!(super::map(4, &items, |n| n * 2), (0..200).step_by(2).collect::<Vec<_>>());
        assert!(super::map(4, &[], |n: &u32| *n).is_empty());
    }
}
