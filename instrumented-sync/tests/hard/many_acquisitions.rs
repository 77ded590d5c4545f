//! Millions of acquisitions of the same nestings: tables grow with what is distinct, not with how often it happens.
use std::sync::Mutex;

static LOCKS: [Mutex<u64>; 3] = [const { Mutex::new(0) }; 3];

fn nest(times: usize) {
    for _ in 0..times {
        let mut first = LOCKS[0].lock().unwrap();
        let mut second = LOCKS[1].lock().unwrap();
        *LOCKS[2].lock().unwrap() += 1;
        *second += 1;
        *first += 1;
    }
}

/// Resident memory and the length of the recording.
fn sizes() -> (i64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let folder = std::env::var("SYNCSCOPE_DIR").unwrap();
    let files = std::fs::read_dir(folder).unwrap();
    let bytes = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    (line.trim().trim_end_matches(" kB").parse().unwrap(), bytes)
}

fn main() {
    // Enough to fill the ring, large as it may get.
    nest(100_000);
    let first = sizes();
    let mut before = first;
    // What the service thread does meanwhile, once, counts too, and histograms get buckets for times that have not come before; what
    // grows with acquisitions grows in every round.
    let mut round = |_| {
        nest(300_000);
        let after = sizes();
        let growth = (after.0 - before.0, after.1 - before.1);
        before = after;
        growth
    };
    let growths: Vec<_> = (0..5).map(&mut round).collect();
    assert!(growths.iter().any(|(kb, _)| *kb < 512), "kB, bytes more: {growths:?}");
    assert!(growths.iter().filter(|(_, bytes)| *bytes == 0).count() >= 3, "{growths:?}");
    assert!(before.1 - first.1 < 4 << 20, "the recording has grown: {growths:?}");
    println!("{}", LOCKS[2].lock().unwrap());
}
