//! The comparison.

use crate::extract::Item;
use crate::signature;
use std::collections::{HashMap, HashSet};

/// The items of `std` that `ours` lacks or has with another signature. The root of our crate stands for `std::sync`.
pub(crate) fn missing_or_different(std: &[Item], ours: &[Item]) -> Vec<Item> {
    let mut items: HashMap<(String, String), HashSet<String>> = HashMap::new();
    let mut impls: HashSet<(String, String)> = HashSet::new();
    for item in ours {
        let path = our_path(&item.path);
        if item.is_impl() {
            impls.insert((path, signature::header(&item.signature)));
        } else {
            let signature = signature::plain(&item.signature);
            items.entry((item.kind.clone(), path)).or_default().insert(signature);
        }
    }
    let covered = |item: &Item| {
        let path = item.path.clone();
        if item.is_impl() {
            return impls.contains(&(path, signature::header(&item.signature)));
        }
        items
            .get(&(item.kind.clone(), path))
            .is_some_and(|found| found.contains(&signature::plain(&item.signature)))
    };
    std.iter().filter(|item| !covered(item)).cloned().collect()
}

/// Where std has the item at `path`.
fn our_path(path: &str) -> String {
    let path = path.strip_prefix("instrumented_sync").unwrap_or(path);
    if path.starts_with("::thread") { format!("std{path}") } else { format!("std::sync{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: &str, path: &str, signature: &str) -> Item {
        Item::parse(&format!("{kind}\t{path}\t\t\t\t{signature}"))
    }

    #[test]
    fn finds_what_is_missing_and_what_differs() {
        let std = [
            item(
                "fn",
                "std::sync::mpsc::channel",
                "pub fn channel<T>() -> (Sender<T>, Receiver<T>)",
            ),
            item("method", "std::thread::JoinHandle::join", "pub fn join(self) -> Result<T>"),
            item("autoimpl", "std::sync::Mutex", "impl<T> Send for Mutex<T>where T: Send,"),
            item("impl", "std::sync::Mutex", "impl<T: Send> Sync for Mutex<T>"),
        ];
        let ours = [
            item(
                "method",
                "instrumented_sync::thread::JoinHandle::join",
                "pub fn join(&self) -> Result<T>",
            ),
            item("impl", "instrumented_sync::Mutex", "impl<T: Send> Send for Mutex<T>"),
            item("autoimpl", "instrumented_sync::Mutex", "impl<T> Sync for Mutex<T>"),
        ];
        let found: Vec<_> =
            missing_or_different(&std, &ours).iter().map(|item| item.path.clone()).collect();
        assert_eq!(
            found,
            ["std::sync::mpsc::channel", "std::thread::JoinHandle::join", "std::sync::Mutex"]
        );
    }
}
