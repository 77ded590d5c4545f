//! `ignore`: what ripgrep does: two threads walk a tree, obey its ignore files, read what is left and look for a word.

use ignore::{WalkBuilder, WalkState};
use std::fs;
use std::path::Path;
use std::sync::Mutex;

const FOLDERS: usize = 20;
const FILES: usize = 15;
const WALKS: usize = 20;

pub fn run() {
    let tree = tempfile::tempdir().expect("a folder");
    make(tree.path());
    let found = Mutex::new(0);
    // Making the tree takes longer than one walk.
    for _ in 0..WALKS {
        walk(tree.path(), &found);
    }
    assert_eq!(found.into_inner().expect("no panic"), WALKS * FOLDERS * FILES);
}

fn walk(tree: &Path, found: &Mutex<usize>) {
    WalkBuilder::new(tree).threads(2).require_git(false).build_parallel().run(|| {
        Box::new(|entry| {
            if let Ok(entry) = entry
                && entry.file_type().is_some_and(|kind| kind.is_file())
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                *found.lock().expect("no panic") += text.matches("needle").count();
            }
            WalkState::Continue
        })
    });
}

fn make(tree: &Path) {
    let text = "hay stack\n".repeat(500) + "needle\n";
    for folder in 0..FOLDERS {
        let folder = tree.join(format!("folder{folder}"));
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join(".ignore"), "*.log\n").expect("a file");
        for file in 0..FILES {
            fs::write(folder.join(format!("{file}.txt")), &text).expect("a file");
            fs::write(folder.join(format!("{file}.log")), "needle").expect("a file");
        }
    }
}
