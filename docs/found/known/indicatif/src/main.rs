//! Hangs: the same progress bar is added twice.

use indicatif::{MultiProgress, ProgressBar};

fn main() {
    let bars = MultiProgress::new();
    let bar = ProgressBar::new(10);
    bars.add(bar.clone());
    bars.add(bar.clone());
    bar.set_message("twice");
    bar.finish();
    println!("did not hang");
}
