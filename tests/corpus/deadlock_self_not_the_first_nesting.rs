//! The index is taken under a folder's lock harmlessly at first, and then again while it is held: the stack is that of the wait that hangs.
//! expect: rule=self-deadlock grade=observed sites=1,2 locks=A threads=1 frames=count,refresh_child,refresh
use std::sync::Mutex;

static INDEX: Mutex<Vec<usize>> = Mutex::new(Vec::new()); // (A)

struct Folder {
    entries: Mutex<usize>,
}

#[inline(never)]
fn count(folder: &Folder) {
    let entries = folder.entries.lock().unwrap();
    INDEX.lock().unwrap().push(*entries); // (1)
}

#[inline(never)]
fn refresh(parent: &Folder, child: &Folder) {
    let index = INDEX.lock().unwrap(); // (2)
    if !index.is_empty() {
        refresh_child(parent, child);
    }
}

#[inline(never)]
fn refresh_child(parent: &Folder, child: &Folder) {
    let _own = parent.entries.lock().unwrap();
    count(child);
}

pub fn main() {
    let root = Folder { entries: Mutex::new(1) };
    let leaf = Folder { entries: Mutex::new(2) };
    count(&root);
    refresh(&root, &leaf);
}
