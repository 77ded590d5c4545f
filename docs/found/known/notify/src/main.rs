//! Hangs: a handler of events adds a path to its own watcher.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use std::{env, fs};

use notify::{Config, PollWatcher, RecursiveMode, Watcher};

fn main() {
    let folder = env::temp_dir().join(format!("known-notify-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let watcher: Arc<Mutex<Option<PollWatcher>>> = Arc::default();
    let (handled, is_handled) = mpsc::channel();
    let in_handler = Arc::clone(&watcher);
    let other = env::temp_dir();
    let config = Config::default().with_poll_interval(Duration::from_millis(50));
    let handler = move |_| {
        if let Some(watcher) = in_handler.lock().expect("no panic").as_mut() {
            watcher.watch(&other, RecursiveMode::NonRecursive).expect("a folder to watch");
        }
        handled.send(()).ok();
    };
    let mut first = PollWatcher::new(handler, config).expect("a watcher");
    first.watch(&folder, RecursiveMode::Recursive).expect("a folder to watch");
    *watcher.lock().expect("no panic") = Some(first);
    fs::write(folder.join("new"), "text").expect("a file");
    is_handled.recv().expect("an event");
    println!("did not hang");
}
