//! Hangs sooner or later: `gc_scan` of a partition with separated values while its memtable is rotated.

use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, thread};

use fjall::{Config, GarbageCollection, KvSeparationOptions, PartitionCreateOptions};

const ROUNDS: u64 = 1_000_000;

fn main() {
    let folder = env::temp_dir().join(format!("found-lsm-tree-{}", std::process::id()));
    let keyspace = Config::new(&folder).temporary(true).open().expect("a keyspace");
    let options =
        PartitionCreateOptions::default().with_kv_separation(KvSeparationOptions::default());
    let blobs = keyspace.open_partition("blobs", options).expect("a partition");
    let scans = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..ROUNDS {
                blobs.gc_scan().expect("a scan");
                let done = scans.fetch_add(1, Ordering::Relaxed) + 1;
                if done % 10_000 == 0 {
                    eprintln!("{done} scans");
                }
            }
        });
        scope.spawn(|| {
            while scans.load(Ordering::Relaxed) < ROUNDS {
                blobs.insert("key", "value").expect("an insertion");
                blobs.rotate_memtable_and_wait().expect("a rotation");
            }
        });
    });
    println!("did not hang");
}
