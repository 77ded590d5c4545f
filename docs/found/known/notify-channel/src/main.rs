//! Hangs: a path is added while the handler of events waits for room in a bounded channel.

use std::sync::mpsc;
use std::{env, fs};

use notify::{RecursiveMode, Watcher};

fn main() {
    let folder = env::temp_dir().join(format!("known-notify-channel-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (events, next) = mpsc::sync_channel(0);
    let handler = move |event: notify::Result<notify::Event>| {
        events.send(event).ok();
    };
    let mut watcher = notify::recommended_watcher(handler).expect("a watcher");
    watcher.watch(&folder, RecursiveMode::NonRecursive).expect("a folder to watch");
    for name in ["one", "two", "three"] {
        fs::write(folder.join(name), "text").expect("a file");
    }
    next.recv().expect("an event").expect("no error");
    watcher.watch(&env::temp_dir(), RecursiveMode::NonRecursive).expect("another folder to watch");
    println!("did not hang");
}
